/// Which host names are looked up now, and who waits for them.
///
/// A lookup is a thread that waits for name servers, and cannot be called off. Left to libcurl
/// there would be one for each transfer, and more while those that were given up still wait.
///
/// 1. At most `lookupsMax` lookups are under way, one a name; whoever wants the same name joins.
/// 2. Name servers that are silent about some names do not hold up the others: names that answered
///    when last asked come first, and have a quarter of the places for themselves; those that were
///    silent come last, and have half of the places at most.
/// 3. Whoever waits for a lookup is told so after `timeMax`, and whoever waits for a place after
///    `placeTimeMax`; the lookup keeps its place until it ends.
/// 4. Addresses are remembered for `keptTime`, and those that came too late ten times as long: who
///    asked for them comes again. What is remembered is bounded.
///
/// A pure machine over a monotonic clock. Cost: constant, but for `late` and `nextDue`, which look
/// at all who wait: no more than there are transfers.
package struct NameDesk {
    /// The numbers of the rules above; a count below one is read as one.
    package struct Limits: Sendable {
        package var lookupsMax: Int
        package var timeMax: Duration
        package var placeTimeMax: Duration
        package var keptTime: Duration = .seconds(60)
        /// Names whose addresses are remembered, and names that are known to answer.
        package var namesMax = 4096

        package init(lookupsMax: Int, timeMax: Duration, placeTimeMax: Duration) {
            self.lookupsMax = max(1, lookupsMax)
            self.timeMax = timeMax
            self.placeTimeMax = placeTimeMax
        }
    }

    /// What becomes of a question.
    package enum Admission: Equatable {
        case known([IPAddress])
        /// `answered` or `late` will name it, unless it is withdrawn.
        case waits
    }

    /// Who waits, and since when: for an answer, or for a place.
    package struct Waiting: Equatable {
        package let id: Int
        package var since: Duration
    }

    /// Whose time is over.
    package struct Late: Equatable {
        package let id: Int
        /// Whether the name was being looked up; false when no place was free.
        package let wasAsked: Bool
    }

    private struct Lookup {
        var waiting: [Waiting] = []
        var isUnderWay = false
        var standing: Standing
    }

    /// What a name was like when it was last asked for.
    private enum Standing {
        case answering, unknown, silent
    }

    private let limits: Limits
    private var lookups: [String: Lookup] = [:]
    /// Names that wait for a place, by their standing.
    private var queues: [Standing: [String]] = [:]
    /// Names that are not unknown.
    private var standings: [String: Standing] = [:]
    private var kept: [String: (addresses: [IPAddress], until: Duration)] = [:]
    /// Lookups under way, by standing.
    private var places: [Standing: Int] = [:]

    package init(_ limits: Limits) { self.limits = limits }

    package var underWay: Int { places.values.reduce(0, +) }

    /// Somebody wants to know the addresses of a name.
    package mutating func ask(_ id: Int, for name: String, now: Duration) -> Admission {
        if let known = kept[name] {
            if now < known.until { return .known(known.addresses) }
            kept[name] = nil
        }
        if lookups[name] == nil {
            let standing = standings[name] ?? .unknown
            lookups[name] = Lookup(standing: standing)
            queues[standing, default: []].append(name)
        }
        lookups[name]?.waiting.append(Waiting(id: id, since: now))
        return .waits
    }

    /// Takes out the names that are to be looked up now.
    package mutating func start(now: Duration) -> [String] {
        var started: [String] = []
        while let name = next() {
            guard var lookup = lookups[name] else { continue }
            guard !lookup.waiting.isEmpty else {
                lookups[name] = nil
                continue
            }
            lookup.isUnderWay = true
            for index in lookup.waiting.indices { lookup.waiting[index].since = now }
            places[lookup.standing, default: 0] += 1
            lookups[name] = lookup
            started.append(name)
        }
        return started
    }

    private mutating func next() -> String? {
        let silent = places[.silent] ?? 0
        let others = silent + (places[.unknown] ?? 0)
        let isRoom = underWay < limits.lookupsMax
        let isRoomForOthers = isRoom && others < max(1, limits.lookupsMax * 3 / 4)
        let isRoomForSilent = isRoomForOthers && silent < max(1, limits.lookupsMax / 2)
        let order: [(Standing, Bool)] = [
            (.answering, isRoom), (.unknown, isRoomForOthers), (.silent, isRoomForSilent),
        ]
        for (standing, isRoom) in order where isRoom && queues[standing]?.isEmpty == false {
            return queues[standing]?.removeFirst()
        }
        return nil
    }

    /// A lookup has ended, with addresses or without. Gives those who still wait for it.
    package mutating func answered(
        _ name: String, _ addresses: [IPAddress], now: Duration
    ) -> [Waiting] {
        guard let lookup = lookups[name], lookup.isUnderWay else { return [] }
        lookups[name] = nil
        places[lookup.standing, default: 1] -= 1
        if !addresses.isEmpty {
            makeRoom(now: now)
            let time = limits.keptTime * (lookup.waiting.isEmpty ? 10 : 1)
            kept[name] = (addresses, now + time)
        }
        // In time: nobody has given up waiting.
        if !lookup.waiting.isEmpty { note(.answering, of: name) }
        return lookup.waiting
    }

    private mutating func note(_ standing: Standing, of name: String) {
        if standings.count >= limits.namesMax { standings = [:] }
        standings[name] = standing
    }

    private mutating func makeRoom(now: Duration) {
        guard kept.count >= limits.namesMax else { return }
        kept = kept.filter { now < $0.value.until }
        if kept.count >= limits.namesMax { kept = [:] }
    }

    /// Takes out those who have waited long enough.
    package mutating func late(now: Duration) -> [Late] {
        var late: [Late] = []
        for (name, var lookup) in lookups {
            let limit = lookup.isUnderWay ? limits.timeMax : limits.placeTimeMax
            let gone = lookup.waiting.filter { now >= $0.since + limit }
            guard !gone.isEmpty else { continue }
            late += gone.map { Late(id: $0.id, wasAsked: lookup.isUnderWay) }
            lookup.waiting.removeAll { now >= $0.since + limit }
            if lookup.isUnderWay {
                places[lookup.standing, default: 1] -= 1
                places[.silent, default: 0] += 1
                lookup.standing = .silent
                note(.silent, of: name)
            }
            lookups[name] = lookup
        }
        return late.sorted { $0.id < $1.id }
    }

    /// An answer is no longer wanted.
    package mutating func withdraw(_ id: Int) {
        for name in lookups.keys { lookups[name]?.waiting.removeAll { $0.id == id } }
    }

    /// When `late` is next worth asking; nil when nobody waits.
    package var nextDue: Duration? {
        var least: Duration?
        for lookup in lookups.values {
            guard let first = lookup.waiting.first else { continue }
            let due = first.since + (lookup.isUnderWay ? limits.timeMax : limits.placeTimeMax)
            if due < least ?? .seconds(Int64.max) { least = due }
        }
        return least
    }
}
