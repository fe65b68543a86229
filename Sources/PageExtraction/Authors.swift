internal import Markup
internal import News

/// Names of people from what pages call an author: "Par", "By" and the like taken off, several
/// names on one line parted, what stands in brackets, addresses, offices, the site's own names and
/// lines that are no name left out.
func cleanedAuthors(_ written: [String], siteNames: [String]) -> [String] {
    guard !written.isEmpty else { return [] }
    var names: [String] = []
    var seen = Set(siteNames.map(comparable))
    for line in written.prefix(authorLinesMax) where !line.contains("://") {
        let parts = parted(plainText(ofHTML: withoutBrackets(line)))
        for part in parts {
            let name = withoutPrefix(part)
            guard isName(name), parts.count == 1 || !isOffice(name),
                seen.insert(comparable(name)).inserted
            else { continue }
            names.append(name)
        }
    }
    return Array(withoutDesks(names, of: siteNames).prefix(authorsMax))
}

/// Of "Jane Doe, BBC Wales" the first: a name that begins with the site's initials is one of its
/// desks when others stand beside it.
private func withoutDesks(_ names: [String], of siteNames: [String]) -> [String] {
    guard names.count > 1 else { return names }
    let sites = Set(siteNames.map(comparable))
    let people = names.filter { name in
        guard let first = name.split(separator: " ").first, first.utf8.count <= initialsBytesMax,
            !first.contains(where: \.isLowercase)
        else { return true }
        return !sites.contains(comparable(String(first)))
    }
    return people.isEmpty ? names : people
}
private let initialsBytesMax = 6

private let authorLinesMax = 30
private let authorsMax = 20
private let authorLineLengthMax = 400
private let nameBytesMax = 80
private let nameWordsMax = 6

/// "Cécile Dur (Brussels, office)" without the brackets.
private func withoutBrackets(_ line: String) -> String {
    var result = ""
    var depth = 0
    for character in line.prefix(authorLineLengthMax) {
        switch character {
        case "(", "[": depth += 1
        case ")", "]": if depth > 0 { depth -= 1 }
        default: if depth == 0 { result.append(character) }
        }
    }
    return result
}

private let partingWords: Set<Substring> = [
    "and", "et", "und", "y", "e", "en", "avec", "with", "&",
]
private let partingSigns: Set<Character> = [",", ";", "|", "/", "·", "•", "\n", "、"]

private func parted(_ line: String) -> [String] {
    var parts: [String] = []
    for piece in line.split(whereSeparator: { partingSigns.contains($0) }) {
        for words in piece.split(separator: " ").split(whereSeparator: partingWords.contains) {
            let part = trimmed(words.joined(separator: " "))
            if !part.isEmpty { parts.append(part) }
        }
    }
    return parts
}

private func trimmed(_ text: String) -> String {
    let edges: Set<Character> = [" ", "\u{A0}", ".", ":", "-", "–", "—", "\""]
    let start = text.drop { edges.contains($0) }
    guard let last = start.lastIndex(where: { !edges.contains($0) || $0 == "." }) else { return "" }
    return String(start[...last])
}

private let nameOpeners: Set<String> = [
    "by", "par", "von", "por", "di", "door", "av", "propos", "recueillis", "written", "posted",
    "texte", "text", "author", "auteur", "autor", "publié", "published", "story", "words",
    "recueilli", "veröffentlicht", "vom", "more", "about", "article", "rédigé", "écrit",
    "geschrieben",
    "reviewed", "reporting", "reported", "redaktion:", "autorin", "authors", "auteurs", "autoren",
]

/// "Par", "By", "Von" and longer: in front of a name.
private func withoutPrefix(_ name: String) -> String {
    var words = name.split(separator: " ")
    // A name may start with "Di" or "Von"; it then has at least two more words.
    while let first = words.first, words.count > 1,
        nameOpeners.contains(first.lowercased().filter { $0 != ":" })
    {
        if ["Di", "Von"].contains(first), words.count <= 2 { break }
        words.removeFirst()
    }
    if let last = words.last, last.hasSuffix("."), last.count > 4 {
        words[words.count - 1] = last.dropLast()
    }
    return words.joined(separator: " ")
}

private let noNames: Set<String> = [
    "admin", "editor", "staff", "author", "by", "null", "undefined", "par", "von", "redaktion",
    "redaction", "rédaction", "updated", "published", "posted", "facebook", "twitter",
    "name", "reply", "the author", "no author", "guest", "wordpressadmin", "on", "la rédaction",
    "administrator", "view all posts", "alle beiträge", "unknown", "anonymous", "false", "true",
    "author name", "auteur", "autor", "linkedin", "instagram", "email", "follow", "website",
    "red", "agenturen", "agencies", "agences", "agencias", "agenzie",
    "administrateur", "default", "user", "none", "bio", "biography",
]
/// What links beside a name open with.
private let linkOpeners: Set<String> = [
    "view", "get", "see", "follow", "read", "all", "alle", "voir", "tous", "toutes", "suivre",
    "show", "zeige", "visit", "contact", "ver", "vedi", "send", "subscribe",
]

private func isName(_ text: String) -> Bool {
    let words = text.split(separator: " ")
    guard (2...nameBytesMax).contains(text.utf8.count), words.count <= nameWordsMax,
        !text.contains("@"), !text.contains(where: \.isNumber), text.contains(where: \.isLetter)
    else { return false }
    // `lemonde.fr` and `www.site.com` are sites.
    if words.count == 1, text.contains("."), text == text.lowercased() { return false }
    if words.count > 1, let first = words.first, linkOpeners.contains(first.lowercased()) {
        return false
    }
    return !noNames.contains(text.lowercased())
}

private let officeWords: Set<String> = [
    "editor", "reporter", "correspondent", "writer", "journalist", "journaliste", "redakteur",
    "redakteurin", "correspondant", "correspondante", "director", "manager", "expert",
    "contributor",
    "producer", "columnist", "critic", "analyst", "chief", "president", "ceo", "founder",
    "cofounder", "co-founder", "marketer", "specialist", "strategist", "freelance",
]

/// What stands beside a name and is none: an office, or words that start small.
private func isOffice(_ text: String) -> Bool {
    let words = text.split(separator: " ")
    if let last = words.last, officeWords.contains(last.lowercased()) { return true }
    if let first = words.first, officeWords.contains(first.lowercased()) { return true }
    return words.count > 1 && words.allSatisfy { $0.first?.isLowercase == true }
}
