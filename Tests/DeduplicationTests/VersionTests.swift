import Deduplication
import News
import Testing

/// Revised articles: what changed in them, and copies of what they said before.
@Suite struct VersionTests {
    private static let bridge = Texts.bridge.split(separator: "\n\n").map(String.init)

    private func revised() -> (desk: Desk, first: Article, second: Article) {
        var (desk, first) = Desk.holding(Texts.bridge)
        let rewritten =
            Self.bridge[0] + "\n\n" + Texts.fireHere + "\n\n" + Texts.fundingLumio + "\n\n"
            + Self.bridge[3]
        let second = article(rewritten, at: "https://un.test/a", seen: march(2))
        #expect(desk.take(second).kind == .revision)
        return (desk, first, second)
    }

    @Test func copyOfTheTextBeforeARevisionIsACopy() {
        var (desk, first, _) = revised()
        let edited = Texts.bridge.replacing("onze mois", with: "bientôt un an")
        let verdict = desk.take(article(edited, at: "https://deux.test/b", seen: march(3)))
        #expect(verdict.kind == .nearDuplicate && verdict.of?.id == first.id)
        #expect(verdict.evidence.ofVersion == first.contentHash)
    }

    @Test func copyOfTheLatestTextNamesNoVersion() {
        var (desk, first, second) = revised()
        let edited = second.text.replacing("onze mois", with: "bientôt un an")
        let verdict = desk.take(article(edited, at: "https://deux.test/b", seen: march(3)))
        #expect(verdict.kind == .nearDuplicate && verdict.of?.id == first.id)
        #expect(verdict.evidence.ofVersion == nil)
    }

    private func changes(
        _ old: String, _ new: String, title: String = "Le pont", newTitle: String = "Le pont"
    ) -> [RevisionChange] {
        var desk = Desk()
        desk.take(article(old, title: title, at: "https://un.test/a"))
        let verdict = desk.take(
            article(new, title: newTitle, at: "https://un.test/a", seen: march(2)))
        #expect(verdict.kind == .revision)
        for change in verdict.changes ?? [] {
            // What is told stands where it is said to stand.
            if let ours = change.ours { #expect(passage(ours, of: new) == change.now) }
            if let theirs = change.theirs { #expect(passage(theirs, of: old) == change.was) }
        }
        return verdict.changes ?? []
    }

    @Test(arguments: [
        ("14 millions", "15 millions", RevisionChange.Kind.figure),
        ("Claire Aubanel", "Claire Dervaux", .name),
        ("repeint tout l’ouvrage", "peint entièrement l’ouvrage", .quotation),
        ("Les commerçants de la rive gauche respirent. ", "", .removal),
        ("La mairie de", "Mercredi, à l’issue du conseil, la mairie de", .addition),
        ("avec fanfare et feu", "avec musique et feu", .wording),
    ])
    func kindOfAChangeIsTold(was: String, now: String, kind: RevisionChange.Kind) {
        let found = changes(Texts.bridge, Texts.bridge.replacing(was, with: now))
        #expect(found.map(\.kind) == [kind], "\(found)")
    }

    @Test func headlineAndCorrectionNoteAreToldBeforeOtherWords() {
        let new =
            Texts.bridge.replacing("avec fanfare", with: "avec musique")
            + "\n\nRectificatif : une version antérieure donnait une autre date."
        let found = changes(Texts.bridge, new, newTitle: "Le pont rouvre")
        #expect(found.map(\.kind) == [.correctionNote, .headline, .wording])
        #expect(found[1].was == "Le pont" && found[1].now == "Le pont rouvre")
    }

    @Test func changesAreBounded() {
        var words = Texts.bridge.split(separator: " ").map(String.init)
        for index in stride(from: 10, to: words.count, by: 12) { words[index] = "autre\(index)" }
        let found = changes(Texts.bridge, words.joined(separator: " "))
        #expect(found.count == DecisionOptions().changesMax)
    }
}
