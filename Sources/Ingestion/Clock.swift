internal import Glibc
package import News

/// The one place where clocks are read: everything else is told what time it is.
package struct Clock: Sendable {
    /// The wall clock. It may jump.
    package var now: @Sendable () -> Instant
    /// Time since some fixed moment, suspended time included. Never jumps.
    package var steady: @Sendable () -> Duration

    package init(
        now: @escaping @Sendable () -> Instant, steady: @escaping @Sendable () -> Duration
    ) {
        self.now = now
        self.steady = steady
    }

    /// CLOCK_REALTIME and CLOCK_BOOTTIME (clock_gettime(2)).
    package static let system = Clock(
        now: {
            let time = read(CLOCK_REALTIME)
            return Instant(
                millisecondsSince1970: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        },
        steady: {
            let time = read(CLOCK_BOOTTIME)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        })

    private static func read(_ clock: Int32) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}

/// Notices that the wall clock moved by itself.
package struct ClockWatch: Sendable {
    /// Smaller differences are the clock being disciplined, not moved.
    package static let jumpMin = Duration.seconds(5)

    private var offset: Duration

    package init(now: Instant, steady: Duration) {
        offset = .milliseconds(now.millisecondsSince1970) - steady
    }

    /// How far the wall clock moved against the steady one since the last jump; nil when it did
    /// not.
    package mutating func jump(now: Instant, steady: Duration) -> Duration? {
        let current = .milliseconds(now.millisecondsSince1970) - steady
        let moved = current - offset
        guard moved >= Self.jumpMin || moved <= .zero - Self.jumpMin else { return nil }
        offset = current
        return moved
    }
}
