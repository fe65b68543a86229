import Fetching
import News
import Testing

struct OriginCacheTests {
    private static let start = Instant(millisecondsSince1970: 1_795_348_800_000)
    private static let answer = OriginCache.Answer.rules(OriginRules())

    private func cache(bytesMax: Int = 1000) -> OriginCache {
        OriginCache(
            countMax: 3, bytesMax: bytesMax, ageMax: .seconds(100), failureAgeMax: .seconds(10))
    }

    @Test func answerIsFreshForItsTime() {
        var cache = cache()
        cache.insert(Self.answer, for: "a", now: Self.start)
        cache.insert(.unreachable("x"), for: "b", now: Self.start)
        #expect(
            cache.answer(for: "a", now: Self.start.adding(.milliseconds(99_999))) == Self.answer)
        #expect(cache.answer(for: "a", now: Self.start.adding(.seconds(100))) == nil)
        #expect(cache.answer(for: "b", now: Self.start.adding(.seconds(9))) == .unreachable("x"))
        #expect(cache.answer(for: "b", now: Self.start.adding(.seconds(10))) == nil)
        #expect(cache.answer(for: "c", now: Self.start) == nil)
    }

    @Test(arguments: [(Duration.seconds(100), 9), (.seconds(5), 4)])
    func whatIsKnownInPartIsFreshForAsLongAsAFailure(ageMax: Duration, last: Int) {
        var rules = OriginRules()
        rules.isMiningKnown = false
        var cache = OriginCache(
            countMax: 3, bytesMax: 1000, ageMax: ageMax, failureAgeMax: .seconds(10))
        cache.insert(.rules(rules), for: "a", now: Self.start)
        #expect(
            cache.answer(for: "a", now: Self.start.adding(.seconds(last))) == .rules(rules))
        #expect(cache.answer(for: "a", now: Self.start.adding(.seconds(last + 1))) == nil)
    }

    @Test func whatIsKnownInPartIsCompletedAndAgesFromItsBeginning() throws {
        var rules = OriginRules()
        rules.isMiningKnown = false
        var cache = cache()
        cache.insert(.rules(rules), for: "a", now: Self.start)
        let part = try #require(cache.part(of: "a", now: Self.start.adding(.seconds(50))))
        #expect(part == OriginCache.Part(robots: rules.robots, at: Self.start))
        // Once more in vain, then with success: neither makes the first part younger.
        cache.insert(
            .rules(rules), for: "a", completing: part, now: Self.start.adding(.seconds(50)))
        #expect(cache.answer(for: "a", now: Self.start.adding(.seconds(59))) == .rules(rules))
        #expect(cache.answer(for: "a", now: Self.start.adding(.seconds(60))) == nil)
        cache.insert(
            Self.answer, for: "a", completing: part, now: Self.start.adding(.seconds(60)))
        #expect(cache.part(of: "a", now: Self.start.adding(.seconds(60))) == nil)
        #expect(cache.answer(for: "a", now: Self.start.adding(.seconds(99))) == Self.answer)
        #expect(cache.answer(for: "a", now: Self.start.adding(.seconds(100))) == nil)
    }

    @Test func nothingIsLeftOfAPartThatIsTooOld() {
        var rules = OriginRules()
        rules.isMiningKnown = false
        var cache = cache()
        cache.insert(.rules(rules), for: "a", now: Self.start)
        #expect(cache.part(of: "a", now: Self.start.adding(.seconds(99))) != nil)
        #expect(cache.part(of: "a", now: Self.start.adding(.seconds(100))) == nil)
        #expect(cache.part(of: "a", now: Self.start.adding(.seconds(-1))) == nil)
    }

    @Test func clockGoingBackMakesItStale() {
        var cache = cache()
        cache.insert(Self.answer, for: "a", now: Self.start)
        #expect(cache.answer(for: "a", now: Self.start.adding(.seconds(-1))) == nil)
    }

    @Test func oldestIsForgottenFirst() {
        var cache = cache()
        for (index, origin) in ["a", "b", "c", "a", "d"].enumerated() {
            cache.insert(Self.answer, for: origin, now: Self.start.adding(.milliseconds(index)))
        }
        #expect(cache.count == 3)
        #expect(cache.answer(for: "b", now: Self.start.adding(.seconds(1))) == nil)
        #expect(cache.answer(for: "a", now: Self.start.adding(.seconds(1))) == Self.answer)
    }

    @Test func rulesTogetherHaveABound() {
        let rules = RobotsRules(
            Array("User-agent: *\nDisallow: /\(String(repeating: "x", count: 300))".utf8),
            token: "Tamis")
        let answer = OriginCache.Answer.rules(OriginRules(robots: rules))
        var cache = cache()
        for (index, origin) in ["a", "b", "c"].enumerated() {
            cache.insert(answer, for: origin, now: Self.start.adding(.milliseconds(index)))
        }
        #expect(cache.count == 2)
        #expect(cache.answer(for: "a", now: Self.start.adding(.seconds(1))) == nil)
        // One that is larger than all may be is kept all the same, alone.
        var small = self.cache(bytesMax: 10)
        small.insert(answer, for: "a", now: Self.start)
        small.insert(answer, for: "b", now: Self.start)
        #expect(small.count == 1)
        #expect(small.answer(for: "b", now: Self.start) == answer)
    }

    @Test(arguments: [
        (FetchError.Kind.status(404), true), (.status(401), true), (.status(410), true),
        (.emptyBody, true), (.status(204), true), (.tooManyRedirects(max: 5), true),
        (.status(429), false), (.status(500), false), (.unknownHost("x"), false),
        (.timedOut(.body, after: .seconds(1)), false), (.connectionRefused, false),
    ])
    func failureOfTheFileAllowsOrForbids(kind: FetchError.Kind, isAllowing: Bool) {
        let error = FetchError(kind, url: "u")
        let answer = OriginCache.answer(toRobots: .failure(error), token: "Tamis")
        #expect(answer == (isAllowing ? .rules(OriginRules()) : .unreachable(error.description)))
    }
}
