extension [Unicode.Scalar] {
    /// The scalars of a text, to be read at any place. Cost: linear; ASCII is widened eight bytes
    /// at a time.
    package init(scalarsOf text: String) {
        var text = text
        text.makeContiguousUTF8()
        let bytes = text.utf8.span
        self.init(capacity: bytes.count) { scalars in
            var next = 0
            while next < bytes.count {
                if next &+ 8 <= bytes.count {
                    var eight = bytes.word(at: next)
                    if eight & 0x8080_8080_8080_8080 == 0 {
                        for _ in 0..<8 {
                            scalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: eight)))
                            eight >>= 8
                        }
                        next &+= 8
                        continue
                    }
                }
                let (value, length) = decodeScalar(bytes, at: next)
                scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
                next &+= length
            }
        }
    }
}
