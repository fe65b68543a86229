/// The things that can be measured, by the names of `--only`.
enum Benchmark: String, CaseIterable {
    case parseFeed = "parse-feed"
    case extractPage = "extract-page"
    case hostile
    case normalise
    case fingerprint
    case append
    case open
    case start
    case verify
    case schedule
    case fetch
    case index
    case sift
    /// The last, because it takes the most memory and the allocator keeps some of it.
    case decide

    /// Whether `--files` applies to it.
    var canReadFiles: Bool { self == .parseFeed || self == .extractPage }

    func run(in bench: Bench) throws {
        switch self {
        case .parseFeed: try bench.measureFeeds()
        case .extractPage: try bench.measurePages()
        case .hostile: try bench.measureHostile()
        case .normalise: try bench.measureNormalising()
        case .fingerprint: try bench.measureFingerprints()
        case .append: try bench.measureAppending()
        case .open: try bench.measureOpening()
        case .start: try bench.measureStarting()
        case .verify: try bench.measureVerifying()
        case .schedule: try bench.measureSchedules()
        case .fetch: try bench.measureFetching()
        case .index: try bench.measureIndex()
        case .sift: try bench.measureSifting()
        case .decide: try bench.measureDecisions()
        }
    }
}

/// A run: what was asked for, and what was measured so far.
final class Bench {
    let options: BenchOptions
    private var measurements: [Measurement] = []

    /// The seed of everything generated.
    static let seed: UInt64 = 2026

    init(options: BenchOptions) { self.options = options }

    /// A number that `--quick` makes smaller.
    func size(_ full: Int, quick: Int) -> Int { options.isQuick ? quick : full }

    /// A round of work that can be repeated lasts so long at least, or the clock is too coarse.
    private var roundSecondsMin: Double { options.isQuick ? 0.01 : 0.1 }

    /// Measures work that leaves nothing behind: each round repeats it until the round is long
    /// enough, then the reference likewise.
    @discardableResult
    func measure(
        _ name: String, _ work: Workload, growsFrom smaller: Measurement? = nil,
        against reference: Reference, _ subject: () throws -> Int
    ) throws -> Measurement {
        let secondsMin = roundSecondsMin
        return try measure(name, work, growsFrom: smaller, against: reference.name) {
            (
                try timeRepeatedly(secondsMin: secondsMin, subject),
                try timeRepeatedly(secondsMin: secondsMin, reference.work)
            )
        }
    }

    /// Measures whatever a round finds: the times of the subject and of the reference.
    @discardableResult
    func measure(
        _ name: String, _ work: Workload, growsFrom smaller: Measurement? = nil,
        against reference: String, round: () throws -> (subject: Timing, reference: Timing)
    ) throws -> Measurement {
        ProcessClock.forgetPeakMemory()
        var timings: [Timing] = []
        var ratios: [Double] = []
        for _ in 0..<options.rounds {
            let (subject, reference) = try round()
            timings.append(subject)
            ratios.append(subject.cpuSeconds / max(reference.cpuSeconds, 1e-9))
        }
        let measurement = Measurement(
            name: name, work, rounds: options.rounds,
            cpuSeconds: median(timings.map(\.cpuSeconds)),
            wallSeconds: median(timings.map(\.wallSeconds)), reference: reference,
            ratio: median(ratios), growsFrom: smaller)
        measurements.append(measurement)
        try measurement.write()
        return measurement
    }

    /// Shows all measurements to whoever sits before a terminal.
    func showTable() { printTable(of: measurements) }
}
