package import News

/// What is known of the `robots.txt` of each origin: at most `countMax`, the oldest forgotten
/// first.
package struct RobotsCache {
    /// What asking an origin for the file came to.
    package enum Answer: Sendable, Equatable {
        case rules(RobotsRules)
        /// Not to be had for now: nothing is fetched (RFC 9309, section 2.3.1.4).
        case unreachable(String)
    }

    private let countMax: Int
    private let ageMax: Duration
    private let failureAgeMax: Duration
    private var entries: [String: (answer: Answer, at: Instant)] = [:]

    package init(countMax: Int, ageMax: Duration, failureAgeMax: Duration) {
        self.countMax = max(1, countMax)
        self.ageMax = ageMax
        self.failureAgeMax = failureAgeMax
    }

    package var count: Int { entries.count }

    /// What is known and still fresh; a clock that went backwards makes it stale.
    package func answer(for origin: String, now: Instant) -> Answer? {
        guard let entry = entries[origin] else { return nil }
        let ageMax =
            switch entry.answer {
            case .rules: ageMax
            case .unreachable: failureAgeMax
            }
        let age = now.since(entry.at)
        return age >= .zero && age < ageMax ? entry.answer : nil
    }

    /// Puts `answer` in the place of what was known of that origin. Cost: a walk over all entries
    /// when the cache is full and the origin new.
    package mutating func insert(_ answer: Answer, for origin: String, now: Instant) {
        if entries[origin] == nil, entries.count >= countMax,
            let oldest = entries.min(by: { $0.value.at < $1.value.at })
        {
            entries[oldest.key] = nil
        }
        entries[origin] = (answer, now)
    }

    /// What a finished request for `robots.txt` says (RFC 9309, section 2.3.1).
    package static func answer(
        to result: Result<FetchResponse, FetchError>, token: String
    ) -> Answer {
        switch result {
        case .success(let response):
            guard case .body(let body) = response.content else { return .rules(.allowingAll) }
            return .rules(RobotsRules(body, token: token))
        case .failure(let error):
            return switch error.kind {
            case .emptyBody, .tooManyRedirects: .rules(.allowingAll)
            case .status(429): .unreachable(error.description)
            case .status(204), .status(400...499): .rules(.allowingAll)
            default: .unreachable(error.description)
            }
        }
    }
}
