internal import Markup
internal import News

/// Names of people from what pages call an author: "Par", "By" and the like taken off, several
/// names on one line parted, addresses, the site's own name and lines that are no name left out.
func cleanedAuthors(_ written: [String], siteName: String?) -> [String] {
    var names: [String] = []
    let site = siteName.map(comparable)
    for line in written.prefix(authorLinesMax) where !line.contains("://") {
        for part in parted(plainText(ofHTML: String(line.prefix(400)))) {
            let name = withoutPrefix(part)
            guard isName(name), comparable(name) != site,
                !names.contains(where: { comparable($0) == comparable(name) })
            else { continue }
            names.append(name)
        }
    }
    return Array(names.prefix(authorsMax))
}

private let authorLinesMax = 30
private let authorsMax = 20
private let nameBytesMax = 80
private let nameWordsMax = 6

private func parted(_ line: String) -> [String] {
    var text = line
    for mark in [" and ", " et ", " und ", " y ", " e ", " & ", ";", "|", "/", " avec ", " with "] {
        text = text.replacing(mark, with: ",")
    }
    return text.split(separator: ",").map { trimmed($0) }
}

private func trimmed(_ text: Substring) -> String {
    let edges: Set<Character> = [" ", "\u{A0}", ".", ":", "-", "–", "—", "•", "·", "(", ")", "\""]
    let start = text.drop { edges.contains($0) }
    guard let last = start.lastIndex(where: { !edges.contains($0) || $0 == "." }) else { return "" }
    return String(start[...last])
}

/// "Par", "By", "Von" and longer: in front of a name.
private func withoutPrefix(_ name: String) -> String {
    var words = name.split(separator: " ")
    let openers: Set<String> = [
        "by", "par", "von", "por", "di", "door", "av", "propos", "recueillis", "written", "posted",
        "texte", "text", "author", "auteur", "autor", "publié", "published", "story", "words",
        "recueilli", "veröffentlicht", "vom", "more", "about",
    ]
    // A name may start with "Di" or "Von"; it then has at least two more words.
    while let first = words.first, words.count > 1,
        openers.contains(first.lowercased().filter { $0 != ":" })
    {
        if ["Di", "Von"].contains(first), words.count <= 2 { break }
        words.removeFirst()
    }
    if let last = words.last, last.hasSuffix("."), last.count > 4 {
        words[words.count - 1] = last.dropLast()
    }
    return words.joined(separator: " ")
}

private func isName(_ text: String) -> Bool {
    let words = text.split(separator: " ")
    guard (2...nameBytesMax).contains(text.utf8.count), words.count <= nameWordsMax,
        !text.contains("@"), !text.contains("www."),
        !text.contains(where: \.isNumber), text.contains(where: \.isLetter)
    else { return false }
    let noNames: Set<String> = [
        "admin", "editor", "staff", "author", "by", "null", "undefined", "par", "von", "redaktion",
        "redaction", "rédaction", "updated", "published", "posted", "facebook", "twitter",
        "name", "reply", "the author", "no author", "guest", "wordpressadmin", "on",
    ]
    // `lemonde.fr` is a site.
    if words.count == 1, text.contains("."), text == text.lowercased() { return false }
    return !noNames.contains(text.lowercased())
}
