/// The lines on which the keys of a TOML file stand, since the parser does not keep them.
///
/// Understands what configuration files are made of: `[table]`, `[[array of tables]]`, `key = …`
/// and dotted keys. A key inside an inline table has the line of the table. Works on any text.
struct KeyLines: Sendable {
    private var lines: [String: Int] = [:]

    /// Cost: linear.
    init(of text: String) {
        var table = ""
        var counts: [String: Int] = [:]
        var openQuotes: String?
        var depth = 0
        // CR and LF together are one character.
        let all = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in all.enumerated() {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if let quotes = openQuotes {
                if line.contains(quotes) { openQuotes = nil }
                continue
            }
            if depth > 0 {
                depth += Self.bracketBalance(of: line)
                continue
            }
            if line.hasPrefix("[[") {
                let name = Self.name(in: line.dropFirst(2), until: "]")
                table = "\(name)[\(counts[name, default: 0])]"
                counts[name, default: 0] += 1
                note(table, index + 1)
            } else if line.hasPrefix("[") {
                table = Self.name(in: line.dropFirst(), until: "]")
                note(table, index + 1)
            } else if !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") {
                let key = Self.name(in: line, until: "=")
                note(table.isEmpty ? key : "\(table).\(key)", index + 1)
                let value = line[line.index(after: equals)...]
                depth = max(0, Self.bracketBalance(of: value))
                for quotes in ["\"\"\"", "'''"] where value.numberOfParts(by: quotes) == 2 {
                    openQuotes = quotes
                }
            }
        }
    }

    /// The line of a key path such as `feed[2].url`, or of the nearest table around it.
    subscript(path: String) -> Int? {
        var path = path[...]
        while !path.isEmpty {
            if let line = lines[String(path)] { return line }
            guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return nil }
            path = path[..<end]
        }
        return nil
    }

    private mutating func note(_ path: String, _ line: Int) {
        if lines[path] == nil { lines[path] = line }
    }

    /// `a . "b"` → `a.b`.
    private static func name(in line: Substring, until end: Character) -> String {
        String(line.prefix { $0 != end }.filter { !" \t\"'".contains($0) })
    }

    /// Opening less closing square brackets outside of strings and comments.
    private static func bracketBalance(of text: Substring) -> Int {
        var balance = 0
        var quote: Character?
        for character in text {
            switch (quote, character) {
            case (nil, "#"): return balance
            case (nil, "\""), (nil, "'"): quote = character
            case (nil, "["): balance += 1
            case (nil, "]"): balance -= 1
            case (let open?, _) where open == character: quote = nil
            default: break
            }
        }
        return balance
    }
}

extension Substring {
    fileprivate func numberOfParts(by separator: String) -> Int {
        var (count, rest) = (1, self)
        while let found = rest.firstRange(of: separator) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}
