import News
import PageExtraction
import Testing

/// Which of a page's headings and declared titles is taken for its headline.
@Suite struct TitleChoiceTests {
    struct Page: Sendable, CustomTestStringConvertible {
        let what: String
        var page: String?
        var openGraph: String?
        var headline: String?
        var site: String?
        var body = ""
        let title: String

        var testDescription: String { what }

        var html: String {
            (page.map { "<title>\($0)</title>" } ?? "")
                + (openGraph.map { "<meta property=og:title content='\($0)'>" } ?? "")
                + (site.map { "<meta property=og:site_name content='\($0)'>" } ?? "")
                + (headline.map {
                    linkedData("{\"@type\": \"NewsArticle\", \"headline\": \"\($0)\"}")
                } ?? "") + body
        }
    }

    static let pages: [Page] = [
        Page(
            what: "of two h1, the one that is declared", page: "The story of rain | Site",
            body: "<h1>Site</h1><h1>The story of rain</h1>", title: "The story of rain"),
        Page(
            what: "an h1 of one word names the section", openGraph: "Rain falls on the town",
            body: "<h1>Town</h1>", title: "Rain falls on the town"),
        Page(
            what: "the site's name behind a dash", page: "Rain falls today - A Site",
            site: "A Site", title: "Rain falls today"),
        Page(
            what: "the site's name before a colon", page: "News: Rain falls today", site: "News",
            title: "Rain falls today"),
        Page(what: "JSON-LD alone", headline: "Rain &amp; sun", title: "Rain & sun"),
        Page(what: "a heading alone", body: "<h1>Only this</h1>", title: "Only this"),
        Page(
            what: "a kicker within the heading", openGraph: "Rain falls on the town",
            body: "<h1><i>Weather -</i> Rain falls on the town</h1>",
            title: "Rain falls on the town"),
        Page(
            what: "a colon makes the two one title", openGraph: "Rain falls on the town",
            body: "<h1>The week in pictures: Rain falls on the town</h1>",
            title: "The week in pictures: Rain falls on the town"),
        Page(
            what: "a kicker that only the heading lacks",
            openGraph: "After the drought: rain falls", headline: "After the drought: rain falls",
            body: "<h1>Rain falls</h1>", title: "After the drought: rain falls"),
        Page(
            what: "an unknown site's name behind a rare sign",
            page: "Rain falls on the town ‹ The Great Archive", title: "Rain falls on the town"),
        Page(
            what: "an h1 in a breadcrumb is for search engines",
            page: "Rain falls on the town: rain, town", openGraph: "Streets under water",
            body: "<ul class=breadcrumb><li><h1>Rain falls on the town: rain, town</h1></ul>"
                + "<h2>Streets under water</h2>",
            title: "Streets under water"),
        Page(
            what: "a heading that is declared to be the headline", page: "All about umbrellas",
            body: "<nav><h1>All about umbrellas</h1></nav>"
                + "<h2 itemprop=headline>Rain falls on the town</h2>",
            title: "Rain falls on the town"),
        Page(
            what: "a sole h1 is believed more than the page's title", page: "Umbrellas and boots",
            body: "<h1>The day the river came</h1>", title: "The day the river came"),
        Page(
            what: "the site's heading stands above", page: "Rain falls » Ours",
            body: "<h1>Ours in all weather</h1><h2>Rain falls</h2>", title: "Rain falls"),
        Page(
            what: "a heading that leads home is the site's", openGraph: "Rain falls on the town",
            body: "<h1><a href=/>Our little town</a></h1>", title: "Rain falls on the town"),
        Page(
            what: "what stands behind a bar is a label",
            page: "Rain falls on the town | Weather | Ours",
            body: "<h1>Rain falls on the town | Weather</h1>", title: "Rain falls on the town"),
        Page(
            what: "a subtitle within the heading", page: "Rain falls on the town",
            openGraph: "Rain falls on the town", headline: "Rain falls on the town",
            body: "<h1>Rain falls on the town<br>Streets under water since this morning</h1>",
            title: "Rain falls on the town"),
        Page(
            what: "a banner in capitals", page: "Rain: what the town can do",
            openGraph: "Rain: what the town can do", body: "<h1>OUR SERVICE</h1>",
            title: "Rain: what the town can do"),
        Page(
            what: "a title that was cut", page: "Rain falls on the town today",
            openGraph: "Rain falls on…", title: "Rain falls on the town today"),
        Page(
            what: "a headline in JSON-LD that nobody shows", page: "Rain, town, river - Ours",
            headline: "Why the river came", site: "Ours",
            body: "<nav><h1>Rain, town, river</h1></nav><h2>Wet streets and wet feet</h2>",
            title: "Why the river came"),
        Page(
            what: "a copy of the page's title in JSON-LD is no second witness",
            page: "What is rain - A guided tour | Ours",
            openGraph: "What is rain - A guided tour",
            headline: "What is rain - A guided tour | Ours", site: "Ours",
            body: "<h1>A tour of rain: what the town needs to know this year</h1>"
                + "<h2>What is rain?</h2>",
            title: "A tour of rain: what the town needs to know this year"),
        Page(
            what: "a kicker beside the title, declared with a colon",
            page: "At the river: rain falls on the town", openGraph: "Rain falls on the town",
            body: "<nav><h1>At the river: rain falls on the town</h1></nav>"
                + "<h2><i>At the river</i> rain falls on the town</h2>",
            title: "At the river: rain falls on the town"),
    ]

    @Test(arguments: pages) func theHeadlineIsFound(page: Page) throws {
        #expect(try read(page.html).title == page.title)
    }

    @Test func severalWitnessesAreBelievedMore() throws {
        let alone = try read("<title>Rain falls on the town</title>")
        #expect(alone.sources.title == FieldSource(.titleElement, 0.5))
        let agreed = try read(
            "<title>Rain falls</title><meta property=og:title content='Rain falls'>"
                + "<h1>Rain falls</h1>")
        #expect(agreed.sources.title == FieldSource(.heading, 0.95))
    }

    @Test func aPageWithoutAnyTitleHasNoSourceOfOne() throws {
        let page = try read("<p>Rain fell.</p>")
        #expect(page.title == nil)
        #expect(page.sources.title == nil)
    }
}
