internal import Markup

/// The vocabularies that feeds draw their names from.
enum FeedNamespace {
    /// No namespace, RSS's or Atom's: their names do not collide.
    case plain
    case dublinCore, dublinCoreTerms, content, media, itunes, syndication, xhtml, rdf, soap
    /// Sitemaps' news and images.
    case news, sitemapImage
    /// Comments: `slash`, `wfw`, and the threading extension (RFC 4685).
    case slash, commentAPI, thread
    /// Licences: the RSS module and Creative Commons' own.
    case license
    /// Paged and archived feeds (RFC 5005).
    case history
    case other

    /// nil when the address is none that is known.
    init?(address: ArraySlice<UInt8>) {
        guard let found = Self.byAddress[Self.normalised(address)] else { return nil }
        self = found
    }

    /// What a prefix that is not declared is likely to mean.
    init(prefix: ArraySlice<UInt8>) {
        self = Self.byPrefix[String(decoding: prefix, as: UTF8.self)] ?? .other
    }

    /// Without scheme, `www.` and final punctuation, which feeds vary.
    private static func normalised(_ address: ArraySlice<UInt8>) -> String {
        var rest = address
        for start in ["http://", "https://", "www."] where rest.starts(with: start.utf8) {
            rest = rest.dropFirst(start.utf8.count)
        }
        while let last = rest.last, last == UInt8(ascii: "/") || last == UInt8(ascii: "#") {
            rest.removeLast()
        }
        return String(decoding: rest, as: UTF8.self)
    }

    private static let byAddress: [String: FeedNamespace] = [
        "w3.org/2005/atom": .plain, "purl.org/atom/ns": .plain,
        "purl.org/rss/1.0": .plain, "my.netscape.com/rdf/simple/0.9": .plain,
        "channel.netscape.com/rdf/simple/0.9": .plain, "backend.userland.com/rss2": .plain,
        "backend.userland.com/rss": .plain, "blogs.law.harvard.edu/tech/rss": .plain,
        "cyber.law.harvard.edu/rss/rss.html": .plain,
        "sitemaps.org/schemas/sitemap/0.9": .plain,
        "google.com/schemas/sitemap/0.84": .plain,
        "purl.org/dc/elements/1.1": .dublinCore, "purl.org/dc/elements/1.0": .dublinCore,
        "purl.org/dc/terms": .dublinCoreTerms, "purl.org/rss/1.0/modules/content": .content,
        "search.yahoo.com/mrss": .media, "video.search.yahoo.com/mrss": .media,
        "search.yahoo.com/rss": .media, "tools.search.yahoo.com/mrss": .media,
        "itunes.com/dtds/podcast-1.0.dtd": .itunes, "itunes.com/dtds/podcast-1.0": .itunes,
        "purl.org/rss/1.0/modules/syndication": .syndication, "w3.org/1999/xhtml": .xhtml,
        "google.com/schemas/sitemap-news/0.9": .news,
        "google.com/schemas/sitemap-image/1.1": .sitemapImage,
        "w3.org/1999/02/22-rdf-syntax-ns": .rdf,
        "schemas.xmlsoap.org/soap/envelope": .soap, "w3.org/2003/05/soap-envelope": .soap,
        "purl.org/rss/1.0/modules/slash": .slash, "wellformedweb.org/commentapi": .commentAPI,
        "purl.org/syndication/thread/1.0": .thread,
        "backend.userland.com/creativecommonsrssmodule": .license,
        "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": .license,
        "web.resource.org/cc": .license, "creativecommons.org/ns": .license,
        "purl.org/syndication/history/1.0": .history,
    ]

    private static let byPrefix: [String: FeedNamespace] = [
        "": .plain, "atom": .plain, "atom10": .plain, "a10": .plain, "rss": .plain,
        "dc": .dublinCore, "dcterms": .dublinCoreTerms, "content": .content, "media": .media,
        "itunes": .itunes, "sy": .syndication, "xhtml": .xhtml, "news": .news, "rdf": .rdf,
        "soap": .soap, "soapenv": .soap, "slash": .slash, "wfw": .commentAPI, "thr": .thread,
        "creativecommons": .license, "cc": .license, "fh": .history,
    ]
}

extension FeedNamespace {
    /// The names of this vocabulary that mean something here.
    var names: NameTable<FeedElement> {
        switch self {
        case .plain: FeedNames.plain
        case .dublinCore: FeedNames.dublinCore
        case .dublinCoreTerms: FeedNames.dublinCoreTerms
        case .content: FeedNames.content
        case .media: FeedNames.media
        case .itunes: FeedNames.itunes
        case .syndication: FeedNames.syndication
        case .xhtml: FeedNames.xhtml
        case .rdf: FeedNames.rdf
        case .soap: FeedNames.soap
        case .news: FeedNames.news
        case .sitemapImage: FeedNames.sitemapImage
        case .slash: FeedNames.slash
        case .commentAPI: FeedNames.commentAPI
        case .thread: FeedNames.thread
        case .license: FeedNames.license
        case .history: FeedNames.history
        case .other: FeedNames.unknown
        }
    }
}
