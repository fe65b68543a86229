package import News

/// Who may start a transfer now: politeness towards hosts, fairness among them.
///
/// 1. At most `total` transfers run at once, at most `perHost` to one host, and at most
///    `slowTotal` to hosts whose last answer was slow; of two places or more one is never theirs.
/// 2. Between the starts of two spaced requests to one host lies at least `spacing`.
/// 3. Feeds of all hosts go before pages: whoever names a thousand pages of a host does not hold up
///    its feed. Hosts take turns with their feeds, and with their pages; within a host, requests
///    of a kind keep their order.
/// 3a. Hosts that share an address count together: `spacing` lies between their starts too, and at
///    most `perAddress` transfers go there at once.
/// 4. A host that asked to be left alone gets nothing until then.
/// 5. At most `waitingMax` requests wait; what is remembered of idle hosts is bounded.
///
/// A pure machine: events go in with `now`, what may start comes out. A clock that jumps back
/// delays nothing by more than one spacing.
package struct HostGate {
    /// The numbers of the rules above; counts below one are read as one.
    package struct Limits: Sendable {
        package var total: Int
        package var slowTotal: Int
        package var perHost: Int
        package var spacing: Duration
        package var slowAnswer: Duration
        package var waitingMax: Int
        package var holdMax: Duration
        /// Idle hosts remembered.
        package var hostsMax = 4096
        /// Transfers at once to one address, whatever the hosts.
        package var perAddress: Int

        package init(
            total: Int, slowTotal: Int, perHost: Int, spacing: Duration, slowAnswer: Duration,
            waitingMax: Int, holdMax: Duration
        ) {
            self.total = max(1, total)
            self.slowTotal = max(1, slowTotal)
            self.perHost = max(1, perHost)
            perAddress = self.perHost * 4
            self.spacing = max(spacing, .zero)
            self.slowAnswer = slowAnswer
            self.waitingMax = max(1, waitingMax)
            self.holdMax = holdMax
        }
    }

    /// What becomes of a request that comes to the gate.
    package enum Admission: Equatable {
        /// `start` will name it, now or later.
        case queued
        /// Too many wait already.
        case full
        case held(until: Instant)
    }

    private struct Waiting {
        let id: Int
        let isSpaced: Bool
    }

    private struct Host {
        let name: String
        var active = 0
        var feeds: [Waiting] = []
        var pages: [Waiting] = []
        var lastStart: Instant?
        var heldUntil: Instant?
        var isSlow = false
        /// What its `robots.txt` asks for, beyond our own.
        var spacing = Duration.zero
        /// Its place in `addresses`.
        var address: Int?

        func first(ofPages isOfPages: Bool) -> Waiting? { isOfPages ? pages.first : feeds.first }
        mutating func removeFirst(ofPages isOfPages: Bool) {
            if isOfPages { pages.removeFirst() } else { feeds.removeFirst() }
        }
        var isInUse: Bool { active > 0 || !feeds.isEmpty || !pages.isEmpty }
    }

    private struct Address {
        let name: String
        var active = 0
        var lastStart: Instant?
    }

    private let limits: Limits
    // Rows and the places of names in them: a request looks each name up once, and changes what it
    // finds where it stands.
    private var hosts: [Host] = []
    private var places: [String: Int] = [:]
    private var addresses: [Address] = []
    private var addressPlaces: [String: Int] = [:]
    /// Hosts with feeds, and hosts with pages, that wait; the one that started longest ago first.
    private var feedTurns: [Int] = []
    private var pageTurns: [Int] = []
    package private(set) var active = 0
    package private(set) var waiting = 0
    private var activeSlow = 0

    package init(_ limits: Limits) {
        var limits = limits
        limits.slowTotal = min(limits.slowTotal, max(1, limits.total - 1))
        self.limits = limits
    }

    /// Hosts remembered, for tests of the bound.
    package var hostsCount: Int { hosts.count }

    /// Where a host stands, from now on if it is a new one.
    private mutating func place(of name: String) -> Int {
        if let place = places[name] { return place }
        places[name] = hosts.count
        hosts.append(Host(name: name))
        return hosts.count - 1
    }

    /// Puts a request into its host's queue. Only spaced requests wait for the spacing. `isPage`:
    /// of a page, not of a feed or a file that its host's pages wait for.
    package mutating func enter(
        _ id: Int, host name: String, isSpaced: Bool, isPage: Bool = false, now: Instant
    ) -> Admission {
        let host = place(of: name)
        if let until = heldUntil(host, now: now) { return .held(until: until) }
        guard waiting < limits.waitingMax else { return .full }
        let request = Waiting(id: id, isSpaced: isSpaced)
        if isPage {
            if hosts[host].pages.isEmpty { pageTurns.append(host) }
            hosts[host].pages.append(request)
        } else {
            if hosts[host].feeds.isEmpty { feedTurns.append(host) }
            hosts[host].feeds.append(request)
        }
        waiting += 1
        return .queued
    }

    /// Takes out those that may start now. Linear in the number of hosts with somebody waiting.
    package mutating func start(now: Instant) -> [Int] {
        var started: [Int] = []
        started.reserveCapacity(min(waiting, max(limits.total - active, 0)))
        feedTurns = start(pages: false, inTurn: feedTurns, now: now, adding: &started)
        pageTurns = start(pages: true, inTurn: pageTurns, now: now, adding: &started)
        return started
    }

    /// Starts what may start of those hosts, and gives back whose turn it is from then on.
    private mutating func start(
        pages: Bool, inTurn turns: [Int], now: Instant, adding started: inout [Int]
    ) -> [Int] {
        var turns = turns
        var isProgressing = !turns.isEmpty
        while isProgressing && active < limits.total {
            isProgressing = false
            var kept: [Int] = []
            var served: [Int] = []
            for host in turns {
                guard let first = hosts[host].first(ofPages: pages),
                    mayStart(first, of: host, now: now)
                else {
                    kept.append(host)
                    continue
                }
                hosts[host].removeFirst(ofPages: pages)
                noteStart(of: first, at: host, now: now)
                started.append(first.id)
                isProgressing = true
                if hosts[host].first(ofPages: pages) != nil { served.append(host) }
            }
            turns = kept + served
        }
        return turns
    }

    private func mayStart(_ first: Waiting, of host: Int, now: Instant) -> Bool {
        active < limits.total && hosts[host].active < limits.perHost
            && (!hosts[host].isSlow || activeSlow < limits.slowTotal)
            && isRoomAtAddress(of: host)
            && (!first.isSpaced || spacingLeft(host, now: now) == .zero)
    }

    private mutating func noteStart(of first: Waiting, at host: Int, now: Instant) {
        if let address = hosts[host].address {
            addresses[address].active += 1
            if first.isSpaced { addresses[address].lastStart = now }
        }
        hosts[host].active += 1
        if first.isSpaced { hosts[host].lastStart = now }
        waiting -= 1
        active += 1
        if hosts[host].isSlow { activeSlow += 1 }
    }

    /// A transfer that was started has ended, well or not, after `elapsed`. `address`: where it
    /// went; from now on its host counts there. Empty when that is not known.
    package mutating func finish(
        host name: String, at address: String = "", elapsed: Duration, now: Instant
    ) {
        guard let host = places[name], hosts[host].active > 0 else { return }
        if !address.isEmpty { settle(host, at: address) }
        if hosts[host].isSlow { activeSlow -= hosts[host].active }
        hosts[host].active -= 1
        hosts[host].isSlow = elapsed >= limits.slowAnswer
        if hosts[host].isSlow { activeSlow += hosts[host].active }
        active -= 1
        if let address = hosts[host].address { addresses[address].active -= 1 }
        forgetIdleHosts(now: now)
    }

    private mutating func settle(_ host: Int, at address: String) {
        if let before = hosts[host].address {
            guard addresses[before].name != address else { return }
            addresses[before].active -= hosts[host].active
        }
        let place = addressPlaces[address] ?? addresses.count
        if place == addresses.count {
            addresses.append(Address(name: address))
            addressPlaces[address] = place
        }
        addresses[place].active += hosts[host].active
        hosts[host].address = place
    }

    /// Lets at least that much time lie between the starts of two requests to a host.
    package mutating func space(host name: String, by spacing: Duration) {
        let known = places[name].map { hosts[$0].spacing } ?? .zero
        guard spacing > limits.spacing || known > .zero else { return }
        let host = place(of: name)
        hosts[host].spacing = spacing
    }

    /// Hosts that want no requests now, and until when.
    package func holds(now: Instant) -> [String: Instant] {
        var holds: [String: Instant] = [:]
        for host in hosts.indices { holds[hosts[host].name] = heldUntil(host, now: now) }
        return holds
    }

    /// A waiting request is no longer wanted.
    package mutating func withdraw(_ id: Int, host name: String) {
        guard let host = places[name] else { return }
        if let index = hosts[host].feeds.firstIndex(where: { $0.id == id }) {
            hosts[host].feeds.remove(at: index)
            if hosts[host].feeds.isEmpty { feedTurns.removeAll { $0 == host } }
        } else if let index = hosts[host].pages.firstIndex(where: { $0.id == id }) {
            hosts[host].pages.remove(at: index)
            if hosts[host].pages.isEmpty { pageTurns.removeAll { $0 == host } }
        } else {
            return
        }
        waiting -= 1
    }

    /// Leaves a host alone until then; gives back its waiting requests, which will not start.
    package mutating func hold(host name: String, until: Instant, now: Instant) -> [Int] {
        guard until > now else { return [] }
        let host = place(of: name)
        let refused = (hosts[host].feeds + hosts[host].pages).map(\.id)
        hosts[host].feeds = []
        hosts[host].pages = []
        hosts[host].heldUntil = max(until, hosts[host].heldUntil ?? until)
        waiting -= refused.count
        feedTurns.removeAll { $0 == host }
        pageTurns.removeAll { $0 == host }
        return refused
    }

    /// How long until a waiting request may start only because time has passed; nil when none does.
    package func untilNextStart(now: Instant) -> Duration? {
        var least: Duration?
        for pages in [false, true] {
            for host in pages ? pageTurns : feedTurns
            where hosts[host].active < limits.perHost
                && hosts[host].first(ofPages: pages)?.isSpaced == true && isRoomAtAddress(of: host)
            {
                let left = spacingLeft(host, now: now)
                if left > .zero, left < least ?? .seconds(Int64.max) { least = left }
            }
        }
        return least
    }

    private func spacingLeft(_ host: Int, now: Instant) -> Duration {
        let shared = hosts[host].address.flatMap { addresses[$0].lastStart }
        return max(
            left(
                of: max(limits.spacing, hosts[host].spacing), since: hosts[host].lastStart,
                now: now),
            left(of: limits.spacing, since: shared, now: now))
    }

    private func left(of spacing: Duration, since last: Instant?, now: Instant) -> Duration {
        guard let last else { return .zero }
        return min(max(spacing - now.since(last), .zero), spacing)
    }

    private func isRoomAtAddress(of host: Int) -> Bool {
        guard let address = hosts[host].address else { return true }
        return addresses[address].active < limits.perAddress
    }

    private func heldUntil(_ host: Int, now: Instant) -> Instant? {
        guard let until = hosts[host].heldUntil, until > now else { return nil }
        return min(until, now.adding(limits.holdMax))
    }

    /// Idle hosts whose spacing and hold have passed need not be remembered; beyond the bound, no
    /// idle host is. Sweeping only at the bound keeps the cost of one finish small.
    private mutating func forgetIdleHosts(now: Instant) {
        // A host may come with another address at every look-up.
        guard hosts.count > limits.hostsMax || addresses.count > 2 * limits.hostsMax else {
            return
        }
        let inUse = hosts.indices.filter { hosts[$0].isInUse }
        var kept = Array(hosts.indices)
        if hosts.count > limits.hostsMax {
            let using = Set(inUse)
            kept = hosts.indices.filter {
                using.contains($0) || heldUntil($0, now: now) != nil
                    || spacingLeft($0, now: now) > .zero
            }
        }
        move(to: kept.count > limits.hostsMax ? inUse : kept)
    }

    /// Keeps those hosts alone, and of the addresses those that they have.
    private mutating func move(to kept: [Int]) {
        var newPlaces = [Int?](repeating: nil, count: hosts.count)
        for (place, host) in kept.enumerated() { newPlaces[host] = place }
        hosts = kept.map { hosts[$0] }
        places = Dictionary(uniqueKeysWithValues: hosts.indices.map { (hosts[$0].name, $0) })
        feedTurns = feedTurns.compactMap { newPlaces[$0] }
        pageTurns = pageTurns.compactMap { newPlaces[$0] }
        let used = Set(hosts.compactMap(\.address)).sorted()
        var newAddresses = [Int?](repeating: nil, count: addresses.count)
        for (place, address) in used.enumerated() { newAddresses[address] = place }
        addresses = used.map { addresses[$0] }
        addressPlaces = Dictionary(
            uniqueKeysWithValues: addresses.indices.map { (addresses[$0].name, $0) })
        for host in hosts.indices {
            hosts[host].address = hosts[host].address.flatMap { newAddresses[$0] }
        }
    }
}
