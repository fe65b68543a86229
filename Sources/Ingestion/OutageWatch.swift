package import News

/// Whether the failures of late tell of this side's network, and not of the feeds that failed.
///
/// When many feeds fail one after the other and none answers between them, the line is down. Such
/// failures park no feed, and the feeds are asked the more rarely the longer it lasts, so that what
/// failed in it does not come back all at once when it is over.
package struct OutageWatch: Hashable, Sendable {
    /// Different feeds that must fail in a row, with none answering between them, where there are
    /// many …
    package static let feedsMax = 20
    /// … else four fifths of them, but never fewer than this: two that fail are two that fail.
    package static let feedsMin = 3
    /// Hosts that they must be on: one that is down takes all of its feeds along.
    package static let hostsMin = 3

    /// When the first failure of the row came; nil after an answer.
    private(set) var since: Instant?
    private var failed: Set<FeedID> = []
    /// Of those feeds, as far as they need to be told apart.
    private var hosts: Set<String> = []
    /// Whether there is one.
    package private(set) var isOn = false

    package init() {}

    /// Feeds that failed in it.
    package var feedsCount: Int { failed.count }

    /// Takes in a failure that may be the network's, of one of `count` feeds that are not parked.
    /// - Returns: true when an outage is recognised by it.
    package mutating func noteFailure(
        of feed: FeedID, on host: String, amongst count: Int, at now: Instant
    ) -> Bool {
        since = min(since ?? now, now)
        failed.insert(feed)
        if hosts.count < Self.hostsMin { hosts.insert(host) }
        let needed = min(max((count * 4 + 4) / 5, Self.feedsMin), Self.feedsMax)
        guard !isOn, failed.count >= needed, hosts.count >= Self.hostsMin else { return false }
        isOn = true
        return true
    }

    /// Takes in an answer, whatever it says.
    /// - Returns: the outage that is over by it, if there was one.
    package mutating func noteAnswer(at now: Instant) -> Past? {
        defer { self = OutageWatch() }
        guard isOn, let since else { return nil }
        return Past(since: since, feeds: failed, lasted: max(now.since(since), .zero))
    }

    /// The wall clock moved by itself.
    mutating func move(by jump: Duration) { since = since?.adding(jump) }

    /// How long to wait at least and at most for the next try: up to four times as long as it has
    /// lasted, so that those who wait are spread over more time than they failed in.
    func wait(atLeast delay: Duration, atMost longest: Duration, now: Instant) -> ClosedRange<Int64>
    {
        let lasted = since.map { max(now.since($0), .zero) } ?? .zero
        let most = max(min(max(delay, lasted * 4), longest).milliseconds, 0)
        return (most / 10 * 3)...most
    }

    /// An outage that is over.
    package struct Past: Hashable, Sendable {
        package var since: Instant
        package var feeds: Set<FeedID>
        package var lasted: Duration
    }
}

extension FailureClass {
    /// Whether a broken line of ours fails in this way. Every other failure is an answer of
    /// somebody.
    var mayBeOurs: Bool {
        switch self {
        case .lookup, .connection, .time: true
        case .tls, .address, .refused, .missing, .gone, .busy, .server, .answer, .redirect,
            .format, .damaged, .other:
            false
        }
    }
}

extension Schedule {
    /// Takes in what a poll says of the network.
    mutating func watchNetwork(
        _ id: FeedID, _ outcome: PollOutcome, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        switch outcome.result {
        case .storeUnavailable, .abandoned, .deferred: return []
        case .failed(let reason, _) where outcome.failureClass.mayBeOurs:
            // One that is parked has failed for long: that it fails again is no news.
            guard let slot = slots[id], slot.state.parkedUntil == nil,
                outage.noteFailure(
                    of: id, on: slot.state.presentURL.host, amongst: slots.count - parkedCount,
                    at: now)
            else { return [] }
            return [.report(.networkLost(feeds: outage.feedsCount, reason: reason))]
        case .failed, .notModified, .read:
            guard let past = outage.noteAnswer(at: now) else { return [] }
            comeBack(from: past, now: now, using: &generator)
            return [.report(.networkBack(after: past.lasted, feeds: past.feeds.count))]
        }
    }

    /// Those that failed come back within two and a half times the time that the outage took: then
    /// at most two fifths as many polls as usual come on top of the usual ones.
    private mutating func comeBack(
        from past: OutageWatch.Past, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) {
        let most = min(past.lasted * 5 / 2, options.backoff.longest).milliseconds
        // In one order, so that the same chance gives the same times.
        for id in past.feeds.sorted() {
            guard var slot = slots[id], !slot.isInFlight, !slot.isWanted,
                slot.state.failures > 0, slot.state.parkedUntil == nil
            else { continue }
            slot.state.nextPoll = quieter(using: &generator) {
                now.adding(.milliseconds(Int64.random(in: 0...max(most, 0), using: &$0)))
            }
            put(slot)
        }
    }
}
