internal import Markup
internal import News

/// Somebody who is named by an element with `name` and `email` in it, or by its text.
struct FeedPerson {
    var name: String?
    var email: String?
    var text: String?
}

extension XMLFeedReader {
    /// A part of the person that is being read.
    mutating func takeName() {
        let words = text()
        guard !words.isEmpty, var named = person else { return }
        switch capture.element {
        case .name: named.name = named.name ?? words
        case .email: named.email = named.email ?? words
        default: named.text = words
        }
        person = named
    }

    /// An author turns out to have elements, not only text.
    mutating func beginNamedPerson() {
        takeName()
        capture.end()
    }

    mutating func finishPerson() {
        guard let finished = person else { return }
        person = nil
        if let name = finished.name {
            addName(name, rank: 0)
        } else {
            addName(finished.text.flatMap(personName) ?? finished.email ?? "", rank: 0)
        }
    }

    mutating func addAuthor(_ text: String, rank: UInt8) {
        if let name = personName(text) { addName(name, rank: rank) }
    }

    private mutating func addName(_ name: String, rank: UInt8) {
        let limits = limits
        edit(name) { $0.addAuthor($1, rank: rank, limits: limits) }
    }

    mutating func addCredit() {
        let name = text()
        let credit = MediaCredit(name: name, role: creditRole)
        let credits = entry.details.credits
        guard isInEntry, !name.isEmpty, credits.count < limits.valuesMax,
            !credits.contains(credit)
        else { return }
        entry.details.credits.append(credit)
    }
}

/// The name in `a@b.org (Name)`, `Name <a@b.org>` or `mailto:a@b.org`; the mail address when there
/// is no name (RSS 2.0, `author`).
///
/// `text` is one line.
func personName(_ text: String) -> String? {
    if !text.utf8.contains(UInt8(ascii: "@")) {
        return text.isEmpty || text.hasPrefix("mailto:") ? nil : text
    }
    var rest = Array(text.utf8)
    if rest.starts(with: "mailto:".utf8) { rest.removeFirst(7) }
    let words = rest.split(separator: 0x20)
    let isMail: (ArraySlice<UInt8>) -> Bool = { word in
        word.contains(UInt8(ascii: "@")) && word.count > 2
    }
    guard words.contains(where: isMail) else { return rest.isEmpty ? nil : string(rest[...]) }
    var name = Array(words.filter { !isMail($0) }.joined(separator: [0x20]))
    if name.first == UInt8(ascii: "("), name.last == UInt8(ascii: ")") {
        name = Array(name.dropFirst().dropLast())
    }
    name = Array(trimmed(name.filter { $0 != UInt8(ascii: "\"") }[...]))
    if !name.isEmpty { return string(name[...]) }
    let mail = words.first(where: isMail)?.filter { !Array("<>()[],;".utf8).contains($0) }
    return mail.map { string($0[...]) }
}
