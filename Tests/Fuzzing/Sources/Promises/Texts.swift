/// What a text from outside may not hold once it was read.
enum TextPromise {
    /// A control character other than tab and newline, as `U+001B`; nil without one.
    static func control(in text: String) -> String? {
        for scalar in text.unicodeScalars where isControl(scalar) {
            return "U+" + hexadecimal(scalar.value)
        }
        return nil
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F...0x9F: true
        default: false
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

/// A number that depends on every byte and on nothing else (FNV-1a): where an input is cut, and
/// under which limits it is read.
func choice(by bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
}
