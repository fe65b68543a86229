internal import Markup

/// One feed of a list of feeds (OPML 2.0, `outline` of type `rss`).
package struct OPMLOutline: Hashable, Sendable {
    /// Plain text; the address when the list gives no name.
    package var title: String
    /// The feed's address, as written.
    package var xmlURL: String
    /// The site's address, as written.
    package var htmlURL: String?
    /// The folders that it stands in, the outermost first.
    package var labels: [String]

    package init(title: String, xmlURL: String, htmlURL: String? = nil, labels: [String] = []) {
        self.title = title
        self.xmlURL = xmlURL
        self.htmlURL = htmlURL
        self.labels = labels
    }
}

/// Reads the feeds of an OPML file, in document order, folders as labels. Each address counts once
/// for each folder. Cost: linear.
/// - Throws: `.notOPML`, `.empty`, or `.tooLarge` beyond the bytes of `FeedLimits`.
package func parseOPML(_ body: [UInt8]) throws(FeedError) -> [OPMLOutline] {
    let limits = FeedLimits()
    guard body.count <= limits.bodyBytesMax else {
        throw .tooLarge(bytes: body.count, bytesMax: limits.bodyBytesMax)
    }
    let text = decodeText(body, contentType: nil, family: .xml)
    guard text.bytes.contains(where: { $0 > 0x20 }) else { throw .empty }
    var tokenizer = XMLTokenizer(text, limits: limits.xml)
    var outlines: [OPMLOutline] = []
    /// What each open element adds to the labels.
    var folders: [String?] = []
    var isOPML = false
    reading: while true {
        switch tokenizer.next() {
        case .startTag:
            let name = string(tokenizer.bytes(of: tokenizer.local(of: tokenizer.name)))
            isOPML = isOPML || name == "opml"
            guard isOPML, name == "outline" else {
                folders.append(nil)
                continue
            }
            let values = attributes(of: &tokenizer, limits: limits)
            let written = values["title"] ?? values["text"]
            if let address = values["xmlurl"] ?? feedURL(values) {
                let outline = OPMLOutline(
                    title: written ?? address, xmlURL: address, htmlURL: values["htmlurl"],
                    labels: folders.compactMap { $0 })
                if outlines.count < limits.entriesMax { outlines.append(outline) }
                folders.append(nil)
            } else {
                folders.append(values["text"] ?? values["title"])
            }
        case .endTag: folders.removeLast(min(1, folders.count))
        case .text, .literalText: break
        case .end: break reading
        }
    }
    guard isOPML else { throw .notOPML }
    return outlines
}

/// Some lists of OPML 1 name a feed by `url` alone; a link to a page or to another list, which have
/// that attribute too, is no feed (OPML 2.0, "Inclusion").
private func feedURL(_ values: [String: String]) -> String? {
    let type = values["type"]?.lowercased()
    return type == "link" || type == "include" ? nil : values["url"]
}

private func attributes(
    of tokenizer: inout XMLTokenizer, limits: FeedLimits
) -> [String: String] {
    var values: [String: String] = [:]
    for attribute in tokenizer.attributes {
        let value = title(
            fromText: Array(tokenizer.string(attribute.value).utf8),
            charactersMax: limits.titleCharactersMax)
        let name = string(tokenizer.bytes(of: attribute.name))
        if let value, values[name] == nil { values[name] = value }
    }
    return values
}

/// Writes feeds as OPML 2.0, folders as nested outlines. What `parseOPML` reads from it is what was
/// given, feeds of one folder together.
package func writeOPML(_ outlines: [OPMLOutline], title: String) -> String {
    var lines = [
        #"<?xml version="1.0" encoding="UTF-8"?>"#, #"<opml version="2.0">"#,
        "  <head><title>\(escaped(title))</title></head>", "  <body>",
    ]
    append(outlines[...], depth: 0, to: &lines)
    lines += ["  </body>", "</opml>"]
    return lines.joined(separator: "\n") + "\n"
}

/// The outlines that stand `depth` folders deep, in the order of their first feeds.
private func append(_ outlines: ArraySlice<OPMLOutline>, depth: Int, to lines: inout [String]) {
    let indent = String(repeating: "  ", count: depth + 2)
    var order: [String] = []
    var folders: [String: [OPMLOutline]] = [:]
    for outline in outlines {
        guard outline.labels.count > depth, depth < foldersDepthMax else {
            let site = outline.htmlURL.map { #" htmlUrl="\#(escaped($0))""# } ?? ""
            let name = escaped(outline.title)
            lines.append(
                indent + #"<outline type="rss" text="\#(name)" title="\#(name)""#
                    + #" xmlUrl="\#(escaped(outline.xmlURL))"\#(site)/>"#)
            continue
        }
        let label = outline.labels[depth]
        if folders[label] == nil { order.append(label) }
        folders[label, default: []].append(outline)
    }
    for label in order {
        lines.append(indent + #"<outline text="\#(escaped(label))">"#)
        append((folders[label] ?? [])[...], depth: depth + 1, to: &lines)
        lines.append(indent + "</outline>")
    }
}

/// Folders within folders that are written; labels beyond are dropped.
private let foldersDepthMax = 32

private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "\n", "\t", "\r": result += " "
        case _ where scalar.value < 0x20: break
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
