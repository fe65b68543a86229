import ArticleStore
import Foundation
import Glibc
import News
import Synchronization

/// A folder that is gone when nobody needs it any more.
final class TemporaryFolder {
    let path: String

    init() throws {
        // In memory where there is such a place: most tests cut no power.
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        path = "\(base)/tamis-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    var store: String { "\(path)/state" }
    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }
    func write(_ bytes: some Sequence<UInt8>, _ name: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
    func write(_ text: String, _ name: String) throws { try write(text.utf8, name) }
    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(name)")
    }
    func remove(_ name: String) throws {
        guard exists(name) else { return }
        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
    func names(in name: String) throws -> [String] {
        guard exists(name) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)").sorted()
    }
    /// Every file below, by its name, with its bytes.
    func snapshot() throws -> [String: [UInt8]] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: path)
        var files: [String: [UInt8]] = [:]
        for name in names {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
            if !isFolder.boolValue { files[name] = try bytes(name) }
        }
        return files
    }
}

enum Samples {
    static let morning = instant("2026-11-22T08:00:00Z")

    static func instant(_ text: String) -> Instant { Instant(rfc3339: text) ?? .distantPast }

    static func id(_ number: Int) -> ArticleID {
        ArticleID(Digest(kind: "test-article", String(number)))
    }

    static func article(_ number: Int, text: String? = nil) -> Article {
        let text = text ?? "The council met for the \(number)th time and agreed on nothing."
        return Article(
            id: id(number), origin: .stream(id: "s\(number)"),
            url: HTTPURL("https://news.example/\(number)"), title: "Meeting \(number)", text: text,
            authors: ["A. \"id\":\"Author"], language: "en", seen: morning, textSource: .stream,
            aliases: [Alias(Digest(kind: "alias", String(number)))],
            contentHash: Digest(kind: "words", text))
    }

    static func verdict(_ kind: Verdict.Kind = .new, of number: Int? = nil) -> Verdict {
        Verdict(
            kind: kind, of: number.map { Reference(to: article($0)) },
            novelty: Novelty(share: 0.25),
            evidence: Evidence(rule: "nothing-alike", rules: 1))
    }

    static func kept(_ number: Int, text: String? = nil) -> Record.Body {
        .article(article(number, text: text), verdict())
    }

    static func revised(_ number: Int, text: String) -> Record.Body {
        .revision(article(number, text: text), verdict(.revision, of: number))
    }

    static func seen(_ number: Int) -> Record.Body {
        .sighting(Sighting(of: article(number), verdict: verdict(.duplicate, of: number)))
    }

    static func rejected(_ title: String) throws -> Record.Body {
        .rejection(
            RejectedEntry(
                feed: try feed("f"), url: nil, title: title, published: nil, seen: morning,
                aliases: [], entryDigest: nil, reason: .tooShort(words: 1, wordsMin: 5)))
    }

    static func feed(_ name: String) throws -> FeedID {
        guard let id = FeedID(name) else { throw Odd.feed(name) }
        return id
    }

    static func state(_ name: String, etag: String = "\"1\"") throws -> FeedState {
        guard let url = HTTPURL("https://news.example/\(name).xml") else { throw Odd.feed(name) }
        var state = FeedState(id: try feed(name), url: url)
        state.validators.etag = etag
        return state
    }

    enum Odd: Error { case feed(String) }
}

/// A store with `count` articles in one segment, closed.
@discardableResult
func makeStore(_ folder: TemporaryFolder, count: Int) throws -> [Record] {
    let store = try openQuickly(folder)
    defer { store.close() }
    let records = try store.append((1...count).map { Samples.kept($0) }, at: Samples.morning)
    _ = try store.sync()
    return records
}

/// Without syncs, for tests that cut no power.
func openQuickly(
    _ folder: TemporaryFolder, segmentBytesMax: Int = 256 << 20
) throws -> ArticleStore {
    let options = StoreOptions(segmentBytesMax: segmentBytesMax, calls: Faults().calls)
    return try ArticleStore(opening: folder.store, options: options, now: Samples.morning)
}

let firstSegment = "state/articles/2026/2026-11-22.jsonl"

func records(in folder: TemporaryFolder) throws -> [Record] {
    try StoreReader(at: folder.store).records(after: 0, limit: .max)
}

/// The kernel's calls, of which chosen ones fail. Syncs are left out: nothing here cuts the power.
final class Faults: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case open, read, write, truncate, syncData, sync, rename, unlink, makeFolder
    }
    struct Plan: Sendable {
        /// Which call, from 0 up; every call when nil.
        var index: Int?
        var kinds: Set<Kind> = Set(Kind.allCases)
        var errno: Int32
        /// Whether every later call fails too: the process is dead.
        var isFinal = false
        /// Whether a failing write takes half of its bytes first.
        var isTorn = false
    }

    private struct State {
        var plan: Plan?
        var count = 0
        var hits = 0
        var seen: [Kind] = []
    }
    private let state = Mutex(State())

    func set(_ plan: Plan?) {
        state.withLock { $0 = State(plan: plan) }
    }
    /// Calls of the planned kinds so far.
    var count: Int { state.withLock { $0.count } }
    /// The calls since the plan was set, of any kind.
    var seen: [Kind] { state.withLock { $0.seen } }

    private func failure(_ kind: Kind) -> Int? {
        state.withLock { state in
            state.seen.append(kind)
            guard let plan = state.plan, plan.kinds.contains(kind) else { return nil }
            defer { state.count += 1 }
            let isHit = plan.index.map { plan.isFinal ? state.count >= $0 : state.count == $0 }
            guard isHit ?? true else { return nil }
            state.hits += 1
            return -Int(plan.errno)
        }
    }

    private var isTorn: Bool { state.withLock { $0.plan?.isTorn == true && $0.hits <= 1 } }

    var calls: FileSystemCalls {
        let real = FileSystemCalls.real
        var calls = real
        calls.open = { self.failure(.open) ?? real.open($0, $1, $2) }
        calls.read = { self.failure(.read) ?? real.read($0, $1, $2) }
        calls.write = { descriptor, bytes, offset in
            guard let failure = self.failure(.write) else {
                return real.write(descriptor, bytes, offset)
            }
            if self.isTorn {
                let half = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)])
                _ = real.write(descriptor, half, offset)
            }
            return failure
        }
        calls.truncate = { self.failure(.truncate) ?? real.truncate($0, $1) }
        calls.syncData = { _ in self.failure(.syncData) ?? 0 }
        calls.sync = { _ in self.failure(.sync) ?? 0 }
        calls.rename = { self.failure(.rename) ?? real.rename($0, $1) }
        calls.unlink = { self.failure(.unlink) ?? real.unlink($0) }
        calls.makeFolder = { self.failure(.makeFolder) ?? real.makeFolder($0, $1) }
        return calls
    }
}

/// What a callback was told.
final class Told: Sendable {
    private let list = Mutex<[Int]>([])
    func add(_ value: Int) { list.withLock { $0.append(value) } }
    var all: [Int] { list.withLock { $0 } }
}

/// CRC-32C bit by bit, as the standard writes it.
func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = (crc >> 1) ^ (crc & 1 == 1 ? 0x82F6_3B78 : 0) }
    }
    return ~crc
}

/// An object, given without its closing brace, as a sealed line.
func sealed(_ open: String) -> [UInt8] {
    Array((open + ",\"sum\":\"" + String(format: "%08x", checksum(Array(open.utf8))) + "\"}").utf8)
}
