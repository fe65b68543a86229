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
}
