import FeedParsing
import News
import Testing

struct SitemapIndexTests {
    private func parse(_ text: String) throws(FeedError) -> SitemapIndex {
        try parseSitemapIndex(
            Array(text.utf8), from: HTTPURL("https://a.example/sitemap.xml"), declared: nil)
    }

    private static let whole = """
        <?xml version="1.0" encoding="UTF-8"?>
        <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap><loc>https://a.example/1.xml.gz?a=1&amp;b=2</loc>
        <lastmod>2026-11-26T10:00:00+01:00</lastmod></sitemap>
        <sitemap><lastmod>2026-11-25</lastmod><loc><![CDATA[ https://a.example/2.xml ]]></loc>
        </sitemap><sitemap><loc>/3.xml</loc><lastmod>soon</lastmod></sitemap>
        <sitemap><loc>ftp://a.example/4.xml</loc></sitemap><sitemap></sitemap>
        <sitemap><loc>/3.xml</loc></sitemap>
        </sitemapindex>
        """

    @Test func partsHaveAddressesAndDates() throws {
        let index = try parse(Self.whole)
        #expect(
            index.parts.map { "\($0.url) \($0.lastModified?.description ?? "-")" } == [
                "https://a.example/1.xml.gz?a=1&b=2 2026-11-26T09:00:00Z",
                "https://a.example/2.xml 2026-11-25T00:00:00Z", "https://a.example/3.xml -",
            ])
        #expect(index.damage.isEmpty)
    }

    @Test func prefixesAndForgottenEndTagsDoNotMatter() throws {
        let index = try parse(
            """
            <s:sitemapindex xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:sitemap>
            <s:loc>/1.xml</s:loc><s:sitemap><s:loc>/2.xml</s:loc><s:lastmod>2026-11-25</s:lastmod>
            """)
        #expect(index.parts.map(\.url.path) == ["/1.xml", "/2.xml"])
        #expect(index.parts.last?.lastModified?.day == "2026-11-25")
        #expect(!index.damage.isEmpty)
    }

    @Test func aCutAnywhereKeepsAPrefixOfTheParts() throws {
        let bytes = Array(Self.whole.utf8)
        let all = try parse(Self.whole).parts.map(\.url)
        for end in bytes.indices {
            guard
                let cut = try? parseSitemapIndex(
                    Array(bytes[..<end]), from: HTTPURL("https://a.example/"), declared: nil)
            else { continue }
            let kept = cut.parts.map(\.url)
            #expect(Array(all.prefix(kept.count)) == kept, "cut at \(end)")
            #expect(cut.isCutOff && !cut.damage.isEmpty, "cut at \(end)")
        }
    }

    @Test func otherDocumentsAreRefused() {
        #expect(throws: FeedError.notAFeed(.xml(root: "urlset"))) { try parse("<urlset/>") }
        #expect(throws: FeedError.notAFeed(.text)) { try parse("no tags") }
        #expect(throws: FeedError.empty) { try parse(" \n") }
        let limits = FeedLimits(bodyBytesMax: 10)
        #expect(throws: FeedError.tooLarge(bytes: 11, bytesMax: 10)) {
            try parseSitemapIndex(
                Array(repeating: 0x20, count: 11), from: nil, declared: nil, limits: limits)
        }
    }

    @Test func partsAreBounded() throws {
        let parts = (0...SitemapIndex.partsMax).map { "<sitemap><loc>/\($0)</loc></sitemap>" }
        let index = try parse("<sitemapindex>\(parts.joined())</sitemapindex>")
        #expect(index.parts.count == SitemapIndex.partsMax)
        #expect(index.damage.contains { $0.contains("50000 sitemaps or more") })
    }
}
