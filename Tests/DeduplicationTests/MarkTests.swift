import Deduplication
import News
import Testing

/// What people say of pairs binds decisions.
@Suite struct MarkTests {
    private let original = article(Texts.bridge, at: "https://un.test/a")
    private let copy = article(
        Texts.bridge.replacing("onze mois", with: "bientôt un an"), at: "https://deux.test/b",
        seen: march(2))
    private let other = article(Texts.observatory, at: "https://trois.test/c", seen: march(2))

    private func verdict(on article: Article, marks: [Mark]) -> Verdict {
        var desk = Desk()
        for mark in marks { desk.index.note(mark) }
        desk.take(original)
        return desk.verdict(on: article)
    }

    @Test func whatIsMarkedDifferentIsNoCopy() {
        let mark = Mark(id: original.id, other: copy.id, relation: .different)
        #expect(verdict(on: copy, marks: []).kind == .nearDuplicate)
        let verdict = verdict(on: copy, marks: [mark])
        #expect(verdict.kind == .new)
        #expect(verdict.evidence.runnersUp.first?.lostBecause == "marked as different by hand")
    }

    @Test func whatIsMarkedTheSameIsACopy() {
        let mark = Mark(id: other.id, other: original.id, relation: .same)
        #expect(verdict(on: other, marks: []).kind == .new)
        let verdict = verdict(on: other, marks: [mark])
        #expect(verdict.kind == .nearDuplicate && verdict.of?.id == original.id)
        #expect(verdict.evidence.rule == "marked")
    }

    @Test(arguments: [Mark.Relation.same, .different])
    func whatIsTakenBackDoesNotHold(relation: Mark.Relation) {
        let marks = [
            Mark(id: original.id, other: copy.id, relation: relation),
            Mark(id: copy.id, other: original.id, relation: .clear),
        ]
        #expect(verdict(on: copy, marks: marks) == verdict(on: copy, marks: []))
        #expect(Marks(marks).isEmpty)
    }

    /// A copy of a copy is one of the original, until the copy is told to be another.
    @Test func copiesFollowTheFamilyOfWhatTheyCopy() {
        var desk = Desk()
        desk.take(original)
        desk.take(copy)
        let third = article(
            copy.text.replacing("mardi", with: "mercredi"), at: "https://trois.test/c",
            seen: march(3))
        #expect(desk.verdict(on: third).of?.id == original.id)
        desk.index.note(Mark(id: original.id, other: copy.id, relation: .different))
        #expect(desk.verdict(on: third).of?.id == copy.id)
        desk.index.note(Mark(id: original.id, other: copy.id, relation: .clear))
        #expect(desk.verdict(on: third).of?.id == original.id)
    }

    @Test func aMarkIsTheSameWhicheverOfTheTwoIsNamedFirst() {
        let marks = Marks([Mark(id: original.id, other: copy.id, relation: .same)])
        #expect(marks == Marks([Mark(id: copy.id, other: original.id, relation: .same)]))
        #expect(marks.of(copy.id) == [Mark(id: copy.id, other: original.id, relation: .same)])
        #expect(marks.all.count == 1)
    }
}
