import Ingestion
import News
import TestSupport
import Testing

@Suite struct BackoffTests {
    @Test(arguments: [
        (1, 60), (2, 120), (3, 240), (4, 480), (5, 960), (6, 1920), (7, 3840), (8, 7680),
        (9, 15360), (10, 21600), (11, 21600), (1_000_000, 21600), (0, 60), (-5, 60),
    ])
    func delaysDoubleUpToTheLongest(failures: Int, seconds: Int) {
        #expect(Backoff().delay(failures: failures) == .seconds(seconds))
    }

    @Test func hugeSettingsDoNotOverflow() {
        let backoff = Backoff(first: .seconds(Int64.max / 2), longest: .seconds(Int64.max / 2))
        #expect(backoff.delay(failures: 40) == backoff.longest)
    }

    @Test func jitterStaysWithinATenth() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<1000 {
            let delay = jittered(.seconds(100), using: &generator)
            #expect(delay >= .seconds(90) && delay <= .seconds(110))
        }
        #expect(jittered(.zero, using: &generator) == .zero)
    }

    @Test func aClockThatIsDisciplinedHasNotJumped() {
        let start = Instant(millisecondsSince1970: 1_000_000_000_000)
        var watch = ClockWatch(now: start, steady: .seconds(10))
        #expect(watch.jump(now: start.adding(.seconds(60)), steady: .seconds(70)) == nil)
        #expect(watch.jump(now: start.adding(.seconds(124)), steady: .seconds(130)) == nil)
        let back = start.adding(.seconds(-3600))
        #expect(watch.jump(now: back, steady: .seconds(131)) == .seconds(-3721))
        #expect(watch.jump(now: back.adding(.seconds(1)), steady: .seconds(132)) == nil)
    }
}
