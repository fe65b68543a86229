/// The rules of one `robots.txt` for one product token (RFC 9309).
///
/// Read as the RFC says: groups that name us are merged, else those for `*` count; the longest
/// matching pattern wins, and of equal ones the one that allows. `Crawl-delay`, which is no part of
/// the RFC, is read where a group of ours or of anyone's has it.
package struct RobotsRules: Sendable, Equatable {
    /// Rules beyond this number are not read.
    package static let rulesMax = 5000
    /// Bytes compared for one answer; a file that needs more disallows all, to its own harm only.
    package static let stepsMax = 2_000_000

    private struct Rule: Sendable, Equatable {
        var pattern: [UInt8]
        var isAllowing: Bool
    }

    private var rules: [Rule]
    /// The time between two requests that the file asks for; nil when it does not.
    package private(set) var crawlDelay: Duration?

    /// Everything is allowed: what a missing file says (section 2.3.1.3).
    package static let allowingAll = RobotsRules(rules: [])

    private init(rules: [Rule]) {
        self.rules = rules
    }

    /// Reads any bytes whatever; lines that are not rules are passed over (section 2.2).
    package init(_ body: [UInt8], token: String) {
        var ours: [Rule] = []
        var anyones: [Rule] = []
        var isNamed = false
        var speaks: (ours: Bool, anyone: Bool) = (false, false)
        var isReadingNames = false
        var delays: (ours: Duration?, anyone: Duration?) = (nil, nil)
        for line in body.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            guard let (key, value) = Self.keyAndValue(of: line) else { continue }
            switch key {
            case "user-agent":
                if !isReadingNames { speaks = (false, false) }
                isReadingNames = true
                if value.first == UInt8(ascii: "*") {
                    speaks.anyone = true
                } else if Self.names(value, token) {
                    speaks.ours = true
                    isNamed = true
                }
            case "allow", "disallow":
                isReadingNames = false
                guard !value.isEmpty, ours.count + anyones.count < Self.rulesMax else { continue }
                let rule = Rule(pattern: Self.encoded(value), isAllowing: key == "allow")
                if speaks.ours { ours.append(rule) }
                if speaks.anyone { anyones.append(rule) }
            case "crawl-delay":
                guard let delay = Self.delay(value) else { continue }
                if speaks.ours, delays.ours == nil { delays.ours = delay }
                if speaks.anyone, delays.anyone == nil { delays.anyone = delay }
            default: continue
            }
        }
        rules = isNamed ? ours : anyones
        crawlDelay = isNamed ? delays.ours : delays.anyone
    }

    /// Seconds, whole or with a fraction, up to a day.
    private static func delay(_ value: ArraySlice<UInt8>) -> Duration? {
        guard value.count <= 16, let seconds = Double(String(decoding: value, as: UTF8.self)),
            seconds >= 0, seconds <= 86_400
        else { return nil }
        return .milliseconds(Int64(seconds * 1000))
    }

    /// Whether a path with its query (`/a/b?c`) may be fetched.
    package func allows(_ path: String) -> Bool { decision(on: path).isAllowed }

    /// Whether a path may be fetched, and the line that says so; nil when none does.
    package func decision(on path: String) -> (isAllowed: Bool, rule: String?) {
        let path = Self.encoded(Array(path.utf8))
        if path == Array("/robots.txt".utf8) { return (true, nil) }
        var best: Rule?
        var steps = 0
        for rule in rules {
            if let best, best.pattern.count > rule.pattern.count { continue }
            if let best, best.pattern.count == rule.pattern.count, best.isAllowing { continue }
            let matches = Self.matches(rule.pattern, path, steps: &steps)
            if steps > Self.stepsMax { return (false, "the file takes too long to read") }
            if matches { best = rule }
        }
        guard let best else { return (true, nil) }
        let pattern = String(decoding: best.pattern.prefix(200), as: UTF8.self)
        return (best.isAllowing, "\(best.isAllowing ? "Allow" : "Disallow"): \(pattern)")
    }

    private static func keyAndValue(of line: ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>)? {
        var line = line.prefix { $0 != UInt8(ascii: "#") }
        if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let key = String(decoding: trimmed(line[..<colon]), as: UTF8.self).lowercased()
        return (key, trimmed(line[(colon + 1)...]))
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }

    /// Whether a user-agent line means `token`: its leading letters, `-` and `_`, case aside.
    private static func names(_ value: ArraySlice<UInt8>, _ token: String) -> Bool {
        let name = value.prefix { 0x61...0x7A ~= $0 | 0x20 || $0 == 0x2D || $0 == 0x5F }
        return !name.isEmpty
            && String(decoding: name, as: UTF8.self).lowercased() == token.lowercased()
    }

    /// One form for comparison (section 2.2.2): unreserved characters bare, all beyond ASCII
    /// encoded, hexadecimal digits in upper case.
    private static func encoded(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let source = Array(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            let byte = source[index]
            if byte == UInt8(ascii: "%"), index + 2 < source.count,
                let high = hexValue(source[index + 1]), let low = hexValue(source[index + 2])
            {
                let value = high << 4 | low
                if isUnreserved(value) { result.append(value) } else { append(value, to: &result) }
                index += 3
                continue
            }
            if byte > 0x20 && byte < 0x7F { result.append(byte) } else { append(byte, to: &result) }
            index += 1
        }
        return result
    }

    private static func append(_ byte: UInt8, to result: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46, 0x61...0x66: (byte | 0x20) - 0x61 + 10
        default: nil
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    /// `*` stands for any bytes, a final `$` for the end; else the pattern is a prefix.
    private static func matches(_ pattern: [UInt8], _ path: [UInt8], steps: inout Int) -> Bool {
        let star = UInt8(ascii: "*")
        let isAnchored = pattern.last == UInt8(ascii: "$")
        let pattern = isAnchored ? pattern.dropLast() : pattern[...]
        var p = 0
        var t = 0
        var retry: (p: Int, t: Int)?
        while true {
            steps += 1
            if steps > stepsMax { return false }
            if p < pattern.count, pattern[p] == star {
                retry = (p + 1, t)
                p += 1
            } else if p < pattern.count, t < path.count, pattern[p] == path[t] {
                p += 1
                t += 1
            } else if p == pattern.count, !isAnchored || t == path.count {
                return true
            } else if let last = retry, last.t < path.count {
                retry = (last.p, last.t + 1)
                p = last.p
                t = last.t + 1
            } else {
                return false
            }
        }
    }
}
