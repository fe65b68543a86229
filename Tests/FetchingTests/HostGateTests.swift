import Fetching
import News
import Testing

/// The gate, stepped through time without a clock.
struct HostGateTests {
    private static let start = Instant(millisecondsSince1970: 1_795_348_800_000)

    private func gate(_ change: (inout HostGate.Limits) -> Void = { _ in }) -> HostGate {
        var limits = HostGate.Limits(
            total: 4, slowTotal: 3, perHost: 2, spacing: .seconds(1), slowAnswer: .seconds(5),
            waitingMax: 100, holdMax: .seconds(86_400))
        change(&limits)
        return HostGate(limits)
    }

    private func at(_ milliseconds: Int) -> Instant {
        Self.start.adding(.milliseconds(milliseconds))
    }

    @Test func spacingLiesBetweenStarts() {
        var gate = gate()
        for id in 1...3 {
            #expect(gate.enter(id, host: "a", isSpaced: true, now: at(0)) == .queued)
        }
        #expect(gate.start(now: at(0)) == [1])
        #expect(gate.untilNextStart(now: at(0)) == .seconds(1))
        gate.finish(host: "a", elapsed: .zero, now: at(10))
        #expect(gate.start(now: at(999)) == [])
        #expect(gate.untilNextStart(now: at(999)) == .milliseconds(1))
        #expect(gate.start(now: at(1000)) == [2])
        #expect(gate.start(now: at(2000)) == [3])
        #expect(gate.untilNextStart(now: at(2000)) == nil)
    }

    @Test func unspacedRequestNeitherWaitsNorCounts() {
        var gate = gate()
        _ = gate.enter(1, host: "a", isSpaced: true, now: at(0))
        #expect(gate.start(now: at(0)) == [1])
        _ = gate.enter(2, host: "a", isSpaced: false, now: at(1))
        #expect(gate.start(now: at(1)) == [2])
        gate.finish(host: "a", elapsed: .zero, now: at(2))
        _ = gate.enter(3, host: "a", isSpaced: true, now: at(1000))
        #expect(gate.start(now: at(1000)) == [3])
    }

    @Test func capsHoldPerHostAndInAll() {
        var gate = gate { $0.spacing = .zero }
        for id in 0..<30 { _ = gate.enter(id, host: "h\(id % 3)", isSpaced: true, now: at(0)) }
        #expect(gate.start(now: at(0)).count == 4)
        #expect((gate.active, gate.waiting) == (4, 26))
        #expect(gate.start(now: at(0)) == [])
        gate.finish(host: "h0", elapsed: .zero, now: at(1))
        #expect(gate.start(now: at(1)).count == 1)
    }

    @Test func hostsTakeTurnsWhateverTheirQueues() {
        var gate = gate {
            $0.spacing = .zero
            $0.total = 1
        }
        for id in 0..<50 { _ = gate.enter(id, host: "greedy", isSpaced: true, now: at(0)) }
        _ = gate.enter(100, host: "modest", isSpaced: true, now: at(0))
        #expect(gate.start(now: at(0)) == [0])
        gate.finish(host: "greedy", elapsed: .zero, now: at(0))
        #expect(gate.start(now: at(0)) == [100])
    }

    /// A thousand pages of a host that some feed names do not hold up the feed of that host, nor do
    /// those of other hosts.
    @Test func feedsGoBeforePages() {
        var gate = gate { $0.total = 2 }
        for id in 1...4 {
            #expect(gate.enter(id, host: "a", isSpaced: true, isPage: true, now: at(0)) == .queued)
        }
        #expect(gate.enter(5, host: "b", isSpaced: true, isPage: true, now: at(0)) == .queued)
        #expect(gate.start(now: at(0)) == [1, 5])
        #expect(gate.enter(6, host: "a", isSpaced: true, now: at(10)) == .queued)
        gate.finish(host: "a", elapsed: .zero, now: at(20))
        #expect(gate.untilNextStart(now: at(20)) == .milliseconds(980))
        #expect(gate.start(now: at(1000)) == [6])
        gate.finish(host: "a", elapsed: .zero, now: at(1010))
        // Once there is none, pages go on in their order; withdrawn ones do not.
        gate.withdraw(2, host: "a")
        #expect(gate.start(now: at(2000)) == [3])
        #expect(gate.hold(host: "a", until: at(9000), now: at(2010)) == [4])
        #expect(gate.waiting == 0)
    }

    @Test func slowHostsLeaveRoomForOthers() {
        var gate = gate {
            $0.spacing = .zero
            $0.perHost = 1
            $0.perAddress = 4
        }
        for id in 0..<4 { _ = gate.enter(id, host: "slow\(id)", isSpaced: true, now: at(0)) }
        #expect(gate.start(now: at(0)).count == 4)
        for id in 0..<4 { gate.finish(host: "slow\(id)", elapsed: .seconds(10), now: at(10_000)) }
        for id in 10..<14 {
            _ = gate.enter(id, host: "slow\(id - 10)", isSpaced: true, now: at(10_000))
        }
        #expect(gate.start(now: at(10_000)).count == 3)
        _ = gate.enter(20, host: "healthy", isSpaced: true, now: at(10_001))
        #expect(gate.start(now: at(10_001)) == [20])
        // One quick answer, and the host is like any other.
        gate.finish(host: "slow0", elapsed: .milliseconds(1), now: at(10_002))
        gate.finish(host: "healthy", elapsed: .zero, now: at(10_002))
        #expect(gate.start(now: at(10_002)).count == 1)
    }

    /// However many the slow may have, where there are few places one is left for the others.
    @Test(arguments: [(1, 1), (2, 1), (3, 2), (48, 47), (64, 48)])
    func fewPlacesAreNotAllForSlowHosts(total: Int, slow: Int) {
        var gate = gate {
            $0.spacing = .zero
            $0.total = total
            $0.slowTotal = 48
        }
        for id in 0..<100 {
            let host = "slow\(id)"
            _ = gate.enter(id, host: host, isSpaced: true, now: at(id))
            #expect(gate.start(now: at(id)) == [id])
            gate.finish(host: host, elapsed: .seconds(10), now: at(id))
        }
        for id in 0..<100 {
            _ = gate.enter(100 + id, host: "slow\(id)", isSpaced: true, now: at(200))
        }
        #expect(gate.start(now: at(200)).count == slow)
        _ = gate.enter(999, host: "healthy", isSpaced: true, now: at(201))
        #expect(gate.start(now: at(201)) == (total > 1 ? [999] : []))
    }

    @Test func fullQueueRefuses() {
        var gate = gate { $0.waitingMax = 2 }
        #expect(gate.enter(1, host: "a", isSpaced: true, now: at(0)) == .queued)
        #expect(gate.enter(2, host: "b", isSpaced: true, now: at(0)) == .queued)
        #expect(gate.enter(3, host: "c", isSpaced: true, now: at(0)) == .full)
        #expect(gate.start(now: at(0)) == [1, 2])
        #expect(gate.enter(3, host: "c", isSpaced: true, now: at(0)) == .queued)
    }

    @Test func heldHostGetsNothingUntilThen() {
        var gate = gate { $0.spacing = .zero }
        for id in 1...4 { _ = gate.enter(id, host: "a", isSpaced: true, now: at(0)) }
        _ = gate.start(now: at(0))
        #expect(gate.hold(host: "a", until: at(5000), now: at(1)) == [3, 4])
        #expect(gate.waiting == 0)
        #expect(gate.enter(5, host: "a", isSpaced: true, now: at(4999)) == .held(until: at(5000)))
        #expect(gate.enter(6, host: "b", isSpaced: true, now: at(4999)) == .queued)
        #expect(gate.enter(7, host: "a", isSpaced: true, now: at(5000)) == .queued)
    }

    @Test func shorterHoldDoesNotShortenALongerOne() {
        var gate = gate()
        _ = gate.hold(host: "a", until: at(5000), now: at(0))
        _ = gate.hold(host: "a", until: at(1000), now: at(0))
        #expect(gate.enter(1, host: "a", isSpaced: true, now: at(2000)) == .held(until: at(5000)))
    }

    @Test func withdrawnRequestNeverStarts() {
        var gate = gate()
        for id in 1...3 { _ = gate.enter(id, host: "a", isSpaced: false, now: at(0)) }
        gate.withdraw(2, host: "a")
        gate.withdraw(9, host: "a")
        gate.withdraw(1, host: "nowhere")
        #expect(gate.start(now: at(0)) == [1, 3])
    }

    @Test func clockGoingBackDelaysByOneSpacingAtMost() {
        var gate = gate()
        _ = gate.enter(1, host: "a", isSpaced: true, now: at(0))
        _ = gate.start(now: at(0))
        _ = gate.hold(host: "b", until: at(86_400_000), now: at(0))
        let past = at(-3 * 86_400_000)
        _ = gate.enter(2, host: "a", isSpaced: true, now: past)
        #expect(gate.untilNextStart(now: past) == .seconds(1))
        // A hold is never longer than a server may ask for.
        #expect(
            gate.enter(3, host: "b", isSpaced: true, now: past)
                == .held(until: past.adding(.seconds(86_400))))
    }

    @Test func hostsAtOneAddressCountTogether() {
        var gate = gate {
            $0.total = 100
            $0.perHost = 1
            $0.perAddress = 4
        }
        for (id, host) in ["a", "b", "c", "d", "e", "f"].enumerated() {
            _ = gate.enter(id, host: host, isSpaced: false, now: at(0))
            #expect(gate.start(now: at(0)) == [id])
            gate.finish(host: host, at: "192.0.2.1", elapsed: .zero, now: at(0))
        }
        _ = gate.enter(9, host: "f", isSpaced: false, now: at(0))
        #expect(gate.start(now: at(0)) == [9])
        for (id, host) in ["a", "b", "c", "d", "e", "f"].enumerated() {
            #expect(gate.enter(10 + id, host: host, isSpaced: true, now: at(0)) == .queued)
        }
        // One a second, whatever their names, and four at once.
        #expect(gate.start(now: at(0)) == [10])
        #expect(gate.untilNextStart(now: at(0)) == .seconds(1))
        #expect(gate.start(now: at(1000)) == [11])
        #expect(gate.start(now: at(2000)) == [12])
        #expect(gate.start(now: at(9000)) == [])
        #expect(gate.untilNextStart(now: at(9000)) == nil)
        gate.finish(host: "a", at: "192.0.2.1", elapsed: .zero, now: at(9000))
        #expect(gate.start(now: at(9000)) == [13])
        // A host that has moved counts where it is, and leaves its place to another.
        gate.finish(host: "f", at: "192.0.2.2", elapsed: .zero, now: at(9500))
        #expect(gate.start(now: at(9500)) == [15])
        #expect(gate.start(now: at(9999)) == [])
        #expect(gate.start(now: at(10_000)) == [14])
    }

    @Test func aHostIsSpacedAsItAsks() {
        var gate = gate()
        gate.space(host: "a", by: .seconds(10))
        for id in 1...2 { _ = gate.enter(id, host: "a", isSpaced: true, now: at(0)) }
        #expect(gate.start(now: at(0)) == [1])
        #expect(gate.untilNextStart(now: at(4000)) == .seconds(6))
        gate.space(host: "a", by: .zero)
        #expect(gate.start(now: at(1000)) == [2], "and no longer than it asks, nor less than we do")
    }

    @Test func holdsAreToldAndTakenUpAgain() {
        var before = gate()
        _ = before.hold(host: "a", until: at(60_000), now: at(0))
        _ = before.hold(host: "b", until: at(1000), now: at(0))
        #expect(before.holds(now: at(2000)) == ["a": at(60_000)])
        var after = gate()
        for (host, until) in before.holds(now: at(2000)) {
            _ = after.hold(host: host, until: until, now: at(2000))
        }
        #expect(
            after.enter(1, host: "a", isSpaced: true, now: at(3000)) == .held(until: at(60_000)))
    }

    @Test func idleHostsAreForgotten() {
        var gate = gate { $0.hostsMax = 10 }
        for id in 0..<500 {
            _ = gate.enter(id, host: "h\(id)", isSpaced: true, now: at(id))
            _ = gate.start(now: at(id))
            gate.finish(host: "h\(id)", elapsed: .zero, now: at(id))
            #expect(gate.hostsCount <= 11)
        }
    }

    @Test func anyOrderOfEventsKeepsTheCaps() {
        for seed in 0..<50 {
            var state = UInt64(seed) &+ 1
            func roll(_ bound: Int) -> Int {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(state >> 33) % bound
            }
            var gate = gate { $0.spacing = .milliseconds(5) }
            var hosts: [Int: String] = [:]
            var running: [Int] = []
            var (entered, started, withdrawn, refused) = (0, 0, 0, 0)
            for step in 0..<400 {
                let now = at(step)
                switch roll(4) {
                case 0, 1:
                    hosts[step] = "h\(roll(4))"
                    let admission = gate.enter(
                        step, host: hosts[step] ?? "", isSpaced: roll(2) == 0,
                        isPage: roll(3) == 0, now: now)
                    if admission == .queued { entered += 1 }
                case 2 where !running.isEmpty:
                    let id = running.remove(at: roll(running.count))
                    gate.finish(host: hosts[id] ?? "", elapsed: .seconds(roll(10)), now: now)
                default:
                    let before = gate.waiting
                    if roll(5) == 0 {
                        refused +=
                            gate.hold(host: "h0", until: now.adding(.milliseconds(9)), now: now)
                            .count
                    } else {
                        gate.withdraw(roll(step + 1), host: "h\(roll(4))")
                        withdrawn += before - gate.waiting
                    }
                }
                let now2 = gate.start(now: now)
                started += now2.count
                running += now2
                for host in Set(hosts.values) {
                    #expect(running.count { hosts[$0] == host } <= 2, "seed \(seed)")
                }
                #expect(running.count == gate.active && gate.active <= 4, "seed \(seed)")
                #expect(gate.waiting == entered - started - withdrawn - refused, "seed \(seed)")
            }
            #expect(started > 0, "seed \(seed)")
        }
    }
}
