import Deduplication
import News
import Testing

@Suite struct DecideTests {
    @Test(arguments: [Texts.bridge, Texts.observatory])
    func sameTextInOtherMarkUpIsADuplicate(text: String) {
        var desk = Desk()
        let original = article(text, at: "https://un.test/a")
        #expect(desk.take(original).kind == .new)
        let dressed = "**" + text.replacing("’", with: "'").replacing(", ", with: ",\u{A0}") + "**"
        let verdict = desk.take(article(dressed, at: "https://deux.test/b"))
        #expect(verdict.kind == .duplicate)
        #expect(verdict.of?.id == original.id)
        #expect(verdict.evidence.rule == "content-hash")
        #expect(verdict.novelty.share == 0)
    }

    @Test func sameAddressAndTextIsADuplicate() {
        var desk = Desk()
        desk.take(article(Texts.bridge, at: "https://www.un.test/a?utm_source=rss"))
        let verdict = desk.take(article(Texts.bridge, at: "http://un.test/a/"))
        #expect(verdict.kind == .duplicate && verdict.evidence.rule == "canonical-url")
    }

    @Test func sameEntryAndTextIsADuplicateAtANewAddress() {
        var desk = Desk()
        desk.take(article(Texts.bridge, at: "https://un.test/a", entry: "e1"))
        let verdict = desk.take(article(Texts.bridge, at: "https://un.test/moved", entry: "e1"))
        #expect(verdict.kind == .duplicate && verdict.evidence.rule == "alias")
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func threeWordsInAHundredChangedIsANearDuplicate(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for text in [Texts.bridge, Texts.observatory] {
            var (desk, original) = Desk.holding(text)
            var words = text.split(separator: " ", omittingEmptySubsequences: false).map(
                String.init)
            for _ in 0..<(words.count * 3 / 100) {
                words[Int.random(in: 0..<words.count, using: &random)] = "autrement"
            }
            let copy = article(words.joined(separator: " "), at: "https://deux.test/b")
            let verdict = desk.take(copy)
            #expect(verdict.kind == .nearDuplicate, "seed \(seed)")
            #expect(verdict.of?.id == original.id)
            #expect(verdict.story?.id == StoryID(startedBy: original.id))
        }
    }

    @Test(arguments: [Texts.bridge, Texts.observatory])
    func firstThirdIsAnExcerpt(text: String) {
        var (desk, original) = Desk.holding(text)
        let paragraphs = text.split(separator: "\n\n").map(String.init)
        let verdict = desk.take(article(paragraphs[0] + " […]", at: "https://deux.test/b"))
        #expect(verdict.kind == .excerpt && verdict.of?.id == original.id)
        #expect(verdict.novelty.share == 0)
    }

    @Test func fullerTextNamesTheTeaserThatItHolds() {
        var desk = Desk()
        let paragraphs = Texts.bridge.split(separator: "\n\n").map(String.init)
        let teaser = article(paragraphs[0], at: "https://un.test/a")
        desk.take(teaser)
        let verdict = desk.take(article(Texts.bridge, at: "https://deux.test/b"))
        #expect(verdict.kind == .excerpt && verdict.of?.id == teaser.id)
        #expect(verdict.novelty.passages.map(\.heldBy) == [teaser.id, nil])
        #expect(verdict.novelty.share > 0.6 && verdict.novelty.share < 0.9)
    }

    @Test func correctionAtTheSameAddressIsARevision() {
        var (desk, original) = Desk.holding(Texts.bridge)
        let corrected = Texts.bridge.replacing("14 millions", with: "15 millions")
        let verdict = desk.take(article(corrected, at: "https://un.test/a", seen: march(2)))
        #expect(verdict.kind == .revision && verdict.of?.id == original.id)
        #expect(verdict.evidence.keys.map(\.name) == ["canonical-url"])
        #expect(verdict.evidence.scores.contains { $0.name == "containment" && $0.value > 0.9 })
        let again = desk.take(article(corrected, at: "https://un.test/a", seen: march(3)))
        #expect(again.kind == .duplicate)
    }

    @Test func rewrittenTextUnderTheSameTitleIsARevision() {
        var desk = Desk()
        let title = "Ce que l’on sait de l’accident"
        desk.take(article(Texts.bridge, title: title, at: "https://un.test/direct"))
        let verdict = desk.take(
            article(Texts.observatory, title: title + " !", at: "https://un.test/direct"))
        #expect(verdict.kind == .revision)
    }

    @Test func anotherTextUnderAReusedNameIsNewAndSaysSo() {
        var desk = Desk()
        desk.take(article(Texts.bridge, title: "Pont", at: "https://un.test/a", entry: "e1"))
        let verdict = desk.take(
            article(Texts.observatory, title: "Stars", at: "https://un.test/b", entry: "e1"))
        #expect(verdict.kind == .new)
        #expect(
            verdict.evidence.runnersUp.first?.lostBecause.hasPrefix("known by its name") == true)
    }

    @Test func summaryOfAHeldPageIsNoRevision() {
        var (desk, _) = Desk.holding(Texts.bridge)
        let lead = String(Texts.bridge.prefix(200))
        let summary = article(lead, at: "https://un.test/a", source: .summary)
        #expect(desk.take(summary).kind == .duplicate)
        let page = article(lead, at: "https://un.test/a", source: .page)
        #expect(desk.take(page).kind == .revision)
    }

    @Test func templateWithOtherFiguresIsNew() {
        var desk = Desk()
        desk.take(article(Texts.forecast("Lille", [2, 30, 24, 74]), at: "https://un.test/a"))
        let other = article(Texts.forecast("Brest", [5, 21, 60, 15]), at: "https://un.test/b")
        let verdict = desk.take(other)
        #expect(verdict.kind == .new)
        #expect(verdict.evidence.runnersUp.first?.lostBecause == "the same form with other figures")
        let retold = Texts.forecast("Lille", [2, 30, 24, 74]).replacing("chaque", with: "ce")
        #expect(desk.take(article(retold, at: "https://un.test/c")).kind == .nearDuplicate)
    }

    @Test func copiesOfCopiesStayNearTheOriginal() {
        var desk = Desk()
        let original = article(Texts.bridge, at: "https://un.test/0")
        desk.take(original)
        let paragraphs = Texts.bridge.split(separator: "\n\n").map(String.init)
        let others = Texts.observatory.split(separator: "\n\n").map(String.init)
        func next(_ texts: [String], _ day: Int) -> Verdict {
            let text = texts.joined(separator: "\n\n")
            return desk.take(article(text, at: "https://un.test/\(day)", seen: march(day)))
        }
        let first = next([paragraphs[0], paragraphs[1], paragraphs[2], others[0]], 2)
        #expect(first.kind == .nearDuplicate && first.of?.id == original.id)
        // Nearer to the copy than to the original, but there is some of that too.
        let second = next([paragraphs[1], paragraphs[2], others[0], others[1]], 3)
        #expect(second.kind == .nearDuplicate)
        // Nothing of the original is left.
        let third = next([others[0], others[1], others[2]], 4)
        #expect(third.kind != .nearDuplicate && third.of?.id != original.id)
    }

    @Test func unrelatedTextsAreNew() {
        var (desk, _) = Desk.holding(Texts.bridge)
        let verdict = desk.take(article(Texts.observatory, at: "https://deux.test/b"))
        #expect(verdict.kind == .new && verdict.of == nil && verdict.novelty.share == 1)
        #expect(verdict.evidence.rule == "nothing-alike" && verdict.evidence.runnersUp.isEmpty)
        #expect(verdict.story?.runnerUp == nil)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func sharedPassagesAreEqualWords(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (desk, original) = Desk.holding(Texts.bridge)
        let words = Texts.bridge.split(separator: " ", omittingEmptySubsequences: false)
        let cut = Int.random(in: 30..<90, using: &random)
        let text = "🌞 Bref, " + words[cut..<(cut + 60)].joined(separator: " ") + " — fin."
        let verdict = desk.take(article(text, at: "https://deux.test/b"))
        #expect(verdict.kind == .excerpt, "seed \(seed)")
        #expect(!verdict.evidence.shared.isEmpty)
        for shared in verdict.evidence.shared {
            let ours = FoldedText(passage(shared.ours, of: text)).words.map(\.hash)
            let theirs = FoldedText(passage(shared.theirs, of: original.text)).words.map(\.hash)
            #expect(ours == theirs && ours.count == shared.words, "seed \(seed)")
        }
    }

    @Test func passagesCoverTheTextInOrder() {
        var (desk, original) = Desk.holding(Texts.bridge)
        let quoted = Texts.bridge.split(separator: "\n\n").map(String.init)[1]
        let text = Texts.observatory + "\n\n" + quoted + "\n\nThat was all that was said there."
        let verdict = desk.take(article(text, at: "https://deux.test/b"))
        #expect(verdict.kind == .new)
        let passages = verdict.novelty.passages
        #expect(passages.map(\.heldBy) == [nil, original.id, nil])
        #expect(passages.first?.range.start == 0)
        #expect(passages.last?.range.end == text.unicodeScalars.count)
        #expect(passages.count == 3 && passage(passages[1].range, of: text) == quoted)
    }

    @Test func shinglesOfTooManyFamiliesProposeNobody() {
        var options = DecisionOptions()
        options.familiesMax = 2
        var desk = Desk(options: options)
        let footer = Texts.observatory.split(separator: "\n\n").map(String.init)[0]
        let bodies = [
            Texts.bridge, Texts.earthquakeNorth, Texts.fireHere, Texts.fundingLumio,
        ]
        for (number, body) in bodies.enumerated() {
            desk.take(article(body + "\n\n" + footer, at: "https://un.test/\(number)"))
        }
        let verdict = desk.take(article(footer, at: "https://deux.test/footer"))
        #expect(verdict.kind == .new && verdict.evidence.runnersUp.isEmpty)
    }

    @Test(arguments: ["", "Bref.", "un deux trois", "…"])
    func tinyTextsAreDecidedToo(text: String) {
        var (desk, _) = Desk.holding(Texts.bridge)
        #expect(desk.take(article(text, at: "https://un.test/b")).kind == .new)
        #expect(desk.take(article(text, at: "https://un.test/c")).kind == .duplicate)
    }
}

/// Damage, compilations and texts that come back.
extension DecideTests {
    /// One letter in `every` misread, as a machine misreads paper.
    private func damaged(_ text: String, every: Int, _ random: inout SeededGenerator) -> String {
        let letters = Array("abcdefghilmnoprstu".unicodeScalars)
        var scalars = Array(text.unicodeScalars)
        for index in scalars.indices where scalars[index].properties.isAlphabetic {
            if Int.random(in: 0..<every, using: &random) == 0 {
                scalars[index] = letters[Int.random(in: 0..<letters.count, using: &random)]
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func misreadCopyIsANearDuplicate(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for text in [Texts.bridge, Texts.observatory] {
            var (desk, original) = Desk.holding(text)
            let copy = article(damaged(text, every: 16, &random), at: "https://deux.test/b")
            let verdict = desk.take(copy)
            #expect(verdict.kind == .nearDuplicate && verdict.of?.id == original.id, "seed \(seed)")
            let alignment = verdict.evidence.scores.first { $0.name == "alignment" }
            #expect((alignment?.value ?? 0) > 0.6, "seed \(seed)")
        }
    }

    @Test func twoReportsOfOneEventAreNoDamagedCopies() {
        var (desk, _) = Desk.holding(Texts.fireHere)
        desk.take(article(Texts.earthquakeNorth, at: "https://un.test/b"))
        #expect(desk.take(article(Texts.fireThere, at: "https://deux.test/a")).kind == .new)
        #expect(desk.take(article(Texts.earthquakeEast, at: "https://deux.test/b")).kind == .new)
    }

    @Test func compilationIsAnExcerptOfItsMainSource() {
        var desk = Desk()
        let sources = [Texts.bridge, Texts.observatory, Texts.fireHere]
        for (number, text) in sources.enumerated() {
            desk.take(article(text, at: "https://un.test/\(number)"))
        }
        let leads = sources.compactMap { $0.split(separator: "\n\n").first.map(String.init) }
        let verdict = desk.take(article(leads.joined(separator: "\n\n"), at: "https://deux.test/"))
        #expect(verdict.kind == .excerpt && verdict.novelty.share == 0)
        #expect(Set(verdict.novelty.passages.map(\.heldBy)).count == 3)
    }

    @Test func textThatComesBackIsADuplicate() {
        var (desk, _) = Desk.holding(Texts.bridge)
        let corrected = Texts.bridge.replacing("14 millions", with: "15 millions")
        #expect(desk.take(article(corrected, at: "https://un.test/a")).kind == .revision)
        let back = desk.take(article(Texts.bridge, at: "https://un.test/a"))
        #expect(back.kind == .duplicate && back.evidence.rule == "content-hash")
    }

    @Test func languagesAndOutletsMayHaveThresholdsOfTheirOwn() {
        let edited = Texts.bridge.split(separator: "\n\n").dropLast().joined(separator: "\n\n")
        func kind(_ exception: DecisionException) -> Verdict.Kind {
            var options = DecisionOptions()
            options.exceptions = [exception]
            var (desk, _) = Desk.holding(Texts.bridge, options: options)
            return desk.take(article(edited, at: "https://www.deux.test/b")).kind
        }
        #expect(kind(DecisionException(outlet: "trois.test", copyContainment: 1)) == .nearDuplicate)
        #expect(kind(DecisionException(outlet: "deux.test", copyContainment: 1)) == .excerpt)
        #expect(kind(DecisionException(outlet: "eux.test", copyContainment: 1)) == .nearDuplicate)
        #expect(kind(DecisionException(language: "de", copyContainment: 1)) == .nearDuplicate)
    }

    @Test(arguments: [(nil, false), (march(1, hours: -1), false), (march(1, hours: 2), true)])
    func orderIsCertainWhenTheHeldOneWasSeenBeforeThisWasOut(absent: Instant?, isCertain: Bool) {
        var (desk, original) = Desk.holding(Texts.bridge)
        var copy = article(
            Texts.bridge.replacing("onze", with: "dix"), at: "https://deux.test/b",
            seen: march(1, hours: 3))
        copy.origin = FeedID("deux").map { .feed($0) } ?? copy.origin
        copy.absent = absent
        let order = desk.take(copy).evidence.order
        #expect(order?.heldSeen == original.seen && order?.isCertain == isCertain)
    }
}
