import Fetching
import News
import Testing

/// The desk for host names, stepped through time without a clock or a name server.
struct NameDeskTests {
    private let address = IPAddress.v4(0xC614_0001)

    private func desk(places: Int = 4) -> NameDesk {
        NameDesk(
            NameDesk.Limits(
                lookupsMax: places, timeMax: .seconds(10), placeTimeMax: .seconds(30)))
    }

    @Test func oneLookupServesAllWhoAsk() {
        var desk = desk()
        #expect(desk.ask(1, for: "a", now: .zero) == .waits)
        #expect(desk.start(now: .zero) == ["a"])
        #expect(desk.ask(2, for: "a", now: .seconds(1)) == .waits)
        #expect(desk.start(now: .seconds(1)) == [])
        #expect(desk.answered("a", [address], now: .seconds(2)).map(\.id) == [1, 2])
        #expect(desk.ask(3, for: "a", now: .seconds(61)) == .known([address]))
        #expect(desk.ask(4, for: "a", now: .seconds(62)) == .waits)
        #expect(desk.nextDue == .seconds(92))
    }

    @Test func whatHasNoAddressIsAskedForAgain() {
        var desk = desk()
        _ = desk.ask(1, for: "a", now: .zero)
        _ = desk.start(now: .zero)
        #expect(desk.answered("a", [], now: .zero).map(\.id) == [1])
        #expect(desk.ask(2, for: "a", now: .zero) == .waits)
    }

    @Test func patienceCountsFromTheLookup() {
        var desk = desk(places: 1)
        _ = desk.ask(1, for: "a", now: .zero)
        _ = desk.ask(2, for: "b", now: .zero)
        #expect(desk.start(now: .zero) == ["a"])
        #expect(desk.nextDue == .seconds(10))
        let late = desk.late(now: .seconds(10))
        #expect(late.map(\.id) == [1] && late[0].wasAsked)
        // It keeps its place: nobody can call it off.
        #expect(desk.start(now: .seconds(10)) == [])
        #expect(desk.answered("a", [], now: .seconds(20)) == [])
        #expect(desk.start(now: .seconds(20)) == ["b"])
        #expect(desk.late(now: .seconds(29)) == [])
        #expect(desk.answered("b", [address], now: .seconds(29)).map(\.since) == [.seconds(20)])
        #expect(desk.nextDue == nil)
    }

    @Test func placesThatAreNeverFreeAreSaidToBe() {
        var desk = desk(places: 1)
        _ = desk.ask(1, for: "a", now: .zero)
        _ = desk.start(now: .zero)
        _ = desk.ask(2, for: "b", now: .seconds(1))
        _ = desk.late(now: .seconds(10))
        #expect(desk.nextDue == .seconds(31))
        let late = desk.late(now: .seconds(31))
        #expect(late.map(\.id) == [2] && !late[0].wasAsked)
        // Nobody wants it any more.
        _ = desk.answered("a", [], now: .seconds(40))
        #expect(desk.start(now: .seconds(40)) == [])
    }

    @Test func namesThatAnswerHaveAQuarterForThemselves() {
        var desk = desk(places: 8)
        _ = desk.ask(0, for: "good", now: .zero)
        _ = desk.start(now: .zero)
        _ = desk.answered("good", [], now: .zero)
        for id in 1...20 { _ = desk.ask(id, for: "dead\(id)", now: .zero) }
        #expect(desk.start(now: .zero).count == 6)
        #expect(desk.ask(21, for: "good", now: .zero) == .waits)
        #expect(desk.start(now: .zero) == ["good"])
        // Once it was late it has no better right than others, but what it said is kept longer.
        _ = desk.late(now: .seconds(10))
        _ = desk.answered("good", [address], now: .seconds(11))
        #expect(desk.ask(22, for: "good", now: .seconds(610)) == .known([address]))
        #expect(desk.ask(22, for: "good", now: .seconds(611)) == .waits)
        #expect(desk.start(now: .seconds(611)) == [])
        #expect(desk.underWay == 6)
    }

    @Test func namesThatWereSilentComeLastAndHaveHalf() {
        var desk = desk(places: 8)
        for id in 1...6 { _ = desk.ask(id, for: "dead\(id)", now: .zero) }
        #expect(desk.start(now: .zero).count == 6)
        _ = desk.late(now: .seconds(10))
        for id in 1...6 { _ = desk.answered("dead\(id)", [], now: .seconds(20)) }
        for id in 11...16 { _ = desk.ask(id, for: "dead\(id - 10)", now: .seconds(30)) }
        _ = desk.ask(20, for: "new", now: .seconds(30))
        #expect(desk.start(now: .seconds(30)) == ["new", "dead1", "dead2", "dead3", "dead4"])
        _ = desk.ask(21, for: "newer", now: .seconds(30))
        #expect(desk.start(now: .seconds(30)) == ["newer"])
    }

    @Test func whoWithdrawsIsNotNamed() {
        var desk = desk()
        for id in 1...2 { _ = desk.ask(id, for: "a", now: .zero) }
        _ = desk.start(now: .zero)
        desk.withdraw(1)
        #expect(desk.answered("a", [address], now: .zero).map(\.id) == [2])
    }

    /// Thousands of names, answered at random or never: no more lookups than there are places, and
    /// everybody is told something once.
    @Test(arguments: 0..<8) func everybodyIsToldOnce(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var desk = desk(places: 5)
        var (told, now) = ([Int: Int](), Duration.zero)
        var under: Set<String> = []
        for id in 0..<3000 {
            now += .milliseconds(random.next(below: 400))
            let name = "n\(random.next(below: 200))"
            if case .known = desk.ask(id, for: name, now: now) { told[id, default: 0] += 1 }
            under.formUnion(desk.start(now: now))
            #expect(desk.underWay == under.count && under.count <= 5)
            if random.next(below: 3) > 0, let name = under.sorted().first {
                under.remove(name)
                let addresses = random.next(below: 2) == 0 ? [] : [address]
                for one in desk.answered(name, addresses, now: now) {
                    told[one.id, default: 0] += 1
                }
            }
            for late in desk.late(now: now) { told[late.id, default: 0] += 1 }
        }
        while let due = desk.nextDue {
            now = max(now, due)
            for late in desk.late(now: now) { told[late.id, default: 0] += 1 }
        }
        #expect(told.count == 3000 && told.values.allSatisfy { $0 == 1 })
    }
}

/// Numbers that a seed determines.
private struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
