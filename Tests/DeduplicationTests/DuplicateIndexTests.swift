import Deduplication
import News
import Testing

private let texts = [
    Texts.bridge, Texts.observatory, Texts.fireHere, Texts.fireThere, Texts.earthquakeNorth,
    Texts.earthquakeEast, Texts.fundingLumio, Texts.fundingBraise,
]

/// Sentences of the invented reports, shuffled: texts that share some of their words.
private func mixture(_ random: inout SeededGenerator) -> String {
    let pieces = texts.flatMap { text in
        sentences(of: text).map { passage($0, of: text) }
    }
    return (0..<Int.random(in: 3...9, using: &random))
        .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }
        .joined(separator: " ")
}

@Suite struct DuplicateIndexTests {
    @Test func aliasesLeadToWhatBecameOfThem() {
        var desk = Desk()
        let alias = Alias(Digest(kind: "entry", "e1"))
        #expect(desk.index.known(alias) == nil)
        let kept = article(Texts.bridge, at: "https://un.test/a", entry: "e1")
        desk.take(kept)
        #expect(desk.index.known(alias)?.article == kept.id)

        let refused = Alias(Digest(kind: "entry", "e2"))
        let digest = Digest(kind: "entry-content", "x")
        guard let feed = FeedID("test") else { return }
        let entry = RejectedEntry(
            feed: feed, url: nil, title: "", published: nil, seen: march(1), aliases: [refused],
            entryDigest: digest, reason: .nameless)
        desk.index.insert(
            Record(seq: 2, stored: march(1), body: .rejection(entry)), fingerprint: nil)
        #expect(desk.index.known(refused)?.article == nil)
        #expect(desk.index.known(refused)?.entry == EntryMark(of: digest))
        #expect(desk.index.lastSeq == 2)
    }

    @Test func duplicateTeachesItsNames() {
        var (desk, kept) = Desk.holding(Texts.bridge)
        let copy = article(Texts.bridge, at: "https://deux.test/b", entry: "e9")
        desk.take(copy)
        #expect(desk.index.known(Alias(Digest(kind: "entry", "e9")))?.article == kept.id)
        let corrected = Texts.bridge.replacing("14 millions", with: "15 millions")
        let verdict = desk.take(article(corrected, at: "https://deux.test/b"))
        #expect(verdict.kind == .revision && verdict.of?.id == kept.id)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func learningTwiceIsLearningOnce(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (once, twice) = (Desk(), Desk())
        for number in 0..<20 {
            let address = "https://un.test/\(Int.random(in: 0..<15, using: &random))"
            let article = article(mixture(&random), at: address, seen: march(1, hours: number))
            let record = once.record(article, once.verdict(on: article))
            once.take(article)
            for _ in 0..<2 { twice.index.insert(record, fingerprint: nil) }
        }
        #expect(once.index.serialised() == twice.index.serialised(), "seed \(seed)")
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func unrelatedDocumentsMayComeInAnyOrder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let held = texts.enumerated().map { number, text in
            article(text, at: "https://un.test/\(number)", seen: march(1, hours: number))
        }
        let question = article(mixture(&random), at: "https://deux.test/q", seen: march(2))
        var verdicts: [Verdict] = []
        for order in [held, held.shuffled(using: &random), held.shuffled(using: &random)] {
            var desk = Desk()
            for article in order {
                desk.held[article.id] = article
                // Every text is its own story here, so that none depends on which came first.
                let story = StoryMembership(
                    id: StoryID(startedBy: article.id), threshold: desk.options.storyThreshold)
                let verdict = Verdict(
                    kind: .new, story: story, evidence: Evidence(rule: "nothing-alike", rules: 1))
                desk.index.insert(
                    Record(stored: article.seen, body: .article(article, verdict)),
                    fingerprint: nil)
            }
            verdicts.append(desk.verdict(on: question))
        }
        #expect(verdicts[0] == verdicts[1] && verdicts[0] == verdicts[2], "seed \(seed)")
    }

    @Test(arguments: 0..<5 as Range<UInt64>)
    func savedIndexDecidesAsBefore(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var desk = Desk()
        for number in 0..<30 {
            desk.take(
                article(
                    mixture(&random), at: "https://un.test/\(number)",
                    seen: march(1, hours: number), entry: "e\(number)"))
        }
        let bytes = desk.index.serialised()
        var copy = desk
        copy.index = try #require(DuplicateIndex(serialised: bytes, options: desk.options))
        #expect(copy.index.lastSeq == desk.index.lastSeq && copy.index.count == desk.index.count)
        for number in 0..<20 {
            let question = article(
                mixture(&random), at: "https://deux.test/\(number)", seen: march(2, hours: number))
            #expect(desk.take(question) == copy.take(question), "seed \(seed)")
        }
        #expect(copy.index.serialised() == desk.index.serialised())
    }

    @Test func anyDamageIsRefused() {
        var desk = Desk()
        for (number, text) in texts.enumerated() {
            desk.take(article(text, at: "https://un.test/\(number)"))
        }
        let bytes = desk.index.serialised()
        #expect(DuplicateIndex(serialised: bytes, options: desk.options) != nil)
        #expect(DuplicateIndex(serialised: [], options: desk.options) == nil)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<60 {
            var damaged = bytes
            let place = Int.random(in: 0..<bytes.count, using: &random)
            damaged[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
            #expect(DuplicateIndex(serialised: damaged, options: desk.options) == nil)
            let cut = Array(bytes[..<place])
            #expect(DuplicateIndex(serialised: cut, options: desk.options) == nil)
        }
        #expect(DuplicateIndex(serialised: bytes + [0], options: desk.options) == nil)
    }

    @Test func indexOfOtherOptionsIsRefused() {
        let bytes = DuplicateIndex(options: DecisionOptions()).serialised()
        var options = DecisionOptions()
        options.storyThreshold = 0.5
        #expect(DuplicateIndex(serialised: bytes, options: options) == nil)
    }

    @Test func textThatCannotBeReadDoesNotCount() {
        var (desk, _) = Desk.holding(Texts.bridge)
        desk.held = [:]
        #expect(desk.verdict(on: article(Texts.bridge, at: "https://un.test/a")).kind == .new)
    }
}

/// Limits that are reached.
extension DuplicateIndexTests {
    @Test func laterHoldersOfAShingleAreNotListed() {
        var options = DecisionOptions()
        options.postingsMax = 1
        // Letters propose nobody.
        options.letterPostingsMax = 1
        var desk = Desk(options: options)
        let shared = Texts.observatory.split(separator: "\n\n").map(String.init)[0]
        let first = article(shared + "\n\n" + Texts.bridge, at: "https://un.test/a")
        desk.take(first)
        desk.take(article(shared + "\n\n" + Texts.fireHere, at: "https://un.test/b"))
        let verdict = desk.take(article(shared, at: "https://deux.test/c"))
        #expect(verdict.kind == .excerpt && verdict.of?.id == first.id)
        #expect(verdict.evidence.runnersUp.isEmpty)
    }

    @Test func onlySoManyFeaturesAreCounted() {
        var options = DecisionOptions()
        options.countedFeaturesMax = 3
        var (few, all) = (Desk(options: options), Desk())
        // Enough different words that the table of counts has to grow.
        for number in 0..<40 {
            let words = (0..<60).map { "mot\(number)x\($0)" }.joined(separator: " ")
            few.take(article(words, at: "https://un.test/\(number)"))
            all.take(article(words, at: "https://un.test/\(number)"))
        }
        #expect(few.index.serialised().count < all.index.serialised().count)
    }

    @Test func noMoreCandidatesAreReadThanAllowed() {
        var options = DecisionOptions()
        options.candidatesMax = 2
        options.alignedMax = 0
        var desk = Desk(options: options)
        let shared = Texts.observatory.split(separator: "\n\n").map(String.init)[0]
        for (number, text) in texts.enumerated() where text != Texts.observatory {
            desk.take(article(shared + "\n\n" + text, at: "https://un.test/\(number)"))
        }
        let question = article(shared + "\n\nAnd more words.", at: "https://deux.test/q")
        var read = 0
        var loose = options
        loose.familiesMax = 100
        var index = DuplicateIndex(options: loose)
        for held in desk.held.values.sorted(by: { $0.id < $1.id }) {
            index.insertSeed(held, fingerprint: nil)
        }
        let fingerprint = Fingerprint(of: question, options: loose)
        let verdict = index.verdict(on: question, fingerprint) { id in
            read += 1
            return desk.held[id]
        }
        #expect(verdict.kind != .new)
        #expect(read >= 2 && read <= 4)
    }
}
