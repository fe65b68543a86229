import ArticleStore
import Deduplication
import Ingestion
import News
import Testing

/// Deciding, writing down and learning are one hop, and committing twice is committing once.
@Suite struct LedgerTests {
    @Test func twoCopiesInFlightAreNotBothNew() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let ledger = scene.ledger
        let copies = try (0..<8).map { number in
            try Samples.article(
                number, entry: Samples.entry(number), feed: "f\(number)",
                text: Samples.paragraphs(500))
        }
        let records = try await withThrowingTaskGroup(of: [Record].self) { group in
            for copy in copies {
                group.addTask { try await ledger.commit([copy], at: Samples.noon) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(
            records.map(\.outcome).sorted() == Array(repeating: "duplicate", count: 7) + ["new"])
        #expect(try scene.folder.records().count == 8)
    }

    @Test func oneSubmissionTwiceInABatchIsOneRecord() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let article = try Samples.article(1)
        let records = try await scene.commit(article, article)
        #expect(records.map(\.outcome) == ["new"])
    }

    @Test func committingAgainIsCommittingOnce() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let submissions = [
            try Samples.article(1), try Samples.article(2, text: Samples.paragraphs(1)),
            .sighting(
                try Samples.candidate(3, feed: "other"),
                of: try #require(try await scene.commit(Samples.article(9)).first?.article?.id),
                by: .address),
            try Samples.rejection(4),
        ]
        let first = try await scene.ledger.commit(submissions, at: Samples.noon)
        #expect(first.map(\.kind) == ["article", "sighting", "sighting", "rejection"])
        // As after a crash that lost the validators: the same process, and then a new one.
        #expect(try await scene.ledger.commit(submissions, at: Samples.noon).isEmpty)
        let next = try await scene.reopened()
        #expect(try await next.ledger.commit(submissions, at: Samples.noon).isEmpty)
        #expect(try scene.folder.records().count == 5)
    }

    @Test func aRevisionKeepsTheIdAndIsCommittedOnce() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let first = try #require(try await scene.commit(Samples.article(1)).first?.article)
        let changed = try Samples.article(
            1, entry: Samples.entry(1, change: ", amended"),
            text: Samples.paragraphs(1) + ["A paragraph that was not there before, about dogs."])
        let second = try await scene.commit(changed)
        #expect(second.map(\.outcome) == ["revision"])
        #expect(second.first?.article?.id == first.id)
        #expect(second.first?.verdict?.of?.id == first.id)
        #expect(try await scene.commit(changed).isEmpty)
    }

    @Test func aRevisionUnderAnotherAddressKeepsTheIdToo() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let first = try #require(try await scene.commit(Samples.article(1)).first?.article)
        let moved = try Samples.article(
            1, entry: Samples.entry(1, link: "https://news.example/moved/1"),
            text: Samples.paragraphs(1) + ["A paragraph that was not there before, about dogs."])
        let second = try #require(try await scene.commit(moved).first)
        #expect(second.outcome == "revision")
        #expect(second.article?.id == first.id)
        #expect(second.article?.canonicalURL != first.canonicalURL)
        #expect(try await scene.commit(moved).isEmpty)
    }

    @Test func otherWordsUnderTheSameAddressGetAnIdOfTheirOwn() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let link = "https://news.example/live"
        let first = try #require(
            try await scene.commit(Samples.article(1, entry: Samples.entry(1, link: link))).first)
        let other = try Samples.article(2, entry: Samples.entry(2, link: link))
        let second = try #require(try await scene.commit(other).first)
        #expect(second.outcome == "new")
        #expect(second.article?.canonicalURL == first.article?.canonicalURL)
        #expect(second.article?.id != first.article?.id)
        #expect(try await scene.commit(other).isEmpty, "and it is known from then on")
        let latest = try await scene.reopened()
        #expect(try await latest.commit(other).isEmpty)
    }

    @Test func aRejectionIsRecordedOnceForEachFeed() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let rejection = try Samples.rejection(1)
        #expect(try await scene.commit(rejection).map(\.kind) == ["rejection"])
        #expect(try await scene.commit(rejection).isEmpty)
        guard case .rejection(var other) = rejection else { return }
        other.feed = try Samples.feedID("other")
        other.aliases = try Samples.candidate(1, feed: "other").aliases
        #expect(
            try await scene.commit(.rejection(other)).count == 1,
            "or the other feed's entry would be tried with every poll")
    }

    @Test func aDuplicateOfAnotherFeedIsASighting() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let first = try #require(try await scene.commit(Samples.article(1)).first?.article)
        let again = try await scene.commit(try Samples.article(1, feed: "other"))
        guard case .sighting(let sighting)? = again.first?.body else {
            Issue.record("no sighting but \(again)")
            return
        }
        #expect(sighting.id == first.id)
        #expect(sighting.origin == .feed(try Samples.feedID("other")))
    }

    @Test func entriesStandAsWhatIsKnownOfThem() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let feed = try Samples.feedID()
        let held = try #require(try await scene.commit(Samples.article(1)).first?.article)
        try await scene.commit(Samples.rejection(2))
        let sameAddress = Samples.entry(4, link: "https://news.example/a/1?utm_source=feed")
        let entries = [
            Samples.entry(1), Samples.entry(1, change: "!"), Samples.entry(2),
            Samples.entry(2, change: "!"), Samples.entry(3),
            sameAddress, Entry(summary: FeedText("Neither id, link nor title.", form: .html)),
        ]
        let expected: [EntryStanding] = [
            .known, .changed, .known, .unseen, .unseen, .unseen, .nameless,
        ]
        let named = NamedEntry.all(of: entries, in: feed, trustingIDs: true)
        #expect(await scene.ledger.standings(of: named) == expected)
        let alone = NamedEntry.all(of: [sameAddress], in: feed, trustingIDs: true)
        #expect(
            await scene.ledger.standings(of: alone) == [.knownByAddress(held.id)],
            "an address that others of the document share says nothing of one")
        let other = try Samples.feedID("other")
        let elsewhere = await scene.ledger.standings(
            of: NamedEntry.all(of: [Samples.entry(1)], in: other, trustingIDs: true))
        #expect(elsewhere == [.knownByAddress(held.id)], "ids count within their feed alone")
    }

    @Test func concurrentCommitsShareTheirSyncs() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let ledger = scene.ledger
        try await scene.commit(Samples.article(0))
        let articles = try (1...64).map { try Samples.article($0) }
        scene.faults.set(nil)
        let committed = try await withThrowingTaskGroup(of: Int.self) { group in
            for article in articles {
                group.addTask { try await ledger.commit([article], at: Samples.noon).count }
            }
            return try await group.reduce(0, +)
        }
        #expect(committed == 64)
        #expect(scene.faults.count(.syncData) < 64, "\(scene.faults.count(.syncData)) syncs")
        #expect(scene.faults.count(.syncData) > 0)
    }

    @Test func aRecordTooLargeIsRefusedAndTheStoreGoesOn() async throws {
        let scene = LedgerScene(try TemporaryFolder()) { $0.recordBytesMax = 12_000 }
        try await scene.open()
        let records = try await scene.commit(
            try Samples.article(1, text: Samples.paragraphs(1, count: 40)),
            try Samples.article(2))
        #expect(records.map(\.kind) == ["rejection", "article"])
        guard case .rejection(let rejected)? = records.first?.body,
            case .tooLong(_, bytesMax: 12_000) = rejected.reason
        else {
            Issue.record("another reason: \(records)")
            return
        }
        #expect(await scene.ledger.problem == nil)
    }

    @Test func aStateTooLargeIsSavedWithoutTheEntriesThatWait() async throws {
        let scene = LedgerScene(try TemporaryFolder()) { $0.feedStateBytesMax = 4000 }
        try await scene.open()
        var state = FeedState(
            id: try Samples.feedID(), url: try #require(HTTPURL("https://news.example/feed")))
        state.validators.etag = "\"1\""
        state.failures = 3
        state.pending = (0..<40).map {
            .init(
                entry: Samples.entry($0), firstSeen: Samples.noon, attempts: 1, lastReason: "slow")
        }
        try await scene.ledger.save(state)
        let saved = try #require(await scene.reopened().ledger.feedStates().first)
        #expect(saved.failures == 3)
        #expect(saved.pending.isEmpty)
        #expect(saved.validators.isEmpty, "or the feed would say that nothing changed")
        #expect(await scene.ledger.problem == nil)
    }

    @Test func aClosedLedgerSaysSo() async throws {
        let scene = try LedgerScene()
        await #expect(throws: LedgerError.self) { try await scene.commit(Samples.article(1)) }
        try await scene.open()
        try await scene.commit(Samples.article(1))
        await scene.ledger.close()
        await #expect(throws: LedgerError.self) { try await scene.commit(Samples.article(2)) }
        #expect(try scene.folder.records().count == 1)
    }

    @Test func aMarkIsDurableAndBindsAfterReopening() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let text = Samples.paragraphs(1)
        let first = try #require(try await scene.commit(Samples.article(1)).first?.article)
        let copied = try Samples.article(2, feed: "other", text: ["A first line."] + text)
        let second = try #require(try await scene.commit(copied).first)
        #expect(second.outcome == "nearDuplicate")
        let id = try #require(second.article?.id)
        let mark = Mark(id: id, other: first.id, relation: .different)
        let answer = try await scene.ledger.mark(mark, at: Samples.noon)
        let record = try #require(try scene.folder.records().last)
        #expect(answer == .marked(seq: record.seq) && record.body == .correction(mark))
        let nobody = ArticleID(Digest(kind: "nobody", ""))
        for unknown in [
            Mark(id: id, other: nobody, relation: .same),
            Mark(id: nobody, other: id, relation: .same),
        ] {
            #expect(
                try await scene.ledger.mark(unknown, at: Samples.noon) == .notHeld(nobody))
        }
        let itself = Mark(id: id, other: id, relation: .same)
        #expect(try await scene.ledger.mark(itself, at: Samples.noon) == .oneArticle)
        let next = try await scene.reopened()
        // Copies of the second are copies of it now, and not of the first.
        let third = try Samples.article(
            3, feed: "third", text: ["A first line."] + text + ["A last line, about the dog."])
        let told = try await next.commit(third).first?.verdict
        #expect(told?.of?.id == id)
    }
}

extension Record {
    var article: Article? { articleAndVerdict?.article }
}
