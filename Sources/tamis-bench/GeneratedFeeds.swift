/// Feed documents of the three families, in two shapes each: few entries with their full text, and
/// many with little but tags.
enum FeedShape: String, CaseIterable {
    case textHeavy = "text"
    case tagHeavy = "tags"

    var entriesCount: Int { self == .textHeavy ? 60 : 150 }
    var wordsEach: Int { self == .textHeavy ? 400 : 18 }
    var labelsEach: Int { self == .textHeavy ? 2 : 12 }
}

enum FeedFamily: String, CaseIterable {
    case rss, atom
    case jsonFeed = "json"
}

/// Writes one feed document. The same arguments give the same bytes.
func generatedFeed(_ family: FeedFamily, _ shape: FeedShape, times: Int = 1) -> [UInt8] {
    var prose = Prose(seed: Bench.seed)
    let entries = (0..<(shape.entriesCount * times)).map { number in
        FeedEntryText(number: number, shape: shape, &prose)
    }
    let items = entries.map { entry in
        switch family {
        case .rss: entry.rss
        case .atom: entry.atom
        case .jsonFeed: entry.json
        }
    }
    let text =
        switch family {
        case .rss: rssStart + items.joined() + "</channel>\n</rss>\n"
        case .atom: atomStart + items.joined() + "</feed>\n"
        case .jsonFeed: jsonStart + items.joined(separator: ",\n") + "\n]}\n"
        }
    return Array(text.utf8)
}

private let rssStart = """
    <?xml version="1.0" encoding="UTF-8"?>
    <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
    <channel><title>The Example Courier</title><link>https://courier.example/</link>
    <description>All the news that can be invented</description><language>en</language>

    """

private let atomStart = """
    <?xml version="1.0" encoding="UTF-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Example Courier</title>
    <id>https://courier.example/</id><link href="https://courier.example/"/>
    <updated>2026-11-22T08:00:00Z</updated>

    """

private let jsonStart = """
    {"version":"https://jsonfeed.org/version/1.1","title":"The Example Courier",
    "home_page_url":"https://courier.example/","language":"en","items":[

    """

/// What one entry says, whatever the format.
private struct FeedEntryText {
    let link: String
    let title: String
    let authors: [String]
    let labels: [String]
    let html: String
    let day: Int

    init(number: Int, shape: FeedShape, _ prose: inout Prose) {
        let subject = prose.subject()
        link = "https://courier.example/2026/11/\(number)?utm_source=feed&amp;n=\(number)"
        title = prose.headline(about: subject)
        authors = subject.names
        labels = (0..<shape.labelsEach).map { subject.words[$0 % subject.words.count] + "-\($0)" }
        let paragraphs = prose.paragraphs(words: shape.wordsEach, about: subject)
        html = paragraphs.map { paragraph in
            "<p>\(paragraph) <a href=\"/about?x=1&amp;y=2\">More</a> &mdash; <em>d&eacute;j&agrave;"
                + "</em></p>"
        }.joined(separator: "\n")
        day = number % 28 + 1
    }

    private var date: String { "2026-11-\(day < 10 ? "0" : "")\(day)" }
    private var escapedHTML: String {
        html.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: String(character)
            }
        }.joined()
    }

    var rss: String {
        """
        <item><title>\(title)</title><link>\(link)</link><guid isPermaLink="false">\(link)</guid>
        <pubDate>\(day) Nov 2026 08:30:00 +0100</pubDate>
        \(authors.map { "<dc:creator>\($0)</dc:creator>" }.joined())
        \(labels.map { "<category domain=\"topic\">\($0)</category>" }.joined())
        \(labels.map { "<media:thumbnail url=\"/\($0).jpg\" width=\"9\" height=\"9\"/>" }.joined())
        <content:encoded><![CDATA[\(html)]]></content:encoded></item>

        """
    }

    var atom: String {
        """
        <entry><title>\(title)</title><id>\(link)</id><link rel="alternate" href="\(link)"/>
        <published>\(date)T08:30:00+01:00</published><updated>\(date)T09:00:00Z</updated>
        \(authors.map { "<author><name>\($0)</name></author>" }.joined())
        \(labels.map { "<category term=\"\($0)\" scheme=\"https://courier.example/\"/>" }.joined())
        \(labels.map { "<link rel=\"related\" href=\"/about/\($0)\"/>" }.joined())
        <content type="html">\(escapedHTML)</content></entry>

        """
    }

    var json: String {
        let text = html.map { character in
            switch character {
            case "\"": "\\\""
            case "\n": "\\n"
            case "/": "\\/"
            case "é": "\\u00e9"
            default: String(character)
            }
        }.joined()
        return """
            {"id":"\(link)","url":"\(link)","title":"\(title)",
            "date_published":"\(date)T08:30:00+01:00",
            "authors":[\(authors.map { "{\"name\":\"\($0)\"}" }.joined(separator: ","))],
            "tags":[\(labels.map { "\"\($0)\"" }.joined(separator: ","))],
            "_extra":[\(labels.map { "{\"\($0)\":{\"a\":[1,2e3]}}" }.joined(separator: ","))],
            "content_html":"\(text)"}
            """
    }
}
