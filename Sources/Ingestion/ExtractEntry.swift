internal import Deduplication
internal import FeedParsing
internal import Fetching
internal import Isolation
internal import Markup
package import News
package import PageExtraction

/// What became of a batch of entries.
struct Extracted: Sendable {
    enum Ready: Sendable {
        case article(Candidate)
        case sighting(Candidate, of: ArticleID, by: Recognition)
        case rejected(Candidate, Rejection)
    }
    enum One: Sendable {
        case ready(Ready)
        case postponed(FeedState.PendingEntry)
        /// Not its page's fault: the daemon stopped.
        case withdrawn(FeedState.PendingEntry)

        /// Of an article, as it will be held until it is decided.
        var textBytes: Int {
            guard case .ready(.article(let candidate)) = self else { return 0 }
            return candidate.blocks.reduce(0) { $0 + $1.text.utf8.count }
        }
    }

    var candidates: [Ready] = []
    var postponed: [FeedState.PendingEntry] = []
    /// Whether some of them wait because the daemon stopped.
    var isCutShort = false
    /// Entries that this is about.
    let count: Int

    init(_ results: [One]) {
        count = results.count
        for result in results {
            switch result {
            case .ready(let ready): candidates.append(ready)
            case .postponed(let pending): postponed.append(pending)
            case .withdrawn(let pending):
                postponed.append(pending)
                isCutShort = true
            }
        }
    }
}

extension Pipeline {
    /// One entry to a candidate: its page's text, or the feed's own where that is better. Of a text
    /// that is far too long nothing is kept: others are extracted meanwhile.
    func extractOne(_ chosen: ChosenEntry, of poll: Poll) async -> Extracted.One {
        let one = await candidate(for: chosen, of: poll)
        let (bytes, bytesMax) = (one.textBytes, options.normaliseLimits.textBytesMax)
        // Twice: cleaning it may make it shorter.
        guard bytes / 2 > bytesMax, case .ready(.article(var candidate)) = one else { return one }
        candidate.blocks = []
        return .ready(.rejected(candidate, .tooLong(bytes: bytes, bytesMax: bytesMax)))
    }

    private func candidate(for chosen: ChosenEntry, of poll: Poll) async -> Extracted.One {
        let entry = chosen.entry
        let candidate = Candidate(announcing: chosen, in: poll)
        switch chosen.standing {
        case .nameless: return .ready(.rejected(candidate, .nameless))
        case .knownByAddress(let article):
            return .ready(.sighting(candidate, of: article, by: .address))
        case .renamed(let article, let recognition):
            return .ready(.sighting(candidate, of: article, by: recognition))
        case .unseen, .known, .changed: break
        }
        if chosen.isTooOld(for: poll.feed) { return .ready(.rejected(candidate, .tooOld)) }
        let own = await ownText(of: entry, in: poll)
        // A page that several entries share has the words of all of them.
        guard poll.feed.fetchesPages, chosen.named.isAloneAtAddress, let url = candidate.url else {
            return .ready(candidate.taking(own, TextChoice(.feedOnly)))
        }
        let page = await page(at: url)
        pagesFinished.add()
        switch page {
        case .read(var page):
            let recurring = await leaveOutRecurring(from: &page)
            return .ready(
                candidate.choosing(
                    page: page, own: own, recurring: recurring,
                    obeying: options.obeyedReservations))
        case .withdrawn:
            return .withdrawn(chosen.waiting(because: "the daemon stopped meanwhile"))
        case .unread(let reason, let isFinal):
            let willRetry =
                !isFinal && chosen.attempts + 1 < options.pageAttemptsMax && !own.isFull
            report(
                .pageUnread(
                    poll.feed.id, url: url.withoutSecrets, reason: reason, willRetry: willRetry))
            guard willRetry else {
                return .ready(
                    candidate.taking(
                        own, TextChoice(.pageUnread), because: .unreachable(reason: reason)))
            }
            return .postponed(chosen.waiting(because: reason, isTried: true))
        case .noRoom(let reason):
            report(
                .pageUnread(
                    poll.feed.id, url: url.withoutSecrets, reason: reason, willRetry: true))
            // No fault of the page's, so it does not count as an attempt.
            return .postponed(chosen.waiting(because: reason))
        }
    }

    private func ownText(of entry: Entry, in poll: Poll) async -> OwnText {
        let base = entry.link.flatMap { HTTPURL($0) } ?? poll.feed.url.withoutCredentials
        return await lanes.run(isHeavy: entry.textBytes > options.lightBytesMax) {
            OwnText(of: entry, base: base)
        }
    }

    /// Takes out of a page what its host puts on many. How many blocks that were.
    private func leaveOutRecurring(from page: inout ReadPage) async -> Int {
        guard page.extraction.kind == .article else { return 0 }
        let (blocks, url) = (page.extraction.blocks, page.url)
        let prints = await lanes.run {
            BlockPrints(of: blocks, address: canonicalise(url).text)
        }
        let recurring = await ledger.recurringBlocks(
            in: prints, host: url.host, at: page.fetched)
        if let book = recurring.toSave {
            await ledger.save(templates: await lanes.run { book.bytes })
        }
        page.extraction = page.extraction.leavingOut(recurring: recurring.indices)
        return recurring.indices.count
    }

    private func page(at url: HTTPURL) async -> PageResult {
        let answer: FetchResponse
        do throws(FetchError) {
            answer = try await fetcher.fetch(
                FetchRequest(url: url, purpose: .page, validators: nil))
        } catch {
            if error.isWithdrawal { return .withdrawn }
            if error.isLackOfRoom { return .noRoom(reason: error.description) }
            let isFinal = if case .never = error.retry { true } else { false }
            return .unread(reason: error.description, isFinal: isFinal)
        }
        guard case .body(let body) = answer.content else {
            return .unread(reason: "the page says that it did not change, unasked", isFinal: true)
        }
        let (limits, fetched) = (options.pageLimits, clock.now())
        return await lanes.run(isHeavy: body.count > options.lightBytesMax) {
            do throws(PageError) {
                let extraction = try readPage(
                    body, from: answer.finalURL, declared: answer.contentType, limits: limits)
                return .read(
                    ReadPage(
                        extraction: extraction, url: answer.finalURL, fetched: fetched,
                        reservations: answer.reservations + extraction.reservations))
            } catch {
                return .unread(reason: error.description, isFinal: true)
            }
        }
    }
}

/// A page as HTML or as plain text, by what the server says that it is.
package func readPage(
    _ body: [UInt8], from url: HTTPURL?, declared contentType: String?, limits: PageLimits
) throws(PageError) -> Extraction {
    let type = (contentType ?? "").prefix { $0 != ";" }.lowercased()
        .trimmingSuffix(while: { $0 == " " })
    guard type == "text/plain" || type == "text/markdown" else {
        return try extractPage(body, from: url, declared: contentType, limits: limits)
    }
    let decoded = decodeText(body, contentType: contentType, family: .plain)
    let text = String(decoding: decoded.bytes, as: UTF8.self)
    return extractText(
        text, dialect: type == "text/markdown" ? .markdown : textDialect(of: text), from: url)
}

extension String {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> Substring {
        var end = endIndex
        while end > startIndex, isTrimmed(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}

private enum PageResult: Sendable {
    case read(ReadPage)
    case unread(reason: String, isFinal: Bool)
    /// It could not even be asked for.
    case noRoom(reason: String)
    case withdrawn
}

private struct ReadPage: Sendable {
    var extraction: Extraction
    let url: HTTPURL
    let fetched: Instant
    /// By its header and by itself.
    let reservations: [Reservation]
}

extension Candidate {
    /// What the entry says, before there is any text.
    fileprivate init(announcing chosen: ChosenEntry, in poll: Poll) {
        let entry = chosen.entry
        self.init(
            origin: .feed(poll.feed.id), url: entry.link.flatMap { HTTPURL($0) },
            title: entry.title, authors: entry.authors, language: entry.language,
            published: entry.published, updated: entry.updated, seen: chosen.firstSeen,
            absent: Self.absent(chosen, in: poll),
            textSource: .feed,
            aliases: [chosen.named.name.alias] + chosen.named.otherNames.map(\.alias),
            entryDigest: entry.digest, guid: entry.keptID)
        sources = FieldSources(of: entry)
        isAloneAtAddress = chosen.named.isAloneAtAddress
        // The entry's own address leads here too, wherever it redirects to.
        if let address = chosen.named.address { aliases.append(address) }
    }

    /// When the entry was not in its feed yet; nil when nobody can tell, because something of the
    /// last answer was left for later: its digest is kept only of one that was taken up whole.
    private static func absent(_ chosen: ChosenEntry, in poll: Poll) -> Instant? {
        guard poll.state.bodyDigest != nil, let last = poll.state.lastSuccess else { return nil }
        return last < chosen.firstSeen ? last : nil
    }

    /// The feed's own text, or the reason why that is not enough.
    fileprivate func taking(
        _ own: OwnText, _ choice: TextChoice, because reason: Rejection? = nil
    ) -> Extracted.Ready {
        if own.extraction.blocks.isEmpty, let reason { return .rejected(self, reason) }
        var candidate = self
        candidate.blocks = own.extraction.blocks
        candidate.textSource = own.source
        candidate.textChoice = choice
        candidate.textChoice?.feedBytes = own.bytes
        return .article(candidate)
    }

    /// The page's text, unless the page is no article, or has clearly less than the feed gave.
    /// - Parameter recurring: blocks that were taken out because the host puts them on many pages.
    fileprivate func choosing(
        page: ReadPage, own: OwnText, recurring: Int, obeying obeyed: Set<Reservation.Kind>
    ) -> Extracted.Ready {
        if let reservation = page.reservations.first(where: { obeyed.contains($0.kind) }) {
            return .rejected(self, .reserved(reason: reservation.description))
        }
        let extraction = page.extraction
        let (source, choice) = chooseText(page: extraction, own: own)
        // A wall in place of the page: a summary alone would pass for the whole article. The
        // wall's address says nothing about the article.
        if extraction.kind != .article {
            return own.isFull
                ? taking(own, choice) : .rejected(self, .notAnArticle(extraction.kind))
        }
        // Nor does that of a page with other words.
        if choice.reason == .pageSaysOther { return taking(own, choice) }
        var candidate = self
        candidate.url = page.url
        candidate.fetched = page.fetched
        candidate.reservations = page.reservations
        candidate.declaredCanonical = extraction.declaredCanonical
        candidate.sources.canonical = extraction.sources.canonical
        guard source == .page else { return candidate.taking(own, choice) }
        candidate.blocks = extraction.blocks
        candidate.language = extraction.language ?? language
        if extraction.language != nil { candidate.sources.language = extraction.sources.language }
        candidate.completeMetadata(from: extraction)
        candidate.textSource = .page
        candidate.textChoice = choice
        candidate.textChoice?.recurring = recurring > 0 ? recurring : nil
        return .article(candidate)
    }

    /// What the entry did not say, as its page says it.
    private mutating func completeMetadata(from page: Extraction) {
        if title == nil {
            title = page.title
            sources.title = page.sources.title
        }
        if authors.isEmpty {
            authors = page.authors
            sources.authors = page.sources.authors
        }
        if published == nil {
            published = page.published
            sources.published = page.sources.published
        }
        if updated == nil {
            updated = page.updated
            sources.updated = page.sources.updated
        }
    }
}

extension FieldSources {
    /// Of what a feed's entry says.
    fileprivate init(of entry: Entry) {
        self.init()
        title = entry.title.map { _ in .feed }
        authors = entry.authors.isEmpty ? nil : .feed
        language = entry.language.map { _ in .feed }
        published = entry.published.map { _ in .feed }
        updated = entry.updated.map { _ in .feed }
    }
}

extension FieldSource {
    fileprivate static let feed = FieldSource(.feed, 0.9)
}
