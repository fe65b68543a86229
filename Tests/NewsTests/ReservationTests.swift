import Foundation
import News
import Testing

@Suite struct ReservationTests {
    @Test(
        arguments: [
            (["noai"], "noai"), (["noai, noimageai"], "noai noimageai"), (["NoIndex"], "noindex"),
            (["none"], "noindex"), (["all"], ""), (["index, follow"], ""), ([""], ""), ([","], ""),
            (["noarchive", "noai,noarchive"], "noarchive noai"),
            (["googlebot: noindex, nofollow"], ""), (["tamis: noai"], "noai"),
            (["*: noai"], "noai"), (["otherbot: noindex, tamis: noai"], "noai"),
            (["otherbot: noindex", "noai"], "noai"),
            (["unavailable_after: Wed, 25 Jun 2025 15:00:00 GMT, noai"], "noai"),
            (["max-snippet: 20, nosnippet"], "nosnippet"), (["tdm"], ""), (["\u{0}noai"], ""),
        ] as [([String], String)])
    func robotsDirectives(values: [String], expected: String) {
        let found = Reservation.robots(values, by: .robotsHeader, for: "Tamis")
        #expect(found.map(\.kind.rawValue).joined(separator: " ") == expected)
        #expect(found.allSatisfy { $0.source == .robotsHeader })
    }

    @Test(arguments: [("1", true), (" 1 ", true), ("0", false), ("", false), ("yes", false)])
    func onlyOneReservesMining(value: String, isReserved: Bool) {
        let found = Reservation.mining(
            value, policy: "https://example.org/terms", by: .miningHeader)
        #expect((found != nil) == isReserved)
        #expect(Reservation.mining(nil, policy: nil, by: .miningMeta) == nil)
    }

    @Test func theyAreWrittenByTheirNames() throws {
        let policy = String(repeating: "x", count: 9000)
        let all = [
            Reservation(.noai, by: .robotsMeta), Reservation(.tdm, by: .miningMeta, policy: policy),
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = try encoder.encode([all[0]])
        #expect(
            String(decoding: json, as: UTF8.self) == #"[{"kind":"noai","source":"meta robots"}]"#)
        #expect(try JSONDecoder().decode([Reservation].self, from: encoder.encode(all)) == all)
        #expect(all[1].policy?.count == Reservation.policyLengthMax)
        #expect(all[0].description == "noai (meta robots)")
    }
}
