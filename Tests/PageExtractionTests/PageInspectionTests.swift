import Foundation
import News
import PageExtraction
import Testing

@Suite struct PageInspectionTests {
    @Test func aPageIsWrittenWithItsKeptAndDroppedBlocks() throws {
        var page = Extraction(title: "T", authors: ["A"], language: "fr", siteName: "S")
        page.published = Instant(rfc3339: "2026-11-22T08:30:00Z")
        page.declaredCanonical = "https://a.example/x"
        page.blocks = [Block(.heading, "H"), Block(.paragraph, "P")]
        page.dropped = [.init("Menu", reason: "navigation")]
        page.sources.title = FieldSource(.heading, 0.954)
        let expected = """
            {"authors":["A"],"dropped":[{"reason":"navigation","text":"Menu"}],\
            "kept":[{"kind":"heading","text":"H"},{"kind":"paragraph","text":"P"}],\
            "kind":"article","language":"fr","published":"2026-11-22T08:30:00Z","site":"S",\
            "sources":{"title":{"confidence":0.95,"from":"heading"}},\
            "text":"H\\n\\nP","title":"T","url":"https://a.example/x"}
            """
        #expect(try json(.success(page)) == expected)
    }

    @Test func blocksCanBeLeftOut() throws {
        var page = Extraction(title: "T", language: "en")
        page.blocks = [Block(.paragraph, "P")]
        page.dropped = [.init("Menu", reason: "navigation")]
        let encoded = try JSONEncoder().encode(PageInspection(.success(page), withBlocks: false))
        let text = String(decoding: encoded, as: UTF8.self)
        #expect(text.contains("\"text\":\"P\""))
        #expect(!text.contains("kept") && !text.contains("Menu"))
    }

    @Test func anErrorIsASentence() throws {
        #expect(try json(.failure(.noBytes)) == "{\"error\":\"the answer has no bytes\"}")
    }

    private func json(_ result: Result<Extraction, PageError>) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(PageInspection(result)), as: UTF8.self)
    }
}
