/// A piece of Swift source.
struct Token: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// An identifier, a keyword or a number.
        case word
        /// One character.
        case punctuation
        /// A string or regex literal; code inside its interpolations has tokens of its own.
        case literal
        case comment
        case docComment
    }

    var kind: Kind
    /// As written; for literals without their delimiters.
    var text: String
    /// The line on which it starts, from 1.
    var line: Int
    /// Whether it stands right behind what is before it: `try!` and `try !` are not the same.
    var isJoined: Bool

    var isComment: Bool { kind == .comment || kind == .docComment }

    func isWord(_ word: String) -> Bool { kind == .word && text == word }
    func isPunctuation(_ mark: String) -> Bool { kind == .punctuation && text == mark }
}

/// Splits Swift source into tokens, as well as house rules need it: nested comments, strings of all
/// forms with their interpolations, and regex literals are told from code.
struct Lexer {
    private let bytes: [UInt8]
    private var next = 0
    private var line = 1
    private var tokens: [Token] = []

    static func tokens(of text: String) -> [Token] {
        var lexer = Lexer(bytes: Array(text.utf8))
        lexer.readCode(endsAtParenthesis: false)
        return lexer.tokens
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    // MARK: - Code

    /// Reads to the end, or past the parenthesis that closes an interpolation.
    private mutating func readCode(endsAtParenthesis: Bool) {
        var depth = 0
        while let byte = peek() {
            if byte == UInt8(ascii: "\n") || byte <= 0x20 {
                advance()
            } else if starts(with: "//") {
                readLineComment()
            } else if starts(with: "/*") {
                readBlockComment()
            } else if let hashes = hashesBeforeQuote() {
                readString(hashes: hashes)
            } else if startsRegex() {
                readRegex()
            } else if isWordByte(byte) {
                readWord()
            } else {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") {
                    if endsAtParenthesis, depth == 0 {
                        advance()
                        return
                    }
                    depth -= 1
                }
                append(.punctuation, from: next, to: next + 1, line: line)
                advance()
            }
        }
    }

    private mutating func readWord() {
        let start = next
        while let byte = peek(), isWordByte(byte) { advance() }
        append(.word, from: start, to: next, line: line)
    }

    private mutating func readLineComment() {
        let start = next
        while let byte = peek(), byte != UInt8(ascii: "\n") { advance() }
        let isDoc = starts(with: "///", at: start) && !starts(with: "////", at: start)
        append(isDoc ? .docComment : .comment, from: start, to: next, line: line)
    }

    private mutating func readBlockComment() {
        let (start, startLine) = (next, line)
        var depth = 0
        while peek() != nil {
            if starts(with: "/*") {
                depth += 1
                advance(by: 2)
            } else if starts(with: "*/") {
                depth -= 1
                advance(by: 2)
                if depth == 0 { break }
            } else {
                advance()
            }
        }
        let isDoc = starts(with: "/**", at: start)
        append(isDoc ? .docComment : .comment, from: start, to: next, line: startLine)
    }

    // MARK: - Literals

    /// How many `#` stand before the quotation mark that starts here; nil when no string starts.
    private func hashesBeforeQuote() -> Int? {
        var index = next
        while index < bytes.count, bytes[index] == UInt8(ascii: "#") { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
        return index - next
    }

    private mutating func readString(hashes: Int) {
        let (startLine, isJoined) = (line, isJoined(at: next))
        advance(by: hashes)
        let quote = starts(with: "\"\"\"") ? "\"\"\"" : "\""
        let fence = String(repeating: "#", count: hashes)
        advance(by: quote.utf8.count)
        var start = next
        var pieces: [UInt8] = []
        while let byte = peek() {
            if starts(with: quote + fence) {
                pieces += bytes[start..<next]
                advance(by: quote.utf8.count + hashes)
                break
            } else if byte == UInt8(ascii: "\\"), starts(with: fence + "(", at: next + 1) {
                pieces += bytes[start..<next]
                advance(by: 2 + hashes)
                readCode(endsAtParenthesis: true)
                start = next
            } else if byte == UInt8(ascii: "\\"), starts(with: fence, at: next + 1) {
                advance(by: 2 + hashes)
            } else {
                advance()
            }
        }
        tokens.append(
            Token(
                kind: .literal, text: String(decoding: pieces, as: UTF8.self), line: startLine,
                isJoined: isJoined))
    }

    /// A slash begins a regex where an operand is expected and no space follows it.
    private func startsRegex() -> Bool {
        if starts(with: "#/") { return true }
        guard peek() == UInt8(ascii: "/"), next + 1 < bytes.count, bytes[next + 1] > 0x20 else {
            return false
        }
        guard let last = tokens.last(where: { !$0.isComment }) else { return true }
        switch last.kind {
        case .punctuation: return ["(", ",", "=", ":", "[", "{"].contains(last.text)
        case .word: return ["return", "in", "case"].contains(last.text)
        default: return false
        }
    }

    private mutating func readRegex() {
        let startLine = line
        let end = peek() == UInt8(ascii: "#") ? "/#" : "/"
        advance(by: end.utf8.count)
        let start = next
        while let byte = peek(), !starts(with: end), end == "/#" || byte != UInt8(ascii: "\n") {
            advance(by: byte == UInt8(ascii: "\\") ? 2 : 1)
        }
        append(.literal, from: start, to: min(next, bytes.count), line: startLine)
        advance(by: end.utf8.count)
    }

    // MARK: - Bytes

    private func peek() -> UInt8? { next < bytes.count ? bytes[next] : nil }

    private mutating func advance(by count: Int = 1) {
        for _ in 0..<count where next < bytes.count {
            if bytes[next] == UInt8(ascii: "\n") { line += 1 }
            next += 1
        }
    }

    private func starts(with text: String, at index: Int? = nil) -> Bool {
        let start = index ?? next
        return start <= bytes.count && bytes[start...].starts(with: text.utf8)
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
        case UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "`"): true
        default: false
        }
    }

    private mutating func append(_ kind: Token.Kind, from start: Int, to end: Int, line: Int) {
        tokens.append(
            Token(
                kind: kind, text: String(decoding: bytes[start..<end], as: UTF8.self), line: line,
                isJoined: isJoined(at: start)))
    }

    private func isJoined(at index: Int) -> Bool { index > 0 && bytes[index - 1] > 0x20 }
}
