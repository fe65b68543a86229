internal import Markup
internal import News

/// When a page's article was published and changed: what is declared, else what is shown, else what
/// scripts hold; a page that says only when it was changed is of that day.
struct PublicationDates {
    private(set) var published: PageDate?
    private(set) var updated: PageDate?
    private(set) var publishedSource: FieldSource?
    private(set) var updatedSource: FieldSource?

    /// - Parameter path: of the page's address.
    init(
        _ surroundings: HeadlineSurroundings, linkedData: LinkedData, meta: MetaTable,
        scripts: [HTMLTree.Node], path: String?, language: String?
    ) {
        let address = path.flatMap(dateInAddress)
        readUpdated(linkedData, meta)
        let declared: [(PageDate?, FieldSource.Origin, Double)] = [
            (linkedData.published.flatMap(pageDate), .linkedData, 0.95),
            (meta.date(Self.publishedNames), .meta, 0.9),
        ]
        if let (date, origin, confidence) = declared.firstDated {
            let others = declared.count { $0.0.map { $0.instant.day == date.instant.day } ?? false }
            let named = address.map { $0.instant.day == date.instant.day } ?? false
            let agreeing = others + (named ? 1 : 0)
            published = date
            publishedSource = FieldSource(origin, agreeing > 1 ? Self.agreed : confidence)
        } else {
            let visible = VisibleDates(surroundings, language: language)
            readShown(visible, address: address, scripts: scripts)
        }
        if let address { published?.moveToDay(of: address) }
    }
    private static let agreed = 0.98

    private mutating func readUpdated(_ linkedData: LinkedData, _ meta: MetaTable) {
        let rows: [(PageDate?, FieldSource.Origin, Double)] = [
            (linkedData.modified.flatMap(pageDate), .linkedData, 0.9),
            (meta.date(Self.updatedNames), .meta, 0.8),
        ]
        guard let (date, origin, confidence) = rows.firstDated else { return }
        updated = date
        updatedSource = FieldSource(origin, confidence)
    }

    private mutating func readShown(
        _ visible: VisibleDates, address: PageDate?, scripts: [HTMLTree.Node]
    ) {
        if let marked = visible.declared(address: address) {
            published = marked.date
            publishedSource = marked.source
        } else if let date = visible.inScripts(scripts) {
            published = date
            publishedSource = FieldSource(.script, 0.6)
        } else if let date = visible.found() {
            published = date
            publishedSource = FieldSource(.text, 0.6)
        } else if let updated {
            published = updated
            publishedSource = updatedSource.map { FieldSource($0.from, $0.confidence / 2) }
        }
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
}

extension [(PageDate?, FieldSource.Origin, Double)] {
    fileprivate var firstDated: (PageDate, FieldSource.Origin, Double)? {
        for (date, origin, confidence) in self {
            if let date { return (date, origin, confidence) }
        }
        return nil
    }
}

extension PageDate {
    /// Many publishers declare their times in UTC and put the day of their own clocks into the
    /// address: the zone is then one in which both are right, the nearest to UTC in whole hours.
    /// Nothing changes when no zone would do.
    mutating func moveToDay(of address: PageDate) {
        guard zoneMinutes ?? 0 == 0 else { return }
        let hour: Int64 = 3_600_000
        let time = instant.since(address.instant).milliseconds
        guard time % (24 * hour) != 0 else { return }
        if -Self.hoursEastMax * hour..<0 ~= time {
            zoneMinutes = Int((-time + hour - 1) / hour) * 60
        } else if (24 * hour)..<((24 + Self.hoursWestMax) * hour) ~= time {
            zoneMinutes = -Int((time - 24 * hour) / hour + 1) * 60
        }
    }
    private static let hoursEastMax: Int64 = 14
    private static let hoursWestMax: Int64 = 12
}
