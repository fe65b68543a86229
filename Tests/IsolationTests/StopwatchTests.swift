import Isolation
import Testing

struct StopwatchTests {
    @Test func timeNeverGoesBack() {
        let stopwatch = Stopwatch()
        var last = Duration.zero
        for _ in 0..<1000 {
            let elapsed = stopwatch.elapsed
            #expect(elapsed >= last)
            last = elapsed
        }
    }
}
