internal import FoundationEssentials
package import News

/// Under which names a JSON seed document keeps what we look for; the first that has a value
/// counts.
package struct SeedFields: Hashable, Sendable, Codable {
    package var title: [String]
    package var text: [String]
    package var url: [String]
    package var published: [String]
    package var language: [String]

    package init(
        title: [String] = ["title", "headline"],
        text: [String] = ["text", "content", "body"],
        url: [String] = ["url", "link"],
        published: [String] = ["published", "date", "published_at"],
        language: [String] = ["lang", "language"]
    ) {
        self.title = title
        self.text = text
        self.url = url
        self.published = published
        self.language = language
    }
}

/// One document of a JSON or JSON Lines file, as written: nothing is read out of its strings yet.
package struct SeedDocument: Hashable, Sendable {
    package var path: String
    /// The line of a JSON Lines file, or the element of a JSON array, from 1 up; nil for a file
    /// that is one object.
    package var line: Int?
    package var title: String?
    package var text: String
    package var url: String?
    package var published: String?
    package var language: String?
}

extension SeedFile {
    /// Visits the documents of a `.json` or `.jsonl` file in order; what is broken is visited as a
    /// problem, and the next goes on. JSON Lines are read line by line in constant memory.
    /// - Returns: the digest of the file: of its bytes, or for JSON Lines a chain over its lines.
    /// - Throws: when the file as a whole cannot be read.
    package func forEachDocument(
        fields: SeedFields = SeedFields(), limits: SeedLimits,
        _ visit: (Result<SeedDocument, SeedProblem>) -> Void
    ) throws(SeedProblem) -> Digest {
        if format == .jsonLines {
            return try forEachLine(fields: fields, limits: limits, visit)
        }
        let (bytes, digest) = try contents(limits: limits)
        let body = withoutMark(bytes[...])
        do {
            let elements = try JSONDecoder().decode(OneOrMany.self, from: Data(body))
            for (index, element) in elements.all.enumerated() {
                visit(document(of: element, line: elements.isArray ? index + 1 : nil, fields))
            }
        } catch {
            throw SeedProblem(path: path, reason: .notJSON(describe(error)))
        }
        return digest
    }

    private func forEachLine(
        fields: SeedFields, limits: SeedLimits,
        _ visit: (Result<SeedDocument, SeedProblem>) -> Void
    ) throws(SeedProblem) -> Digest {
        let disk = Disk(calls: .real)
        return try opened(disk) { descriptor throws(StoreError) in
            var chain = Digest(kind: "seed-lines")
            var lines = LineScanner(
                disk: disk, descriptor: descriptor, path: path, lineBytesMax: limits.lineBytesMax)
            var number = 0
            while let line = try lines.line() {
                number += 1
                chain = Digest(
                    kind: "seed-line", chain.hexadecimal, Digest(of: line.bytes).hexadecimal,
                    String(line.count))
                let body = number == 1 ? withoutMark(line.bytes) : line.bytes
                if body.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
                if line.isTooLong {
                    let reason = SeedProblem.Reason.lineTooLong(
                        bytes: line.count, bytesMax: limits.lineBytesMax)
                    visit(.failure(SeedProblem(path: path, line: number, reason: reason)))
                    continue
                }
                do {
                    let element = try JSONDecoder().decode(Element.self, from: Data(body))
                    visit(document(of: element, line: number, fields))
                } catch {
                    let reason = SeedProblem.Reason.notJSON(describe(error))
                    visit(.failure(SeedProblem(path: path, line: number, reason: reason)))
                }
            }
            return chain
        }
    }

    private func document(
        of element: Element, line: Int?, _ fields: SeedFields
    ) -> Result<SeedDocument, SeedProblem> {
        guard let object = element.object else {
            return .failure(SeedProblem(path: path, line: line, reason: .notJSON("not an object")))
        }
        func value(_ names: [String]) -> String? {
            names.lazy.compactMap { object[$0]?.text }.first { !$0.isEmpty }
        }
        guard let text = value(fields.text) else {
            return .failure(
                SeedProblem(path: path, line: line, reason: .noText(names: fields.text)))
        }
        return .success(
            SeedDocument(
                path: path, line: line, title: value(fields.title), text: text,
                url: value(fields.url), published: value(fields.published),
                language: value(fields.language)))
    }
}

/// Without the UTF-8 byte order mark that some editors write.
private func withoutMark(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
}

/// What the decoder found wrong, without the value that it found it in.
private func describe(_ error: any Error) -> String {
    switch error {
    case DecodingError.dataCorrupted(let context): context.debugDescription
    case DecodingError.typeMismatch(_, let context): context.debugDescription
    default: "\(error)"
    }
}

private struct OneOrMany: Decodable {
    var all: [Element]
    var isArray: Bool

    init(from decoder: any Decoder) throws {
        if let many = try? decoder.singleValueContainer().decode([Element].self) {
            all = many
            isArray = true
        } else {
            all = [try Element(from: decoder)]
            isArray = false
        }
    }
}

private struct Element: Decodable {
    /// nil when it is something else than an object.
    var object: [String: Scalar]?

    init(from decoder: any Decoder) throws {
        object = try? decoder.singleValueContainer().decode([String: Scalar].self)
    }
}

/// A string, or a number as text; anything else counts as absent.
private struct Scalar: Decodable {
    var text: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let string = try? container.decode(String.self) {
            text = string
        } else if let whole = try? container.decode(Int64.self) {
            text = String(whole)
        } else if let number = try? container.decode(Double.self) {
            text = String(number)
        }
    }
}
