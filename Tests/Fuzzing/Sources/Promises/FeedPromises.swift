package import FeedParsing
package import News

/// What `parseFeed` promises of any bytes, tried on these: limits are kept, texts are clean, and a
/// document that is cut somewhere gives a prefix of its entries. The first broken promise, or nil.
package func brokenPromise(ofFeed body: [UInt8]) -> String? {
    let number = choice(by: body)
    let limits = number % 2 == 0 ? FeedLimits() : smallFeedLimits
    guard let whole = try? parseFeed(body, from: feedAddress, declared: nil, limits: limits) else {
        return nil
    }
    if let sentence = brokenPromise(of: whole, within: limits) { return sentence }
    // A sitemap that is too long keeps its newest pages, which may stand behind the cut.
    if whole.format == .sitemap, whole.entries.count == limits.entriesMax { return nil }
    // The charset of other bytes is judged by the look of all of them.
    guard body.allSatisfy({ 0x09...0x7E ~= $0 }) else { return nil }
    let end = Int(number / 2 % UInt64(body.count + 1))
    guard
        let cut = try? parseFeed(
            Array(body[..<end]), from: feedAddress, declared: nil, limits: limits)
    else { return nil }
    return brokenPromise(of: cut, asPrefixOf: whole, cutAt: end)
}

/// Limits that short documents reach.
package let smallFeedLimits = FeedLimits(
    entriesMax: 4, depthMax: 12, attributesMax: 4, titleCharactersMax: 12, fieldBytesMax: 100,
    valuesMax: 2, damageMax: 4)

package let feedAddress = HTTPURL("https://feeds.example/folder/feed?q=1")

/// What holds for every document that was read within `limits`.
package func brokenPromise(of document: FeedDocument, within limits: FeedLimits) -> String? {
    if document.entries.count > limits.entriesMax { return "\(document.entries.count) entries" }
    if document.damage.count > limits.damageMax { return "\(document.damage.count) damages" }
    let links = document.links
    var texts = [
        document.title, document.link, document.id, document.language, document.rights,
        document.image, document.description?.written, document.description?.html,
        links.ownAddress, links.older, links.current,
    ]
    texts += document.authors + links.hubs + document.damage
    if let control = firstControl(in: texts) { return "feed: \(control)" }
    if links.hubs.count > limits.valuesMax { return "\(links.hubs.count) hubs" }
    let hints = document.updateHints
    guard hints.skipHours.allSatisfy({ 0...23 ~= $0 }),
        hints.skipDays.allSatisfy({ 1...7 ~= $0 })
    else { return "hours or days that no clock has" }
    if let title = document.title, title.unicodeScalars.count > limits.titleCharactersMax {
        return "the feed's title has \(title.unicodeScalars.count) characters"
    }
    for (index, entry) in document.entries.enumerated() {
        if let sentence = brokenPromise(of: entry, within: limits) {
            return "entry \(index): \(sentence)"
        }
    }
    return nil
}

private func brokenPromise(of entry: Entry, within limits: FeedLimits) -> String? {
    let lines = [entry.title].compactMap { $0 } + entry.categories
    if let long = lines.first(where: { $0.unicodeScalars.count > limits.titleCharactersMax }) {
        return "a title or category of \(long.unicodeScalars.count) characters"
    }
    let bodies = [entry.summary, entry.content].compactMap { $0 }
    if let long = bodies.first(where: { $0.written.utf8.count > limits.fieldBytesMax }) {
        return "a text of \(long.written.utf8.count) bytes"
    }
    if bodies.contains(where: { $0.written.isEmpty }) { return "a text of no words" }
    let details = entry.details
    let counts = [
        entry.authors.count, entry.categories.count, entry.enclosures.count, details.images.count,
        details.credits.count, details.licenses.count, details.discussion.inReplyTo.count,
    ]
    if let many = counts.first(where: { $0 > limits.valuesMax }) { return "\(many) values" }
    if let count = details.discussion.count, count < 0 { return "\(count) comments" }
    var texts: [String?] = [
        entry.id, entry.link, entry.language, details.rights, details.source?.title,
        details.source?.id, details.source?.link, details.discussion.page,
        details.discussion.feed,
    ]
    texts += lines + bodies.map(\.written) + bodies.map(\.html) + entry.authors
    texts += details.images + details.licenses + details.discussion.inReplyTo
    texts += details.credits.map(\.name) + details.credits.compactMap(\.role)
    texts += entry.enclosures.map(\.url) + entry.enclosures.compactMap(\.type)
    return firstControl(in: texts)
}

private func firstControl(in texts: [String?]) -> String? {
    for case let text? in texts {
        if let control = TextPromise.control(in: text) { return "\(control) in a text" }
    }
    return nil
}

/// What holds for a document and the same one cut off after `end` bytes: its entries are the first
/// of the whole, and it says that it is damaged when there are fewer. What the feed itself says
/// behind its entries (authors, language) reaches them only when it is there, so an entry is told
/// by what stands in it.
package func brokenPromise(
    of cut: FeedDocument, asPrefixOf whole: FeedDocument, cutAt end: Int
) -> String? {
    let place = "cut at \(end)"
    if cut.entries.count > whole.entries.count {
        return "\(place): \(cut.entries.count) entries of \(whole.entries.count)"
    }
    for (index, (mine, wholes)) in zip(cut.entries, whole.entries).enumerated() {
        let isSame =
            mine.id == wholes.id && mine.title == wholes.title && mine.link == wholes.link
            && mine.published == wholes.published && mine.summary == wholes.summary
            && mine.content == wholes.content
        if !isSame { return "\(place): entry \(index) is another" }
    }
    if cut.entries.count < whole.entries.count, cut.damage.isEmpty {
        return "\(place): \(whole.entries.count - cut.entries.count) entries lost in silence"
    }
    return nil
}

/// What `parseOPML` and `writeOPML` promise of any bytes.
package func brokenPromise(ofOPML body: [UInt8]) -> String? {
    guard let outlines = try? parseOPML(body) else { return nil }
    if outlines.count > FeedLimits().entriesMax { return "\(outlines.count) feeds" }
    for outline in outlines {
        let texts = [outline.title, outline.xmlURL, outline.htmlURL] + outline.labels
        if let control = firstControl(in: texts) { return control }
    }
    guard outlines.allSatisfy({ $0.labels.count <= 32 }) else { return nil }
    let again = try? parseOPML(Array(writeOPML(outlines, title: "Feeds").utf8))
    guard let again else { return "what was written cannot be read" }
    if Dictionary(grouping: again, by: { $0 }).mapValues(\.count)
        != Dictionary(grouping: outlines, by: { $0 }).mapValues(\.count)
    {
        return "what was written reads as something else"
    }
    let third = try? parseOPML(Array(writeOPML(again, title: "Feeds").utf8))
    return third == again ? nil : "writing twice changes the order"
}

/// What `parseDate` promises of any bytes: no trap, an instant that a calendar of four digits has,
/// and the same instant from its own description.
package func brokenPromise(ofDate bytes: [UInt8]) -> String? {
    guard let instant = parseDate(String(decoding: bytes, as: UTF8.self)) else { return nil }
    let year = instant.civil.year
    guard 999...10_000 ~= year else { return "a date in the year \(year)" }
    guard 1000...9999 ~= year else { return nil }
    let again = parseDate(instant.description)
    return again == instant
        ? nil : "\(instant) reads as \(again.map(\.description) ?? "no instant")"
}

/// What `parseAnswer` and the readers behind it promise of any bytes: bounded lists of absolute
/// addresses, the feeds of a page ranked.
package func brokenPromise(ofAnswer body: [UInt8]) -> String? {
    let limits = DiscoveryLimits(candidatesMax: 4, titleCharactersMax: 8)
    let candidates = discoverFeeds(in: body, from: feedAddress, declared: nil, limits: limits)
    if candidates.count > 4 { return "\(candidates.count) candidates" }
    for (candidate, next) in zip(candidates, candidates.dropFirst())
    where next.rank < candidate.rank {
        return "\(next.url) stands behind \(candidate.url)"
    }
    if Set(candidates.map(\.url)).count < candidates.count { return "a feed is named twice" }
    for candidate in candidates {
        if candidate.url.userInfo != nil { return "credentials were taken over" }
        if candidate.title?.unicodeScalars.count ?? 0 > 8 { return "a long title" }
        if let control = firstControl(in: [candidate.title, candidate.type]) { return control }
    }
    guard let answer = try? parseAnswer(body, from: feedAddress, declared: nil),
        case .sitemaps(let index) = answer
    else { return nil }
    let addresses = Set(index.parts.map(\.url))
    return addresses.count == index.parts.count ? nil : "a part is named twice"
}
