internal import Markup
internal import News

/// What a page says of itself outside its text: JSON-LD, Open Graph, `meta`, `link`, `time`.
struct PageMetadata {
    var title: String?
    /// Every spelling of the title that the page has, the chosen one among them.
    var titles: [String] = []
    var authors: [String] = []
    var published: PageDate?
    var updated: Instant?
    var language: String?
    var canonical: String?
    var siteName: String?
    var summary: String?
    var image: String?
    let reservations: [Reservation]
    /// The element that holds the title, if one does.
    var headline: HTMLTree.Node?
    let linkedData: LinkedData

    private let tree: HTMLTree
    private let index: ElementIndex
    private let marks: FurnitureMarks
    private let url: HTTPURL?
    private let base: HTTPURL?
    /// By name or property, in lower case; the first of each.
    private let meta: [String: String]

    init(_ tree: HTMLTree, marks: FurnitureMarks, url: HTTPURL?) {
        self.tree = tree
        self.marks = marks
        self.url = url
        let index = ElementIndex(tree)
        self.index = index
        linkedData = LinkedData(tree, scripts: index.scripts)
        meta = Self.readMeta(tree, index.metas)
        reservations = Self.readReservations(tree, index.metas)
        base =
            index.base.flatMap { tree.attribute(.href, of: $0) }
            .flatMap { HTTPURL($0, relativeTo: url) } ?? url
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

    private static func readMeta(
        _ tree: HTMLTree, _ nodes: [HTMLTree.Node]
    ) -> [String: String] {
        var found: [String: String] = [:]
        for node in nodes {
            guard
                let content = tree.attribute(.content, of: node) ?? tree.attribute(.value, of: node)
            else { continue }
            for attribute in tree.attributes(of: node) {
                switch attribute.name {
                case .property, .name, .itemprop, .httpEquiv:
                    let key = String(decoding: tree.bytes[attribute.range], as: UTF8.self)
                        .lowercased()
                    if found[key] == nil { found[key] = content }
                default: break
                }
            }
        }
        return found
    }

    private func firstMeta(_ names: [String]) -> String? {
        for name in names {
            if let value = meta[name] { return plainText(ofHTML: value) }
        }
        return nil
    }

    private func link(_ relation: String) -> String? {
        for node in index.links {
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
        let declared =
            index.root.flatMap { tree.attribute(.lang, of: $0) ?? tree.attribute(.xmlLang, of: $0) }
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
        let page = index.title
            .map { String(tree.text(of: $0).prefix(Self.titleLengthMax)) }
        let declared = firstMeta(["og:title", "twitter:title", "dc.title", "title"])
            .map { String($0.prefix(Self.titleLengthMax)) }
        let choice = TitleChoice(
            page: page, declared: declared, linkedData: linkedData, siteNames: siteNames)
        let found = choice.choose(tree, headings: index.headings)
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
        HeadlineSurroundings(tree: tree, marks: marks, headline: headline)
    }

    /// What the site calls itself, its host among them.
    private var siteNames: [String] {
        var names = [siteName, linkedData.publisher].compactMap { $0 }
        if let host = url?.host {
            names.append(host)
            if let name = host.split(separator: ".").dropLast().last { names.append(String(name)) }
        }
        return names
    }

    // MARK: - Dates

    /// What is declared, else what is shown, else what scripts hold; a page that says only when it
    /// was changed is of that day.
    private mutating func readDates() {
        let changed = linkedData.modified.flatMap(pageDate) ?? firstDate(in: Self.updatedNames)
        updated = changed?.instant
        published =
            linkedData.published.flatMap(pageDate) ?? firstDate(in: Self.publishedNames)
        guard published == nil else { return }
        let visible = VisibleDates(surroundings, language: language)
        published =
            visible.declared(address: url.flatMap { dateInAddress($0.path) })
            ?? visible.inScripts(index.scripts) ?? visible.found() ?? changed
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

    private func firstDate(in names: [String]) -> PageDate? {
        for name in names {
            if let date = meta[name].flatMap(pageDate) { return date }
        }
        return nil
    }

    // MARK: - Authors

    /// Who is named as a person somewhere; else the newsroom or the agency that is named instead.
    private mutating func readAuthors() {
        let names = siteNames
        if !cleanedAuthors(linkedData.authors, siteNames: names).isEmpty {
            // An agency listed beside people is one of the authors.
            authors = cleanedAuthors(linkedData.authors, siteNames: [])
            return
        }
        authors = cleanedAuthors(metaAuthors, siteNames: names)
        guard authors.isEmpty else { return }
        authors = Bylines(surroundings).authors(siteNames: names) {
            cleanedAuthors(linkedData.authors, siteNames: [])
        }
    }

    private var metaAuthors: [String] {
        let names = [
            "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byline",
            "article_author", "sailthru.author", "citation_author", "byl", "article:author_name",
            "authors",
            "og:article:author", "dc.contributor", "cxenseparse:author",
        ]
        for name in names {
            if let value = meta[name], !cleanedAuthors([value], siteNames: siteNames).isEmpty {
                return [value]
            }
        }
        return []
    }
}
