internal import Markup

/// What `HTMLTokenizer`, `parseHTML`, `cleanedHTML` and `plainText` promise of any bytes, tried on
/// these.
package func brokenPromise(ofHTML bytes: [UInt8]) -> String? {
    if let sentence = brokenTokens(in: bytes) { return sentence }
    let number = choice(by: bytes)
    let limits =
        number % 2 == 0
        ? HTMLTreeLimits() : HTMLTreeLimits(nodesMax: 50, depthMax: 8, attributesMax: 4)
    if let sentence = brokenPromise(of: parseHTML(bytes, limits: limits), within: limits) {
        return sentence
    }
    let html = String(decoding: bytes, as: UTF8.self)
    let plain = plainText(ofHTML: html)
    if let control = TextPromise.control(in: plain) { return "plain text with \(control)" }
    if plain.hasPrefix(" ") || plain.hasSuffix(" ") || plain.contains("  ") {
        return "plain text with loose spaces"
    }
    let clean = cleanedHTML(html) { $0.hasPrefix("#") ? nil : $0 }
    if let sentence = brokenCleaning(in: Array(clean.utf8)) { return sentence }
    let again = cleanedHTML(clean) { $0.hasPrefix("#") ? nil : $0 }
    return again == clean ? nil : "cleaning twice changes the text"
}

/// Promises 1 and 2 of `HTMLTokenizer`: ranges within the document, tokens in its order, each of
/// at least one byte.
private func brokenTokens(in bytes: [UInt8]) -> String? {
    var tokenizer = HTMLTokenizer(bytes, attributesMax: 8)
    var count = 0
    var end = 0
    while let token = tokenizer.next() {
        count += 1
        if count > bytes.count { return "more tokens than bytes" }
        let range: Range<Int>
        switch token {
        case .startTag(_, let name, _), .endTag(_, let name):
            if name.isEmpty { return "a tag without a name" }
            range = name
        case .text(let text, _), .comment(let text), .doctype(let text): range = text
        }
        guard end <= range.lowerBound, range.upperBound <= bytes.count else {
            return "token \(count) stands at \(range), after \(end)"
        }
        end = range.upperBound
        if case .startTag = token {
            if tokenizer.attributes.count > 8 { return "too many attributes" }
            for attribute in tokenizer.attributes {
                guard attribute.name.lowerBound >= end,
                    attribute.value.upperBound <= bytes.count
                else { return "an attribute outside of its tag" }
            }
        }
    }
    return nil
}

/// The promises of `HTMLTree`.
private func brokenPromise(of tree: HTMLTree, within limits: HTMLTreeLimits) -> String? {
    if tree.count > limits.nodesMax + 1 { return "\(tree.count) nodes" }
    var depths: [Int] = []
    depths.reserveCapacity(tree.count)
    for node in tree.nodes {
        guard let parent = tree.parent(of: node) else {
            if node != 0 { return "node \(node) has no parent" }
            depths.append(0)
            continue
        }
        guard parent < node, tree.end(of: node) > node, tree.end(of: node) <= tree.end(of: parent)
        else { return "node \(node) does not stand within its parent" }
        let depth = depths[parent] + 1
        depths.append(depth)
        if depth > limits.depthMax + 1 { return "node \(node) is \(depth) deep" }
        if tree.isText(parent) { return "a text has children" }
    }
    if let last = tree.nodes.first, tree.end(of: last) != tree.count { return "loose nodes" }
    return nil
}

/// Whether HTML that was cleaned holds an element, an attribute or an address that could run
/// something, or an element left open.
private func brokenCleaning(in bytes: [UInt8]) -> String? {
    var tokenizer = HTMLTokenizer(bytes)
    var open: [HTMLElement] = []
    while let token = tokenizer.next() {
        switch token {
        case .startTag(let element, _, _):
            if harmful.contains(element) { return "<\(element.name)> was kept" }
            if !element.isVoid { open.append(element) }
            for attribute in tokenizer.attributes {
                let name = String(decoding: bytes[attribute.name], as: UTF8.self)
                if name.hasPrefix("on") || name == "style" || name == "srcdoc" {
                    return "\(name) was kept"
                }
                guard name == "href" || name == "src" else { continue }
                let value = decodingCharacterReferences(Array(bytes[attribute.value]))
                let letters = String(decoding: value.filter { $0 > 0x20 }, as: UTF8.self)
                let start = letters.lowercased()
                if start.hasPrefix("javascript:") || start.hasPrefix("data:")
                    || start.hasPrefix("vbscript:")
                {
                    return "an address of a script was kept"
                }
            }
        case .endTag(let element, _):
            if open.popLast() != element { return "</\(element.name)> closes another" }
        case .comment, .doctype: return "a comment was kept"
        case .text: break
        }
    }
    return open.isEmpty ? nil : "<\(open[0].name)> was left open"
}

private let harmful: Set<HTMLElement> = [
    .script, .style, .iframe, .object, .embed, .svg, .math, .form, .base, .meta, .link, .template,
]

/// What `decodeText` promises of any bytes. The first byte chooses what is declared.
package func brokenPromise(ofCharset input: [UInt8]) -> String? {
    guard let first = input.first else { return nil }
    let body = Array(input.dropFirst())
    let types = declaredTypes
    let type = types[Int(first) % types.count]
    let families: [DocumentFamily] = [.xml, .html, .plain]
    let family = families[Int(first) / types.count % families.count]
    let text = decodeText(body, contentType: type, family: family)
    if String(validating: text.bytes, as: UTF8.self) == nil { return "not UTF-8" }
    if text.bytes.contains(0) { return "NUL was kept" }
    if text.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return "a byte order mark was kept" }
    if text.bytes.count > 3 * body.count + 3 { return "\(text.bytes.count) bytes" }
    let again = decodeText(text.bytes, contentType: "text/plain; charset=utf-8", family: .plain)
    return again.bytes == text.bytes && !again.isDamaged ? nil : "reading twice changes the text"
}

private let declaredTypes: [String?] = [
    nil, "text/xml", "text/xml; charset=utf-8", "text/html; charset=\"windows-1252\"",
    "application/xml; charset=utf-16", "text/xml; charset=iso-8859-1",
    "text/xml; charset=shift_jis", "text/html; charset=gb18030", "text/html; charset=euc-kr",
    "text/html; charset=big5", "text/html; charset=iso-2022-jp", "text/html; charset=koi8-r",
    "text/html; charset=utf-7", "text/html; charset=us-ascii", "text/html; charset=euc-jp",
    "text/html; charset=utf-32", "text/html; charset=nonsense",
]
