internal import News

/// The forms that nearly all dates of feeds have, read without making anything: RFC 3339
/// (`2026-11-22T03:14:28.5+01:00`, or its day alone) and RFC 822
/// (`Sun, 22 Nov 2026 03:14:28 +0100`, or `GMT` at its end). nil for all else, which `DateScanner`
/// reads; both agree where both give an instant.
func commonDate(_ text: ArraySlice<UInt8>) -> Instant? {
    let fields = DateFields(text: text)
    return fields.byte(at: 3) == UInt8(ascii: ",") ? fields.rfc822 : fields.rfc3339
}

private struct DateFields {
    let text: ArraySlice<UInt8>
    private var next: Int

    init(text: ArraySlice<UInt8>) {
        self.text = text
        next = text.startIndex
    }

    var rfc3339: Instant? {
        var fields = self
        guard let year = fields.number(4), fields.skip("-"), let month = fields.number(2),
            fields.skip("-"), let day = fields.number(2)
        else { return nil }
        if fields.isAtEnd { return instant(year, month, day, (0, 0, 0, 0), 0) }
        guard fields.skip("T"), let clock = fields.clock(), let offset = fields.offset(),
            fields.isAtEnd
        else { return nil }
        return instant(year, month, day, clock, offset)
    }

    var rfc822: Instant? {
        var fields = self
        fields.next += 4
        guard fields.skip(" "), let day = fields.number(2), fields.skip(" "),
            let month = fields.month(), fields.skip(" "), let year = fields.number(4),
            fields.skip(" "), let clock = fields.clock(), fields.skip(" "),
            let offset = fields.offset(), fields.isAtEnd
        else { return nil }
        return instant(year, month, day, clock, offset)
    }

    private var isAtEnd: Bool { next == text.endIndex }

    private func instant(
        _ year: Int, _ month: Int, _ day: Int, _ clock: (Int, Int, Int, Int), _ offset: Int
    ) -> Instant? {
        guard year >= 1000 else { return nil }
        return Instant(
            year: year, month: month, day: day, hour: clock.0, minute: clock.1, second: clock.2,
            millisecond: clock.3
        )?.adding(.seconds(-offset * 60))
    }

    /// The byte that many after the next; 0 past the end.
    func byte(at offset: Int) -> UInt8 {
        next + offset < text.endIndex ? text[next + offset] : 0
    }

    private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard byte(at: 0) == UInt8(ascii: mark) else { return false }
        next += 1
        return true
    }

    private mutating func number(_ digits: Int) -> Int? {
        var value = 0
        for offset in 0..<digits {
            let byte = byte(at: offset)
            guard 0x30...0x39 ~= byte else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        next += digits
        return value
    }

    /// `hh:mm:ss`, perhaps with a fraction.
    private mutating func clock() -> (Int, Int, Int, Int)? {
        guard let hour = number(2), skip(":"), let minute = number(2), skip(":"),
            let second = number(2)
        else { return nil }
        var millisecond = 0
        if skip(".") {
            var scale = 100
            guard 0x30...0x39 ~= byte(at: 0) else { return nil }
            while 0x30...0x39 ~= byte(at: 0) {
                millisecond += Int(byte(at: 0) - 0x30) * scale
                scale /= 10
                next += 1
            }
        }
        return (hour, minute, second, millisecond)
    }

    /// Minutes east of Greenwich: `Z`, `GMT`, `+hh:mm` or `+hhmm`.
    private mutating func offset() -> Int? {
        if skip("Z") { return 0 }
        if byte(at: 0) == UInt8(ascii: "G") {
            return skip("G") && skip("M") && skip("T") ? 0 : nil
        }
        let sign = byte(at: 0)
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        next += 1
        guard let hours = number(2) else { return nil }
        _ = skip(":")
        guard let minutes = number(2), hours <= 24, minutes < 60 else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    private mutating func month() -> Int? {
        var letters = 0
        for offset in 0..<3 { letters = letters << 8 | Int(byte(at: offset) | 0x20) }
        guard let index = Self.months.firstIndex(of: letters) else { return nil }
        next += 3
        return index + 1
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ].map { $0.utf8.reduce(0) { $0 << 8 | Int($1) } }
}
