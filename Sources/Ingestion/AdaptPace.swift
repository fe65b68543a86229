package import News

/// What one answer says about how often its feed is worth asking.
package struct Freshening: Hashable, Sendable {
    /// Entries of the document that were known before; all of them when nothing had changed.
    package var known: Int
    /// Entries of the document; 0 when it was not read because nothing had changed.
    package var total: Int
    /// Time since the last answer that was read or said "unchanged".
    package var since: Duration

    package init(known: Int, total: Int, since: Duration) {
        self.known = known
        self.total = total
        self.since = since
    }
}

extension Pace {
    /// The wait of a feed that brings one entry a day.
    static let waitAtOneADay = Duration.seconds(32 * 3600)

    /// The pace after an answer.
    ///
    /// Over two thirds of the entries known: `growth` times as long between polls. Under a third:
    /// half as long. None at all: a quarter. Whatever the last answer says, the wait never grows so
    /// long that a day as lively as the liveliest of late would renew more than two thirds of the
    /// document; nor beyond `waitAtOneADay` by the square root of the entries a day of late: of
    /// all ways to spend a number of requests on many feeds, waits in that proportion let the
    /// entries wait least. Cost: constant. Peaks are counted over an hour at least, so that three
    /// entries in one minute are not taken for four thousand a day.
    package func adapted(
        to answer: Freshening, in limits: ClosedRange<Duration>, growth: Double = 2
    ) -> Pace {
        let fresh = Double(max(answer.total - answer.known, 0))
        let days = Double(max(answer.since.milliseconds, 0)) / 86_400_000
        var next = self
        next.peakPerDay = max(
            peakPerDay / Self.power(days / 2), fresh / max(days, 1.0 / 24))
        let faded = Self.power(days / 7)
        next.recentEntries = recentEntries / faded + fresh
        next.recentDays = recentDays / faded + days
        var seconds = Double(intervalSeconds)
        if answer.total > 0, answer.known == 0 {
            seconds /= 4
        } else if answer.total > 0, answer.known * 3 < answer.total {
            seconds /= 2
        } else if answer.total == 0 || answer.known * 3 > answer.total * 2 {
            seconds *= growth
        }
        if answer.total > 0 { next.window = answer.total }
        if next.window > 0, next.peakPerDay > 0 {
            seconds = min(seconds, Double(next.window) * 2 / 3 / next.peakPerDay * 86_400)
        }
        // Before much is known, a third of an entry in half a day is taken for granted.
        let perDay = (next.recentEntries + 0.3) / (next.recentDays + 0.5)
        seconds = min(
            seconds, Double(Self.waitAtOneADay.components.seconds) / perDay.squareRoot())
        let (least, most) = (limits.lowerBound.components.seconds, limits.upperBound)
        next.intervalSeconds = min(
            max(Int64(min(seconds, 1e9)), max(least, 1)), max(most.components.seconds, 1))
        return next
    }

    /// 2 to that power, for powers from 0 up; large ones are one large number.
    private static func power(_ exponent: Double) -> Double {
        var (result, left) = (1.0, min(max(exponent, 0), 60))
        while left >= 1 {
            result *= 2
            left -= 1
        }
        // Between two powers of two the straight line is near enough.
        return result * (1 + left)
    }
}
