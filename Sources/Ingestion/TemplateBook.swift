internal import Foundation
package import News
package import PageExtraction

/// What recurs on the pages of each host. Derived: it may be deleted, and is learnt again.
///
/// Bounded by the number of hosts. A host that is read every day keeps its place: were each new one
/// given the place of another, none of too many would be known for long enough to learn anything.
package struct TemplateBook: Codable, Sendable {
    package static let name = "templates.json"
    /// Hosts that are remembered, each in at most some 10 KB.
    package static let hostsMax = 1000
    /// Days without a page after which a host makes room for another.
    package static let quietDays = 2
    /// Pages after which what was learnt is worth saving again; what a crash loses is learnt anew.
    package static let pagesBetweenSaves = 1000

    private var hosts: [String: PageTemplate] = [:]
    private var unsavedPages = 0
    private let hostsMax: Int
    /// A day on which no host was quiet: none will be before the next.
    private var fullDay = -1
    /// Whether somebody has yet to be told of that day.
    private var owesNotice = false

    private enum CodingKeys: CodingKey { case hosts }

    package init(hostsMax: Int = TemplateBook.hostsMax) { self.hostsMax = hostsMax }

    package init(from decoder: any Decoder) throws {
        hosts = try decoder.container(keyedBy: CodingKeys.self)
            .decode([String: PageTemplate].self, forKey: .hosts)
        hostsMax = Self.hostsMax
    }

    /// nil when the bytes are something else.
    package init?(bytes: [UInt8]) {
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = read
    }

    /// For the disk; nil when the encoder refuses. Cost: linear in the hosts, and
    /// no work for the ledger's queue.
    package var bytes: [UInt8]? { (try? JSONEncoder().encode(self)).map { Array($0) } }

    /// What is to be saved, if more than `pages` were learnt since the last time; it counts as
    /// saved from now on.
    package mutating func toSave(beyond pages: Int) -> TemplateBook? {
        guard unsavedPages > pages else { return nil }
        unsavedPages = 0
        return self
    }

    /// The indices of a page's blocks that recur on its host; then learns from the page.
    package mutating func recurring(
        in prints: BlockPrints, host: String, at now: Instant
    ) -> [Int] {
        let day = Int(now.millisecondsSince1970 / 86_400_000)
        guard hosts[host] != nil || makeRoom(on: day) else { return [] }
        var template = hosts.removeValue(forKey: host) ?? PageTemplate()
        let found = template.recurring(in: prints)
        template.learn(prints, day: day)
        hosts[host] = template
        unsavedPages += 1
        return found
    }

    /// How many hosts are remembered, once on a day on which one more found no room.
    package mutating func takeNoticeOfFullness() -> Int? {
        guard owesNotice else { return nil }
        owesNotice = false
        return hosts.count
    }

    /// Makes room for one more host; false when none of those that are remembered was quiet.
    private mutating func makeRoom(on day: Int) -> Bool {
        if hosts.count < hostsMax { return true }
        guard day != fullDay else { return false }
        let quietest = hosts.min { ($0.value.lastDay, $0.key) < ($1.value.lastDay, $1.key) }
        guard let quietest, quietest.value.lastDay <= day - Self.quietDays else {
            fullDay = day
            owesNotice = true
            return false
        }
        hosts[quietest.key] = nil
        return true
    }
}
