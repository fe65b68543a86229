internal import Markup
internal import News

/// Who is named as a person somewhere; else the newsroom or the agency that is named instead.
struct AuthorChoice {
    private(set) var names: [String] = []
    private(set) var source: FieldSource?

    /// - Parameter siteNames: what the site calls itself, its host among them.
    init(
        _ surroundings: HeadlineSurroundings, linkedData: LinkedData, meta: MetaTable,
        siteNames: [String]
    ) {
        let declared = cleanedAuthors(linkedData.authors, siteNames: siteNames)
        let metaLine = Self.metaLine(meta, siteNames: siteNames)
        let named = cleanedAuthors(metaLine, siteNames: siteNames)
        if !declared.isEmpty {
            // An agency listed beside people is one of the authors.
            names = cleanedAuthors(linkedData.authors, siteNames: [])
            let isConfirmed = !Set(named.map(comparable)).isDisjoint(with: declared.map(comparable))
            source = FieldSource(.linkedData, isConfirmed ? 0.97 : 0.92)
        } else if !named.isEmpty {
            names = named
            source = FieldSource(.meta, 0.85)
        } else {
            let sites = cleanedAuthors(linkedData.authors, siteNames: [])
            (names, source) = Bylines(surroundings).authors(
                siteNames: siteNames, fallback: (sites, FieldSource(.linkedData, 0.6)))
        }
    }

    private static func metaLine(_ meta: MetaTable, siteNames: [String]) -> [String] {
        let names = [
            "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byline",
            "article_author", "sailthru.author", "citation_author", "byl", "article:author_name",
            "authors", "og:article:author", "dc.contributor", "cxenseparse:author",
        ]
        for name in names {
            if let value = meta[name], !cleanedAuthors([value], siteNames: siteNames).isEmpty {
                return [value]
            }
        }
        return []
    }
}
