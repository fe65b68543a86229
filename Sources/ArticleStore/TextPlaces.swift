internal import News

/// Where the texts of each article stand: the latest, and of a revised one the texts before it,
/// because copies are made of those too.
///
/// Memory: one entry an article, and one more a kept earlier text.
struct TextPlaces: Sendable {
    /// What was known of one article.
    struct Before: Sendable {
        fileprivate var id: ArticleID
        fileprivate var latest: RecordLocation?
        fileprivate var earlier: [RecordLocation]?
    }

    private var latest: [ArticleID: RecordLocation] = [:]
    private var earlier: [ArticleID: [RecordLocation]] = [:]
    /// Earlier texts of one article: the first, and the last ones before the latest.
    static let earlierMax = 4

    var count: Int { latest.count }

    /// Where the latest text stands.
    subscript(id: ArticleID) -> RecordLocation? { latest[id] }

    /// Where the texts before it stand, the oldest first.
    func earlier(_ id: ArticleID) -> [RecordLocation] { earlier[id] ?? [] }

    /// Notes where the next text of an article stands; nil when that is too far to be noted.
    /// - Returns: what `restore` needs to forget it again.
    @discardableResult
    mutating func note(_ location: RecordLocation?, of id: ArticleID) -> Before {
        let before = Before(id: id, latest: latest[id], earlier: earlier[id])
        latest[id] = location
        if let last = before.latest {
            earlier[id, default: []].append(last)
            if let count = earlier[id]?.count, count > Self.earlierMax {
                earlier[id]?.remove(at: 1)
            }
        }
        return before
    }

    mutating func restore(_ before: Before) {
        latest[before.id] = before.latest
        earlier[before.id] = before.earlier
    }
}
