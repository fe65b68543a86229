import ArticleStore
import Foundation
import Ingestion
import News
import Synchronization
import Testing

/// A folder that is gone when nobody needs it any more.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/tamis-ingestion-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    var store: String { "\(path)/state" }

    func write(_ bytes: some Sequence<UInt8>, _ name: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
    func write(_ text: String, _ name: String) throws { try write(text.utf8, name) }
    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }
    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
    func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }
    /// Every record of the store, in order.
    func records() throws -> [Record] {
        try StoreReader(at: store).records(after: 0, limit: .max)
    }
}

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
    private let state: Mutex<(now: Instant, steady: Duration)>

    init(_ now: Instant = Samples.noon) { state = Mutex((now, .seconds(1000))) }

    var clock: Clock {
        Clock(
            now: { self.state.withLock { $0.now } }, steady: { self.state.withLock { $0.steady } })
    }
    var now: Instant { state.withLock { $0.now } }

    /// Time passes, on both clocks.
    func pass(_ duration: Duration) {
        state.withLock { $0 = ($0.now.adding(duration), $0.steady + duration) }
    }
    /// The wall clock alone is set.
    func jump(_ duration: Duration) { state.withLock { $0.now = $0.now.adding(duration) } }
}

/// Everything that was reported, and a way to wait for what will be.
final class Journal: Sendable {
    private struct State {
        var events: [IngestionEvent] = []
        var waiters:
            [(isMet: @Sendable (IngestionEvent) -> Bool, CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    func add(_ event: IngestionEvent) {
        let woken = state.withLock { state in
            state.events.append(event)
            let woken = state.waiters.filter { $0.isMet(event) }
            state.waiters.removeAll { $0.isMet(event) }
            return woken
        }
        for (_, waiter) in woken { waiter.resume() }
    }

    var events: [IngestionEvent] { state.withLock { $0.events } }

    /// Returns once such an event was reported, before this call or after it.
    func wait(for isMet: @escaping @Sendable (IngestionEvent) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.events.contains(where: isMet) { return true }
                state.waiters.append((isMet, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// The outcomes of a feed's polls, in order.
    func outcomes(of feed: String) -> [PollOutcome] {
        events.compactMap { event in
            if case .polled(let id, let outcome, _) = event, id.text == feed {
                outcome
            } else {
                nil
            }
        }
    }
    var decided: [Record] {
        events.compactMap { if case .decided(let record) = $0 { record } else { nil } }
    }
}

/// A door that opens once: tests wait for what a server script has come to.
final class Latch: Sendable {
    private let state = Mutex<(isOpen: Bool, waiters: [CheckedContinuation<Void, Never>])>(
        (false, []))

    func open() {
        let waiters = state.withLock { state in
            defer { state = (true, []) }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// The kernel's calls, of which chosen ones fail. Syncs reach no disk: nothing here cuts the power.
final class Faults: Sendable {
    enum Kind: String, CaseIterable, Sendable { case open, write, syncData, sync, rename, truncate }
    struct Plan: Sendable {
        var kinds: Set<Kind>
        /// Which call of these kinds, from 0 up; with `isLasting` all from it on.
        var index = 0
        var isLasting = false
        var errno: Int32
        /// A failing write takes half of its bytes first.
        var isTorn = false
    }
    private struct State {
        var plan: Plan?
        var counts: [Kind: Int] = [:]
        var planned = 0
        var hits = 0
    }
    private let state = Mutex(State())

    /// Begins to count and to fail anew.
    func set(_ plan: Plan?) { state.withLock { $0 = State(plan: plan) } }
    /// Calls of that kind since `set`.
    func count(_ kind: Kind) -> Int { state.withLock { $0.counts[kind, default: 0] } }
    /// Calls that failed since `set`.
    var hits: Int { state.withLock { $0.hits } }

    private func failure(_ kind: Kind) -> Plan? {
        state.withLock { state in
            state.counts[kind, default: 0] += 1
            guard let plan = state.plan, plan.kinds.contains(kind) else { return nil }
            defer { state.planned += 1 }
            guard state.planned == plan.index || plan.isLasting && state.planned > plan.index
            else { return nil }
            state.hits += 1
            return plan
        }
    }

    private func answer(_ kind: Kind, _ real: () -> Int) -> Int {
        failure(kind).map { -Int($0.errno) } ?? real()
    }

    var calls: FileSystemCalls {
        let real = FileSystemCalls.real
        var calls = real
        calls.open = { path, flags, mode in
            self.answer(.open) { real.open(path, flags, mode) }
        }
        calls.write = { descriptor, bytes, offset in
            guard let plan = self.failure(.write) else {
                return real.write(descriptor, bytes, offset)
            }
            if plan.isTorn {
                let half = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)])
                _ = real.write(descriptor, half, offset)
            }
            return -Int(plan.errno)
        }
        calls.truncate = { descriptor, length in
            self.answer(.truncate) { real.truncate(descriptor, length) }
        }
        calls.syncData = { _ in self.answer(.syncData) { 0 } }
        calls.sync = { _ in self.answer(.sync) { 0 } }
        calls.rename = { from, to in self.answer(.rename) { real.rename(from, to) } }
        return calls
    }
}
