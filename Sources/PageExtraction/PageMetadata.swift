internal import Markup
internal import News

/// What a page says of itself outside its text: JSON-LD, Open Graph, `meta`, `link`, `time`.
struct PageMetadata {
    var title: String?
    /// Every spelling of the title that the page has, the chosen one among them.
    var titles: [String] = []
    var authors: [String] = []
    var published: Instant?
    var updated: Instant?
    var language: String?
    var canonical: String?
    var siteName: String?
    var summary: String?
    var image: String?
    /// The element that holds the title, if one does.
    var headline: HTMLTree.Node?
    let linkedData: LinkedData

    private let tree: HTMLTree
    private let marks: FurnitureMarks
    private let url: HTTPURL?
    private let base: HTTPURL?
    /// By name or property, in lower case; the first of each.
    private let meta: [String: String]

    init(_ tree: HTMLTree, marks: FurnitureMarks, url: HTTPURL?) {
        self.tree = tree
        self.marks = marks
        self.url = url
        linkedData = LinkedData(tree)
        meta = Self.readMeta(tree)
        base = Self.readBase(tree, url: url)
        siteName = firstMeta(["og:site_name", "application-name"]) ?? linkedData.publisher
        summary =
            firstMeta(["og:description", "description", "twitter:description"])
            ?? linkedData.summary
        image = (firstMeta(["og:image", "og:image:url", "twitter:image"]) ?? linkedData.image)
            .flatMap(absolute)
        canonical = link("canonical").flatMap(absolute) ?? meta["og:url"].flatMap(absolute)
        language = readLanguage()
        chooseTitle()
        readDates()
        readAuthors()
    }

    // MARK: - Sources

    private static func readMeta(_ tree: HTMLTree) -> [String: String] {
        var found: [String: String] = [:]
        for node in tree.nodes where tree.elements[node] == .meta && found.count < metaMax {
            guard let content = tree.attribute(.content, of: node) else { continue }
            for name in [HTMLAttributeName.property, .name, .itemprop, .httpEquiv] {
                guard let key = tree.attribute(name, of: node)?.lowercased() else { continue }
                if found[key] == nil { found[key] = content }
            }
        }
        return found
    }
    private static let metaMax = 500

    private static func readBase(_ tree: HTMLTree, url: HTTPURL?) -> HTTPURL? {
        let base = tree.nodes.first { tree.elements[$0] == .base }
        let written = base.flatMap { tree.attribute(.href, of: $0) }
        return written.flatMap { HTTPURL($0, relativeTo: url) } ?? url
    }

    private func firstMeta(_ names: [String]) -> String? {
        for name in names {
            if let value = meta[name] { return plainText(ofHTML: value) }
        }
        return nil
    }

    private func link(_ relation: String) -> String? {
        for node in tree.nodes where tree.elements[node] == .link {
            let relations = tree.attribute(.rel, of: node)?.lowercased().split(separator: " ")
            if relations?.contains(Substring(relation)) == true {
                return tree.attribute(.href, of: node)
            }
        }
        return nil
    }

    private func absolute(_ reference: String) -> String? {
        HTTPURL(reference, relativeTo: base).map(\.description)
    }

    private func readLanguage() -> String? {
        let root = tree.nodes.first { tree.elements[$0] == .html }
        let declared =
            root.flatMap { tree.attribute(.lang, of: $0) ?? tree.attribute(.xmlLang, of: $0) }
            ?? meta["og:locale"] ?? meta["content-language"] ?? meta["inlanguage"]
            ?? linkedData.language
        guard let tag = declared?.split(whereSeparator: { $0 == "," || $0 == " " }).first else {
            return nil
        }
        let cleaned = tag.replacing("_", with: "-")
        let primary = cleaned.split(separator: "-").first ?? ""
        let isTag = (2...3).contains(primary.utf8.count) && primary.allSatisfy(\.isLetter)
        return isTag ? String(cleaned) : nil
    }

    // MARK: - Title

    private mutating func chooseTitle() {
        let page = tree.nodes.first { tree.elements[$0] == .title }
            .map { String(tree.text(of: $0).prefix(Self.titleLengthMax)) }
        let declared = firstMeta(["og:title", "twitter:title", "dc.title", "title"])
            .map { String($0.prefix(Self.titleLengthMax)) }
        var names = [siteName, linkedData.publisher].compactMap { $0 }
        if let host = url?.host.split(separator: ".").dropLast().last { names.append(String(host)) }
        let choice = TitleChoice(
            page: page, declared: declared, headline: linkedData.headline, siteNames: names)
        let found = choice.choose(tree)
        title = found.title
        headline = found.node
        titles = [
            found.title, declared, page, linkedData.headline, choice.bare(declared),
            choice.bare(page),
        ].compactMap { $0 }
    }

    /// Characters of a declared title that are looked at.
    private static let titleLengthMax = 1_000

    private var surroundings: HeadlineSurroundings {
        HeadlineSurroundings(tree, marks: marks, headline: headline)
    }

    // MARK: - Dates

    private mutating func readDates() {
        published =
            linkedData.published.flatMap(pageDate) ?? firstDate(in: Self.publishedNames)
            ?? surroundings.date(
                address: url.flatMap { dateInAddress($0.path) }, language: language)
        updated = linkedData.modified.flatMap(pageDate) ?? firstDate(in: Self.updatedNames)
    }

    private static let publishedNames = [
        "article:published_time", "og:article:published_time", "og:published_time",
        "article:published", "datepublished", "publish-date", "publish_date", "publishdate",
        "pubdate", "published_time", "dc.date.issued", "dcterms.issued", "dcterms.created",
        "dcterms.date", "dc.date", "dc.date.created", "dc.created", "sailthru.date",
        "parsely-pub-date", "cxenseparse:recs:publishtime", "originalpublicationdate",
        "rnews:datepublished", "article_date_original", "date", "publication_date",
        "citation_publication_date", "citation_date", "datecreated", "og:pubdate", "created",
    ]
    private static let updatedNames = [
        "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified",
        "dc.date.modified", "article:modified", "lastmod", "last-modified",
    ]

    private func firstDate(in names: [String]) -> Instant? {
        for name in names {
            if let date = meta[name].flatMap(pageDate) { return date }
        }
        return nil
    }

    // MARK: - Authors

    private mutating func readAuthors() {
        authors = cleanedAuthors(linkedData.authors, siteName: siteName)
        if authors.isEmpty { authors = cleanedAuthors(metaAuthors, siteName: siteName) }
        if authors.isEmpty { authors = surroundings.authors(siteName: siteName) }
    }

    private var metaAuthors: [String] {
        let names = [
            "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author",
            "sailthru.author", "citation_author", "byl", "article:author_name", "authors",
            "og:article:author", "dc.contributor", "cxenseparse:author", "twitter:data1",
        ]
        for name in names where name != "twitter:data1" {
            if let value = meta[name], !cleanedAuthors([value], siteName: siteName).isEmpty {
                return [value]
            }
        }
        return []
    }
}
