package import News

/// Who may start a transfer now: politeness towards hosts, fairness among them.
///
/// 1. At most `total` transfers run at once, at most `perHost` to one host, and at most
///    `slowTotal` to hosts whose last answer was slow.
/// 2. Between the starts of two spaced requests to one host lies at least `spacing`.
/// 3. Hosts take turns: the one that started longest ago comes first, whatever its queue; within
///    a host, requests keep their order.
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

    private struct Host {
        var active = 0
        var waiting: [(id: Int, isSpaced: Bool)] = []
        var lastStart: Instant?
        var heldUntil: Instant?
        var isSlow = false
        /// What its `robots.txt` asks for, beyond our own.
        var spacing = Duration.zero
        var address: String?
    }

    private struct Address {
        var active = 0
        var lastStart: Instant?
    }

    private let limits: Limits
    private var hosts: [String: Host] = [:]
    private var addresses: [String: Address] = [:]
    /// Hosts with somebody waiting; the one that started longest ago first.
    private var turns: [String] = []
    package private(set) var active = 0
    package private(set) var waiting = 0
    private var activeSlow = 0

    package init(_ limits: Limits) {
        self.limits = limits
    }

    /// Hosts remembered, for tests of the bound.
    package var hostsCount: Int { hosts.count }

    /// Puts a request into its host's queue. Only spaced requests wait for the spacing.
    package mutating func enter(
        _ id: Int, host name: String, isSpaced: Bool, now: Instant
    ) -> Admission {
        if hosts[name] == nil { hosts[name] = Host() }
        if let until = hosts[name].flatMap({ heldUntil($0, now: now) }) {
            return .held(until: until)
        }
        guard waiting < limits.waitingMax else { return .full }
        if hosts[name]?.waiting.isEmpty != false { turns.append(name) }
        change(name) { $0.waiting.append((id, isSpaced)) }
        waiting += 1
        return .queued
    }

    /// Takes out those that may start now. Linear in the number of hosts with somebody waiting.
    package mutating func start(now: Instant) -> [Int] {
        var started: [Int] = []
        var isProgressing = true
        while isProgressing && active < limits.total {
            isProgressing = false
            var kept: [String] = []
            var served: [String] = []
            for name in turns {
                guard let id = startOne(of: name, now: now) else {
                    kept.append(name)
                    continue
                }
                started.append(id)
                isProgressing = true
                if hosts[name]?.waiting.isEmpty == false { served.append(name) }
            }
            turns = kept + served
        }
        return started
    }

    /// Takes out the first request of a host, if the host may start one now.
    private mutating func startOne(of name: String, now: Instant) -> Int? {
        guard let host = hosts[name], let first = host.waiting.first, active < limits.total,
            host.active < limits.perHost, !host.isSlow || activeSlow < limits.slowTotal,
            isRoomAtAddress(of: host), !first.isSpaced || spacingLeft(host, now: now) == .zero
        else { return nil }
        if let address = host.address {
            addresses[address, default: Address()].active += 1
            if first.isSpaced { addresses[address]?.lastStart = now }
        }
        change(name) { host in
            host.waiting.removeFirst()
            host.active += 1
            if first.isSpaced { host.lastStart = now }
        }
        waiting -= 1
        active += 1
        if host.isSlow { activeSlow += 1 }
        return first.id
    }

    /// In its place: a copy of a long queue for each request would make the queue quadratic.
    private mutating func change(_ name: String, _ change: (inout Host) -> Void) {
        if let index = hosts.index(forKey: name) { change(&hosts.values[index]) }
    }

    /// A transfer that was started has ended, well or not, after `elapsed`.
    package mutating func finish(host name: String, elapsed: Duration, now: Instant) {
        guard var host = hosts[name], host.active > 0 else { return }
        if host.isSlow { activeSlow -= host.active }
        host.active -= 1
        host.isSlow = elapsed >= limits.slowAnswer
        if host.isSlow { activeSlow += host.active }
        active -= 1
        if let address = host.address { addresses[address]?.active -= 1 }
        hosts[name] = host
        forgetIdleHosts(now: now)
    }

    /// Where a host's last transfer went: from now on it counts there.
    package mutating func settle(host name: String, at address: String) {
        guard var host = hosts[name], host.address != address else { return }
        if let before = host.address { addresses[before]?.active -= host.active }
        addresses[address, default: Address()].active += host.active
        host.address = address
        hosts[name] = host
    }

    /// Lets at least that much time lie between the starts of two requests to a host.
    package mutating func space(host name: String, by spacing: Duration) {
        guard spacing > limits.spacing || hosts[name]?.spacing ?? .zero > .zero else { return }
        hosts[name, default: Host()].spacing = spacing
    }

    /// Hosts that want no requests now, and until when.
    package func holds(now: Instant) -> [String: Instant] {
        hosts.compactMapValues { heldUntil($0, now: now) }
    }

    /// A waiting request is no longer wanted.
    package mutating func withdraw(_ id: Int, host name: String) {
        guard let index = hosts[name]?.waiting.firstIndex(where: { $0.id == id }) else { return }
        hosts[name]?.waiting.remove(at: index)
        waiting -= 1
        if hosts[name]?.waiting.isEmpty == true { turns.removeAll { $0 == name } }
    }

    /// Leaves a host alone until then; gives back its waiting requests, which will not start.
    package mutating func hold(host name: String, until: Instant, now: Instant) -> [Int] {
        guard until > now else { return [] }
        var host = hosts[name] ?? Host()
        let refused = host.waiting.map(\.id)
        host.waiting = []
        host.heldUntil = max(until, host.heldUntil ?? until)
        hosts[name] = host
        waiting -= refused.count
        turns.removeAll { $0 == name }
        return refused
    }

    /// How long until a waiting request may start only because time has passed; nil when none does.
    package func untilNextStart(now: Instant) -> Duration? {
        turns.compactMap { name -> Duration? in
            guard let host = hosts[name], host.active < limits.perHost, isRoomAtAddress(of: host),
                host.waiting.first?.isSpaced == true
            else { return nil }
            let left = spacingLeft(host, now: now)
            return left > .zero ? left : nil
        }.min()
    }

    private func spacingLeft(_ host: Host, now: Instant) -> Duration {
        let shared = host.address.flatMap { addresses[$0]?.lastStart }
        return max(
            left(of: max(limits.spacing, host.spacing), since: host.lastStart, now: now),
            left(of: limits.spacing, since: shared, now: now))
    }

    private func left(of spacing: Duration, since last: Instant?, now: Instant) -> Duration {
        guard let last else { return .zero }
        return min(max(spacing - now.since(last), .zero), spacing)
    }

    private func isRoomAtAddress(of host: Host) -> Bool {
        guard let address = host.address else { return true }
        return addresses[address]?.active ?? 0 < limits.perAddress
    }

    private func heldUntil(_ host: Host, now: Instant) -> Instant? {
        guard let until = host.heldUntil, until > now else { return nil }
        return min(until, now.adding(limits.holdMax))
    }

    /// Idle hosts whose spacing and hold have passed need not be remembered; beyond the bound, no
    /// idle host is. Sweeping only at the bound keeps the cost of one finish small.
    private mutating func forgetIdleHosts(now: Instant) {
        // A host may come with another address at every look-up.
        guard hosts.count > limits.hostsMax || addresses.count > 2 * limits.hostsMax else {
            return
        }
        if hosts.count > limits.hostsMax {
            hosts = hosts.filter { _, host in
                host.active > 0 || !host.waiting.isEmpty || heldUntil(host, now: now) != nil
                    || spacingLeft(host, now: now) > .zero
            }
        }
        if hosts.count > limits.hostsMax {
            hosts = hosts.filter { _, host in host.active > 0 || !host.waiting.isEmpty }
        }
        let used = Set(hosts.values.compactMap(\.address))
        addresses = addresses.filter { used.contains($0.key) || $0.value.active > 0 }
    }
}
