import FeedParsing
import News
import Testing

/// Sitemaps (sitemaps.org protocol) where they are unlike feeds: long, in no order, and compressed.
struct SitemapTests {
    private func sitemap(_ pages: [(name: String, date: String?)]) -> String {
        let urls = pages.map { page in
            "<url><loc>https://a.example/\(page.name)</loc>"
                + (page.date.map { "<lastmod>\($0)</lastmod>" } ?? "") + "</url>"
        }
        return "<urlset>\(urls.joined())</urlset>"
    }

    private func names(_ document: FeedDocument) -> [String] {
        document.entries.map { String(($0.link ?? "").dropFirst("https://a.example/".count)) }
    }

    @Test func theNewestAreKeptInTheirOrder() throws {
        let pages = [
            ("a", "2020-01-01"), ("b", "2026-01-03"), ("c", nil), ("d", "2026-01-01"),
            ("e", "2026-01-02"), ("f", "2019-01-01"),
        ]
        let document = try parse(sitemap(pages), limits: FeedLimits(entriesMax: 3))
        #expect(names(document) == ["b", "d", "e"])
        #expect(document.damage == ["6 entries; all but the newest 3 were left out"])
    }

    /// The date of publication counts as well as that of the last change.
    @Test func newsAreAsNewAsTheirPublication() throws {
        let news =
            "<news:news><news:publication_date>2026-01-09</news:publication_date></news:news>"
        let text = sitemap([("a", "2026-01-01"), ("b", nil), ("c", "2026-01-02")])
            .replacing("b</loc>", with: "b</loc>\(news)")
        let document = try parse(text, limits: FeedLimits(entriesMax: 2))
        #expect(names(document) == ["b", "c"])
    }

    /// Whatever the order and however many, the same are kept as if all had been held.
    @Test func theNewestOfManyAreTheNewestOfAll() throws {
        for seed in UInt64(1)...50 {
            var generator = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...40, using: &generator)
            let days = (0..<count).map { _ in Int.random(in: 10...20, using: &generator) }
            let pages = days.enumerated().map { ("\($0)", "2026-01-\($1)" as String?) }
            let kept = days.indices.sorted { (-days[$0], $0) < (-days[$1], $1) }.prefix(5).sorted()
            let document = try parse(sitemap(pages), limits: FeedLimits(entriesMax: 5))
            #expect(names(document) == kept.map { "\($0)" }, "seed \(seed)")
        }
    }

    @Test func undatedOnesAreKeptFromTheStart() throws {
        let pages = ["a", "b", "c", "d", "e"].map { ($0, nil as String?) }
        let document = try parse(sitemap(pages), limits: FeedLimits(entriesMax: 2))
        #expect(names(document) == ["a", "b"])
    }

    @Test func noMoreAddressesAreLookedAtThanTheProtocolAllows() throws {
        let pages = (1...9).map { ("\($0)", "2026-01-0\($0)" as String?) }
        let limits = FeedLimits(entriesMax: 2, addressesMax: 6)
        let document = try parse(sitemap(pages), limits: limits)
        #expect(names(document) == ["5", "6"])
        #expect(
            document.damage == [
                "more than 6 entries; the others were left out",
                "6 entries; all but the newest 2 were left out",
            ])
    }

    // MARK: - Gzip

    /// A sitemap of three addresses, `https://a.example/1` and so on, by zlib.
    private static let compressed: [UInt8] = [
        0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0xB3, 0x29, 0x2D, 0xCA, 0x29, 0x4E, 0x2D, 0xB1, 0xB3, 1,
        0xD2, 0x76, 0x36, 0x39, 0xF9, 0xC9, 0x76, 0x19, 0x25, 0x25, 5, 0xC5, 0x56, 0xFA, 0xFA, 0x89,
        0x7A, 0xA9, 0x15, 0x89, 0xB9, 5, 0x39, 0xA9, 0xFA, 0x86, 0x36, 0xFA, 0x20, 9, 0x1B, 0x7D,
        0xB0, 0x1A, 0x3C, 0x0A, 0x8D, 0x88, 0x55, 0x68, 0x8C, 0xA2, 0x50, 0x1F, 0xEA, 6, 0, 0x54,
        0x51, 0x3C, 0xFD, 0x8C, 0, 0, 0,
    ]

    private func read(
        _ body: [UInt8], limits: FeedLimits = FeedLimits()
    ) throws(FeedError) -> FeedDocument {
        try parseFeed(body, from: nil, declared: "application/gzip", limits: limits)
    }

    @Test func aBodyInGzipIsOpened() throws {
        let document = try read(Self.compressed)
        #expect(names(document) == ["1", "2", "3"] && document.damage == [])
        guard
            case .document = try parseAnswer(Self.compressed, from: nil, declared: nil)
        else { return #expect(Bool(false)) }
    }

    @Test func damagedGzipIsSaid() throws {
        let cut = try read(Array(Self.compressed.dropLast(3)))
        #expect(names(cut) == ["1", "2", "3"] && cut.damage == ["the gzip data ends too early"])
        let longer = try read(Self.compressed + Array("<junk>".utf8))
        #expect(longer.damage == ["something follows the gzip data and was left out"])
        var changed = Self.compressed
        changed[changed.count - 1] ^= 1
        #expect(try read(changed).damage == ["the gzip data is not what its checksum says"])
    }

    @Test func whatExpandsTooFarIsRefused() throws {
        let count = Self.compressed.count
        let narrow = FeedLimits(bodyBytesMax: count)
        #expect(throws: FeedError.expandsTooFar(bytes: count, expandedBytesMax: count)) {
            try read(Self.compressed, limits: narrow)
        }
        #expect(throws: FeedError.tooLarge(bytes: count, bytesMax: count - 1)) {
            try read(Self.compressed, limits: FeedLimits(bodyBytesMax: count - 1))
        }
        #expect(throws: FeedError.expandsTooFar(bytes: count, expandedBytesMax: count)) {
            try read(Self.compressed, limits: FeedLimits(expansionMax: 1))
        }
    }

    @Test func gzipInGzipIsNoFeed() {
        // A block that is not compressed, around another beginning of gzip.
        let inner: [UInt8] = [0x1F, 0x8B, 8, 0]
        let body: [UInt8] =
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1, 4, 0, 0xFB, 0xFF] + inner
        #expect(throws: FeedError.notAFeed(.file("gzip data"))) { try read(body) }
    }

    @Test func anIndexInGzipIsOpened() throws {
        let index = try parseSitemapIndex(Self.index, from: nil, declared: nil)
        #expect(index.parts.map(\.url.description) == ["https://a.example/1"])
    }

    /// `<sitemapindex><sitemap><loc>https://a.example/1</loc></sitemap></sitemapindex>`, by zlib.
    private static let index: [UInt8] = [
        0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0xB3, 0x29, 0xCE, 0x2C, 0x49, 0xCD, 0x4D, 0x2C, 0xC8,
        0xCC, 0x4B, 0x49, 0xAD, 0xB0, 0xB3, 0x81, 0xF2, 0xEC, 0x6C, 0x72, 0xF2, 0x93, 0xED, 0x32,
        0x4A, 0x4A, 0x0A, 0x8A, 0xAD, 0xF4, 0xF5, 0x13, 0xF5, 0x52, 0x2B, 0x12, 0x73, 0x0B, 0x72,
        0x52, 0xF5, 0x0D, 0x6D, 0xF4, 0x41, 0x12, 0x36, 0xFA, 0x70, 0x75, 0xFA, 0x28, 0xFA, 1, 0xDD,
        0x0D, 0xB7, 0x1C, 0x4E, 0, 0, 0,
    ]
}
