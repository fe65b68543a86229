package import ArticleStore
internal import FeedParsing
internal import Markup
package import News
internal import PageExtraction

/// Which documents the user holds already, and how they are read.
package struct SeedOptions: Hashable, Sendable {
    /// Files and folders.
    package var paths: [String]
    package var fields: SeedFields
    package var limits: SeedLimits
    package var normaliseLimits: NormaliseLimits

    package init(
        paths: [String] = [], fields: SeedFields = SeedFields(), limits: SeedLimits = SeedLimits(),
        normaliseLimits: NormaliseLimits = NormaliseLimits()
    ) {
        self.paths = paths
        self.fields = fields
        self.limits = limits
        self.normaliseLimits = normaliseLimits
    }
}

/// Seed files to articles, by the same stages as pages: decode, extract, normalise.
struct SeedReader {
    /// Raised whenever extraction or normalisation gives other articles for the same bytes.
    static let version = 1

    let options: SeedOptions
    /// When documents without a date count as seen.
    let now: Instant

    /// Whatever decides what a file becomes; a memory made by another reader is made anew.
    var name: String { "\(Self.version) \(options.fields) \(options.normaliseLimits)" }

    /// Hands the articles of a file to `take`, in order.
    /// - Returns: the file's digest, and what was wrong in it.
    /// - Throws: when the file as a whole cannot be read.
    func read(
        _ file: SeedFile, _ take: (Article) -> Void
    ) throws(SeedProblem) -> (digest: Digest, problems: [Board.SeedStanding.Problem]) {
        var problems: [Board.SeedStanding.Problem] = []
        func add(_ candidate: Candidate, line: Int?) {
            do throws(Rejection) {
                take(try normalise(candidate, limits: options.normaliseLimits))
            } catch {
                problems.append(.init(path: file.path, line: line, reason: error.description))
            }
        }
        switch file.format {
        case .text, .markdown, .html:
            let (bytes, digest) = try file.contents(limits: options.limits)
            do throws(PageError) {
                add(candidate(from: try extraction(of: bytes, file), file), line: nil)
            } catch {
                problems.append(.init(path: file.path, reason: error.description))
            }
            return (digest, problems)
        case .json, .jsonLines:
            let digest = try file.forEachDocument(
                fields: options.fields, limits: options.limits
            ) { result in
                switch result {
                case .success(let document):
                    add(candidate(from: document), line: document.line)
                case .failure(let problem):
                    problems.append(
                        .init(
                            path: problem.path, line: problem.line,
                            reason: problem.reason.description))
                }
            }
            return (digest, problems)
        }
    }

    private func extraction(
        of bytes: [UInt8], _ file: SeedFile
    ) throws(PageError) -> Extraction {
        if file.format == .html {
            return try extractPage(bytes, from: nil, declared: "text/html")
        }
        let decoded = decodeText(bytes, contentType: nil, family: .plain)
        let text = String(decoding: decoded.bytes, as: UTF8.self)
        // A .txt file may well hold Markdown; a .md file is taken at its word.
        return extractText(
            text, dialect: file.format == .markdown ? .markdown : textDialect(of: text), from: nil)
    }

    private func candidate(from extraction: Extraction, _ file: SeedFile) -> Candidate {
        Candidate(
            origin: .seed(path: file.path, line: nil),
            url: extraction.declaredCanonical.flatMap { HTTPURL($0) },
            title: extraction.title ?? extraction.opening, blocks: extraction.blocks,
            authors: extraction.authors, language: extraction.language,
            published: extraction.published, updated: extraction.updated,
            seen: extraction.published ?? now, textSource: .seed)
    }

    private func candidate(from document: SeedDocument) -> Candidate {
        let url = document.url.flatMap { HTTPURL($0) }
        let extraction = readText(document.text, from: url, title: document.title)
        let published = document.published.flatMap { parseDate($0) } ?? extraction.published
        return Candidate(
            origin: .seed(path: document.path, line: document.line), url: url,
            title: document.title ?? extraction.title ?? extraction.opening,
            blocks: extraction.blocks,
            authors: extraction.authors, language: document.language ?? extraction.language,
            published: published, seen: published ?? now, textSource: .seed)
    }
}

extension SeedReader {
    /// Makes the memory anew: unchanged files are copied, the others read.
    /// - Returns: how many files were taken from the memory.
    func rewrite(
        _ memory: SeedMemory, _ files: [SeedFile], _ standing: inout Board.SeedStanding
    ) throws(StoreError) -> Int {
        let rewrite = try memory.rewriting()
        var kept = 0
        for file in files {
            if try rewrite.keep(file) {
                kept += 1
                standing.problems += memory.problems(of: file).map {
                    .init(path: file.path, reason: $0)
                }
                continue
            }
            var failure: StoreError?
            var read: (digest: Digest, problems: [Board.SeedStanding.Problem])?
            do throws(SeedProblem) {
                read = try self.read(file) { article in
                    do throws(StoreError) { try rewrite.add(article) } catch { failure = error }
                }
            } catch {
                standing.problems.append(
                    .init(path: error.path, line: error.line, reason: error.reason.description))
            }
            if let failure { throw failure }
            guard let read else {
                try rewrite.discard()
                continue
            }
            try rewrite.end(file, digest: read.digest, problems: read.problems.map(\.reason))
            standing.problems += read.problems
        }
        try rewrite.finish()
        return kept
    }
}

/// A text without a declared format, as data sets have it: HTML, Markdown or plain, by evidence.
/// What opens it like a title stays in it when it goes by another `title`.
func readText(_ text: String, from url: HTTPURL?, title: String?) -> Extraction {
    var extraction =
        isMarkedUp(text)
        ? extractFragment(html: text, from: url)
        : extractText(text, dialect: textDialect(of: text), from: url)
    if let title, let opening = extraction.title,
        FoldedText(opening).digest != FoldedText(title).digest
    {
        extraction.blocks.insert(Block(.paragraph, opening), at: 0)
    }
    return extraction
}

extension Extraction {
    /// The first words, to know an untitled document by.
    var opening: String? {
        guard let text = blocks.first?.text else { return nil }
        let words = text.split(separator: " ")
        let kept = words.prefix(Self.openingWordsMax).joined(separator: " ")
        return words.count > Self.openingWordsMax ? kept + "…" : kept
    }

    private static var openingWordsMax: Int { 12 }
}

/// Reads a seed corpus without a store. `take` gets each document, of several with one identity the
/// first.
/// - Throws: what `take` throws, which ends the reading.
package func readSeeds(
    _ options: SeedOptions, now: Instant, _ take: (Article) throws -> Void
) throws -> Board.SeedStanding {
    let reader = SeedReader(options: options, now: now)
    let scan = scanSeeds(at: options.paths, limits: options.limits)
    var standing = Board.SeedStanding(of: scan, options)
    var ids: Set<ArticleID> = []
    for file in scan.files {
        var failure: (any Error)?
        do throws(SeedProblem) {
            standing.problems += try reader.read(file) { article in
                guard failure == nil, ids.insert(article.id).inserted else { return }
                do { try take(article) } catch { failure = error }
            }.problems
        } catch {
            standing.problems.append(
                .init(path: error.path, line: error.line, reason: error.reason.description))
        }
        if let failure { throw failure }
    }
    standing.documents = ids.count
    standing.loaded = now
    return standing
}

extension Board.SeedStanding {
    init(of scan: SeedScan, _ options: SeedOptions) {
        paths = options.paths
        files = scan.files.count
        problems = scan.problems.kept.map {
            Problem(path: $0.path, line: $0.line, reason: $0.reason.description)
        }
    }
}
