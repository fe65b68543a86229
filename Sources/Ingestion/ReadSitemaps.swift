internal import FeedParsing
internal import Fetching
package import News

// An index of sitemaps is read part by part: those that changed since they were last read, the
// newest first, a few in each poll. What was there before the first poll is an archive, of which
// only the newest parts are read.

/// Which parts of an index are to be read, and what is remembered of it then.
package struct SitemapPlan: Sendable {
    /// In the order in which they are to be read.
    package var due: [SitemapIndex.Part]
    /// False when others are due that must wait, or when there are parts whose changes only reading
    /// tells.
    package var isWhole: Bool
    package private(set) var memory: SitemapMemory

    /// - Parameters:
    ///   - memory: nil at the first poll.
    ///   - now: bounds what the index claims: no part changed after it.
    /// Cost: n log n in the parts.
    package init(_ index: SitemapIndex, memory: SitemapMemory?, partsMax: Int, now: Instant) {
        let known = Dictionary(
            (memory?.parts ?? []).map { ($0.url, $0) }, uniquingKeysWith: { first, _ in first })
        let since = memory?.since ?? .distantPast
        var dated: [(part: SitemapIndex.Part, changed: Instant, read: Instant)] = []
        var undated: [(part: SitemapIndex.Part, read: Instant)] = []
        for part in index.parts {
            let read = known[part.url]?.read ?? .distantPast
            guard let claimed = part.lastModified else {
                // More than are remembered could not be read in turn.
                if undated.count < SitemapMemory.partsMax { undated.append((part, read)) }
                continue
            }
            let changed = min(claimed, now)
            let last = known[part.url]?.lastModified ?? .distantPast
            // One that could not be read is remembered without a date, and is due whatever its age.
            if changed > last, changed > since || known[part.url] != nil {
                dated.append((part, changed, read))
            }
        }
        // Of parts that changed together the one that was not read for longest; sorting is stable.
        dated.sort { ($1.changed, $0.read) < ($0.changed, $1.read) }
        undated.sort { $0.read < $1.read }
        let chosen = dated.prefix(partsMax)
        due =
            chosen.map(\.part) + undated.prefix(max(0, partsMax - chosen.count)).map(\.part)
        self.memory = memory ?? SitemapMemory()
        if memory == nil, dated.count > chosen.count {
            self.memory.since = chosen.last?.changed
        }
        isWhole = undated.isEmpty && (memory == nil || dated.count == chosen.count)
    }

    /// Notes that a part was read.
    package mutating func note(_ part: SitemapIndex.Part, readAt now: Instant) {
        remember(
            SitemapMemory.Part(
                url: part.url, lastModified: part.lastModified.map { min($0, now) }, read: now))
    }

    /// Notes that a part could not be read, or not as a whole: it stays due.
    package mutating func noteUnread(_ part: SitemapIndex.Part) {
        guard !memory.parts.contains(where: { $0.url == part.url }) else { return }
        remember(SitemapMemory.Part(url: part.url, lastModified: nil, read: .distantPast))
    }

    private mutating func remember(_ part: SitemapMemory.Part) {
        memory.parts.removeAll { $0.url == part.url }
        memory.parts.append(part)
        let excess = memory.parts.count - SitemapMemory.partsMax
        if excess > 0 { memory.parts.removeFirst(excess) }
    }
}

extension Pipeline {
    /// Reads the parts that are due, as one document. A part that cannot be had is reported, and is
    /// due again with the next poll.
    func readSitemaps(
        of index: SitemapIndex, _ answer: FetchResponse, _ digest: Digest, of poll: Poll
    ) async throws(PollFailure) -> FeedReading {
        var plan = SitemapPlan(
            index, memory: poll.state.sitemaps, partsMax: options.sitemapsPerPollMax,
            now: poll.began)
        var document = FeedDocument(format: .sitemap, damage: index.damage)
        var first: PollFailure?
        var unread = 0
        for part in plan.due {
            do throws(PollFailure) {
                let sitemap = try await sitemap(part.url, of: poll)
                document.entries += sitemap.entries
                document.damage += sitemap.damage
                if sitemap.isCutOff {
                    plan.noteUnread(part)
                    document.isCutOff = true
                } else {
                    plan.note(part, readAt: poll.began)
                }
            } catch {
                if case .fetch(let error) = error, error.isOurOwn { throw .fetch(error) }
                unread += 1
                first = first ?? error
                plan.noteUnread(part)
                report(
                    .sitemapUnread(
                        poll.feed.id, url: part.url.withoutSecrets, reason: error.description))
            }
        }
        if let first, unread == plan.due.count { throw first }
        return FeedReading(
            answer: answer, bodyDigest: digest, document: document, found: poll.state.found,
            sitemaps: plan.memory,
            isWhole: plan.isWhole && unread == 0 && !index.isCutOff)
    }

    private func sitemap(_ url: HTTPURL, of poll: Poll) async throws(PollFailure) -> FeedDocument {
        let answer = try await fetch(
            url.sharingCredentials(of: poll.feed.url), for: poll.feed)
        guard case .body(let body) = answer.content,
            case .document(let document) = try await parse(body, of: answer, for: poll)
        else { throw .unreadable(.notAFeed(.sitemapIndex)) }
        return document
    }
}

extension PollFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .fetch(let error): error.description
        case .unreadable(let error): error.description
        case .damaged(let damage): damage
        case .ledger(let error): error.description
        }
    }
}
