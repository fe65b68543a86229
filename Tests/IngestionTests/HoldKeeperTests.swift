import ArticleStore
import Glibc
import Ingestion
import News
import Testing

@Suite struct HoldKeeperTests {
    @Test func manyHoldsAreFewFilesAndTheLastIsKept() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let keeper = HoldKeeper(scene.ledger, interval: .seconds(86_400))
        scene.faults.set(nil)
        for second in 1...500 {
            keeper.note(["a.example": Samples.noon.adding(.seconds(second))])
        }
        await keeper.flush()
        #expect(scene.faults.count(.rename) <= 2, "\(scene.faults.count(.rename)) files")
        let until = Samples.noon.adding(.seconds(500))
        #expect(await scene.ledger.heldHosts() == ["a.example": until])
        let next = try await scene.reopened()
        #expect(await next.ledger.heldHosts() == ["a.example": until])
        await next.ledger.close()
    }

    /// Said once, and once more when it had been well in between.
    @Test func whatCannotBeSavedIsSaidOnce() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let keeper = HoldKeeper(scene.ledger, interval: .seconds(86_400))
        let outage = Faults.Plan(kinds: [.write], isLasting: true, errno: ENOSPC)
        for (number, fault) in [outage, outage, nil, outage].enumerated() {
            scene.faults.set(fault)
            keeper.note(["a.example": Samples.noon.adding(.seconds(number))])
            await keeper.flush()
            // Whoever of the two takes it: the queue is through with it when the next is asked.
            while scene.faults.count(.write) == 0 { await Task.yield() }
            _ = await scene.ledger.heldHosts()
        }
        scene.faults.set(nil)
        let said = scene.journal.events.count {
            if case .politenessUnwritten(.holds, _) = $0 { true } else { false }
        }
        #expect(said == 2)
        await scene.ledger.close()
    }

    @Test func linesThatTheDiskIsTooSlowForAreCounted() async throws {
        let scene = try LedgerScene()
        try await scene.open()
        let notes = RequestNotes()
        for number in 1...5000 {
            _ = notes.add(
                RequestNote(
                    at: Samples.noon, host: "a.example", url: "http://a.example/\(number)",
                    purpose: "feed", isSent: true, rule: "a configured feed",
                    outcome: "status 200"))
        }
        await scene.ledger.write(notes)
        await scene.ledger.write(notes)
        let reasons = scene.journal.events.compactMap {
            if case .politenessUnwritten(.requests, let reason) = $0 { reason } else { nil }
        }
        #expect(reasons == ["the disk did not keep up: 2048 lines are lost"])
        var written: [RequestNote] = []
        try RequestLog.forEachNote(at: scene.folder.store) { written.append($0) }
        #expect(written.map(\.url).first == "http://a.example/2049")
        #expect(written.map(\.url).last == "http://a.example/5000")
        #expect(written.count == 5000 - 2048)
        await scene.ledger.close()
    }
}
