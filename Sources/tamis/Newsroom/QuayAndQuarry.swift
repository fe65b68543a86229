// An English letter of three people: Atom with summaries, pages with hardly any mark-up.

extension Newsroom {
    static let quayAndQuarry = NewsroomOutlet(
        key: "quay", host: "127.0.0.6", name: "Quay & Quarry", language: "en",
        feedPath: "/atom.xml",
        lesson: """
            Minimal pages are read as well as large ones; a paragraph out of somebody else's \
            article is an excerpt of it.
            """,
        articles: [repairCafe, islandStone, chipTeaser],
        feed: { entries in
            NewsroomPage(
                path: "/atom.xml", contentType: "application/xml",
                body: atom10(
                    NewsroomChannel(
                        title: "Quay & Quarry", language: "en", path: "/atom.xml",
                        description: "A letter from the edge of the sea"),
                    entries))
        },
        layOut: { layOutQuay($0) })

    private static let repairCafe = NewsroomArticle(
        path: "/letters/41.html", title: "What firefighters learned from the Pallas batteries",
        author: "Ottoline Reeve", age: "2h", section: "Letters",
        summary: "A brigade that met the fault first explains what water does and does not do.",
        text: """
            The fire brigade of Eldenmouth met the Pallas battery before the rest of us did.
            Three of the eleven fires now blamed on Norvane Systems happened within its
            district, and station officer Delia Voss kept notes that other brigades have begun
            to ask for.

            Her first point is about smoke. It is white, it hangs low, and it looks harmless.
            In the second fire two men walked into it without masks to push a car out. They
            are the two people whose treatment was mentioned in the recall of the 38,000 units
            last week.

            Her second point is about water. It does not put out a burning module, but it
            keeps the next one from starting, and that takes far more of it than anyone
            expects: 9,000 litres for a box the size of a suitcase, over four hours. After
            that the box goes into a skip full of water for three days. The brigade owned no
            such skip. It borrowed one from the Quarrow ferry.

            The third is about owners. "They all said that it had clicked," Voss told me. A
            single click, some minutes before, like a relay. Norvane will not say whether that
            is the welded seam giving way. The Office for Product Safety has asked for her
            notes.

            If yours clicks, leave the building. If its number starts with PL7, switch it off
            before it has the chance.
            """,
        expectation: .story(with: "circuit:/2026/norvane-pallas-recall"))

    private static let islandStone = NewsroomArticle(
        path: "/letters/40.html", title: "The quarry that sells one stone a year",
        author: "Barnaby Achterlo", age: "4d", section: "Letters",
        summary: "A visit to the last slate bed on Quarrow.",
        text: """
            There is a quarry on the north side of Quarrow that sells one stone a year. It has
            done so for as long as the order book goes back, which is to the winter of the
            great comet, and the stone is always the same: a slab of blue slate, seven feet by
            three, without a vein.

            The customer is the parish of Sundvik, across the strait, where every year one
            grave is marked on behalf of all who were lost at sea. The slab is cut in March,
            dressed in April and carried over in the first calm week of May. It costs what it
            cost a century ago, eleven crowns, because nobody on either side has wished to
            raise the subject.

            I went up with Joan Thirlby, who is seventy-three and has cut thirty-one of them.
            She taps along the bed with a hammer no heavier than a spoon and listens. Nine
            blocks in ten ring false. The ones that do she sells as doorsteps, and it is the
            doorsteps that keep the quarry open.

            Thirlby has an apprentice at last, a trumpet player from Eldenmouth with good
            ears. He found this year's slab in an afternoon. She made him look for another
            week, to be sure, and then let him carve the date. He began with the wrong
            numeral, and the bed had to be searched again.
            """,
        expectation: .new)

    private static let chipTeaser = NewsroomArticle(
        path: "/links/sleeping-chip.html", title: "Link: the chip that does not check",
        author: "Ottoline Reeve", age: "35m", section: "Links",
        summary: "A paragraph that we wish we had written.",
        text: opening(of: sleepingChipText, paragraphs: 1), fromRound: 2,
        expectation: .excerpt(of: "circuit:/2026/a-chip-that-sleeps"))
}

private func layOutQuay(_ article: NewsroomArticle) -> NewsroomPage {
    let isLink = article.path.hasPrefix("/links/")
    let more = """
        <p><a href="{{BASE:circuit}}/2026/a-chip-that-sleeps">Read the rest at The Plain Circuit</a>
        """
    return NewsroomPage(
        path: article.pagePath, contentType: "text/html",
        body: """
            <!doctype html>
            <meta charset=utf-8>
            <title>\(escaped(article.title))</title>
            <h1>\(escaped(article.title))</h1>
            <p><i>\(escaped(article.author)), {{AGOEN:\(article.age)}}</i>
            \(article.paragraphs.map { "<p>" + escaped($0) }.joined(separator: "\n"))
            \(isLink ? more : "")
            <hr>
            <p><a href="{{BASE}}/">All letters</a>

            """)
}
