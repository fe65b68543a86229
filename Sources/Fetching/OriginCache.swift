package import News

/// What an origin says about all its documents, in files at places that everybody knows.
package struct OriginRules: Sendable, Equatable {
    /// Of `/robots.txt` (RFC 9309).
    package var robots: RobotsRules
    /// Of `/.well-known/tdmrep.json` (TDM Reservation Protocol).
    package var mining: MiningRules
    /// Whether `mining` is what the file says, or its absence; false when it could not be had for
    /// now.
    package var isMiningKnown = true

    package init(robots: RobotsRules = .allowingAll, mining: MiningRules = .none) {
        self.robots = robots
        self.mining = mining
    }

    /// About what they take in memory.
    var bytes: Int { robots.bytes + mining.bytes }
}

/// What is known of the files of each origin: at most `countMax` origins and `bytesMax` bytes, the
/// oldest forgotten first.
package struct OriginCache {
    /// What asking an origin came to.
    package enum Answer: Sendable, Equatable {
        case rules(OriginRules)
        /// Not to be had for now: nothing is fetched (RFC 9309, section 2.3.1.4).
        case unreachable(String)
    }

    /// The rules of `robots.txt` and when they were had, where `tdmrep.json` alone is missing.
    package struct Part: Sendable, Equatable {
        package let robots: RobotsRules
        package let at: Instant

        package init(robots: RobotsRules, at: Instant) {
            self.robots = robots
            self.at = at
        }
    }

    private struct Entry {
        let answer: Answer
        /// When `robots.txt` was had, or could not be.
        let at: Instant
        /// When the last of its files was asked for.
        let askedAt: Instant
    }

    private let countMax: Int
    private let bytesMax: Int
    private let ageMax: Duration
    private let failureAgeMax: Duration
    private var entries: [String: Entry] = [:]
    private var bytes = 0

    package init(countMax: Int, bytesMax: Int, ageMax: Duration, failureAgeMax: Duration) {
        self.countMax = max(1, countMax)
        self.bytesMax = bytesMax
        self.ageMax = ageMax
        self.failureAgeMax = failureAgeMax
    }

    package var count: Int { entries.count }

    /// What is known and still fresh; a clock that went backwards makes it stale.
    package func answer(for origin: String, now: Instant) -> Answer? {
        guard let entry = entries[origin] else { return nil }
        let isFresh =
            switch entry.answer {
            case .rules(let rules):
                isWithin(ageMax, since: entry.at, now: now)
                    && (rules.isMiningKnown
                        || isWithin(failureAgeMax, since: entry.askedAt, now: now))
            case .unreachable: isWithin(failureAgeMax, since: entry.at, now: now)
            }
        return isFresh ? entry.answer : nil
    }

    /// What need not be asked for again although `answer` gives nothing.
    package func part(of origin: String, now: Instant) -> Part? {
        guard let entry = entries[origin], case .rules(let rules) = entry.answer,
            !rules.isMiningKnown, isWithin(ageMax, since: entry.at, now: now)
        else { return nil }
        return Part(robots: rules.robots, at: entry.at)
    }

    private func isWithin(_ limit: Duration, since past: Instant, now: Instant) -> Bool {
        let age = now.since(past)
        return age >= .zero && age < limit
    }

    /// Puts `answer` in the place of what was known of that origin; `part` of it was had before
    /// and ages from then on. Cost: a walk over all entries when the cache is full and the origin
    /// new.
    package mutating func insert(
        _ answer: Answer, for origin: String, completing part: Part? = nil, now: Instant
    ) {
        remove(origin)
        bytes += answer.bytes
        while !entries.isEmpty, entries.count >= countMax || bytes > bytesMax,
            let oldest = entries.min(by: { $0.value.at < $1.value.at })
        {
            remove(oldest.key)
        }
        entries[origin] = Entry(answer: answer, at: part?.at ?? now, askedAt: now)
    }

    private mutating func remove(_ origin: String) {
        if let entry = entries.removeValue(forKey: origin) { bytes -= entry.answer.bytes }
    }

    /// What a finished request for `robots.txt` says (RFC 9309, section 2.3.1).
    package static func answer(
        toRobots result: Result<FetchResponse, FetchError>, token: String
    ) -> Answer {
        switch result {
        case .success(let response):
            guard case .body(let body) = response.content else { return .rules(OriginRules()) }
            return .rules(OriginRules(robots: RobotsRules(body, token: token)))
        case .failure(let error):
            return error.isAbsence ? .rules(OriginRules()) : .unreachable(error.description)
        }
    }
}

extension OriginCache.Answer {
    fileprivate var bytes: Int {
        switch self {
        case .rules(let rules): rules.bytes
        case .unreachable(let reason): reason.utf8.count
        }
    }
}

extension FetchError {
    /// Whether it says of a file at a known place that there is none (RFC 9309, section 2.3.1.3),
    /// and not that it cannot be had for now.
    var isAbsence: Bool {
        switch kind {
        case .emptyBody, .tooManyRedirects, .status(204): true
        case .status(429): false
        case .status(400...499): true
        default: false
        }
    }
}
