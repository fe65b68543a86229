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
    /// `og:type`.
    var declaredType: String?
    /// Where each of these was found.
    var sources = FieldSources()
    /// The element that holds the title, if one does.
    var headline: HTMLTree.Node?
    let linkedData: LinkedData

    private let tree: HTMLTree
    private let index: ElementIndex
    private let marks: FurnitureMarks
    private let url: HTTPURL?
    private let base: HTTPURL?
    private let meta: MetaTable

    init(_ tree: HTMLTree, marks: FurnitureMarks, url: HTTPURL?) {
        self.tree = tree
        self.marks = marks
        self.url = url
        let index = ElementIndex(tree)
        self.index = index
        linkedData = LinkedData(tree, scripts: index.scripts)
        meta = MetaTable(tree, index.metas)
        reservations = Self.readReservations(tree, index.metas)
        base =
            index.base.flatMap { tree.attribute(.href, of: $0) }
            .flatMap { HTTPURL($0, relativeTo: url) } ?? url
        summary =
            meta.text(["og:description", "description", "twitter:description"])
            ?? linkedData.summary
        image = (meta.text(["og:image", "og:image:url", "twitter:image"]) ?? linkedData.image)
            .flatMap(absolute)
        declaredType = meta["og:type"]
        readSiteName()
        readCanonical()
        readLanguage()
        chooseTitle()
        readDates()
        let authorship = AuthorChoice(
            surroundings, linkedData: linkedData, meta: meta, siteNames: siteNames)
        authors = authorship.names
        sources.authors = authorship.source
    }

    /// Sets a field and its source to the first value that there is.
    private mutating func set(
        _ field: WritableKeyPath<Self, String?>,
        _ source: WritableKeyPath<FieldSources, FieldSource?>,
        _ values: [(String?, FieldSource)]
    ) {
        for (value, origin) in values {
            guard let value else { continue }
            self[keyPath: field] = value
            sources[keyPath: source] = origin
            return
        }
    }

    // MARK: - Addresses and names

    private mutating func readSiteName() {
        set(
            \.siteName, \.siteName,
            [
                (meta.text(["og:site_name"]), FieldSource(.openGraph, 0.9)),
                (meta.text(["application-name"]), FieldSource(.meta, 0.8)),
                (linkedData.publisher, FieldSource(.linkedData, 0.8)),
            ])
    }

    private mutating func readCanonical() {
        set(
            \.canonical, \.canonical,
            [
                (link("canonical").flatMap(absolute), FieldSource(.markup, 0.9)),
                (meta["og:url"].flatMap(absolute), FieldSource(.openGraph, 0.8)),
            ])
        if let canonical, let url, !isBelievable(canonical: canonical, at: url) {
            sources.canonical?.confidence = Self.unbelievable
        }
    }
    private static let unbelievable = 0.1

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

    private mutating func readLanguage() {
        let attribute = index.root.flatMap {
            tree.attribute(.lang, of: $0) ?? tree.attribute(.xmlLang, of: $0)
        }
        let named = meta["content-language"] ?? meta["inlanguage"]
        set(
            \.language, \.language,
            [
                (attribute, FieldSource(.language, 0.9)),
                (meta["og:locale"], FieldSource(.openGraph, 0.8)),
                (named, FieldSource(.meta, 0.8)),
                (linkedData.language, FieldSource(.linkedData, 0.8)),
            ])
        let tag = language?.split(whereSeparator: { $0 == "," || $0 == " " }).first ?? ""
        let cleaned = tag.replacing("_", with: "-")
        let primary = cleaned.split(separator: "-").first ?? ""
        let isTag = (2...3).contains(primary.utf8.count) && primary.allSatisfy(\.isLetter)
        language = isTag ? String(cleaned) : nil
        if !isTag { sources.language = nil }
    }

    // MARK: - Title

    private mutating func chooseTitle() {
        let page = index.title.map { cut(tree.text(of: $0)) }
        let titles = DeclaredTitles(
            page: page, openGraph: meta.text(["og:title"]).map(cut),
            twitter: meta.text(["twitter:title"]).map(cut),
            meta: meta.text(["dc.title", "title"]).map(cut), headline: linkedData.headline.map(cut))
        let site = SiteName(
            declared: [siteName, linkedData.publisher].compactMap { $0 }, host: url?.host)
        let found = TitleChoice(tree, marks: marks, titles: titles, site: site, url: url)
            .choose(headings: index.headings)
        title = found.title
        headline = found.node
        sources.title = found.title.map { _ in
            FieldSource(found.source, Self.titleConfidence(found))
        }
        let spellings = [found.title].compactMap { $0 } + titles.all
        self.titles = spellings + titles.all.compactMap(site.bare)
    }

    private func cut(_ title: String) -> String { String(title.prefix(Self.titleLengthMax)) }
    /// Characters of a declared title that are looked at.
    private static let titleLengthMax = 1_000

    /// What several witnesses say in the same words is seldom wrong.
    private static func titleConfidence(_ found: TitleChoice.Found) -> Double {
        switch found.witnesses {
        case ...1: found.source == .titleElement ? 0.5 : 0.65
        case 2: 0.85
        default: 0.95
        }
    }

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

    private mutating func readDates() {
        let dates = PublicationDates(
            surroundings, linkedData: linkedData, meta: meta, scripts: index.scripts,
            path: url?.path, language: language)
        published = dates.published
        updated = dates.updated?.instant
        sources.published = dates.publishedSource
        sources.updated = dates.updatedSource
    }
}
