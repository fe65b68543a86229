// The four feed formats that the newsroom's outlets write.

/// What a feed document says about its outlet.
struct NewsroomChannel: Sendable {
    var title: String
    var language: String
    var path: String
    var description: String
}

/// RSS 2.0. `content` gives an entry's full HTML, for the outlets that put it into their feed.
func rss20(
    _ channel: NewsroomChannel, _ entries: [NewsroomArticle],
    content: (NewsroomArticle) -> String? = { _ in nil }
) -> String {
    let items = entries.map { entry in
        let updated = entry.updatedAge.map {
            "\n<dcterms:modified>{{AGO3339:\($0)}}</dcterms:modified>"
        }
        let full = content(entry).map {
            "\n<content:encoded><![CDATA[\($0)]]></content:encoded>"
        }
        let summary =
            entry.summary.isEmpty ? "" : "\n<description>\(escaped(entry.summary))</description>"
        return """
            <item>
            <title>\(escaped(entry.title))</title>
            <link>\(escaped(entry.link))</link>
            <guid isPermaLink="false">\(escaped(channel.path + "#" + entry.entryID))</guid>
            <pubDate>{{AGO822:\(entry.age)}}</pubDate>\(updated ?? "")
            <dc:creator>\(escaped(entry.author))</dc:creator>
            <category>\(escaped(entry.section))</category>\(summary)\(full ?? "")
            </item>
            """
    }
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
          xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
          xmlns:content="http://purl.org/rss/1.0/modules/content/">
        <channel>
        <title>\(escaped(channel.title))</title>
        <link>{{BASE}}/</link>
        <description>\(escaped(channel.description))</description>
        <language>\(channel.language)</language>
        <atom:link href="{{BASE}}\(channel.path)" rel="self" type="application/rss+xml"/>
        \(items.joined(separator: "\n"))
        </channel>
        </rss>

        """
}

/// RSS 1.0 (RDF).
func rss10(_ channel: NewsroomChannel, _ entries: [NewsroomArticle]) -> String {
    let list = entries.map { "<rdf:li rdf:resource=\"\(escaped($0.link))\"/>" }
    let items = entries.map { entry in
        """
        <item rdf:about="\(escaped(entry.link))">
        <title>\(escaped(entry.title))</title>
        <link>\(escaped(entry.link))</link>
        <description>\(escaped(entry.summary))</description>
        <dc:date>{{AGO3339:\(entry.age)}}</dc:date>
        <dc:creator>\(escaped(entry.author))</dc:creator>
        <dc:subject>\(escaped(entry.section))</dc:subject>
        </item>
        """
    }
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
          xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <channel rdf:about="{{BASE}}\(channel.path)">
        <title>\(escaped(channel.title))</title>
        <link>{{BASE}}/</link>
        <description>\(escaped(channel.description))</description>
        <dc:language>\(channel.language)</dc:language>
        <items><rdf:Seq>
        \(list.joined(separator: "\n"))
        </rdf:Seq></items>
        </channel>
        \(items.joined(separator: "\n"))
        </rdf:RDF>

        """
}

/// Atom 1.0 (RFC 4287).
func atom10(
    _ channel: NewsroomChannel, _ entries: [NewsroomArticle],
    content: (NewsroomArticle) -> String? = { _ in nil }
) -> String {
    let items = entries.map { entry in
        let full = content(entry).map { "\n<content type=\"html\">\(escaped($0))</content>" }
        return """
            <entry>
            <id>tag:\(escaped(channel.title.filter(\.isLetter))).example,2026:\(entry.pagePath)</id>
            <title>\(escaped(entry.title))</title>
            <link rel="alternate" type="text/html" href="\(escaped(entry.link))"/>
            <published>{{AGO3339:\(entry.age)}}</published>
            <updated>{{AGO3339:\(entry.updatedAge ?? entry.age)}}</updated>
            <author><name>\(escaped(entry.author))</name></author>
            <category term="\(escaped(entry.section))"/>
            <summary>\(escaped(entry.summary))</summary>\(full ?? "")
            </entry>
            """
    }
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="\(channel.language)">
        <title>\(escaped(channel.title))</title>
        <subtitle>\(escaped(channel.description))</subtitle>
        <id>{{BASE}}\(channel.path)</id>
        <link rel="self" href="{{BASE}}\(channel.path)"/>
        <link rel="alternate" type="text/html" href="{{BASE}}/"/>
        <updated>{{AGO3339:\(entries.first?.age ?? "1d")}}</updated>
        \(items.joined(separator: "\n"))
        </feed>

        """
}

/// JSON Feed 1.1 (jsonfeed.org/version/1.1). `content` gives an entry's text, if the feed has it.
func jsonFeed11(
    _ channel: NewsroomChannel, _ entries: [NewsroomArticle],
    content: (NewsroomArticle) -> String? = { _ in nil }
) -> String {
    let items = entries.map { entry in
        let text = content(entry).map { ",\n   \"content_html\": \(jsonString($0))" }
        return """
              {"id": \(jsonString(entry.entryID)), "url": \(jsonString(entry.link)),
               "title": \(jsonString(entry.title)), "summary": \(jsonString(entry.summary)),
               "date_published": "{{AGO3339:\(entry.age)}}",
               "authors": [{"name": \(jsonString(entry.author))}],
               "tags": [\(jsonString(entry.section))]\(text ?? "")}
            """
    }
    return """
        {"version": "https://jsonfeed.org/version/1.1",
         "title": \(jsonString(channel.title)), "language": "\(channel.language)",
         "description": \(jsonString(channel.description)),
         "home_page_url": "{{BASE}}/", "feed_url": "{{BASE}}\(channel.path)",
         "items": [
        \(items.joined(separator: ",\n"))
         ]}

        """
}
