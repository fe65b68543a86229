internal import Foundation
internal import News
internal import PageExtraction

/// What recurs on the pages of each host. Derived: it may be deleted, and is learnt again.
struct TemplateBook: Codable, Sendable {
    static let name = "templates.json"
    /// Hosts that are remembered; the one that was quiet for longest makes room.
    static let hostsMax = 500
    /// Pages after which what was learnt is worth saving again.
    static let pagesBetweenSaves = 200

    private var hosts: [String: PageTemplate] = [:]
    private(set) var unsavedPages = 0

    private enum CodingKeys: CodingKey { case hosts }

    init() {}

    /// nil when the bytes are something else.
    init?(bytes: [UInt8]) {
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = read
    }

    /// For the disk; what was learnt counts as saved from now on.
    mutating func saved() -> [UInt8]? {
        unsavedPages = 0
        return (try? JSONEncoder().encode(self)).map { Array($0) }
    }

    /// The indices of a page's blocks that recur on its host; then learns from the page.
    mutating func recurring(in prints: BlockPrints, host: String, at now: Instant) -> [Int] {
        let day = Int(now.millisecondsSince1970 / 86_400_000)
        var template = hosts[host] ?? PageTemplate()
        let found = template.recurring(in: prints)
        template.learn(prints, day: day)
        unsavedPages += 1
        if hosts[host] == nil, hosts.count >= Self.hostsMax,
            let quietest = hosts.min(by: { ($0.value.lastDay, $0.key) < ($1.value.lastDay, $1.key) }
            )
        {
            hosts[quietest.key] = nil
        }
        hosts[host] = template
        return found
    }
}
