internal import Markup

/// The names of each vocabulary that mean something here, in lower case.
enum FeedNames {
    static let unknown = NameTable<FeedElement>([])

    private static let html: [(String, FeedElement)] =
        [("html", .htmlPage), ("head", .htmlPage)]
        + ("a b i p br hr em div img font span strong center table tr td th tbody pre code "
        + "script style noscript ul ol li h1 h2 h3 h4 small u tt meta")
        .split(separator: " ").map { (String($0), .htmlInline) }

    static let xhtml = NameTable(html + [("body", .xhtmlBody)])

    static let plain = NameTable(
        html + [
            ("rss", .rss), ("rdf", .rdf), ("feed", .feed), ("channel", .channel), ("item", .item),
            ("entry", .entry), ("urlset", .urlset), ("url", .url), ("opml", .opml),
            ("sitemapindex", .sitemapIndex), ("envelope", .soap), ("source", .source),
            ("image", .image), ("textinput", .textInput), ("contributor", .contributor),
            ("skiphours", .skipHours), ("skipdays", .skipDays), ("hour", .hour), ("day", .day),
            ("title", .title), ("link", .link), ("guid", .guid), ("id", .id), ("loc", .loc),
            ("comments", .comments), ("logo", .logo), ("icon", .icon),
            ("description", .description), ("subtitle", .subtitle), ("tagline", .subtitle),
            ("summary", .summary), ("abstract", .summary), ("content", .content),
            ("body", .xhtmlBody), ("encoded", .contentEncoded), ("fulltext", .contentEncoded),
            ("fullitem", .contentEncoded), ("published", .published), ("pubdate", .pubDate),
            ("issued", .issued), ("created", .created), ("date", .dcDate), ("updated", .updated),
            ("modified", .modified), ("lastbuilddate", .lastBuildDate), ("lastmod", .lastmod),
            ("author", .author), ("managingeditor", .author), ("creator", .dcCreator),
            ("name", .name), ("email", .email), ("category", .category),
            ("enclosure", .enclosure), ("language", .language), ("ttl", .ttl),
            ("rights", .rights), ("copyright", .rights), ("license", .license),
        ])

    static let dublinCore = NameTable<FeedElement>([
        ("title", .dcTitle), ("description", .dcDescription), ("date", .dcDate),
        ("creator", .dcCreator), ("author", .dcCreator), ("subject", .dcSubject),
        ("language", .dcLanguage), ("rights", .rights),
    ])

    static let dublinCoreTerms = NameTable<FeedElement>([
        ("issued", .issued), ("available", .issued), ("created", .created),
        ("modified", .modified), ("abstract", .dcDescription), ("title", .dcTitle),
        ("description", .dcDescription), ("date", .dcDate), ("creator", .dcCreator),
        ("author", .dcCreator), ("subject", .dcSubject), ("language", .dcLanguage),
        ("rights", .rights), ("license", .license),
    ])

    static let content = NameTable<FeedElement>([("encoded", .contentEncoded)])

    static let media = NameTable<FeedElement>([
        ("group", .mediaGroup), ("content", .mediaContent), ("title", .mediaTitle),
        ("description", .mediaDescription), ("category", .category), ("thumbnail", .thumbnail),
        ("credit", .credit), ("copyright", .mediaCopyright),
    ])

    static let itunes = NameTable<FeedElement>([
        ("author", .itunesAuthor), ("title", .itunesTitle), ("summary", .itunesSummary),
        ("description", .itunesSummary),
        ("subtitle", .itunesSubtitle), ("category", .itunesCategory), ("image", .itunesImage),
        ("duration", .duration),
    ])

    static let syndication = NameTable<FeedElement>([
        ("updateperiod", .updatePeriod), ("updatefrequency", .updateFrequency),
    ])

    static let news = NameTable<FeedElement>([
        ("news", .newsGroup), ("publication", .newsGroup), ("title", .title),
        ("publication_date", .newsDate), ("language", .newsLanguage), ("keywords", .keywords),
    ])

    static let sitemapImage = NameTable<FeedElement>([
        ("image", .imageGroup), ("loc", .imageAddress),
    ])

    static let rdf = NameTable<FeedElement>([("rdf", .rdf)])
    static let soap = NameTable<FeedElement>([("envelope", .soap)])
    static let slash = NameTable<FeedElement>([("comments", .commentCount)])
    static let commentAPI = NameTable<FeedElement>([("commentrss", .commentFeed)])
    static let thread = NameTable<FeedElement>([
        ("total", .commentCount), ("in-reply-to", .inReplyTo),
    ])
    static let license = NameTable<FeedElement>([("license", .license)])
    static let prism = NameTable<FeedElement>([
        ("publicationdate", .issued), ("coverdate", .created), ("modificationdate", .modified),
    ])
    static let history = NameTable<FeedElement>([
        ("archive", .archiveMark), ("complete", .completeMark),
    ])
}
