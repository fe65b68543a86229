internal import News
internal import PageExtraction

/// What `extractPage` promises of any bytes, JSON-LD in them included, tried on these: plain text
/// without control characters, in blocks that are not empty, no longer than the page by much.
package func brokenPromise(ofPage body: [UInt8]) -> String? {
    let number = choice(by: body)
    let limits =
        number % 2 == 0
        ? PageLimits()
        : PageLimits(bytesMax: 1 << 20, nodesMax: 200, depthMax: 12, attributesMax: 4)
    let address = HTTPURL("https://news.example/2026/11/26/page.html")
    guard let page = try? extractPage(body, from: address, declared: nil, limits: limits) else {
        return nil
    }
    let lines =
        [page.title, page.siteName, page.language, page.image, page.declaredCanonical].compactMap {
            $0
        } + page.authors
    for line in lines {
        if let control = TextPromise.control(in: line) { return "\(control) in a line" }
        if line.isEmpty { return "an empty line" }
    }
    for block in page.blocks {
        if block.text.isEmpty { return "an empty block" }
        if let control = TextPromise.control(in: block.text) { return "\(control) in a block" }
        if block.kind != .code, block.kind != .table, block.text.utf8.contains(0x0A) {
            return "a newline in a \(block.kind.rawValue)"
        }
    }
    // A reference can be a third shorter than what it stands for, a wrong byte by two thirds; the
    // text of JSON-LD may stand in for the page's.
    if page.textBytes > 4 * body.count + 100 { return "\(page.textBytes) bytes of text" }
    return nil
}
