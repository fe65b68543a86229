import Deduplication
import News
import Testing

/// What a person took out is nobody's source, and its copies go on without it.
@Suite struct ForgottenTests {
    private let original = article(Texts.bridge, at: "https://un.test/a", entry: "a")
    private let copy = article(
        Texts.bridge.replacing("onze mois", with: "bientôt un an"), at: "https://deux.test/b",
        seen: march(2))
    private let third = article(
        Texts.bridge.replacing("mardi", with: "mercredi"), at: "https://trois.test/c",
        seen: march(3))

    /// A desk that took these and then forgot the first.
    private func desk(_ articles: [Article]) throws -> Desk {
        var desk = Desk()
        for article in articles { desk.take(article) }
        let first = try #require(articles.first)
        desk.held[first.id] = nil
        desk.index.insert(
            Record(
                seq: desk.index.lastSeq + 1, stored: march(4),
                body: .tombstone(Tombstone(id: first.id))),
            fingerprint: nil)
        return desk
    }

    /// The same made anew from what is left of the records.
    private func anew(_ articles: [Article]) throws -> Desk {
        let first = try #require(articles.first)
        var whole = Desk()
        var desk = Desk()
        for article in articles {
            let record = whole.record(article, whole.take(article))
            let left = record.tombstone(of: first.id).map {
                Record(seq: record.seq, stored: record.stored, body: .tombstone($0))
            }
            desk.index.insert(left ?? record, fingerprint: nil)
        }
        desk.held = whole.held
        desk.held[first.id] = nil
        return desk
    }

    @Test func itIsNoSourceAndItsNamesStay() throws {
        for desk in [try desk([original]), try anew([original])] {
            #expect(desk.index.isForgotten(original.id))
            let same = article(Texts.bridge, at: "https://quatre.test/d", seen: march(5))
            for other in [copy, same] {
                let verdict = desk.verdict(on: other)
                #expect(verdict.kind == .new && verdict.of == nil)
                #expect(verdict.novelty.share == 1)
                #expect(verdict.novelty.passages.allSatisfy { $0.heldBy == nil })
                #expect(verdict.evidence.runnersUp.isEmpty)
                #expect(verdict.story?.nearest == nil)
            }
            for alias in original.aliases {
                #expect(desk.index.known(alias)?.article == original.id)
            }
        }
    }

    @Test func itsEarliestCopyStandsForIt() throws {
        for desk in [try desk([original, copy]), try anew([original, copy])] {
            let verdict = desk.verdict(on: third)
            #expect(verdict.kind == .nearDuplicate && verdict.of?.id == copy.id)
            let last = article(
                Texts.bridge.replacing("mardi", with: "jeudi"), at: "https://cinq.test/e",
                seen: march(6))
            var next = desk
            next.take(third)
            #expect(next.verdict(on: last).of?.id == copy.id, "no chain")
        }
    }

    /// An index that was saved before, or after, or in runs, decides the same.
    @Test func savedIndexesLearnItAgain() throws {
        let desk = try desk([original, copy])
        let loaded = try #require(
            DuplicateIndex(serialised: desk.index.serialised(), options: desk.options))
        var again = desk
        again.index = loaded
        #expect(!again.index.isForgotten(original.id), "the store knows them")
        again.index.forget([original.id])
        #expect(again.verdict(on: third) == desk.verdict(on: third))
    }

    @Test func marksOnItSayNothingAnyMore() throws {
        var desk = try desk([original, copy])
        desk.index.note(Mark(id: original.id, other: third.id, relation: .same))
        #expect(desk.verdict(on: third).of?.id == copy.id)
    }
}
