/// One thing that a publisher reserves about a document, and where he says so.
package struct Reservation: Hashable, Sendable, Codable {
    /// What is reserved, by the names that publishers write.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Not to be shown in an index, kept as a copy, or quoted (robots directives).
        case noindex, noarchive, nosnippet
        /// Not to be learnt from: the document, its pictures.
        case noai, noimageai
        /// Text and data mining is reserved (TDM Reservation Protocol, `tdm-reservation: 1`;
        /// Directive (EU) 2019/790, article 4).
        case tdm
    }

    /// Where it is said.
    package enum Source: String, Hashable, Sendable, Codable {
        case robotsHeader = "x-robots-tag"
        case robotsMeta = "meta robots"
        case miningHeader = "tdm-reservation"
        case miningMeta = "meta tdm-reservation"
        case miningFile = "tdmrep.json"
    }

    package var kind: Kind
    package var source: Source
    /// Where the terms stand on which it may be mined (`tdm-policy`), as written and bounded.
    package var policy: String?

    package init(_ kind: Kind, by source: Source, policy: String? = nil) {
        self.kind = kind
        self.source = source
        self.policy = policy.map { String($0.prefix(Self.policyLengthMax)) }
    }

    /// Characters of a policy's address that are kept.
    package static let policyLengthMax = 500

    /// What values of `X-Robots-Tag` or of `meta name=robots` reserve, each once, in order. In a
    /// header a directive may be for one robot: `token: noai` counts when the token is ours.
    package static func robots(
        _ values: [String], by source: Source, for token: String
    ) -> [Reservation] {
        var kinds: [Kind] = []
        for value in values {
            var isForUs = true
            for item in value.lowercased().split(separator: ",") {
                var directive = item.trimmingSpaces
                if let colon = directive.firstIndex(of: ":") {
                    let name = directive[..<colon].trimmingSpaces
                    // A directive with a value of its own; what else has spaces is a date's rest.
                    if valued.contains(String(name)) || name.contains(" ") { continue }
                    isForUs = name == "*" || name == token.lowercased()
                    directive = directive[directive.index(after: colon)...].trimmingSpaces
                }
                let kind = directive == "none" ? .noindex : Kind(rawValue: String(directive))
                if isForUs, let kind, kind != .tdm, !kinds.contains(kind) { kinds.append(kind) }
            }
        }
        return kinds.map { Reservation($0, by: source) }
    }

    private static let valued: Set<String> = [
        "unavailable_after", "max-snippet", "max-image-preview", "max-video-preview",
    ]

    /// Whether a value of `tdm-reservation` says anything: `0` and `1` do (TDM Reservation
    /// Protocol, "tdm-reservation"), and no other.
    package static func isSaid(_ value: String?) -> Bool {
        guard let value = value?[...].trimmingSpaces else { return false }
        return value == "0" || value == "1"
    }

    /// What `tdm-reservation` says: only `1` reserves.
    package static func mining(
        _ value: String?, policy: String?, by source: Source
    ) -> Reservation? {
        guard let value, value[...].trimmingSpaces == "1" else { return nil }
        return Reservation(.tdm, by: source, policy: policy)
    }
}

extension Reservation: CustomStringConvertible {
    package var description: String {
        "\(kind.rawValue) (\(source.rawValue)\(policy.map { ", terms at \($0)" } ?? ""))"
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var rest = self
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }
}
