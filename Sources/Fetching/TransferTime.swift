internal import News

/// How much time a transfer has, and what it makes of it: in all, until the first byte, and at what
/// speed.
///
/// Whoever runs transfers looks when the first of them comes due. libcurl could do it, and would
/// keep a timer for each limit of each transfer, which it moves at every step and among those of
/// all others: a twentieth of the time of a request. How long connecting may take is left to it,
/// because it shares that time out among the addresses of a host.
package struct TransferTime: Sendable {
    /// What a look finds.
    package enum Finding: Equatable, Sendable {
        case late(TransferFacts.Stop)
        /// The next look is due then.
        case inTime(until: Duration)
    }

    private let wholeDue: Duration
    private let firstByteDue: Duration
    private let firstByteTimeMax: Duration
    private let slowTimeMax: Duration
    private let bytesPerSecond: Int
    /// Since when its speed is measured, and what had come by then; nil before the request is out.
    private var window: (start: Duration, bytes: Int)?

    /// `begun`: when its turn came, and looking its host up began; it may take `timeMax` from then
    /// on. `handedOver`: when libcurl got it. All times are of one clock.
    package init(
        begun: Duration, handedOver: Duration, timeMax: Duration, limits: FetchOptions
    ) {
        wholeDue = begun + timeMax
        firstByteDue = handedOver + limits.firstByteTimeMax
        firstByteTimeMax = limits.firstByteTimeMax
        slowTimeMax = limits.lowSpeedTimeMax
        bytesPerSecond = limits.lowSpeedBytesPerSecond
    }

    /// When to look first.
    package var firstLook: Duration { min(wholeDue, firstByteDue) }

    /// The request went out.
    package mutating func noteSending(at now: Duration) { window = (now, 0) }

    /// Whether it is late. `bytes`: all that has come of the answer, as it came.
    package mutating func look(at now: Duration, bytes: Int) -> Finding {
        guard now < wholeDue else { return .late(.isOutOfTime) }
        var next = wholeDue
        if bytes == 0 {
            guard now < firstByteDue else {
                return .late(.firstByteIsLate(after: firstByteTimeMax))
            }
            next = min(next, firstByteDue)
        }
        guard let (start, before) = window, bytesPerSecond > 0 else { return .inTime(until: next) }
        guard now >= start + slowTimeMax else {
            return .inTime(until: min(next, start + slowTimeMax))
        }
        let bytesMin = Double(bytesPerSecond) * Double((now - start).milliseconds) / 1000
        guard Double(bytes - before) >= bytesMin else { return .late(.isTooSlow) }
        window = (now, bytes)
        return .inTime(until: min(next, now + slowTimeMax))
    }
}
