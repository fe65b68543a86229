/// Reads one figure: a run of digits, groups of three behind a space, comma, full stop or
/// apostrophe, and a decimal part.
struct FoldedFigure {
    let bytes: [UInt8]
    let start: Int
    var next: Int
    var scalars = 0
    var digits: [UInt8] = []

    init(bytes: [UInt8], next: Int) {
        self.bytes = bytes
        start = next
        self.next = next
    }

    /// False when there is no digit here.
    mutating func read() -> Bool {
        let first = runOfDigits(from: next)
        guard first > 0 else { return false }
        let startsWithZero = bytes[next] == 0x30
        take(digits: first)
        var grouping: UInt32?
        while first <= 3, !startsWithZero, let (sign, length) = separator(at: next),
            grouping == nil || grouping == sign, runOfDigits(from: next + length) == 3
        {
            grouping = sign
            next += length
            scalars += 1
            take(digits: 3)
        }
        takeDecimals(grouping: grouping)
        return true
    }

    private mutating func takeDecimals(grouping: UInt32?) {
        guard next < bytes.count, bytes[next] == 0x2C || bytes[next] == 0x2E,
            grouping != UInt32(bytes[next])
        else { return }
        let count = runOfDigits(from: next + 1)
        let end = next + 1 + count
        guard count > 0 else { return }
        // 21.01.2025 and 10.0.0.1 are no decimals, at neither stop.
        if start > 1, bytes[start - 1] == bytes[next], 0x30...0x39 ~= bytes[start - 2] { return }
        if end < bytes.count, bytes[end] == bytes[next], runOfDigits(from: end + 1) > 0 { return }
        digits.append(0x2E)
        next += 1
        scalars += 1
        take(digits: count)
    }

    private mutating func take(digits count: Int) {
        digits.append(contentsOf: bytes[next..<(next + count)])
        next += count
        scalars += count
    }

    private func runOfDigits(from start: Int) -> Int {
        var end = start
        while end < bytes.count, 0x30...0x39 ~= bytes[end] { end += 1 }
        return end - start
    }

    /// What may part groups of digits; the spaces all count as one.
    private func separator(at index: Int) -> (sign: UInt32, length: Int)? {
        guard index < bytes.count else { return nil }
        switch bytes[index] {
        case 0x20: return (0x20, 1)
        case 0x27, 0x2C, 0x2E: return (UInt32(bytes[index]), 1)
        case 0xC2, 0xE2:
            let (value, length) = decodeScalar(bytes, at: index)
            switch value {
            case 0xA0, 0x202F, 0x2007, 0x2009: return (0x20, length)
            case 0x2019: return (0x27, length)
            default: return nil
            }
        default: return nil
        }
    }
}
