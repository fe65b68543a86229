// An English weekly on a blog engine of the usual kind: RSS 2.0 with `content:encoded`.

extension Newsroom {
    static let chronicle = NewsroomOutlet(
        key: "chronicle", host: "127.0.0.4", name: "The Eldenmouth Chronicle", language: "en",
        feedPath: "/feed/",
        lesson: """
            A competitor's article with a new headline and a few changed words is a \
            near-duplicate; \
            the same recall told in its own words joins a story instead.
            """,
        articles: [
            recallAtHome, ferry, birdCount, tallowAgain,
        ],
        feed: { entries in
            NewsroomPage(
                path: "/feed/", contentType: "text/xml; charset=UTF-8",
                body: rss20(
                    NewsroomChannel(
                        title: "The Eldenmouth Chronicle", language: "en-GB", path: "/feed/",
                        description: "Your weekly, every day"),
                    entries, content: { feedHTML($0) }))
        },
        layOut: { layOutChronicle($0) })

    /// The full text with the line that the engine puts under every entry.
    private static func feedHTML(_ article: NewsroomArticle) -> String {
        htmlParagraphs(article.paragraphs) + """

            <p>The post <a href="\(article.link)">\(escaped(article.title))</a> appeared first on
            <a href="{{BASE}}">The Eldenmouth Chronicle</a>.</p>
            """
    }

    private static let recallAtHome = NewsroomArticle(
        path: "/2026/11/battery-fires-norvane-workers/",
        title: "Battery fires: at the Norvane plant, welders say they warned of line three",
        author: "Posy Garrick", age: "4h", section: "Town",
        summary: "Workers in Eldenmouth speak after the recall of 38,000 Pallas batteries.",
        text: """
            Three welders at the Norvane Systems works on Harbour Road say that they reported
            trouble on line three as early as spring, months before garages began to burn and
            the company called back 38,000 Pallas batteries.

            "The head was leaving a grey edge. You could see it if you tilted the module to
            the window," said one, who has worked there since the plant opened and asked not
            to be named. He wrote it in the shift book, he said, on four occasions. The
            Chronicle has seen photographs of two of those pages.

            Norvane employs 640 people in Eldenmouth, more than the port. On Monday chief
            executive Imre Castell spoke to them from a forklift in the yard. There would be
            no redundancies before the summer, he promised, and line three would be scrapped
            rather than mended. Some applauded. Many had already read the notice from the
            Office for Product Safety on their telephones.

            The eleven fires include one in Quay Street, where the Adeyemi family lost a
            workshop and two boats under repair. "They sent us flowers," said Folake Adeyemi.
            Her insurer is waiting for the official report.

            The union wants the shift books handed to the investigators before anyone tidies
            up. A spokeswoman for Norvane said that all records had been secured and that the
            company would not comment on them.

            Residents who own a battery with a number that begins with PL7 can bring questions
            to the library on Wednesday from four o'clock.
            """,
        expectation: .story(with: "circuit:/2026/norvane-pallas-recall"))

    private static let ferry = NewsroomArticle(
        path: "/2026/11/quarrow-ferry-winter-timetable/",
        title: "Quarrow ferry keeps its late boat after islanders count the passengers",
        author: "Lorcan Whitby", age: "16h", section: "Transport",
        summary: "The company's figures left out everyone with a return ticket.",
        text: ferryText, expectation: .new)

    static let ferryText = """
        The last boat from Eldenmouth to Quarrow will go on leaving at twenty past nine this
        winter. The ferry company withdrew its plan to end the day at six after islanders
        stood on the pier for three weeks and counted.

        According to the company, the late boat carried an average of seven people. According
        to the count, kept in a school exercise book by eleven volunteers in turn, it carried
        thirty-one. Both figures were right. The company had counted the tickets sold on
        board, and nearly everyone who travels late comes home on the second half of a return.

        "They were closing the boat because it was full of people who had already paid," said
        Hester Maddock, who keeps the shop at the pier and organised the count. She presented
        the book to the board last Thursday with a pot of jam on top of it.

        The timetable that takes effect on the first of December has one change. On Tuesdays
        the late boat will wait for the orchestra rehearsal, which ends at nine and has never
        once ended on time. Fares rise by 3 percent, for the first time in four years.

        The company says that it will buy machines that read returns. The islanders say that
        they will keep the book.
        """

    private static let birdCount = NewsroomArticle(
        path: "/2026/11/bird-count-saltings/",
        title: "Volunteers find 14,200 knots on the saltings, and one very lost duck",
        author: "Wilmot Hale", age: "2d", section: "Nature",
        summary: "The winter count is the highest since the sluice was opened.",
        text: """
            It took forty-four people, nineteen telescopes and a sandwich van to count the
            birds of the Eldenmouth saltings on Sunday. By dusk they had written down 14,200
            knots, 3,900 dunlins and 611 curlews, the best winter figures since the old sluice
            was opened and the sea let back in nine years ago.

            "You do not count them, you weigh them by eye," explained Gwenda Sarkis, who has
            led the count for two decades. A flock is divided in the mind into blocks of a
            hundred. Two people do it separately and must agree within a tenth; otherwise both
            start again. On Sunday that happened six times, mostly to beginners and once to
            her.

            The return of the knots is put down to a small pink clam, which needs mud that
            floods twice a day. Before the sluice was opened, there were none. A survey in
            September found up to nine hundred of them to the square metre in the lowest
            creek.

            Not everything prospers. Redshanks are down by a fifth, and nobody is sure why.
            The society suspects dogs on the eastern wall and will ask the council to close
            the path for six weeks in spring.

            The surprise of the day was a harlequin duck, a bird of torrents and cold coasts
            two thousand miles to the north. It was asleep on the paddling pool behind the
            lifeboat station, and it was still there on Monday morning, admired by about two
            hundred people in scarves.
            """,
        expectation: .new)

    private static let tallowAgain = NewsroomArticle(
        path: "/2026/11/town-hall-mail-server-tallow/",
        title: "The mail server in your town hall has just lost a third of its code",
        author: "Chronicle Digital Desk", age: "50m", section: "Technology",
        summary: "Tallow 4.0 does away with plug-ins. Its users will hardly notice.",
        text: edited(
            tallowText,
            [
                ("surprising number of town halls", "remarkable number of town halls"),
                ("by growing smaller", "by becoming smaller"),
                ("Every bad night", "Every terrible night"),
                ("fits on two printed pages", "fits on two sheets of paper"),
                ("The price is speed.", "All this comes at a price, and the price is speed."),
                ("the honest answer is nothing at all", "the honest answer is that nothing does"),
            ]),
        fromRound: 2, expectation: .nearDuplicate(of: "circuit:/2026/tallow-4-released"))
}

private func layOutChronicle(_ article: NewsroomArticle) -> NewsroomPage {
    let paragraphs = article.paragraphs.map { paragraph in
        paragraph.hasPrefix("## ")
            ? "<h2 class=\"wp-block-heading\">\(escaped(String(paragraph.dropFirst(3))))</h2>"
            : "<p class=\"wp-block-paragraph\">\(escaped(paragraph))</p>"
    }
    return NewsroomPage(
        path: article.pagePath, contentType: "text/html; charset=UTF-8",
        body: """
            <!DOCTYPE html>
            <html lang="en-GB">
            <head>
            <meta charset="UTF-8">
            <title>\(escaped(article.title)) &#8211; The Eldenmouth Chronicle</title>
            <link rel="canonical" href="{{BASE}}\(article.pagePath)" />
            <meta property="og:locale" content="en_GB" />
            <meta property="og:type" content="article" />
            <meta property="og:title" content="\(escaped(article.title))" />
            <meta property="article:published_time" content="{{AGO3339:\(article.age)}}" />
            <meta name="generator" content="a weblog engine" />
            </head>
            <body class="post-template-default single single-post postid-4711">
            <div id="page" class="site">
            <header id="masthead" class="site-header"><p class="site-title"><a href="{{BASE}}/">The
            Eldenmouth Chronicle</a></p><nav id="site-navigation" class="main-navigation"><ul
            id="primary-menu"><li class="menu-item"><a href="{{BASE}}/town/">Town</a></li><li
            class="menu-item"><a href="{{BASE}}/nature/">Nature</a></li><li class="menu-item"><a
            href="{{BASE}}/letters/">Letters</a></li></ul></nav></header>
            <div id="content" class="site-content"><main id="main" class="site-main">
            <article id="post-4711" class="post type-post status-publish format-standard hentry">
            <header class="entry-header"><h1 class="entry-title">\(escaped(article.title))</h1>
            <div class="entry-meta"><span class="posted-on"><time class="entry-date published"
            datetime="{{AGO3339:\(article.age)}}">{{AGOEN:\(article.age)}}</time></span>
            <span class="byline">by <span class="author vcard">\(escaped(article.author))</span>
            </span></div>
            </header>
            <div class="entry-content">
            \(paragraphs.joined(separator: "\n\n"))
            <div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul>
            <li class="share-mail"><a href="#">Email</a></li><li class="share-print"><a
            href="#">Print</a></li></ul></div>
            <div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3><p><a
            href="{{BASE}}/2026/11/bird-count-saltings/">Volunteers find 14,200 knots</a></p></div>
            </div><!-- .entry-content -->
            <footer class="entry-footer"><span class="cat-links">Posted in
            \(escaped(article.section))</span></footer>
            </article>
            <nav class="navigation post-navigation"><div class="nav-links"><a rel="prev"
            href="{{BASE}}/2026/11/quarrow-ferry-winter-timetable/">Previous post</a></div></nav>
            <div id="comments" class="comments-area"><h2 class="comments-title">One thought on
            &#8220;\(escaped(article.title))&#8221;</h2><ol class="comment-list">
            <li class="comment"><p>My grandmother would have had something to say about this.</p>
            </li></ol><div id="respond" class="comment-respond"><h3>Leave a Reply</h3></div></div>
            </main></div>
            <aside id="secondary" class="widget-area">
            <section class="widget widget_search"><form><input type="search"
            placeholder="Search"></form></section>
            <section class="widget"><h2>Recent Posts</h2><ul><li><a
            href="{{BASE}}/2026/11/battery-fires-norvane-workers/">Battery fires</a></li></ul>
            </section></aside>
            <footer id="colophon" class="site-footer"><div class="site-info">Proudly printed in
            Eldenmouth. <a href="{{BASE}}/privacy-policy/">Privacy Policy</a></div></footer>
            </div>
            </body>
            </html>

            """)
}
