internal import Markup
package import News

/// What an origin reserves of text and data mining in its `tdmrep.json` (TDM Reservation Protocol,
/// W3C Community Group, May 2024: "TDM File on the Origin Server").
///
/// A list of objects, each with a pattern of paths as in `robots.txt` (`location`), `1` or `0`
/// (`tdm-reservation`) and the address of the terms (`tdm-policy`). The longest pattern that
/// matches counts, and of equal ones the one that reserves. Beyond the protocol, one object counts
/// as a list of one, and without a location it is for the whole origin: who writes that means it.
package struct MiningRules: Sendable, Equatable {
    /// Where the file stands.
    package static let path = "/.well-known/tdmrep.json"
    /// Rules beyond this number are not read.
    package static let rulesMax = 5000
    /// Bytes compared for one page; a file that needs more reserves it.
    package static let stepsMax = 2_000_000

    private struct Rule: Sendable, Equatable {
        var pattern: PathPattern
        var isReserving: Bool
        var policy: String?
    }

    private var rules: [Rule] = []

    /// Nothing is reserved: what a missing file says.
    package static let none = MiningRules()

    private init() {}

    /// Reads any bytes whatever: what is no such list reserves nothing, and one that is cut says
    /// what stands before the cut.
    package init(_ body: [UInt8]) {
        let text = decodeText(body, contentType: nil, family: .plain)
        var scanner = JSONScanner(text, depthMax: 16)
        switch scanner.value() {
        case .object: readRule(&scanner)
        case .array:
            while rules.count < Self.rulesMax, scanner.hasElement() {
                let value = scanner.value()
                if value == .object { readRule(&scanner) } else { scanner.skip(value) }
            }
        default: break
        }
    }

    private mutating func readRule(_ scanner: inout JSONScanner) {
        var (location, reservation, policy): (String?, String?, String?)
        while let key = scanner.key() {
            let name = scanner.string(key)
            let value = scanner.value()
            let text: String? =
                switch value {
                case .string(let place), .number(let place): scanner.string(place)
                default: nil
                }
            switch name {
            case "location": location = location ?? text
            case "tdm-reservation": reservation = reservation ?? text
            case "tdm-policy": policy = policy ?? text
            default: break
            }
            scanner.skip(value)
        }
        // Whole only with its closing bracket.
        guard scanner.damage == nil, reservation == "1" || reservation == "0" else { return }
        rules.append(
            Rule(
                pattern: PathPattern((location ?? "/").utf8), isReserving: reservation == "1",
                policy: policy.map { String($0.prefix(Reservation.policyLengthMax)) }))
    }

    /// What is reserved of the document at a path with its query (`/a/b?c`).
    package func reservation(on path: String) -> Reservation? {
        guard !rules.isEmpty else { return nil }
        let path = PathPattern(path.utf8).bytes
        var best: Rule?
        var steps = 0
        for rule in rules {
            if let best {
                let (known, new) = (best.pattern.bytes.count, rule.pattern.bytes.count)
                if known > new || known == new && best.isReserving { continue }
            }
            let matches = rule.pattern.matches(path, steps: &steps, stepsMax: Self.stepsMax)
            if steps > Self.stepsMax { return Reservation(.tdm, by: .miningFile) }
            if matches { best = rule }
        }
        guard let best, best.isReserving else { return nil }
        return Reservation(.tdm, by: .miningFile, policy: best.policy)
    }

    /// About what they take in memory.
    var bytes: Int {
        rules.reduce(0) { $0 + $1.pattern.bytes.count + ($1.policy?.utf8.count ?? 0) + 96 }
    }
}
