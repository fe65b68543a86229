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
    /// What scientific journals say of their articles.
    case prism
    case other

    /// nil when the address is none that is known.
    init?(address: ArraySlice<UInt8>) {
        switch Self.normalised(address) {
        case "w3.org/2005/atom", "purl.org/atom/ns", "purl.org/rss/1.0",
            "my.netscape.com/rdf/simple/0.9", "channel.netscape.com/rdf/simple/0.9",
            "backend.userland.com/rss2", "backend.userland.com/rss",
            "blogs.law.harvard.edu/tech/rss", "cyber.law.harvard.edu/rss/rss.html",
            "sitemaps.org/schemas/sitemap/0.9", "google.com/schemas/sitemap/0.84":
            self = .plain
        case "purl.org/dc/elements/1.1", "purl.org/dc/elements/1.0": self = .dublinCore
        case "purl.org/dc/terms": self = .dublinCoreTerms
        case "purl.org/rss/1.0/modules/content": self = .content
        case "search.yahoo.com/mrss", "video.search.yahoo.com/mrss", "search.yahoo.com/rss",
            "tools.search.yahoo.com/mrss":
            self = .media
        case "itunes.com/dtds/podcast-1.0.dtd", "itunes.com/dtds/podcast-1.0",
            "google.com/schemas/play-podcasts/1.0":
            self = .itunes
        case "purl.org/rss/1.0/modules/syndication": self = .syndication
        case "w3.org/1999/xhtml": self = .xhtml
        case "google.com/schemas/sitemap-news/0.9": self = .news
        case "google.com/schemas/sitemap-image/1.1": self = .sitemapImage
        case "w3.org/1999/02/22-rdf-syntax-ns": self = .rdf
        case "schemas.xmlsoap.org/soap/envelope", "w3.org/2003/05/soap-envelope": self = .soap
        case "purl.org/rss/1.0/modules/slash": self = .slash
        case "wellformedweb.org/commentapi": self = .commentAPI
        case "purl.org/syndication/thread/1.0": self = .thread
        case "backend.userland.com/creativecommonsrssmodule",
            "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html", "web.resource.org/cc",
            "creativecommons.org/ns":
            self = .license
        case "purl.org/syndication/history/1.0": self = .history
        // Its version stands here or there.
        case let other where other.hasPrefix("prismstandard.org/namespaces"): self = .prism
        default: return nil
        }
    }

    /// What a prefix that is not declared is likely to mean.
    init(prefix: ArraySlice<UInt8>) {
        switch String(decoding: prefix, as: UTF8.self) {
        case "", "atom", "atom10", "a10", "rss": self = .plain
        case "dc": self = .dublinCore
        case "dcterms": self = .dublinCoreTerms
        case "content": self = .content
        case "media": self = .media
        case "itunes", "googleplay": self = .itunes
        case "sy": self = .syndication
        case "xhtml": self = .xhtml
        case "news": self = .news
        case "rdf": self = .rdf
        case "soap", "soapenv": self = .soap
        case "slash": self = .slash
        case "wfw": self = .commentAPI
        case "thr": self = .thread
        case "creativecommons", "cc": self = .license
        case "fh": self = .history
        case "prism": self = .prism
        default: self = .other
        }
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
        case .prism: FeedNames.prism
        case .other: FeedNames.unknown
        }
    }
}
