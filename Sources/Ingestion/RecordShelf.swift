internal import ArticleStore
package import ControlAPI
internal import News

/// Questions about the stored records, answered from the files: by the daemon beside its writing,
/// and by the command line without a daemon.
///
/// Cost: a page walks the records from its cursor on, at most `scannedMax` of them; stories walk
/// the records of their window.
package struct RecordShelf: Sendable {
    /// Stories without a given window go back this far from the newest record.
    package static let storyWindow = Duration.seconds(14 * 86_400)

    private let path: String
    private let scannedMax: Int

    /// `scannedMax`: records that one page looks at; the cursor then tells where to go on.
    package init(path: String, scannedMax: Int = 50_000) {
        self.path = path
        self.scannedMax = max(1, scannedMax)
    }

    /// The records that match, in the order asked for, with the cursor that continues them.
    package func page(_ query: ArticleQuery) throws -> RecordPage {
        query.isNewestFirst ? try newestFirst(query) : try oldestFirst(query)
    }

    private func oldestFirst(_ query: ArticleQuery) throws -> RecordPage {
        var page = RecordPage(records: [])
        var scanned = 0
        var last = query.after ?? 0
        try StoreReader(at: path).forEachRecord(after: last) { record in
            if scanned == scannedMax || page.records.count == query.limit
                || record.seq >= query.before ?? .max
            {
                page.next = record.seq >= query.before ?? .max ? nil : last
                return false
            }
            scanned += 1
            last = record.seq
            if query.matches(record) { page.records.append(record) }
            return true
        }
        return page
    }

    private func newestFirst(_ query: ArticleQuery) throws -> RecordPage {
        var page = RecordPage(records: [])
        var scanned = 0
        var last: UInt64?
        try StoreReader(at: path).forEachRecordBackwards(before: query.before) { record in
            if record.seq <= query.after ?? 0 { return false }
            if scanned == scannedMax || page.records.count == query.limit {
                page.next = last
                return false
            }
            scanned += 1
            last = record.seq
            if query.matches(record) { page.records.append(record) }
            return true
        }
        return page
    }

    /// The newest text of the article whose id starts with these digits, and what was said of it by
    /// hand. Cost: one read of the store.
    package func article(_ idPrefix: String) throws -> PrefixLookup<StoredArticle> {
        switch try StoreReader(at: path).latest(idPrefix: idPrefix) {
        case .none: .none
        case .forgotten(let id): .forgotten(id)
        case .one(let record, let marks):
            StoredArticle(record, marks: marks).map { .one($0) } ?? .none
        case .ambiguous(let ids):
            .ambiguous(ids.map { PrefixCandidate(id: $0.description, title: "") })
        }
    }

    /// The stories of the window, the one that changed last first.
    package func stories(_ query: StoryQuery) throws -> [StorySummary] {
        let members = try storyMembers(since: query.since)
        return members.compactMap { StorySummary(id: $0.key, members: $0.value) }
            .filter { $0.size >= query.sizeMin }
            .sorted { ($0.lastSeen, $0.id) > ($1.lastSeen, $1.id) }
            .prefix(query.limit).map { $0 }
    }

    /// One story with its articles, the oldest first.
    package func story(_ idPrefix: String) throws -> PrefixLookup<Story> {
        let found = try storyMembers(since: .distantPast).filter {
            $0.key.description.hasPrefix(idPrefix)
        }
        guard let (id, members) = found.first else { return .none }
        guard found.count == 1 else {
            return .ambiguous(
                found.keys.sorted().prefix(20).map {
                    PrefixCandidate(id: $0.description, title: found[$0]?.first?.title ?? "")
                })
        }
        guard let summary = StorySummary(id: id, members: members) else { return .none }
        // A revised article is told once, as it is now.
        var newest: [ArticleID?: ArticleSummary] = [:]
        for member in members where newest[member.id].map({ $0.seq < member.seq }) ?? true {
            newest[member.id] = member
        }
        return .one(
            Story(
                story: summary,
                articles: newest.values.sorted { ($0.seen, $0.seq) < ($1.seen, $1.seq) }))
    }

    private func storyMembers(since: Instant?) throws -> [StoryID: [ArticleSummary]] {
        var members: [StoryID: [ArticleSummary]] = [:]
        var earliest = since
        try StoreReader(at: path).forEachRecordBackwards(before: nil) { record in
            if earliest == nil { earliest = record.stored.adding(.zero - Self.storyWindow) }
            if let earliest, record.stored < earliest { return false }
            if let story = record.articleAndVerdict?.verdict.story?.id {
                members[story, default: []].append(ArticleSummary(of: record))
            }
            return true
        }
        return members
    }
}
