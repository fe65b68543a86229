internal import News

/// The press of an invented coast, by which `tamis demo` shows what Tamis does without asking
/// anything of the Internet: outlets, places, firms and people exist nowhere else.
///
/// Every outlet is a site of its own: it has its own loopback address, all on one port. Time is
/// counted in rounds: the originals stand in the feeds from round 1 on, most copies and one
/// correction from round 2 on, and a feed that has nothing more to say then answers 304. What each
/// entry should become stands beside its text, as an `Expectation`.
///
/// Texts hold placeholders, filled in by `answer`:
///
/// | placeholder | becomes |
/// |---|---|
/// | `{{BASE}}` | the base URL of the outlet that is asked, without a final slash |
/// | `{{BASE:fanal}}` | the base URL of the outlet with that key |
/// | `{{AGO3339:3h}}` | the time three hours before `now`, as RFC 3339 (also `m` and `d`) |
/// | `{{AGO822:3h}}` | the same as RSS 2.0 wants it |
/// | `{{AGOFR:3h}}`, `{{AGOEN:3h}}` | the same for French and English readers |
enum Newsroom {
    /// In the order in which a demo should add their feeds: who is copied comes before who copies.
    static let outlets: [NewsroomOutlet] = [
        fanal, plainCircuit, echo, chronicle, quayAndQuarry, gazette, vigie, radioBrume,
    ]

    /// The outlet with that key.
    static func outlet(_ key: String) -> NewsroomOutlet? {
        outlets.first { $0.key == key }
    }

    /// What `tamis demo` should have decided once round `round` is over, in feed order.
    static func expectations(
        at round: Int
    ) -> [(outlet: NewsroomOutlet, article: NewsroomArticle)] {
        outlets.flatMap { outlet in
            outlet.articles.filter { $0.fromRound == round }.map { (outlet, $0) }
        }
    }

    /// The address of an outlet's feed.
    static func feedURL(of outlet: NewsroomOutlet, port: Int) -> String {
        baseURL(of: outlet, port: port) + outlet.feedPath
    }

    static func baseURL(of outlet: NewsroomOutlet, port: Int) -> String {
        "http://\(outlet.host):\(port)"
    }

    /// What the newsroom says to one request; nil when no outlet lives at `host`.
    ///
    /// - `path`: the request target; its query is passed over, as most sites do.
    /// - `host`: the `Host` field, with or without a port.
    /// - `round`: how often the feeds have been polled, this time included: 1, 2, …
    /// - `now`: when the newsroom opened. Give the same for a whole run, so that a time on a page
    ///   does not move from one round to the next.
    /// - `ifNoneMatch`: that field of the request, for a 304.
    static func answer(
        to path: String, host: String, round: Int, now: Instant, port: Int, ifNoneMatch: String?
    ) -> NewsroomAnswer? {
        let name = host.prefix { $0 != ":" }
        guard let outlet = outlets.first(where: { $0.host == name }) else { return nil }
        let place = String(path.prefix { $0 != "?" && $0 != "#" })
        let page = outlet.page(at: place, round: round) ?? outlet.notFound(place)
        var headers = [("Content-Type", page.contentType)]
        if let tag = page.entityTag {
            headers.append(("ETag", tag))
            if ifNoneMatch == tag {
                return NewsroomAnswer(status: 304, headers: headers, body: [])
            }
        }
        let text = filled(page.body, of: outlet, now: now, port: port)
        return NewsroomAnswer(status: page.status, headers: headers, body: page.charset.bytes(text))
    }
}

/// One HTTP answer, without the fields that a server adds by itself (`Date`, `Content-Length`).
struct NewsroomAnswer: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    init(status: Int, headers: [(String, String)], body: [UInt8]) {
        self.status = status
        self.headers = headers.map { (name: $0.0, value: $0.1) }
        self.body = body
    }
}

/// What an entry should become.
enum Expectation: Hashable, Sendable {
    /// Held nowhere else.
    case new
    /// New in its words, about the event of another article. Articles are named `outlet:path`,
    /// seeds `seed:name`.
    case story(with: String)
    case duplicate(of: String)
    case nearDuplicate(of: String)
    case revision(of: String)
    case excerpt(of: String)
    /// No article, and why.
    case rejected(String)
    /// Not read at all: it stands behind the point where its feed is damaged.
    case lost

    /// The kind of verdict; nil where there is none.
    var kind: Verdict.Kind? {
        switch self {
        case .new, .story: .new
        case .duplicate: .duplicate
        case .nearDuplicate: .nearDuplicate
        case .revision: .revision
        case .excerpt: .excerpt
        case .rejected, .lost: nil
        }
    }

    /// The document that it is a copy of or tells the story of, as `outlet:path` or `seed:name`.
    var other: String? {
        switch self {
        case .story(let other), .duplicate(let other), .nearDuplicate(let other),
            .revision(let other), .excerpt(let other):
            other
        case .new, .rejected, .lost: nil
        }
    }
}

/// One outlet: its feed, its pages and its way of writing HTML.
struct NewsroomOutlet: Sendable {
    /// Its name in placeholders and expectations; fit for a feed id.
    var key: String
    /// A loopback address of its own.
    var host: String
    var name: String
    /// BCP 47.
    var language: String
    var feedPath: String
    /// What a visitor of the demo can learn from it, in one sentence.
    var lesson: String
    /// In feed order. A later version of an entry has the same `entryID` and a later round.
    var articles: [NewsroomArticle] = []
    /// Pages that are not made from an article: consent walls, a home page.
    var extraPages: [NewsroomPage] = []
    /// The feed document that lists these entries.
    var feed: @Sendable ([NewsroomArticle]) -> NewsroomPage
    /// The page of an article.
    var layOut: @Sendable (NewsroomArticle) -> NewsroomPage

    /// The entries that stand in the feed at `round`, each in its latest version.
    func entries(at round: Int) -> [NewsroomArticle] {
        let visible = articles.filter { $0.fromRound <= round }
        return visible.filter { article in
            !visible.contains {
                $0.entryID == article.entryID && $0.fromRound > article.fromRound
            }
        }
    }

    /// What stands at `path` in `round`; nil when nothing does.
    func page(at path: String, round: Int) -> NewsroomPage? {
        if path == feedPath { return feed(entries(at: round)) }
        if path == "/robots.txt" { return robots }
        if let page = extraPages.first(where: { $0.path == path }) { return page }
        return articles.filter { $0.pagePath == path && $0.fromRound <= round && !$0.text.isEmpty }
            .max { $0.fromRound < $1.fromRound }
            .map(layOut)
    }

    private var robots: NewsroomPage {
        NewsroomPage(
            path: "/robots.txt", contentType: "text/plain; charset=utf-8",
            body: """
                User-agent: *
                Disallow: /admin/

                """)
    }

    fileprivate func notFound(_ path: String) -> NewsroomPage {
        let sentence =
            language.hasPrefix("fr")
            ? "Cette page n’existe pas ou n’existe plus."
            : "There is no such page here, or there is no longer."
        return NewsroomPage(
            path: path, contentType: "text/html; charset=utf-8",
            body: """
                <!DOCTYPE html>
                <html lang="\(language)"><head><title>404 – \(escaped(name))</title></head>
                <body><h1>404</h1><p>\(sentence)</p><p><a href="{{BASE}}/">\(escaped(name))</a></p>
                </body></html>

                """,
            status: 404)
    }
}

/// One article as its outlet writes it.
struct NewsroomArticle: Sendable {
    /// Where its page stands; with a query where its feed gives the address with one.
    var path: String
    var title: String
    var author: String
    /// How long before the opening it was published: `40m`, `3h`, `2d`.
    var age: String
    /// How long before the opening it was changed.
    var updatedAge: String?
    var section: String
    /// What the feed says of it; empty when the feed gives a title alone.
    var summary: String
    /// Paragraphs parted by blank lines; one that starts with `## ` is a heading. Empty when the
    /// outlet has no page with the article.
    var text: String
    /// The round from which on it stands in the feed.
    var fromRound = 1
    /// The site whose page the entry links to, when that is another outlet.
    var linksTo: String?
    var expectation: Expectation

    /// The entry's identity in its feed.
    var entryID: String { (linksTo ?? "") + pagePath }

    /// The path without its query.
    var pagePath: String { String(path.prefix { $0 != "?" }) }

    /// The address that the feed gives, with a placeholder for the base.
    var link: String { (linksTo.map { "{{BASE:\($0)}}" } ?? "{{BASE}}") + path }

    var paragraphs: [String] { paragraphsOf(text) }
}

/// One answer before its placeholders are filled in.
struct NewsroomPage: Sendable {
    var path: String
    var contentType: String
    var body: String
    var charset = NewsroomCharset.utf8
    var status = 200
    /// Whether the outlet's server sends an `ETag`; some never do.
    var isTagged = true

    /// Made from the text before its placeholders are filled in: it changes when the page does.
    var entityTag: String? {
        guard isTagged, status == 200 else { return nil }
        return "\"" + Digest(kind: "newsroom", contentType, body).hexadecimal.prefix(16) + "\""
    }
}
