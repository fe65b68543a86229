/// Writes one article's page as newspapers have them, of about 150 kB `times` so many: an article
/// between menus, teasers, scripts, styles and comments. The same arguments give the same bytes.
func generatedPage(times: Int = 1) -> [UInt8] {
    var prose = Prose(seed: Bench.seed)
    let subject = prose.subject()
    let title = prose.headline(about: subject)
    let parts = [
        head(title: title, subject, times: times),
        "<body class=\"article-page\">\n",
        menu("header", links: 80 * times, &prose),
        "<main><div class=\"layout\"><div class=\"column\"><article itemscope>\n",
        "<h1 itemprop=\"headline\">\(title)</h1>\n",
        "<p class=\"byline\">By <a rel=\"author\" href=\"/a\">\(subject.names[0])</a>,",
        " <time datetime=\"2026-11-22T08:30:00Z\">22 November 2026</time></p>\n",
        articleBody(paragraphs: 80 * times, subject, &prose),
        "</article></div>\n",
        teasers(70 * times, &prose),
        "</div></main>\n",
        comments(25 * times, &prose),
        menu("footer", links: 60 * times, &prose),
        "</body>\n</html>\n",
    ]
    return Array(parts.joined().utf8)
}

private func head(title: String, _ subject: Prose.Subject, times: Int) -> String {
    let rule = ".card__title:hover > a { color: #123456; margin: 0 auto; padding: .5em 1em }\n"
    let statement =
        "window.queue = window.queue || []; queue.push({\"slot\": \"<div>top</div>\"});\n"
    return """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>\(title) | The Example Courier</title>
        <link rel="canonical" href="https://courier.example/2026/11/22/what-happened">
        <meta property="og:title" content="\(title)"><meta property="og:type" content="article">
        <script type="application/ld+json">{"@context":"https://schema.org",
        "@type":"NewsArticle","headline":"\(title)","datePublished":"2026-11-22T08:30:00Z",
        "author":{"@type":"Person","name":"\(subject.names[0])"}}</script>
        <style>\(String(repeating: rule, count: 120 * times))</style>
        <script>\(String(repeating: statement, count: 150 * times))</script></head>

        """
}

private func menu(_ element: String, links: Int, _ prose: inout Prose) -> String {
    let subject = prose.subject()
    let items = (0..<links).map { number in
        "<li class=\"menu__item\"><a class=\"menu__link\" href=\"/section/\(number)\" "
            + "data-track=\"menu-\(number)\">\(subject.words[number % 8])</a></li>\n"
    }
    return "<\(element)><nav><ul class=\"menu\">\n\(items.joined())</ul></nav></\(element)>\n"
}

private func articleBody(
    paragraphs count: Int, _ subject: Prose.Subject, _ prose: inout Prose
) -> String {
    (0..<count).map { number in
        let text = prose.paragraph(words: 70, about: subject)
        let paragraph =
            "<p>\(text) <a href=\"/topic/\(number)\">\(subject.words[0])</a>&nbsp;&ndash; "
            + "<strong>\(subject.names[1])</strong> &amp; others.</p>\n"
        switch number % 12 {
        case 5: return paragraph + "<h2>\(prose.headline(about: subject))</h2>\n"
        case 8:
            return paragraph + "<figure><img src=\"/i/\(number).jpg\" alt=\"\"><figcaption>"
                + "Photo: \(subject.names[2])</figcaption></figure>\n"
        case 11:
            return paragraph + "<aside class=\"ad-slot\"><div id=\"ad-\(number)\"></div></aside>\n"
        default: return paragraph
        }
    }.joined()
}

private func teasers(_ count: Int, _ prose: inout Prose) -> String {
    let cards = (0..<count).map { number in
        let subject = prose.subject()
        return """
            <div class="card"><div class="card__media"><a href="/2026/\(number)"><picture>
            <source srcset="/t/\(number)-1x.webp 1x, /t/\(number)-2x.webp 2x" type="image/webp">
            <img loading="lazy" src="/t/\(number).jpg" alt=""></picture></a></div>
            <h3 class="card__title">
            <a href="/2026/\(number)">\(prose.headline(about: subject))</a></h3>
            <p class="card__text">\(prose.paragraph(words: 12, about: subject))</p></div>

            """
    }
    return "<aside class=\"related\"><h2>Read also</h2>\n\(cards.joined())</aside>\n"
}

private func comments(_ count: Int, _ prose: inout Prose) -> String {
    let comments = (0..<count).map { number in
        let subject = prose.subject()
        return "<li class=\"comment\"><b>\(subject.names[0])</b> <span>\(number) min ago</span>"
            + "<p>\(prose.paragraph(words: 30, about: subject))</p></li>\n"
    }
    return "<section id=\"comments\"><ol>\n\(comments.joined())</ol></section>\n"
}
