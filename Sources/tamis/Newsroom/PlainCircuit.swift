// An English technology site: Atom 1.0 with the full text of every entry in the feed.

extension Newsroom {
    static let plainCircuit = NewsroomOutlet(
        key: "circuit", host: "127.0.0.3", name: "The Plain Circuit", language: "en",
        feedPath: "/feed.atom",
        lesson: """
            The feed holds the whole text, so page and feed are compared; from the second round on \
            its server answers 304.
            """,
        articles: [recall, tallow, sleepingChip, ticketMachines],
        feed: { entries in
            NewsroomPage(
                path: "/feed.atom", contentType: "application/atom+xml; charset=utf-8",
                body: atom10(
                    NewsroomChannel(
                        title: "The Plain Circuit", language: "en", path: "/feed.atom",
                        description: "Machines, explained by people who take them apart"),
                    entries, content: { htmlParagraphs($0.paragraphs, heading: "h3") }))
        },
        layOut: { layOutCircuit($0) })

    private static let recall = NewsroomArticle(
        path: "/2026/norvane-pallas-recall",
        title: "Norvane recalls 38,000 Pallas home batteries after eleven fires",
        author: "Idris Penhallow", age: "6h", section: "Energy",
        summary: "A welded busbar in one production line is to blame; owners should unplug today.",
        text: """
            Norvane Systems has recalled 38,000 of its Pallas home batteries, every unit that
            left its Eldenmouth plant over a period of seven months, after eleven fires in
            garages and workshops. Nobody has been killed. Two people were treated for smoke.

            The fault is a busbar, the flat strip of metal that joins the cells of a module.
            On one of the plant's four lines a worn welding head left seams that looked sound
            and were not. Under load the seam heats, and after a few hundred charge cycles it
            can arc. The battery's own sensors sit at the far end of the module and notice
            nothing until it is too late.

            ## What owners should do

            Owners should switch the unit off at the isolator, leave it off, and look at the
            serial number on the right-hand side. Numbers that start with PL7 are affected.
            Norvane will collect those units free of charge and send a replacement, but says
            that it may take until the end of March to reach everyone.

            "We saw the first two fires as installation errors, and we were wrong," chief
            executive Imre Castell told reporters on a call. Asked why the recall took nine
            weeks, he said that the company had needed three burnt modules to find the seam.

            The Office for Product Safety, which forced the recall, puts it more bluntly. Its
            notice says that Norvane held laboratory results pointing to the weld for
            twenty-six days before it told anyone. A fine is being considered. Shares in the
            company fell by 14 percent.

            The recall will cost about 90 million crowns, more than Norvane earned last year.
            """,
        expectation: .new)

    private static let tallow = NewsroomArticle(
        path: "/2026/tallow-4-released",
        title: "Tallow 4.0 throws out its plug-ins, and its maintainers sleep better",
        author: "Bryony Okafor-Lunt", age: "11h", section: "Software",
        summary: "The small mail server loses a third of its code and its most popular feature.",
        text: tallowText, expectation: .new)

    static let tallowText = """
        Tallow, the small mail server that a surprising number of town halls and schools
        depend on, reached version 4.0 this week by growing smaller. A third of its code is
        gone, and with it the plug-in interface for which most people chose it eight years
        ago.

        "Every bad night I have had with this program began with somebody else's plug-in,"
        says Marguerite Oyelaran, who started Tallow as a student and still answers most of
        its bug reports. Of the nineteen security notices that the project has published,
        fourteen concerned code that it did not write but had agreed to load into its own
        process.

        In place of plug-ins there is a pipe. A filter is now an ordinary program that reads a
        message and writes a verdict, one line of text, within a time limit. If it crashes,
        the message waits. If it hangs, it is ended, and the message waits. The whole protocol
        fits on two printed pages, and the project counts that as its main achievement.

        ## Slower, and nobody noticed

        The price is speed. Starting a process for each message costs about two milliseconds,
        and the benchmark that the project has published since version 1 shows a drop of 40
        percent. Oyelaran asked the thirty largest installations that she knows whether it
        mattered. One answered that it did, and then found that its logs had been on the wrong
        disk.

        Version 3 will get security fixes for two more years. A converter reads old
        configurations and lists, plug-in by plug-in, what now does the job; for eleven of the
        sixty-two plug-ins in the old catalogue, the honest answer is nothing at all.

        The release also drops support for five operating systems, changes the licence of the
        manual so that it may be printed, and removes the animated candle from the status
        page. That last change has drawn the most complaints.
        """

    private static let sleepingChip = NewsroomArticle(
        path: "/2026/a-chip-that-sleeps",
        title: "A chip that sleeps for nine years on a coin cell",
        author: "Tamsin Achterberg", age: "1d", section: "Hardware",
        summary: "The trick is not to wake up, says the group that built it.",
        text: sleepingChipText, expectation: .new)

    static let sleepingChipText = """
        Most small sensors spend their lives checking whether there is anything to do. A group
        at the Quarrow Institute has built one that does not check. Its chip stays off,
        entirely off, until the thing that it listens for happens, and the sound or the shock
        itself supplies the energy for the first decision.

        The front end is a sliver of piezoelectric film with a resonance at the pitch of
        interest. When a glass pane breaks or a bearing starts to squeal, the film produces a
        few microvolts for a few milliseconds. That is enough to tip a switch made of two
        transistors held a hair below their threshold. Only then does the rest of the chip get
        its supply.

        In the laboratory the circuit draws 430 picoamperes while it waits. A coin cell loses
        more than that to its own chemistry, so the nine years in the title of the paper are
        the shelf life of the battery. "We have stopped measuring the chip and started
        measuring the cell," says Aurelio Brandvold, who leads the group.

        There is a catch. The threshold depends on temperature, and between winter and summer
        it moves by a factor of three. The chip therefore wakes once a day, for two
        milliseconds, to trim itself, and those two milliseconds account for most of what it
        uses.

        Forty of the sensors have been glued to water pumps on the island since spring. They
        have reported nine bearings that were about to fail and one goat. The institute has
        offered the design, without fee, to anyone who will publish their own false alarms.
        """

    private static let ticketMachines = NewsroomArticle(
        path: "/2026/midnight-tickets",
        title: "Why the ticket machines of a whole town stopped at midnight",
        author: "Idris Penhallow", age: "3d", section: "Post-mortem",
        summary: "A certificate, a holiday, and a clock that was right by accident.",
        text: """
            For six hours on the night of the harvest fair, no ticket machine in Eldenmouth
            would sell a ticket. The transport authority has now published what happened, and
            it is the most useful thing that I have read all month, because nothing in it is
            stupid.

            Each of the 210 machines holds a certificate that is renewed every night at two.
            The renewal service had been moved to a new rack in summer, and the rack's clock
            was set from a time server that somebody had meant to replace. It was ninety
            seconds slow. That did no harm at all as long as certificates were issued with a
            start time in the past.

            A week before the fair, a routine update removed the grace period. From then on a
            fresh certificate was valid from the very second of its making, by a slow clock,
            and the machines accepted it because their own clocks were slow as well: they took
            the time from the same server. The error was invisible because it was everywhere.

            Then the old time server was switched off, as planned. The machines fell back to
            the mobile network and were suddenly right. Every certificate that they were
            offered now came, as far as they could tell, from the past by a minute and a half,
            and one library in the chain took that for a replay attack.

            The report ends with four changes. The one that I like best costs nothing: the
            status page now shows how far each clock is from the others, in seconds, even when
            all is well.
            """,
        expectation: .new)
}

private func layOutCircuit(_ article: NewsroomArticle) -> NewsroomPage {
    NewsroomPage(
        path: article.pagePath, contentType: "text/html; charset=utf-8",
        body: """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>\(escaped(article.title)) · The Plain Circuit</title>
            <link rel="canonical" href="{{BASE}}\(article.pagePath)">
            <link rel="alternate" type="application/atom+xml" href="{{BASE}}/feed.atom">
            <meta property="og:type" content="article">
            <meta property="og:title" content="\(escaped(article.title))">
            <meta property="og:description" content="\(escaped(article.summary))">
            <meta name="author" content="\(escaped(article.author))">
            \(jsonLD(article, outlet: "The Plain Circuit", language: "en"))
            </head>
            <body>
            <a class="skip" href="#story">Skip to content</a>
            <header role="banner"><a href="{{BASE}}/">The Plain Circuit</a>
            <nav><a href="{{BASE}}/energy">Energy</a> <a href="{{BASE}}/software">Software</a>
            <a href="{{BASE}}/hardware">Hardware</a> 
            <a href="{{BASE}}/about">About</a></nav></header>
            <main id="story">
            <article>
            <header><p class="kicker">\(escaped(article.section))</p>
            <h1>\(escaped(article.title))</h1>
            <p class="byline">By
            <a rel="author" href="{{BASE}}/people">\(escaped(article.author))</a>,
            <time datetime="{{AGO3339:\(article.age)}}">{{AGOEN:\(article.age)}}</time></p></header>
            <section class="body">
            \(htmlParagraphs(Array(article.paragraphs.prefix(1)), heading: "h3"))
            <aside class="promo"><p>Sponsored: learn to solder in a weekend.
            <a href="{{BASE}}/courses">Book a seat</a></p></aside>
            \(htmlParagraphs(Array(article.paragraphs.dropFirst()), heading: "h3"))
            </section>
            <footer><p>Filed under
            <a rel="tag" href="{{BASE}}/tags">\(escaped(article.section))</a></p></footer>
            </article>
            <section id="comments"><h2>3 comments</h2>
            <div class="comment"><b>oldvalve</b>
            <p>Nobody tests with a cold battery any more.</p></div>
            <div class="comment"><b>wren</b>
            <p>We had the same thing two years ago, different box.</p></div>
            <div class="comment"><b>j. tolliver</b>
            <p>Great write-up, thanks.</p></div>
            </section>
            </main>
            <aside class="popular"><h2>Most read</h2><ol>
            <li><a href="{{BASE}}/2026/midnight-tickets">Why the ticket machines stopped</a></li>
            <li><a href="{{BASE}}/2026/a-chip-that-sleeps">A chip that sleeps</a></li>
            </ol></aside>
            <footer>© The Plain Circuit. <a href="{{BASE}}/privacy">Privacy</a>
            <a href="{{BASE}}/contact">Contact</a></footer>
            </body>
            </html>

            """)
}
