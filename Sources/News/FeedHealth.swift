/// What kind of trouble a poll met: what the schedule weighs and the status names.
package enum FailureClass: String, Hashable, Sendable, Codable, CaseIterable {
    /// The host's name leads nowhere, or no name server answered.
    case lookup
    /// Refused, reset, or closed before the answer was whole.
    case connection
    /// A limit in time was reached.
    case time
    /// The certificate or the handshake.
    case tls
    /// The host leads to an address that is not public.
    case address
    /// 401, 403 and other refusals of the client (4xx).
    case refused
    /// 404.
    case missing
    /// 410.
    case gone
    /// 429, or 503 with a time to wait for.
    case busy
    /// 5xx.
    case server
    /// Not HTTP, too large, badly coded, empty, a status that answers nothing.
    case answer
    /// A redirect that cannot be followed.
    case redirect
    /// The answer is no feed.
    case format
    /// The answer is a feed of which nothing can be read.
    case damaged
    /// Whatever else; of this side, as a rule.
    case other

    /// How much one failure counts towards parking the feed: trouble that passes by itself
    /// counts once, an answer that says "not here" several times, 410 so much that three of them
    /// are enough under the default limit of 20.
    package var weight: Int {
        switch self {
        case .lookup, .connection, .time, .busy, .server, .other: 1
        case .tls, .answer, .format, .damaged: 2
        case .address, .refused, .missing, .redirect: 3
        case .gone: 7
        }
    }

    /// Whether asking again within minutes can help.
    package var isPassing: Bool {
        switch self {
        case .lookup, .connection, .time, .busy, .server, .answer, .damaged, .other: true
        case .tls, .address, .refused, .missing, .gone, .redirect, .format: false
        }
    }
}

/// How often a feed is worth asking, as its answers taught.
package struct Pace: Hashable, Sendable, Codable {
    /// Between two polls, in seconds.
    package var intervalSeconds: Int64
    /// The most new entries a day that it was seen to bring, halved every two days.
    package var peakPerDay: Double
    /// Entries of the last document: how much may come before something rolls off; 0 before one.
    package var window: Int
    /// New entries of late, and the days in which they came; both halved every week.
    package var recentEntries: Double
    package var recentDays: Double

    package init(
        intervalSeconds: Int64, peakPerDay: Double = 0, window: Int = 0,
        recentEntries: Double = 0, recentDays: Double = 0
    ) {
        self.intervalSeconds = intervalSeconds
        self.peakPerDay = peakPerDay
        self.window = window
        self.recentEntries = recentEntries
        self.recentDays = recentDays
    }

    enum CodingKeys: String, CodingKey {
        case intervalSeconds = "interval_seconds"
        case peakPerDay = "peak_per_day"
        case window
        case recentEntries = "recent_entries"
        case recentDays = "recent_days"
    }

    /// States from before entries of late were counted begin to count.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        intervalSeconds = try container.decode(Int64.self, forKey: .intervalSeconds)
        peakPerDay = try container.decode(Double.self, forKey: .peakPerDay)
        window = try container.decode(Int.self, forKey: .window)
        recentEntries = try container.decodeIfPresent(Double.self, forKey: .recentEntries) ?? 0
        recentDays = try container.decodeIfPresent(Double.self, forKey: .recentDays) ?? 0
    }
}

/// Another address that a feed's own permanently redirects to.
package struct FeedMove: Hashable, Sendable, Codable {
    package var target: HTTPURL
    /// Answers in a row that came by this redirect.
    package var sightings: Int
    package var firstSeen: Instant
    /// Whether the target is asked directly now.
    package var isAdopted: Bool
    /// Failures in a row since it was adopted.
    package var failures: Int

    package init(target: HTTPURL, firstSeen: Instant) {
        self.target = target
        sightings = 1
        self.firstSeen = firstSeen
        isAdopted = false
        failures = 0
    }

    enum CodingKeys: String, CodingKey {
        case target, sightings
        case firstSeen = "first_seen"
        case isAdopted = "is_adopted"
        case failures
    }
}

/// Whether the answers of one UTC day followed upon each other without a hole.
package struct CoverageDay: Hashable, Sendable, Codable {
    /// `2026-11-22`.
    package var day: String
    /// Answers that share an entry with what was known before: nothing can have rolled off.
    package var overlaps = 0
    /// Answers that share none: entries may have come and gone between two polls.
    package var gaps = 0
    /// How much time those gaps leave uncovered, in seconds.
    package var gapSeconds: Int64 = 0

    package init(day: String) { self.day = day }

    enum CodingKeys: String, CodingKey {
        case day, overlaps, gaps
        case gapSeconds = "gap_seconds"
    }
}

/// What a publisher asks for, about when to be polled. Each counts only up to a limit of the
/// schedule's, because feeds misdeclare them.
package struct PublisherHints: Hashable, Sendable, Codable {
    /// `ttl` (RSS 2.0), `sy:updatePeriod` and `sy:updateFrequency`, in seconds.
    package var updateIntervalSeconds: Int64?
    /// Hours of the UTC day without news, 0…23 (RSS 2.0, `skipHours`).
    package var skipHours: Set<Int>
    /// Days without news, 1 (Monday) … 7 (RSS 2.0, `skipDays`).
    package var skipDays: Set<Int>

    package init(
        updateInterval: Duration? = nil, skipHours: Set<Int> = [], skipDays: Set<Int> = []
    ) {
        updateIntervalSeconds = updateInterval?.components.seconds
        self.skipHours = skipHours
        self.skipDays = skipDays
    }

    /// `instant`, or the first full hour after it that is not to be skipped, at most `max` later.
    package func firstWelcome(from instant: Instant, within max: Duration) -> Instant {
        guard !skipHours.isEmpty || !skipDays.isEmpty else { return instant }
        let hour: Int64 = 3_600_000
        let latest = instant.adding(max)
        var candidate = instant
        // A week and an hour see every hour of every day.
        for _ in 0...169 where isSkipped(candidate) {
            let milliseconds = candidate.millisecondsSince1970
            let rest = hour - (milliseconds % hour + hour) % hour
            candidate = candidate.adding(.milliseconds(rest))
        }
        return isSkipped(candidate) || candidate > latest ? latest : candidate
    }

    private func isSkipped(_ instant: Instant) -> Bool {
        let days = (instant.millisecondsSince1970 / 86_400_000) % 7
        // 1 January 1970 was a Thursday.
        let weekday = Int((days + 3 + 7) % 7) + 1
        return skipHours.contains(instant.civil.hour) || skipDays.contains(weekday)
    }

    enum CodingKeys: String, CodingKey {
        case updateIntervalSeconds = "update_interval_seconds"
        case skipHours = "skip_hours"
        case skipDays = "skip_days"
    }
}
