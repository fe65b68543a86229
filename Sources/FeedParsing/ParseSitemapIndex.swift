internal import Markup
package import News

/// Reads an index of sitemaps (sitemaps.org protocol): the address of each part, and when it last
/// changed. A part whose address is no HTTP address is left out; of an index that is cut off, the
/// parts before the cut are given. One that was left in gzip is opened.
///
/// - Throws: `.notAFeed` when the root is another, `.empty`, or what `parseFeed` does of sizes.
///
/// Cost: linear in the body.
package func parseSitemapIndex(
    _ body: [UInt8], from url: HTTPURL?, declared contentType: String?,
    limits: FeedLimits = FeedLimits()
) throws(FeedError) -> SitemapIndex {
    let opened = try OpenedBody(body, limits: limits)
    let text = decodeText(opened.bytes, contentType: contentType, family: .xml)
    guard text.bytes.contains(where: { $0 > 0x20 }) else { throw .empty }
    var reader = SitemapIndexReader(
        tokenizer: XMLTokenizer(text, limits: limits.xml), base: url)
    var index = try reader.read()
    if let damage = opened.damage { index.damage.insert(damage, at: 0) }
    return index
}

private struct SitemapIndexReader: ~Copyable {
    var tokenizer: XMLTokenizer
    let base: HTTPURL?
    private var parts: [SitemapIndex.Part] = []
    private var met: Set<HTTPURL> = []
    private var damage: [String] = []
    private var address = ""
    private var date = ""
    private var field = Field.none

    private enum Field { case none, address, date }

    init(tokenizer: consuming XMLTokenizer, base: HTTPURL?) {
        self.tokenizer = tokenizer
        self.base = base
    }

    mutating func read() throws(FeedError) -> SitemapIndex {
        var isIndex = false
        reading: while parts.count < SitemapIndex.partsMax {
            let token = tokenizer.next()
            switch token {
            case .startTag:
                let name = localName
                if !isIndex {
                    guard name == "sitemapindex" else { throw .notAFeed(.xml(root: name)) }
                    isIndex = true
                }
                open(name)
            case .endTag: close(localName)
            case .text: append(isLiteral: false)
            case .literalText: append(isLiteral: true)
            case .end: break reading
            }
        }
        guard isIndex else { throw .notAFeed(.text) }
        let isCutOff = tokenizer.damage.contains(.truncated)
        // What a cut goes through says nothing.
        if isCutOff, field == .date { date = "" }
        if !isCutOff || field != .address { finishPart() }
        if parts.count >= SitemapIndex.partsMax {
            damage.append("\(SitemapIndex.partsMax) sitemaps or more; the others were left out")
        }
        return SitemapIndex(
            parts: parts, damage: tokenizer.damage.sentences + damage, isCutOff: isCutOff)
    }

    private var localName: String {
        let name = tokenizer.bytes(of: tokenizer.local(of: tokenizer.name))
        return String(decoding: name.prefix(100), as: UTF8.self)
    }

    private mutating func open(_ name: String) {
        switch name {
        case "sitemap": finishPart()
        case "loc": field = .address
        case "lastmod": field = .date
        default: field = .none
        }
    }

    private mutating func close(_ name: String) {
        field = .none
        if name == "sitemap" { finishPart() }
    }

    private mutating func append(isLiteral: Bool) {
        switch field {
        case .none: break
        case .address:
            guard address.utf8.count <= HTTPURL.bytesMax else { return }
            address += tokenizer.string(tokenizer.range, isLiteral: isLiteral)
        case .date:
            guard date.utf8.count <= HTTPURL.bytesMax else { return }
            date += tokenizer.string(tokenizer.range, isLiteral: isLiteral)
        }
    }

    private mutating func finishPart() {
        defer { (address, date, field) = ("", "", .none) }
        guard address.utf8.contains(where: { $0 > 0x20 }),
            let url = HTTPURL(address, relativeTo: base), met.insert(url).inserted
        else { return }
        parts.append(SitemapIndex.Part(url: url, lastModified: parseDate(date)))
    }
}
