/// Every declaration that another target can use says what it is for.
///
/// Let off: enum cases and coding keys; what a protocol of the standard library asks for and
/// documents; and, because their names and types are all that there is to say, properties and those
/// initialisers of documented types that cannot fail.
enum DocumentationRule {
    private static let modifiers: Set = [
        "static", "class", "final", "mutating", "nonmutating", "nonisolated", "indirect", "lazy",
        "weak", "unowned", "override", "convenience", "required", "isolated", "distributed",
        "private", "fileprivate", "internal", "unsafe", "prefix", "postfix", "infix",
    ]
    private static let kinds: Set = [
        "func", "subscript", "struct", "class", "enum", "actor", "protocol", "typealias",
        "associatedtype",
    ]
    private static let nameless: Set = ["init", "subscript"]
    private static let asked: Set = [
        "encode", "hash", "==", "<", ">", "<=", ">=", "next", "makeIterator", "CodingKeys",
        "enqueue", "checkIsolated", "isIsolatingCurrentContext", "asUnownedSerialExecutor",
    ]

    static func violations(in file: SwiftFile) -> [Violation] {
        guard file.isSource else { return [] }
        let tokens = file.tokens
        return tokens.indices.compactMap { index in
            guard tokens[index].isWord("package") || tokens[index].isWord("public"),
                let (keyword, kind, name) = declaration(after: index, in: tokens),
                kinds.contains(kind) || canFail(initialiserAt: keyword, in: tokens),
                !asked.contains(name), !isDocumented(at: index, in: tokens)
            else { return nil }
            let what = nameless.contains(kind) ? kind : "\(kind) \(name)"
            return file.violation(
                line: tokens[index].line, "`\(what)` has no documentation comment")
        }
    }

    /// The keyword and the name of the declaration whose access level stands at `index`; nil when
    /// it is an import, an extension or the access level of a setter.
    private static func declaration(
        after index: Int, in tokens: [Token]
    ) -> (index: Int, kind: String, name: String)? {
        var next = index + 1
        while next + 1 < tokens.count {
            let token = tokens[next]
            if token.isPunctuation("(") || token.isPunctuation(")") || token.isPunctuation("@") {
                if next == index + 1, token.text == "(" { return nil }
                next += 1
            } else if token.text == "class", tokens[next + 1].isWord("func") {
                next += 1
            } else if modifiers.contains(token.text), token.text != "class" {
                next += 1
            } else if token.isWord("set") {
                next += 1
            } else {
                return (next, token.text, name(at: next + 1, in: tokens))
            }
        }
        return nil
    }

    /// Whether an initialiser that is not a decoder's can give nil or throw. What its parameters
    /// may do is their own affair.
    private static func canFail(initialiserAt index: Int, in tokens: [Token]) -> Bool {
        guard tokens[index].isWord("init"), index + 1 < tokens.count else { return false }
        if tokens[index + 1].isPunctuation("?") { return true }
        var depth = 0
        for (offset, token) in tokens[(index + 1)...].enumerated() {
            if token.isPunctuation("(") { depth += 1 }
            if token.isPunctuation(")") { depth -= 1 }
            if offset == 1, token.isWord("from") { return false }
            if depth == 0, token.isWord("throws") { return true }
            if depth == 0, token.isPunctuation("{") { return false }
        }
        return false
    }

    /// A name of one word, or an operator's marks up to its parenthesis.
    private static func name(at index: Int, in tokens: [Token]) -> String {
        if tokens[index].kind == .word { return tokens[index].text }
        return tokens[index...].prefix { $0.kind == .punctuation && $0.text != "(" }
            .map(\.text).joined()
    }

    /// Whether a documentation comment stands before the attributes and modifiers at `index`.
    private static func isDocumented(at index: Int, in tokens: [Token]) -> Bool {
        var before = index - 1
        while before >= 0 {
            let token = tokens[before]
            if token.kind == .docComment { return true }
            if token.kind == .comment || modifiers.contains(token.text) {
                before -= 1
            } else if token.isPunctuation(")"), let start = attributeStart(before, in: tokens) {
                // `@available(…)` or `nonisolated(…)`
                before = start - 1
            } else if token.kind == .word, before > 0, tokens[before - 1].isPunctuation("@") {
                before -= 2
            } else {
                return false
            }
        }
        return false
    }

    /// Where the attribute or modifier starts whose arguments end at `index`.
    private static func attributeStart(_ index: Int, in tokens: [Token]) -> Int? {
        var depth = 0
        for next in stride(from: index, through: 1, by: -1) {
            if tokens[next].isPunctuation(")") { depth += 1 }
            if tokens[next].isPunctuation("(") { depth -= 1 }
            guard depth == 0 else { continue }
            if modifiers.contains(tokens[next - 1].text) { return next - 1 }
            return next > 1 && tokens[next - 2].isPunctuation("@") ? next - 2 : nil
        }
        return nil
    }
}
