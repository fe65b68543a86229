internal import Glibc

/// Thousands of feeds and the minutes at which each brings an entry: what a schedule is tried on.
///
/// Feeds differ as those of a large collection do: most bring an entry or two a day, a few
/// hundreds; documents hold 10 to 50 entries. Nights and weekends are quiet, and now and then a
/// feed brings ten times as much as usual for some hours.
struct NewsStream {
    struct Source {
        /// Entries that a document holds.
        var window: Int
        /// Seconds since the start at which entries came, in order.
        var arrivals: [Int32]
        /// Which of the hosts it stands on.
        var host: Int
    }

    let sources: [Source]
    let days: Int
    var entriesCount: Int { sources.reduce(0) { $0 + $1.arrivals.count } }

    init(feeds: Int, days: Int, hosts: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        self.days = days
        sources = (0..<feeds).map { number in
            // Log-normal: a median of 1.6 entries a day, the hundredth most lively some 150.
            let perDay = min(exp(0.5 + 1.95 * Self.normal(&generator)), 300)
            // One host in a hundred carries a tenth of the feeds, as a large platform does.
            let isOnPlatform = generator.share() < 0.1
            let host = isOnPlatform ? number % max(hosts / 100, 1) : number % hosts
            let window = [10, 15, 20, 20, 25, 30, 50][Int(generator.share() * 7)]
            return Source(
                window: window, arrivals: Self.arrivals(perDay, days, &generator), host: host)
        }
    }

    private static func arrivals(
        _ perDay: Double, _ days: Int, _ generator: inout SeededGenerator
    ) -> [Int32] {
        var result: [Int32] = []
        let zone = Int(generator.share() * 24)
        var burstHours = 0
        for hour in 0..<days * 24 {
            if burstHours == 0, generator.share() < 0.02 / 24 {
                burstHours = 1 + Int(generator.share() * 3)
            }
            let local = (hour + zone) % 24
            let isWeekend = (hour / 24) % 7 >= 5
            var rate = perDay / 24 * (7...21 ~= local ? 1.45 : 0.25) * (isWeekend ? 0.5 : 1.2)
            if burstHours > 0 {
                rate *= 10
                burstHours -= 1
            }
            let count = poisson(rate, &generator)
            let seconds = (0..<count).map { _ in Int32(hour * 3600 + Int(generator.share() * 3600))
            }
            result += seconds.sorted()
        }
        return result
    }

    /// Knuth's method; rates here are small.
    private static func poisson(_ mean: Double, _ generator: inout SeededGenerator) -> Int {
        let limit = exp(-min(mean, 500))
        var (count, product) = (0, generator.share())
        while product > limit {
            count += 1
            product *= generator.share()
        }
        return count
    }

    /// Box and Muller's method.
    private static func normal(_ generator: inout SeededGenerator) -> Double {
        let radius = sqrt(-2 * log(max(generator.share(), 1e-12)))
        return radius * cos(2 * .pi * generator.share())
    }
}

/// What one feed's polls found, whoever chose their times.
struct Reader {
    private var read = 0
    private(set) var polls = 0
    private(set) var missed = 0
    private(set) var delaySeconds = 0
    /// How many entries were read how many minutes after they came.
    private(set) var delays: [Int] = []
    private var hasBegun = false

    /// Reads the document of that second: how many of its entries were known, of how many.
    mutating func read(_ source: NewsStream.Source, at second: Int32) -> (known: Int, total: Int) {
        polls += 1
        var end = read
        while end < source.arrivals.count, source.arrivals[end] <= second { end += 1 }
        let fresh = end - read
        let lost = hasBegun ? max(fresh - source.window, 0) : 0
        missed += lost
        if hasBegun {
            for arrival in source.arrivals[(read + lost)..<end] {
                let delay = Int(second - arrival)
                delaySeconds += delay
                while delays.count <= delay / 60 { delays.append(0) }
                delays[delay / 60] += 1
            }
        }
        hasBegun = true
        read = end
        let total = min(end, source.window)
        return (total - min(fresh, total), total)
    }
}
