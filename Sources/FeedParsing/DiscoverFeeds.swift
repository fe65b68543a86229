internal import Markup
package import News

/// How much of a page is searched for feeds.
package struct DiscoveryLimits: Hashable, Sendable {
    /// Bytes from the page's start.
    package var bytesMax: Int
    /// Candidates that are given, the best.
    package var candidatesMax: Int
    /// Unicode scalars of a candidate's title, and of its type.
    package var titleCharactersMax: Int

    package init(bytesMax: Int = 8 << 20, candidatesMax: Int = 32, titleCharactersMax: Int = 200) {
        self.bytesMax = bytesMax
        self.candidatesMax = candidatesMax
        self.titleCharactersMax = titleCharactersMax
    }
}

/// Finds the feeds that an HTML page names, the best first; of equal rank, in the page's order.
///
/// A feed is named by a `link` element with the relation `alternate` and a feed's media type (RSS
/// Advisory Board, "RSS Autodiscovery"; WHATWG HTML Standard, section 4.6.7.1; JSON Feed 1.1), or
/// with the relation `feed`. Only where no such element stands, addresses of the same site in the
/// text that look like a feed's are taken for it. Feeds of comments come last of all. No site is
/// known here.
///
/// Never fails; a body that is no page names none. Cost: linear in the body.
/// - Parameters:
///   - body: as it came, in any charset.
///   - url: where it came from, after redirects: relative addresses are resolved against it, or
///     against the page's `base`, and the page itself is no candidate.
///   - contentType: the `Content-Type` that it came with, for its charset.
package func discoverFeeds(
    in body: [UInt8], from url: HTTPURL?, declared contentType: String?,
    limits: DiscoveryLimits = DiscoveryLimits()
) -> [FeedCandidate] {
    let head = Array(body.prefix(limits.bytesMax))
    let text = decodeText(head, contentType: contentType, family: .html)
    var search = FeedSearch(page: url, limits: limits)
    var tokenizer = HTMLTokenizer(text.bytes)
    while let token = tokenizer.next() {
        guard case .startTag(let element, _, _) = token else { continue }
        switch element {
        case .base: search.note(base: FeedLinkAttributes(of: tokenizer))
        case .link: search.note(link: FeedLinkAttributes(of: tokenizer))
        case .a: search.note(anchor: FeedLinkAttributes(of: tokenizer))
        default: break
        }
    }
    return search.candidates
}

/// The attributes of a tag that say where it leads, references decoded.
private struct FeedLinkAttributes {
    var href: String?
    var rel: [Substring] = []
    var type: String?
    var title: String?

    init(of tokenizer: HTMLTokenizer) {
        for attribute in tokenizer.attributes {
            let name = HTMLAttributeName(named: tokenizer.bytes[attribute.name])
            let text = { string(attributeText(tokenizer.bytes[attribute.value])[...]) }
            switch name {
            case .href: href = text()
            case .rel: rel = text().lowercased().split(whereSeparator: \.isWhitespace)
            case .type: type = text()
            case .title: title = text()
            default: break
            }
        }
    }
}

/// What was found so far.
private struct FeedSearch {
    let page: HTTPURL?
    let limits: DiscoveryLimits
    private var base: HTTPURL?
    private var hasBase = false
    private var named: [Found] = []
    private var linked: [Found] = []

    /// A candidate whose address is still to be resolved: `base` may stand anywhere.
    private struct Found {
        var href: String
        var title: String?
        var type: String?
        var rank: FeedCandidate.Rank
    }

    init(page: HTTPURL?, limits: DiscoveryLimits) {
        self.page = page
        self.limits = limits
        base = page
    }

    /// The first `base` with an address counts (WHATWG HTML Standard, section 4.2.3).
    mutating func note(base attributes: FeedLinkAttributes) {
        guard !hasBase, let href = attributes.href else { return }
        hasBase = true
        base = HTTPURL(href, relativeTo: page) ?? page
    }

    mutating func note(link attributes: FeedLinkAttributes) {
        guard named.count < foundMax, let href = attributes.href, !href.isEmpty,
            let rank = rank(ofLink: attributes, href)
        else { return }
        named.append(
            Found(href: href, title: attributes.title, type: attributes.type, rank: rank))
    }

    mutating func note(anchor attributes: FeedLinkAttributes) {
        guard linked.count < foundMax, let href = attributes.href, !href.isEmpty else { return }
        let type = MediaType(attributes.type)
        guard type == .feed || (type != .other && looksLikeFeed(href)) else { return }
        linked.append(
            Found(href: href, title: attributes.title, type: attributes.type, rank: .linked))
    }

    /// Links that are kept until the best are chosen.
    private var foundMax: Int { limits.candidatesMax * 16 }

    private func rank(
        ofLink attributes: FeedLinkAttributes, _ href: String
    ) -> FeedCandidate.Rank? {
        let type = MediaType(attributes.type)
        if attributes.rel.contains("feed") { return type == .other ? nil : .feed }
        guard attributes.rel.contains("alternate"), !attributes.rel.contains("stylesheet") else {
            return nil
        }
        switch type {
        case .feed: return .feed
        case .xml: return .likely
        case .json, .none: return looksLikeFeed(href) ? .likely : nil
        case .other: return nil
        }
    }

    /// The best, each address once.
    var candidates: [FeedCandidate] {
        var met: Set<String> = page.map { [$0.withoutSecrets] } ?? []
        var all = named.compactMap { candidate(for: $0, unlessIn: &met) }
        if all.allSatisfy({ $0.rank == .comments }) {
            all += linked.compactMap { candidate(for: $0, unlessIn: &met) }
        }
        let ranked = all.enumerated().sorted { a, b in
            (a.element.rank, a.offset) < (b.element.rank, b.offset)
        }
        return ranked.prefix(limits.candidatesMax).map { $0.element }
    }

    private func candidate(for found: Found, unlessIn met: inout Set<String>) -> FeedCandidate? {
        guard let written = HTTPURL(found.href, relativeTo: base),
            let url = HTTPURL(written.withoutSecrets), met.insert(url.withoutSecrets).inserted
        else { return nil }
        if found.rank == .linked, let page, !isOfOneSite(page, url) { return nil }
        let title = beginning(of: found.title)
        return FeedCandidate(
            url: url, title: title, type: beginning(of: found.type),
            rank: isOfComments(title ?? "", url) ? .comments : found.rank)
    }

    private func beginning(of text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return firstCharacters(of: text, limits.titleCharactersMax)
    }
}

/// Whether one host is the other, or stands below it: what a page merely links to may belong to
/// anybody.
private func isOfOneSite(_ a: HTTPURL, _ b: HTTPURL) -> Bool {
    let hosts = [a, b].map { $0.host.hasPrefix("www.") ? $0.host.dropFirst(4) : $0.host[...] }
    return hosts[0] == hosts[1] || hosts[0].hasSuffix("." + hosts[1])
        || hosts[1].hasSuffix("." + hosts[0])
}

/// What a declared media type may be (RFC 9110, section 8.3.1), parameters aside.
private enum MediaType {
    case feed, xml, json, other, none

    init(_ written: String?) {
        guard let written, !written.isEmpty else {
            self = .none
            return
        }
        let name = written.lowercased().prefix { $0 != ";" && !$0.isWhitespace }
        switch name {
        case "application/feed+json": self = .feed
        case "application/xml", "text/xml", "application/rdf+xml": self = .xml
        case "application/json": self = .json
        default: self = name.contains("rss") || name.contains("atom") ? .feed : .other
        }
    }
}

/// Whether an address is one as feeds have them.
private func looksLikeFeed(_ href: String) -> Bool {
    let address = href.lowercased().prefix { $0 != "#" }
    let parts = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let last = parts[0].split(separator: "/").last ?? ""
    if feedNames.contains(String(last)) || feedEndings.contains(where: last.hasSuffix) {
        return true
    }
    guard parts.count > 1 else { return false }
    return parts[1].split(separator: "&").contains { feedQueries.contains(String($0)) }
}

private let feedNames: Set<String> = [
    "feed", "rss", "atom", "rss2", "rss.xml", "feed.xml", "atom.xml", "index.xml", "index.rdf",
    "feed.json", "rss.php", "feed.php",
]
private let feedEndings = [".rss", ".atom", ".rdf"]
private let feedQueries: Set<String> = [
    "feed=rss", "feed=rss2", "feed=atom", "format=rss", "format=atom", "format=feed", "type=rss",
    "type=atom", "alt=rss",
]

private func isOfComments(_ title: String, _ url: HTTPURL) -> Bool {
    let words = title.lowercased().split { !$0.isLetter }
    let folders = url.path.lowercased().split(separator: "/")
    let fields = (url.query ?? "").lowercased().split { $0 == "&" || $0 == "=" }
    return (words + folders + fields).contains { wordsForComments.contains(String($0)) }
}

/// The plural alone: a `Comment` is an opinion in English, and `comment` a question in French.
private let wordsForComments: Set<String> = [
    "comments", "commentaires", "kommentare", "kommentarer", "comentarios", "comentários",
    "commenti", "reacties", "komentarze", "комментарии", "комментариев", "σχόλια", "yorumlar",
    "コメント", "评论",
]
