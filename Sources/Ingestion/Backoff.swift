internal import News

/// Delays after failures, and the jitter that keeps many feeds from coming back in one instant.
package struct Backoff: Hashable, Sendable {
    /// Delay after the first failure.
    package var first: Duration
    /// No delay grows beyond this.
    package var longest: Duration
    /// Consecutive failures, each by its `FailureClass.weight`, after which a feed is parked.
    package var failuresBeforeParking: Int
    /// How often a parked feed is asked whether it is back.
    package var parkedInterval: Duration

    package init(
        first: Duration = .seconds(60), longest: Duration = .seconds(6 * 3600),
        failuresBeforeParking: Int = 20, parkedInterval: Duration = .seconds(86_400)
    ) {
        self.first = first
        self.longest = longest
        self.failuresBeforeParking = failuresBeforeParking
        self.parkedInterval = parkedInterval
    }

    /// Delay before the next poll. `failures`: consecutive, at least 1. Returns
    /// `first` · 2^(failures − 1), at most `longest`: 1, 2, 4, 8, 16, 32 min,
    /// 1 h 4 min, 2 h 8 min, 4 h 16 min, 6 h, 6 h …
    package func delay(failures: Int) -> Duration { delay(failures: failures, from: first) }

    /// The same, beginning with another delay than `first`.
    package func delay(failures: Int, from first: Duration) -> Duration {
        let doublings = min(max(failures - 1, 0), 30)
        let milliseconds = first.milliseconds.multipliedReportingOverflow(by: 1 << doublings)
        return milliseconds.overflow
            ? longest : min(longest, .milliseconds(milliseconds.partialValue))
    }
}

/// A time between half of `pace` and a tenth more, but never less than the limits' shortest: then
/// up to a tenth more than that.
func spread(
    _ pace: Duration, in limits: ClosedRange<Duration>,
    using generator: inout some RandomNumberGenerator
) -> Duration {
    let shortest = limits.lowerBound.milliseconds
    let low = max(pace.milliseconds / 2, shortest)
    let high = max(pace.milliseconds / 100 * 110, shortest / 100 * 110, low)
    return .milliseconds(Int64.random(in: low...high, using: &generator))
}

/// `delay` moved by up to ±10 %, so that feeds that failed together do not return together.
package func jittered(
    _ delay: Duration, using generator: inout some RandomNumberGenerator
) -> Duration {
    let tenth = max(delay.milliseconds / 10, 0)
    return .milliseconds(delay.milliseconds + Int64.random(in: -tenth...tenth, using: &generator))
}
