internal import Markup

/// A run of text with its mark-up read: what stands in links is marked.
struct InlineText {
    var text = ""
    /// UTF-8 bytes of `text` inside links.
    var linkedBytes = 0
    var links: [String] = []
}

/// The limits of inline mark-up.
enum InlineLimits {
    /// A link's target is no longer, in Unicode scalars; what is, is read as text.
    static let targetMax = 2048
    /// Brackets inside a target are nested no deeper.
    static let targetDepthMax = 8
    /// A raw HTML tag is no longer, in Unicode scalars.
    static let tagMax = 1024
    /// A character reference is no longer, in Unicode scalars.
    static let referenceMax = 40
    /// A code span is fenced by no more signs.
    static let codeSignsMax = 32
}

/// Reads Markdown inside one block (CommonMark 0.31, chapter 6, without raw HTML's exceptions):
/// escapes, code spans, emphasis, strike-through, links, images, autolinks and bare addresses.
/// Emphasis signs that pair up with nothing stay. Images go. `references` are the document's link
/// definitions, by lower-case label. Cost: linear.
func inlineMarkdown(_ text: String, references: [String: String] = [:]) -> InlineText {
    var reader = InlineReader(Array(text.unicodeScalars), references: references)
    reader.run()
    return reader.result()
}

/// Marks addresses in plain text as links.
func inlinePlainText(_ text: String) -> InlineText {
    guard text.holds(anyOf: addressStarts) else { return InlineText(text: text) }
    var reader = InlineReader(Array(text.unicodeScalars), references: [:])
    reader.runPlain()
    return reader.result()
}

private let addressStarts = ["http://", "https://", "www."].map { Array($0.utf8) }

private struct InlineReader {
    private struct Written {
        var scalar: Unicode.Scalar
        var isLinked: Bool
        var isDropped = false
    }
    /// A run of `*`, `_` or `~` that may open emphasis, with the place of its last open sign.
    private struct Opener {
        var place: Int
        var count: Int
    }

    private let scalars: [Unicode.Scalar]
    private let references: [String: String]
    /// For each `[` its `]`, found in one pass.
    private let closingBrackets: [Int: Int]
    private var written: [Written] = []
    private var links: [String] = []
    private var openers: [Unicode.Scalar: [Opener]] = [:]
    private var next = 0
    /// The `]` of the open link, and where to go on behind its target.
    private var openLink: (end: Int, resume: Int)?

    init(_ scalars: [Unicode.Scalar], references: [String: String]) {
        self.scalars = scalars
        self.references = references
        closingBrackets = Self.pairBrackets(scalars)
        written.reserveCapacity(scalars.count)
    }

    func result() -> InlineText {
        var inline = InlineText(links: links)
        for one in written where !one.isDropped {
            inline.text.unicodeScalars.append(one.scalar)
            if one.isLinked { inline.linkedBytes += UTF8.width(one.scalar) }
        }
        return inline
    }

    mutating func runPlain() {
        while next < scalars.count { if !takeBareAddress() { writeNext() } }
    }

    mutating func run() {
        while next < scalars.count {
            if let link = openLink, next == link.end {
                openLink = nil
                next = link.resume
                continue
            }
            switch scalars[next] {
            case "\\": takeEscape()
            case "`": takeCodeSpan()
            case "*", "_", "~": takeEmphasis()
            case "!": if !takeImage() { writeNext() }
            case "[": if !takeLink() { writeNext() }
            case "<": if !takeAngle() { writeNext() }
            case "&": if !takeReference() { writeNext() }
            case "h", "w": if !takeBareAddress() { writeNext() }
            default: writeNext()
            }
        }
    }

    private func scalar(at index: Int) -> Unicode.Scalar? {
        index >= 0 && index < scalars.count ? scalars[index] : nil
    }

    private mutating func write(_ scalar: Unicode.Scalar, isLinked: Bool = false) {
        written.append(Written(scalar: scalar, isLinked: isLinked || openLink != nil))
    }

    private mutating func writeNext() {
        write(scalars[next])
        next += 1
    }

    // MARK: Escapes and code

    private mutating func takeEscape() {
        if let escaped = scalar(at: next + 1), isASCIIPunctuation(escaped) { next += 1 }
        writeNext()
    }

    private mutating func takeCodeSpan() {
        let length = run(of: "`", from: next)
        let start = next + length
        var end = length <= InlineLimits.codeSignsMax ? start : scalars.count
        while end < scalars.count {
            let closing = run(of: "`", from: end)
            if closing == length {
                for scalar in scalars[start..<end] { write(scalar) }
                next = end + closing
                return
            }
            end += max(1, closing)
        }
        for _ in 0..<length { writeNext() }
    }

    private func run(of sign: Unicode.Scalar, from start: Int) -> Int {
        var end = start
        while end < scalars.count, scalars[end] == sign { end += 1 }
        return end - start
    }

    /// `&eacute;`, as Markdown takes them from HTML.
    private mutating func takeReference() -> Bool {
        let reach = scalars[next...].prefix(InlineLimits.referenceMax)
        guard let end = reach.firstIndex(of: ";") else { return false }
        var written = String.UnicodeScalarView()
        written.append(contentsOf: scalars[next...end])
        let bytes = Array(String(written).utf8)
        let decoded = decodingCharacterReferences(bytes)
        guard decoded != bytes else { return false }
        for scalar in String(decoding: decoded, as: UTF8.self).unicodeScalars { write(scalar) }
        next = end + 1
        return true
    }

    // MARK: Emphasis

    /// CommonMark 6.2: a run may open before a sign and close behind one; `_` not inside words.
    private mutating func takeEmphasis() {
        let sign = scalars[next]
        let length = run(of: sign, from: next)
        let before = scalar(at: next - 1) ?? " "
        let after = scalar(at: next + length) ?? " "
        let isWordInside = sign == "_" && isWordScalar(before) && isWordScalar(after)
        let canOpen = !after.properties.isWhitespace && !isWordInside
        let canClose = !before.properties.isWhitespace && !isWordInside
        guard sign != "~" || length == 2, canOpen || canClose else {
            for _ in 0..<length { writeNext() }
            return
        }
        var left = length
        if canClose { left -= close(sign, count: length) }
        for _ in 0..<length { writeNext() }
        for place in (written.count - length)..<(written.count - left) {
            written[place].isDropped = true
        }
        if canOpen, left > 0 {
            openers[sign, default: []].append(Opener(place: written.count - 1, count: left))
        }
    }

    /// Pairs up to `count` signs with open ones, drops those, and tells how many it paired.
    private mutating func close(_ sign: Unicode.Scalar, count: Int) -> Int {
        var left = count
        while left > 0, var opener = openers[sign]?.popLast() {
            let paired = min(left, opener.count)
            for place in (opener.place - paired + 1)...opener.place {
                written[place].isDropped = true
            }
            left -= paired
            opener.count -= paired
            opener.place -= paired
            if opener.count > 0 { openers[sign]?.append(opener) }
        }
        return count - left
    }

    // MARK: Links and images

    private mutating func takeImage() -> Bool {
        guard scalar(at: next + 1) == "[", let close = closingBrackets[next + 1] else {
            return false
        }
        if let target = target(after: close) {
            next = target.end
        } else if let reference = reference(from: next + 1, to: close) {
            next = reference.end
        } else {
            return false
        }
        return true
    }

    private mutating func takeLink() -> Bool {
        guard openLink == nil, let close = closingBrackets[next] else { return false }
        guard let found = target(after: close) ?? reference(from: next, to: close) else {
            return false
        }
        if !found.target.isEmpty { links.append(found.target) }
        openLink = (close, found.end)
        next += 1
        return true
    }

    /// `(target "title")` behind a closing bracket.
    private func target(after close: Int) -> (target: String, end: Int)? {
        guard scalar(at: close + 1) == "(" else { return nil }
        var depth = 1
        var target = String.UnicodeScalarView()
        var isTitle = false
        var index = close + 2
        while index < scalars.count, index - close < InlineLimits.targetMax {
            let scalar = scalars[index]
            if scalar == "(" { depth += 1 }
            if depth > InlineLimits.targetDepthMax { return nil }
            if scalar == ")" { depth -= 1 }
            if depth == 0 { return (String(target), index + 1) }
            if scalar.properties.isWhitespace { isTitle = isTitle || !target.isEmpty }
            if !isTitle, scalar != "<", scalar != ">", !scalar.properties.isWhitespace {
                target.append(scalar)
            }
            index += 1
        }
        return nil
    }

    /// `[text][label]`, `[label][]` or `[label]`, when the label is defined.
    private func reference(from open: Int, to close: Int) -> (target: String, end: Int)? {
        guard !references.isEmpty else { return nil }
        var (from, to, end) = (open, close, close + 1)
        if scalar(at: close + 1) == "[", let second = closingBrackets[close + 1] {
            end = second + 1
            if second > close + 2 { (from, to) = (close + 1, second) }
        }
        guard to - from < 200 else { return nil }
        var label = String.UnicodeScalarView()
        label.append(contentsOf: scalars[(from + 1)..<to])
        return references[String(label).lowercased()].map { ($0, end) }
    }

    /// `<https://…>` is a link; another tag goes, a line break in favour of a space.
    private mutating func takeAngle() -> Bool {
        guard let first = scalar(at: next + 1),
            isASCIILetter(first) || first == "/" || first == "!"
        else { return false }
        let end = scalars[next...].prefix(InlineLimits.tagMax).firstIndex(of: ">")
        guard let end else { return false }
        var inside = String.UnicodeScalarView()
        inside.append(contentsOf: scalars[(next + 1)..<end])
        let text = String(inside)
        if text.hasPrefix("http://") || text.hasPrefix("https://") || text.hasPrefix("mailto:") {
            links.append(text)
            for scalar in text.unicodeScalars { write(scalar, isLinked: true) }
        } else if text.lowercased().hasPrefix("br") {
            write(" ")
        }
        next = end + 1
        return true
    }

    /// `https://…` or `www.…` up to white space, without closing punctuation.
    private mutating func takeBareAddress() -> Bool {
        guard !isWordScalar(scalar(at: next - 1) ?? " "),
            ["http://", "https://", "www."].contains(where: { starts(with: $0) })
        else { return false }
        var end = next
        while end < scalars.count, !scalars[end].properties.isWhitespace, scalars[end] != "<",
            scalars[end] != "]", scalars[end] != "*"
        {
            end += 1
        }
        while end > next, ".,;:!?)»”\"'".unicodeScalars.contains(scalars[end - 1]) { end -= 1 }
        guard end - next > 8 else { return false }
        var address = String.UnicodeScalarView()
        address.append(contentsOf: scalars[next..<end])
        if openLink == nil { links.append(String(address)) }
        for scalar in scalars[next..<end] { write(scalar, isLinked: true) }
        next = end
        return true
    }

    private func starts(with prefix: String) -> Bool {
        scalars[next...].starts(with: prefix.unicodeScalars)
    }

    private static func pairBrackets(_ scalars: [Unicode.Scalar]) -> [Int: Int] {
        var open: [Int] = []
        var pairs: [Int: Int] = [:]
        var index = 0
        while index < scalars.count {
            switch scalars[index] {
            case "\\": index += 1
            case "[": open.append(index)
            case "]": if let start = open.popLast() { pairs[start] = index }
            default: break
            }
            index += 1
        }
        return pairs
    }
}

private func isASCIILetter(_ scalar: Unicode.Scalar) -> Bool {
    0x61...0x7A ~= scalar.value | 0x20
}

private func isASCIIPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
}

func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case ..<0x80: false
    default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
