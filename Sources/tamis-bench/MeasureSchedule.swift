internal import Fetching
internal import Foundation
internal import Ingestion
internal import News

/// The schedules that are compared on one stream of news.
private enum Policy: String, CaseIterable {
    case adaptive = "tamis"
    /// Every feed every hour.
    case fixed = "fixed-60m"
    /// Miniflux's rule `entry_frequency`: a week divided by the number of entries of the last week,
    /// between five minutes and a day.
    case entryFrequency = "entry-frequency"
}

extension Bench {
    /// Simulated polling for weeks: requests, what was missed, bursts, and an outage of all.
    func measureSchedules() throws {
        let days = size(30, quick: 6)
        let stream = NewsStream(
            feeds: size(10_000, quick: 500), days: days, hosts: size(2000, quick: 100),
            seed: Bench.seed)
        for policy in Policy.allCases {
            let cpu = ProcessClock.cpuSeconds
            var figures: PollingFigures
            switch policy {
            case .adaptive: figures = try adaptivePolling(of: stream)
            case .fixed: figures = plainPolling(of: stream) { _, _ in 3600 }
            case .entryFrequency: figures = plainPolling(of: stream, wait: entryFrequency)
            }
            figures.name = "schedule/\(policy.rawValue)"
            figures.cpuMicrosecondsPerPoll =
                (ProcessClock.cpuSeconds - cpu) * 1e6 / Double(max(figures.requests, 1))
            try figures.write()
        }
    }
}

/// What a schedule came to.
private struct PollingFigures: Encodable {
    var name = ""
    var feeds: Int
    var days: Int
    var entries: Int
    var requests: Int
    var requestsPerFeedAndDay: Double
    var missedEntries: Int
    var missedPercent: Double
    var meanDelayMinutes: Double
    var medianDelayMinutes: Double
    /// The busiest minute between the third day, when paces have settled, and the middle, where
    /// ours has its outage, and of the last quarter, by the mean.
    var busiestMinuteByMean: Double
    var busiestMinuteAtLastByMean: Double
    /// Of one host, at most; the schedule that we use goes through the host gate.
    var hostRequestsPerMinuteMax: Int
    /// After ten minutes in which every poll failed: until the last feed was read again.
    var recoveryMinutes: Double?
    /// The busiest minute of the hour after, by the mean.
    var recoveryBusiestByMean: Double?
    var lostFeeds: Int?
    var cpuMicrosecondsPerPoll = 0.0

    enum CodingKeys: String, CodingKey {
        case name, feeds, days, entries, requests
        case requestsPerFeedAndDay = "requests_per_feed_and_day"
        case missedEntries = "missed_entries"
        case missedPercent = "missed_percent"
        case meanDelayMinutes = "mean_delay_minutes"
        case medianDelayMinutes = "median_delay_minutes"
        case busiestMinuteByMean = "busiest_minute_by_mean"
        case busiestMinuteAtLastByMean = "busiest_minute_at_last_by_mean"
        case hostRequestsPerMinuteMax = "host_requests_per_minute_max"
        case recoveryMinutes = "recovery_minutes"
        case recoveryBusiestByMean = "recovery_busiest_by_mean"
        case lostFeeds = "lost_feeds"
        case cpuMicrosecondsPerPoll = "cpu_us_per_poll"
    }

    init(of log: PollLog, _ readers: [Reader], _ stream: NewsStream) {
        feeds = stream.sources.count
        days = stream.days
        entries = stream.entriesCount
        requests = log.requests
        requestsPerFeedAndDay = Double(requests) / Double(feeds * days)
        missedEntries = readers.reduce(0) { $0 + $1.missed }
        missedPercent = Double(missedEntries) * 100 / Double(max(entries, 1))
        let delay = readers.reduce(0) { $0 + $1.delaySeconds }
        meanDelayMinutes = Double(delay) / 60 / Double(max(entries - missedEntries, 1))
        medianDelayMinutes = Self.median(readers.map(\.delays))
        busiestMinuteByMean = log.busiestByMean(from: 3 * 24 * 60, to: days * 12 * 60)
        busiestMinuteAtLastByMean = log.busiestByMean(from: days * 18 * 60)
        hostRequestsPerMinuteMax = log.hostMinuteMax
    }

    /// The delay, in minutes, that half of the entries of all readers do not exceed.
    private static func median(_ delays: [[Int]]) -> Double {
        let minutes = delays.reduce(into: [:] as [Int: Int]) { sums, counts in
            for (minute, count) in counts.enumerated() { sums[minute, default: 0] += count }
        }
        let half = minutes.values.reduce(0, +) / 2
        var sum = 0
        for (minute, count) in minutes.sorted(by: { $0.key < $1.key }) {
            sum += count
            if sum > half { return Double(minute) }
        }
        return 0
    }

    func write() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try FileHandle.standardOutput.write(contentsOf: try encoder.encode(self) + Data("\n".utf8))
    }
}

/// When requests were made.
private struct PollLog {
    var minutes: [Int]
    private var hostMinutes: [Int: (minute: Int, count: Int)] = [:]
    private(set) var hostMinuteMax = 0
    private(set) var requests = 0

    init(days: Int) { minutes = Array(repeating: 0, count: days * 24 * 60) }

    mutating func note(second: Int, host: Int) {
        let minute = second / 60
        guard minutes.indices.contains(minute) else { return }
        minutes[minute] += 1
        requests += 1
        var mark = hostMinutes[host] ?? (minute, 0)
        mark = mark.minute == minute ? (minute, mark.count + 1) : (minute, 1)
        hostMinutes[host] = mark
        hostMinuteMax = max(hostMinuteMax, mark.count)
    }

    func busiestByMean(from start: Int, to end: Int? = nil) -> Double {
        let all = minutes.dropFirst(24 * 60)
        let mean = Double(all.reduce(0, +)) / Double(max(all.count, 1))
        let part = minutes[min(start, minutes.count)..<min(end ?? minutes.count, minutes.count)]
        return Double(part.max() ?? 0) / max(mean, 1e-9)
    }
}

// MARK: - The plain ones

private func entryFrequency(of source: NewsStream.Source, at second: Int) -> Int {
    let week = 7 * 86_400
    let entries = source.arrivals.lazy
    let upTo = partition(entries, second)
    let weekly = upTo - partition(entries, second - week)
    guard weekly > 0 else { return 86_400 }
    return min(max(week / weekly, 300), 86_400)
}

/// How many of the arrivals came at or before that second.
private func partition(_ arrivals: some RandomAccessCollection<Int32>, _ second: Int) -> Int {
    var (low, high) = (0, arrivals.count)
    while low < high {
        let middle = (low + high) / 2
        let index = arrivals.index(arrivals.startIndex, offsetBy: middle)
        if Int(arrivals[index]) <= second { low = middle + 1 } else { high = middle }
    }
    return low
}

/// Each feed by itself: nothing but its own rule decides when it is polled.
private func plainPolling(
    of stream: NewsStream, wait: (NewsStream.Source, Int) -> Int
) -> PollingFigures {
    var generator = SeededGenerator(seed: Bench.seed)
    var log = PollLog(days: stream.days)
    var readers: [Reader] = []
    // Minute by minute of one feed after the other would mix up the hosts' minutes.
    var events: [(second: Int32, host: Int32)] = []
    for source in stream.sources {
        var reader = Reader()
        var second = Int(generator.share() * 3600)
        while second < stream.days * 86_400 {
            _ = reader.read(source, at: Int32(second))
            events.append((Int32(second), Int32(source.host)))
            second += wait(source, second)
        }
        readers.append(reader)
    }
    events.sort { $0.second < $1.second }
    for event in events { log.note(second: Int(event.second), host: Int(event.host)) }
    return PollingFigures(of: log, readers, stream)
}

// MARK: - Ours

/// `Schedule` and `HostGate`, stepped through the weeks from event to event.
private func adaptivePolling(of stream: NewsStream) throws -> PollingFigures {
    var simulation = try Simulation(of: stream)
    try simulation.run()
    var figures = PollingFigures(of: simulation.log, simulation.readers, stream)
    let end = simulation.outage.upperBound.since(Simulation.start)
    figures.recoveryMinutes =
        Double(
            (simulation.lastRecovery ?? Simulation.start).since(Simulation.start).components
                .seconds - end.components.seconds) / 60
    let minute = Int(end.components.seconds / 60)
    figures.recoveryBusiestByMean = simulation.log.busiestByMean(from: minute, to: minute + 60)
    figures.lostFeeds = simulation.failing.count
    return figures
}

private struct Simulation {
    static let start = Instant(millisecondsSince1970: 1_790_000_000_000)
    /// How long a server takes to answer.
    private static let answer = Duration.milliseconds(300)

    private let stream: NewsStream
    private let numbers: [FeedID: Int]
    private let urls: [HTTPURL]
    private var schedule: Schedule
    private var gate: HostGate
    private var generator = SeededGenerator(seed: Bench.seed)
    /// Transfers under way in the order in which they end.
    private var ends: [(time: Instant, feed: FeedID)] = []
    private(set) var readers: [Reader]
    private(set) var log: PollLog
    let outage: Range<Instant>
    /// Feeds that failed in the outage and were not read since.
    private(set) var failing: Set<FeedID> = []
    private(set) var lastRecovery: Instant?

    init(of stream: NewsStream) throws {
        self.stream = stream
        let middle = Self.start.adding(.seconds(stream.days * 43_200))
        outage = middle..<middle.adding(.seconds(600))
        readers = Array(repeating: Reader(), count: stream.sources.count)
        log = PollLog(days: stream.days)
        let fetching = FetchOptions()
        gate = HostGate(
            HostGate.Limits(
                total: fetching.transfersMax, slowTotal: fetching.slowTransfersMax,
                perHost: fetching.transfersPerHostMax, spacing: fetching.hostSpacing,
                slowAnswer: fetching.slowAnswer, waitingMax: fetching.waitingMax,
                holdMax: fetching.retryAfterMax))
        var feeds: [Feed] = []
        var numbers: [FeedID: Int] = [:]
        for (number, source) in stream.sources.enumerated() {
            guard let id = FeedID("f\(number)"),
                let url = HTTPURL("http://host\(source.host).example/\(number)")
            else { continue }
            feeds.append(Feed(id: id, url: url))
            numbers[id] = number
        }
        self.numbers = numbers
        urls = feeds.map(\.url)
        schedule = Schedule(
            feeds: feeds, states: [], options: ScheduleOptions(), now: Self.start,
            using: &generator)
    }

    mutating func run() throws {
        let end = Self.start.adding(.seconds(stream.days * 86_400))
        var now = Self.start
        while true {
            let gateWake = gate.untilNextStart(now: now).map { now.adding($0) }
            let times = [schedule.nextWake, gateWake, ends.first?.time].compactMap { $0 }
            guard let next = times.min(), next < end else { return }
            now = max(next, now)
            while let first = ends.first, first.time <= now {
                ends.removeFirst()
                finish(first.feed, now)
            }
            perform(schedule.handle(.tick, at: now, using: &generator), now)
            for number in gate.start(now: now) { begin(number, now) }
        }
    }

    private mutating func perform(_ actions: [Schedule.Action], _ now: Instant) {
        for case .poll(let feed, _, _) in actions {
            guard let number = numbers[feed.id] else { continue }
            _ = gate.enter(number, host: feed.url.host, isSpaced: true, now: now)
        }
    }

    private mutating func begin(_ number: Int, _ now: Instant) {
        let second = Int(now.since(Self.start).components.seconds)
        log.note(second: second, host: stream.sources[number].host)
        guard let id = FeedID("f\(number)") else { return }
        ends.append((now.adding(Self.answer), id))
    }

    private mutating func finish(_ id: FeedID, _ now: Instant) {
        guard let number = numbers[id] else { return }
        gate.finish(host: urls[number].host, elapsed: Self.answer, now: now)
        var outcome: PollOutcome
        if outage.contains(now) {
            failing.insert(id)
            outcome = PollOutcome(
                url: urls[number], result: .failed(reason: "no network", retry: .backOff))
            outcome.failureClass = .connection
        } else {
            if failing.remove(id) != nil { lastRecovery = now }
            outcome = read(number, now)
        }
        perform(schedule.handle(.polled(id, outcome), at: now, using: &generator), now)
    }

    private mutating func read(_ number: Int, _ now: Instant) -> PollOutcome {
        let second = Int32(now.since(Self.start).components.seconds)
        let (known, total) = readers[number].read(stream.sources[number], at: second)
        guard known < total else {
            return PollOutcome(url: urls[number], result: .notModified)
        }
        var tally = PollOutcome.Tally()
        (tally.entries, tally.known) = (total, known)
        return PollOutcome(url: urls[number], result: .read(tally))
    }
}
