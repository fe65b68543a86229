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
        var pattern: PathPattern
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
                let rule = Rule(pattern: PathPattern(value), isAllowing: key == "allow")
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
        let path = PathPattern(path.utf8).bytes
        if path == Array("/robots.txt".utf8) { return (true, nil) }
        var best: Rule?
        var steps = 0
        for rule in rules {
            let length = rule.pattern.bytes.count
            if let best, best.pattern.bytes.count > length { continue }
            if let best, best.pattern.bytes.count == length, best.isAllowing { continue }
            let matches = rule.pattern.matches(path, steps: &steps, stepsMax: Self.stepsMax)
            if steps > Self.stepsMax { return (false, "the file takes too long to read") }
            if matches { best = rule }
        }
        guard let best else { return (true, nil) }
        return (
            best.isAllowing, "\(best.isAllowing ? "Allow" : "Disallow"): \(best.pattern.shown)"
        )
    }

    /// About what they take in memory.
    var bytes: Int { rules.reduce(0) { $0 + $1.pattern.bytes.count + 64 } }

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
}
