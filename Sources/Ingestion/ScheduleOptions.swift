internal import News

/// The limits of the schedule.
package struct ScheduleOptions: Hashable, Sendable {
    /// No feed is polled more often than this, unless its own settings say so.
    package var intervalMin: Duration
    /// However little a feed brings, it is polled this often, unless its own settings say less.
    package var intervalMax: Duration
    /// No server postpones a poll longer than this.
    package var waitMax: Duration
    /// A server's or document's wish for fewer polls counts up to this.
    package var hintMax: Duration
    /// A request without validators is made this often, against servers that answer 304 for ever.
    package var unconditionalInterval: Duration
    /// First polls of new feeds are spread over this, or over `startSpacing` times their number
    /// where that is longer, but never over more than a feed's interval. Zero spreads nothing.
    package var startSpread: Duration
    /// Feeds that came due together, while nothing could be polled, follow one another at this
    /// distance on average.
    package var startSpacing: Duration
    package var pollsInFlightMax: Int
    package var backoff: Backoff
    /// Answers by the same permanent redirect before its target is asked directly.
    package var moveSightingsMin: Int
    /// And the time that must have passed since the first of them.
    package var moveAgeMin: Duration
    /// Failures of the new address, in a row, before the configured one is asked again.
    package var moveFailuresMax: Int
    /// When the names of entries are doubted.
    package var naming: NamingLimits

    package init(
        intervalMin: Duration = .seconds(600), intervalMax: Duration = .seconds(86_400),
        waitMax: Duration = .seconds(86_400), hintMax: Duration = .seconds(3 * 3600),
        unconditionalInterval: Duration = .seconds(8 * 86_400),
        startSpread: Duration = .seconds(60), startSpacing: Duration = .milliseconds(180),
        pollsInFlightMax: Int = 32, backoff: Backoff = Backoff(), moveSightingsMin: Int = 5,
        moveAgeMin: Duration = .seconds(86_400), moveFailuresMax: Int = 3,
        naming: NamingLimits = NamingLimits()
    ) {
        self.naming = naming
        self.intervalMin = intervalMin
        self.intervalMax = intervalMax
        self.waitMax = waitMax
        self.hintMax = hintMax
        self.unconditionalInterval = unconditionalInterval
        self.startSpread = startSpread
        self.startSpacing = startSpacing
        self.pollsInFlightMax = pollsInFlightMax
        self.backoff = backoff
        self.moveSightingsMin = moveSightingsMin
        self.moveAgeMin = moveAgeMin
        self.moveFailuresMax = moveFailuresMax
    }

    /// Between which bounds a feed's pace may move. A feed's own setting goes before the general.
    func limits(of feed: Feed) -> ClosedRange<Duration> {
        let least = feed.intervalMin ?? min(intervalMin, feed.interval)
        return least...max(least, feed.intervalMax ?? intervalMax)
    }

    /// How long `count` first polls are spread.
    func spread(of count: Int) -> Duration {
        startSpread > .zero ? max(startSpread, spacing(of: count)) : .zero
    }

    /// `startSpacing` times `count`.
    func spacing(of count: Int) -> Duration {
        let (product, overflow) = startSpacing.milliseconds.multipliedReportingOverflow(
            by: Int64(clamping: count))
        return overflow ? .seconds(86_400) : .milliseconds(product)
    }
}
