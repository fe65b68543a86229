/// A document made to cost more than it should, in any size: one piece again and again.
struct HostileShape: Sendable {
    enum Reader: Sendable { case feed, page }

    let name: String
    let reader: Reader
    let start: String
    let piece: @Sendable (Int) -> String
    let end: String

    private init(
        _ name: String, _ reader: Reader, _ start: String,
        _ piece: @escaping @Sendable (Int) -> String, _ end: String = ""
    ) {
        self.name = name
        self.reader = reader
        self.start = start
        self.piece = piece
        self.end = end
    }

    private init(
        _ name: String, _ reader: Reader, _ start: String, _ piece: String, _ end: String = ""
    ) {
        self.init(name, reader, start, { _ in piece }, end)
    }

    /// Its bytes, at least so many.
    func document(bytes count: Int) -> [UInt8] {
        var bytes = Array(start.utf8)
        bytes.reserveCapacity(count + 1000)
        var number = 0
        while bytes.count < count {
            bytes.append(contentsOf: piece(number).utf8)
            number += 1
        }
        return bytes + Array(end.utf8)
    }

    /// Its bytes, with so many pieces.
    func document(pieces count: Int) -> [UInt8] {
        var bytes = Array(start.utf8)
        for number in 0..<count { bytes.append(contentsOf: piece(number).utf8) }
        return bytes + Array(end.utf8)
    }

    static let all = entities + structures + texts + json + pages
}

private let rss = "<rss version=\"2.0\"><channel>"
private let item = "<rss version=\"2.0\"><channel><item><title>T</title><description>"

extension HostileShape {
    /// Entities that would grow, recurse or lead out of the document.
    private static let entities = [
        HostileShape(
            "entity-of-entities", .feed, "<!DOCTYPE rss [<!ENTITY a0 'ha'>",
            { "<!ENTITY a\($0 + 1) '&a\($0);&a\($0);&a\($0);&a\($0);'>" }, "]>\(item)&a9;"),
        HostileShape(
            "one-large-entity", .feed,
            "<!DOCTYPE rss [<!ENTITY a '\(String(repeating: "x", count: 10_000))'>]>\(item)",
            "&a;"),
        HostileShape(
            "entities-of-files", .feed, "<!DOCTYPE rss [",
            { "<!ENTITY e\($0) SYSTEM 'file:///etc/passwd'>" }, "]>\(item)&e1;"),
        HostileShape("open-doctype", .feed, "<!DOCTYPE rss [", "<!ELEMENT a (b|c)> '\" "),
        HostileShape("unknown-references", .feed, item, "&nothing; & &#xFFFFFFFFFF;"),
        HostileShape("long-references", .feed, item, "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    ]

    /// Tags without measure.
    private static let structures = [
        HostileShape("deep", .feed, rss, "<a>"),
        HostileShape("deep-items", .feed, rss, "<item>"),
        HostileShape("deep-names", .feed, rss, { "<n\($0)>" }),
        HostileShape("attributes", .feed, "<rss ", { "a\($0)='x' " }, "/>"),
        HostileShape("same-attributes", .feed, "<rss ", "a='x' ", "/>"),
        HostileShape("namespaces", .feed, "<rss ", { "xmlns:n\($0)='u\($0)' " }, "/>"),
        HostileShape("namespaces-deep", .feed, rss, { "<a xmlns:n\($0)='u\($0)'>" }),
        HostileShape("long-attribute", .feed, "<rss a='", "xxxxxxxxxxxxxxxx", "'/>"),
        HostileShape("open-attribute", .feed, rss, "<a b='"),
        HostileShape("open-tags", .feed, rss, "<a "),
        HostileShape("end-tags", .feed, rss, "</b>"),
        HostileShape("crossed-tags", .feed, rss, { $0 % 2 == 0 ? "<a><b>" : "</a></b>" }),
        HostileShape("open-comments", .feed, item, "<!-- "),
        HostileShape("comment-ends", .feed, "\(rss)<!--", "- -- >-", "--><item/>"),
        HostileShape("open-cdata", .feed, item, "<![CDATA[ ]] "),
        HostileShape("cdata", .feed, item, "<![CDATA[x]]>"),
        HostileShape("instructions", .feed, item, "<?x "),
        HostileShape("bases", .feed, rss, "<a xml:base='x/'>"),
        HostileShape("entries", .feed, rss, "<item><guid>1</guid></item>"),
        HostileShape("categories", .feed, "\(rss)<item>", { "<category>\($0)</category>" }),
        HostileShape("open-titles", .feed, "\(rss)<item>", "<title>"),
    ]

    /// Texts without measure.
    private static let texts = [
        HostileShape("text", .feed, item, "x "),
        HostileShape("title-text", .feed, "\(rss)<item><title>", "x "),
        HostileShape("bare-less-than", .feed, item, "a < b "),
        HostileShape("escaped-tags", .feed, item, "&lt;b&gt;&lt;"),
        HostileShape("escaped-open-tags", .feed, item, "&lt;a href=&quot;"),
        HostileShape("control-characters", .feed, item, "\u{1}\u{0}\u{85}&#0;"),
        HostileShape("mail-addresses", .feed, "\(rss)<item><author>", "a@"),
        HostileShape("parentheses", .feed, "\(rss)<item><pubDate>", "("),
        HostileShape("spaces-before", .feed, "", " \n"),
        HostileShape("junk-before", .feed, "", "junk < & "),
        HostileShape("declarations", .feed, "", "<?xml version='1.0'?>"),
    ]

    private static let json = [
        HostileShape("json-arrays", .feed, "{\"version\":\"jsonfeed.org\",\"a\":", "["),
        HostileShape("json-objects", .feed, "", "{\"a\":"),
        HostileShape(
            "json-string", .feed, "{\"version\":\"jsonfeed.org\",\"title\":\"", "x\\n", "\"}"),
        HostileShape(
            "json-escapes", .feed, "{\"version\":\"jsonfeed.org\",\"title\":\"", "\\ud83d", "\"}"),
        HostileShape(
            "json-items", .feed, "{\"version\":\"jsonfeed.org\",\"items\":[{}", ",{\"id\":1}",
            "]}"),
        HostileShape(
            "json-numbers", .feed, "{\"version\":\"jsonfeed.org\",\"items\":[1", ",1e999", "]}"),
    ]

    private static let pages = [
        HostileShape("page-deep", .page, "<!DOCTYPE html><body>", "<div>"),
        HostileShape("page-deep-inline", .page, "<!DOCTYPE html><body>", "<b><i>"),
        HostileShape("page-crossed", .page, "<!DOCTYPE html><body>", "<a><b><p></a></b>"),
        HostileShape("page-attributes", .page, "<!DOCTYPE html><p ", { "a\($0)=x " }, ">x"),
        HostileShape("page-text", .page, "<!DOCTYPE html><p>", "words and words, "),
        HostileShape("page-paragraphs", .page, "<!DOCTYPE html>", "<p>Some words stand here."),
        HostileShape("page-script", .page, "<!DOCTYPE html><script>", "<!--<script>"),
        HostileShape("page-links", .page, "<!DOCTYPE html><body>", { "<a href=/\($0)>x</a> " }),
        HostileShape("page-tables", .page, "<!DOCTYPE html><body>", "<table><tr><td>x"),
        HostileShape("page-selects", .page, "<!DOCTYPE html><body>", "<select><option>x"),
        HostileShape("page-end-tags", .page, "<!DOCTYPE html><body>", "</p></b>"),
        HostileShape(
            "page-json-ld", .page, "<!DOCTYPE html><script type=application/ld+json>", "[{\"a\":"),
        HostileShape("page-metas", .page, "<!DOCTYPE html>", { "<meta name=m\($0) content=c>" }),
        HostileShape("page-mail-addresses", .page, "<!DOCTYPE html><p>By ", "a@a.a "),
        HostileShape("page-dates", .page, "<!DOCTYPE html><p>", "26 November 2026 "),
        HostileShape("page-quotes", .page, "<!DOCTYPE html><p title=\"", "' > "),
    ]

    /// What must take less than half a second of CPU time, or be refused at a limit.
    static let large: [(name: String, document: @Sendable () -> [UInt8])] = [
        (
            "100000-attributes",
            { HostileShape("", .feed, "<rss ", { "a\($0)='x' " }, "/>").document(pieces: 100_000) }
        ),
        (
            "300000-open-tags",
            { HostileShape("", .feed, rss, "<a>").document(pieces: 300_000) }
        ),
        (
            "200000-entries",
            {
                HostileShape("", .feed, rss, { "<item><guid>\($0)</guid></item>" })
                    .document(pieces: 200_000)
            }
        ),
        (
            "50-mb-comment",
            {
                HostileShape("", .feed, "\(rss)<!-- ", "0123456789abcdef", "--><item/>")
                    .document(bytes: 50_000_000)
            }
        ),
    ]
}
