internal import News

// What all outlets need to write a page: paragraphs, escapes, placeholders, character sets.

// MARK: - Text

/// The paragraphs of a text, each on one line.
func paragraphsOf(_ text: String) -> [String] {
    var paragraphs: [String] = []
    var lines: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) + [""[...]] {
        if !line.isEmpty {
            lines.append(line)
        } else if !lines.isEmpty {
            paragraphs.append(lines.joined(separator: " "))
            lines = []
        }
    }
    return paragraphs
}

/// A text as an editor of another outlet left it: each `(old, new)` replaced wherever it stands.
/// Line breaks in the text do not keep a phrase from being found.
func edited(_ text: String, _ changes: [(old: String, new: String)]) -> String {
    var result = paragraphsOf(text).joined(separator: "\n\n")
    for change in changes { result = result.replacing(change.old, with: change.new) }
    return result
}

/// The first `count` paragraphs of a text.
func opening(of text: String, paragraphs count: Int) -> String {
    paragraphsOf(text).prefix(count).joined(separator: "\n\n")
}

/// Typographic apostrophes, quotes and dashes as a typewriter has them.
func typewritten(_ text: String) -> String {
    let plain: [Character: String] = [
        "’": "'", "‘": "'", "“": "\"", "”": "\"", "«": "\"", "»": "\"", "–": "-", "—": "-",
        "…": "...", "\u{A0}": " ", "\u{202F}": " ",
    ]
    return text.replacing("« ", with: "\"").replacing(" »", with: "\"")
        .map { plain[$0] ?? String($0) }.joined()
}

/// French spacing: a space that may not break before high punctuation and inside quotation marks.
func frenchSpaced(_ text: String) -> String {
    var result = text
    for mark in [":", ";", "?", "!", "»", "%"] {
        result = result.replacing(" \(mark)", with: "\u{A0}\(mark)")
    }
    return result.replacing("« ", with: "«\u{A0}")
}

// MARK: - Mark-up

/// Text with the characters that mark-up and attributes cannot hold written as references.
func escaped(_ text: String) -> String {
    text.map { character in
        switch character {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        default: String(character)
        }
    }.joined()
}

/// Paragraphs as HTML: headings in `heading`, the others in `p`.
func htmlParagraphs(_ paragraphs: [String], heading: String = "h2") -> String {
    paragraphs.map { paragraph in
        paragraph.hasPrefix("## ")
            ? "<\(heading)>\(escaped(String(paragraph.dropFirst(3))))</\(heading)>"
            : "<p>\(escaped(paragraph))</p>"
    }.joined(separator: "\n")
}

/// A JSON string with its quotation marks (RFC 8259, section 7).
func jsonString(_ text: String) -> String {
    let escapes = text.unicodeScalars.map { scalar in
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\t": "\\t"
        // Keeps `</script>` out of a JSON-LD block.
        case "<": "\\u003c"
        default: String(scalar)
        }
    }
    return "\"" + escapes.joined() + "\""
}

/// The JSON-LD block of an article's page (schema.org, NewsArticle).
func jsonLD(_ article: NewsroomArticle, outlet name: String, language: String) -> String {
    """
    <script type="application/ld+json">
    {"@context": "https://schema.org", "@type": "NewsArticle",
     "headline": \(jsonString(article.title)), "inLanguage": "\(language)",
     "mainEntityOfPage": "{{BASE}}\(article.pagePath)",
     "datePublished": "{{AGO3339:\(article.age)}}",
     "dateModified": "{{AGO3339:\(article.updatedAge ?? article.age)}}",
     "author": [{"@type": "Person", "name": \(jsonString(article.author))}],
     "publisher": {"@type": "NewsMediaOrganization", "name": \(jsonString(name))}}
    </script>
    """
}

// MARK: - Placeholders

extension Newsroom {
    /// The text with its placeholders filled in; one that is not known stays as it is.
    static func filled(
        _ template: String, of outlet: NewsroomOutlet, now: Instant, port: Int
    ) -> String {
        var result = ""
        var rest = template[...]
        while let start = rest.firstRange(of: "{{"),
            let end = rest[start.upperBound...].firstRange(of: "}}")
        {
            result += rest[..<start.lowerBound]
            let name = rest[start.upperBound..<end.lowerBound]
            result +=
                value(of: name, outlet: outlet, now: now, port: port)
                ?? String(rest[start.lowerBound..<end.upperBound])
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    private static func value(
        of placeholder: Substring, outlet: NewsroomOutlet, now: Instant, port: Int
    ) -> String? {
        let parts = placeholder.split(separator: ":", maxSplits: 1)
        guard let name = parts.first else { return nil }
        if name == "BASE" {
            guard parts.count == 2 else { return baseURL(of: outlet, port: port) }
            return Newsroom.outlet(String(parts[1])).map { baseURL(of: $0, port: port) }
        }
        guard parts.count == 2, let age = duration(parts[1]) else { return nil }
        let time = now.adding(.zero - age)
        switch name {
        case "AGO3339": return wholeSeconds(time).description
        case "AGO822": return rfc822(time)
        case "AGOFR": return frenchDate(time)
        case "AGOEN": return englishDate(time)
        default: return nil
        }
    }

    /// `40m`, `3h` or `2d`.
    private static func duration(_ text: Substring) -> Duration? {
        guard let unit = text.last, let count = Int(text.dropLast()), 0...10_000 ~= count else {
            return nil
        }
        switch unit {
        case "m": return .seconds(count * 60)
        case "h": return .seconds(count * 3600)
        case "d": return .seconds(count * 86_400)
        default: return nil
        }
    }
}

private func wholeSeconds(_ time: Instant) -> Instant {
    let milliseconds = time.millisecondsSince1970
    return Instant(millisecondsSince1970: milliseconds - milliseconds % 1000)
}

private let englishMonths = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]
private let frenchMonths = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
]

private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

/// RFC 822 with a year of four digits, as RSS 2.0 wants it; the optional day of the week is left
/// out.
private func rfc822(_ time: Instant) -> String {
    let (year, month, day, hour, minute, second) = time.civil
    let name = englishMonths[month - 1].prefix(3)
    let clock = [hour, minute, second].map(padded).joined(separator: ":")
    return "\(padded(day)) \(name) \(year) \(clock) GMT"
}

private func frenchDate(_ time: Instant) -> String {
    let (year, month, day, hour, minute, _) = time.civil
    return "\(day == 1 ? "1er" : "\(day)") \(frenchMonths[month - 1]) \(year) à \(hour)h"
        + padded(minute)
}

private func englishDate(_ time: Instant) -> String {
    let (year, month, day, _, _, _) = time.civil
    return "\(day) \(englishMonths[month - 1]) \(year)"
}

// MARK: - Character sets

/// How a page's text becomes bytes.
enum NewsroomCharset: Sendable {
    case utf8, windows1252

    func bytes(_ text: String) -> [UInt8] {
        switch self {
        case .utf8: Array(text.utf8)
        case .windows1252: text.unicodeScalars.map { windows1252Byte($0) ?? UInt8(ascii: "?") }
        }
    }
}

/// The byte of a character in windows-1252 (WHATWG Encoding, index-windows-1252); nil when it has
/// none. Of the block from 0x80 to 0x9F, what our pages use.
func windows1252Byte(_ scalar: Unicode.Scalar) -> UInt8? {
    switch scalar {
    case "\u{0}"..."\u{7F}", "\u{A0}"..."\u{FF}": UInt8(truncatingIfNeeded: scalar.value)
    case "€": 0x80
    case "…": 0x85
    case "Œ": 0x8C
    case "‘": 0x91
    case "’": 0x92
    case "“": 0x93
    case "”": 0x94
    case "•": 0x95
    case "–": 0x96
    case "—": 0x97
    case "œ": 0x9C
    default: nil
    }
}
