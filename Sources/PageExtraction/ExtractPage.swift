internal import Markup
package import News

/// The limits of one page.
package struct PageLimits: Hashable, Sendable {
    /// Bytes of the body.
    package var bytesMax: Int
    /// Nodes of the tree; what comes after them is left out. Pages of news have some thousands;
    /// each node costs 350 bytes by the time that it is a block of text.
    package var nodesMax: Int
    /// Depth of the tree; deeper elements become siblings.
    package var depthMax: Int
    /// Attributes of one element; the others are passed over.
    package var attributesMax: Int

    package init(
        bytesMax: Int = 8 << 20, nodesMax: Int = 60_000, depthMax: Int = 256,
        attributesMax: Int = 128
    ) {
        self.bytesMax = bytesMax
        self.nodesMax = nodesMax
        self.depthMax = depthMax
        self.attributesMax = attributesMax
    }

    var tree: HTMLTreeLimits {
        HTMLTreeLimits(nodesMax: nodesMax, depthMax: depthMax, attributesMax: attributesMax)
    }
}

/// Reads one page: its article's text in order, without title and furniture, what it declares of
/// itself, and whether it is an article at all.
///
/// Nothing here knows a site. The text is chosen in three steps, each in a file of its own: what
/// elements are furniture (`FurnitureMarks`), which element holds the article (`ContainerChoice`),
/// which of its blocks are text (`BlockSelection`). What was left out is in `dropped`, with the
/// reason. Cost: linear in the body.
/// - Parameters:
///   - body: as it came, in any encoding.
///   - url: where it came from, after redirects: relative addresses are resolved against it.
///   - contentType: the answer's `Content-Type`, if it had one.
/// - Throws: when the body is no HTML, or larger than the limit.
package func extractPage(
    _ body: [UInt8], from url: HTTPURL?, declared contentType: String?,
    limits: PageLimits = .init()
) throws(PageError) -> Extraction {
    guard body.count <= limits.bytesMax else {
        throw .tooLarge(bytes: body.count, bytesMax: limits.bytesMax)
    }
    guard !body.isEmpty else { throw .noBytes }
    if let what = otherThanHTML(body, contentType: contentType) { throw .notHTML(what: what) }
    let text = decodeText(body, contentType: contentType, family: .html)
    return PageReader(parseHTML(text.bytes, limits: limits.tree), url: url).read()
}

/// Reads the HTML body of a feed entry: all of it is the article, so no container is chosen and
/// short texts stay; furniture goes. A body without any mark-up is read as text, whose blank lines
/// part paragraphs. Only the first 8 MiB are read. Cost: linear.
package func extractFragment(html: String, from url: HTTPURL?) -> Extraction {
    let limits = PageLimits()
    var bytes = Array(html.utf8.prefix(limits.bytesMax))
    if !bytes.contains(UInt8(ascii: "<")) { bytes = markingBlankLines(in: bytes) }
    return PageReader(parseHTML(bytes, limits: limits.tree), url: url).readFragment()
}

/// Two line breaks for every blank line.
private func markingBlankLines(in bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var newlines = 0
    for byte in bytes {
        if byte == 0x0A {
            newlines += 1
            if newlines == 2 { result.append(contentsOf: "<br><br>".utf8) }
        } else if byte > 0x20 {
            newlines = 0
        }
        result.append(byte)
    }
    return result
}
