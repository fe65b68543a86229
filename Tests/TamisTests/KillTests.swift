internal import Foundation
internal import Glibc
internal import News
internal import Testing

/// A busy daemon is killed at random moments and started again, until its work is done: nothing
/// that it said is lost, nothing is there twice, and in the end it has what it would have had.
///
/// `TAMIS_KILLS` says how many kills there are, `TAMIS_SEED` at which moments.
struct KillTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let killsWanted = environment["TAMIS_KILLS"].flatMap { Int($0) } ?? 8
    private static let seed = environment["TAMIS_SEED"].flatMap { UInt64($0) } ?? 20_261_122

    @Test(.timeLimit(.minutes(30)), arguments: [SIGKILL, SIGTERM])
    func killsLoseAndDoubleNothing(signal: Int32) async throws {
        let began = ContinuousClock.now
        let peace = try await Round(seed: 0, kills: 0, span: .zero, signal: signal).run()
        #expect(peace.kinds == BusyPress.kinds)

        var numbers = SeededNumbers(seed: Self.seed)
        var (kills, rounds, acknowledged) = (0, 0, 0)
        while kills < Self.killsWanted {
            let round = try Round(
                seed: numbers.next(), kills: Self.killsWanted - kills, span: peace.busy,
                signal: signal)
            let result = try await round.run()
            #expect(result.places == peace.places, "seed \(Self.seed), round \(rounds)")
            #expect(result.kinds == peace.kinds, "seed \(Self.seed), round \(rounds)")
            kills += result.kills
            acknowledged += result.acknowledged
            rounds += 1
        }
        print(
            "\(kills) times signal \(signal) in \(rounds) rounds of \(BusyPress.entriesCount) "
                + "entries, seed \(Self.seed): \(acknowledged) acknowledgements kept, "
                + "\(peace.places.count) places equal, in \(ContinuousClock.now - began); an "
                + "undisturbed round takes \(peace.busy)")
    }
}

/// One store, from nothing to all that the press has, with kills in between.
private struct Round {
    struct Result {
        /// Kind and canonical path of every record.
        var places: Set<String> = []
        /// How many records of each kind, with their verdicts.
        var kinds: [String: Int] = [:]
        var kills = 0
        var acknowledged = 0
        /// From the first poll to the last.
        var busy = Duration.zero
    }

    private let press: BusyPress
    private let folder: TemporaryFolder
    private let killsMax: Int
    private let span: Duration
    private let signal: Int32
    private var numbers: SeededNumbers
    private var result = Result()
    /// What the daemon said about its records, by their places.
    private var told: [Int: JSON] = [:]

    /// `signal`: SIGTERM is to be followed, in time and whatever is under way.
    init(seed: UInt64, kills: Int, span: Duration, signal: Int32) throws {
        press = try BusyPress()
        folder = try TemporaryFolder()
        killsMax = kills
        self.span = span
        self.signal = signal
        numbers = SeededNumbers(seed: seed)
    }

    mutating func finished() async throws -> Result {
        while result.kills < killsMax {
            let daemon = try DaemonUnderTest(press.configuration, in: folder)
            if Int.random(in: 0..<4, using: &numbers) == 0, signal == SIGKILL {
                try await killDuringTheStart(daemon)
            } else if try await !killAtWork(daemon) {
                return try await end(daemon)
            }
            try await checkWhatIsLeft()
        }
        let daemon = try DaemonUnderTest(press.configuration, in: folder)
        try await daemon.ready()
        return try await end(daemon)
    }

    func run() async throws -> Result {
        var round = self
        return try await round.finished()
    }

    // MARK: - Lives

    private mutating func killDuringTheStart(_ daemon: DaemonUnderTest) async throws {
        let alarm = alarm(within: .milliseconds(60), for: daemon)
        try await expectKilled(daemon)
        alarm.cancel()
    }

    /// False when there was nothing left to do, and the daemon lives.
    private mutating func killAtWork(_ daemon: DaemonUnderTest) async throws -> Bool {
        try await daemon.ready()
        if BusyPress.isDone(try await daemon.ask("/v1/feeds").json()["feeds"].elements) {
            return false
        }
        let alarm = alarm(within: span * 3 / 4, for: daemon)
        // Whatever it still says before it is killed counts.
        if let answer = try? await daemon.ask("/v1/articles?limit=1000").json() {
            note(answer["articles"].elements)
        }
        if let events = try? await EventReader(daemon.socket, after: 0) {
            try? await events.wait { _ in false }
            note(events.events.filter { $0.name == "article" }.map(\.data))
        }
        try await expectKilled(daemon)
        alarm.cancel()
        return true
    }

    private mutating func alarm(within span: Duration, for daemon: DaemonUnderTest) -> Alarm {
        let microseconds =
            span.components.seconds * 1_000_000
            + span.components.attoseconds / 1_000_000_000_000
        let delay = Int64.random(in: 0...max(microseconds, 1), using: &numbers)
        return Alarm(after: .microseconds(delay)) { [signal] in daemon.child.send(signal) }
    }

    private mutating func expectKilled(_ daemon: DaemonUnderTest) async throws {
        let ending = try await daemon.child.end(within: .seconds(10) + span)
        let expected = signal == SIGKILL ? ChildProcess.Ending.signal(SIGKILL) : .exit(0)
        #expect(ending == expected, "\(daemon.child.errors)")
        result.kills += 1
    }

    private mutating func note(_ summaries: [JSON]) {
        for summary in summaries {
            guard let seq = summary["seq"].integer else { continue }
            result.acknowledged += told[seq] == nil ? 1 : 0
            if let before = told[seq] { #expect(before["id"] == summary["id"]) }
            told[seq] = summary
        }
    }

    private mutating func end(_ daemon: DaemonUnderTest) async throws -> Result {
        let began = ContinuousClock.now
        try await daemon.feeds { BusyPress.isDone($0) }
        result.busy = ContinuousClock.now - began
        #expect(try await daemon.stop() == .exit(0))
        let records = try await checkWhatIsLeft()
        for record in records {
            let verdict = record.verdict?.kind ?? "-"
            result.kinds["\(record.kind) \(verdict)", default: 0] += 1
            result.places.insert("\(record.kind) \(record.path)")
        }
        var holders: [String: Int] = [:]
        for alias in records.flatMap(\.aliases) { holders[alias, default: 0] += 1 }
        for alias in press.aliases {
            #expect(holders[alias.description] == 1, "an entry is stored twice, or not at all")
        }
        return result
    }

    // MARK: - The store as it lies there

    /// Everything said is there, nothing twice, and `tamis verify` agrees.
    @discardableResult
    private func checkWhatIsLeft() async throws -> [StoredLine] {
        let records = try records()
        let places = Dictionary(grouping: records, by: \.seq)
        #expect(places.values.allSatisfy { $0.count == 1 })
        for (seq, summary) in told {
            let record = try #require(places[seq]?.first, "record \(seq) is lost: \(summary)")
            #expect(record.kind == summary["kind"].string)
            #expect(record.id == summary["id"].string)
            #expect(record.title == summary["title"].string)
        }
        let articles = records.filter { $0.kind == "article" }.map(\.id)
        #expect(Set(articles).count == articles.count, "an article is stored twice")
        guard FileManager.default.fileExists(atPath: "\(folder.path)/store/store.json") else {
            return records
        }
        let verify = try await tamis("verify", "--json", "--store", "\(folder.path)/store")
        #expect(verify.ending == .exit(0), "\(verify.output)")
        #expect(try verify.json()["records"].integer == records.count)
        return records
    }

    /// The lines of all segments; an unfinished one at the end is nobody's loss.
    private func records() throws -> [StoredLine] {
        let found = FileManager.default.enumerator(
            at: folder.url("store/articles"), includingPropertiesForKeys: nil)
        let segments = (found?.compactMap { $0 as? URL } ?? []).filter {
            $0.pathExtension == "jsonl"
        }
        return try segments.sorted { $0.path < $1.path }.flatMap { segment in
            let bytes = try Data(contentsOf: segment)
            let end = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            return try bytes[..<end].split(separator: 0x0A).map {
                try JSONDecoder().decode(StoredLine.self, from: $0)
            }
        }
    }
}

/// What the test needs to know of a record, as the store has it.
private struct StoredLine: Decodable {
    struct Verdict: Decodable { let kind: String }

    let seq: Int
    let kind: String
    let id: String?
    let title: String
    let url: String?
    let canonical: String?
    let aliases: [String]
    let verdict: Verdict?

    enum CodingKeys: String, CodingKey {
        case seq, kind, id, title, url
        case canonical = "canonical_url"
        case aliases, verdict
    }

    /// The canonical address without the port, which is another in every round.
    var path: String {
        let address = canonical ?? url.flatMap { HTTPURL($0) }.map { canonicalise($0).text } ?? ""
        return String(address.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" })
    }
}

/// A dozen feeds with copies among their entries.
private struct BusyPress {
    static let feedsCount = 12
    static let entriesPerFeed = 25
    static let entriesCount = feedsCount * entriesPerFeed

    /// What a daemon makes of it: in each feed one entry is a copy at another address and one a
    /// lightly edited copy, and each pair of feeds shares an address.
    static let kinds = [
        "article new": feedsCount * (entriesPerFeed - 2) - feedsCount / 2,
        "article nearDuplicate": feedsCount, "sighting duplicate": feedsCount + feedsCount / 2,
    ]

    private static let (copied, copy, edited, edition, shared) = (3, 12, 5, 20, 8)

    private let press: PressServer
    private let ids = (0..<feedsCount).map { "feed\($0)" }

    init() throws {
        press = try PressServer()
        for page in Self.pages { press.publishPage(page.path, title: page.title, page.text) }
        for (number, id) in ids.enumerated() {
            press.publish(id, (0..<Self.entriesPerFeed).map { Self.entry(number, $0) })
        }
    }

    var configuration: String {
        "[status]\nsocket = \"tamis.sock\"\n" + ids.map { press.feed($0) }.joined()
    }

    static func isDone(_ feeds: [JSON]) -> Bool {
        feeds.count == feedsCount
            && feeds.allSatisfy {
                $0["health"].string == "healthy" && $0["pending"].integer == 0
            }
    }

    /// The names of all entries, as the store writes them.
    var aliases: [Alias] {
        ids.enumerated().flatMap { number, id in
            (0..<Self.entriesPerFeed).compactMap { index in
                FeedID(id).map {
                    EntryName(of: Entry(id: Self.entry(number, index).id), in: $0).alias
                }
            }
        }
    }

    private static func entry(_ feed: Int, _ index: Int) -> PressServer.Entry {
        // The second of two feeds leads to the page of the first.
        let home = index == shared ? feed - feed % 2 : feed
        return PressServer.Entry(
            id: "entry-\(feed)-\(index)", title: title(home, index), path: "/\(home)/\(index)")
    }

    private static func title(_ feed: Int, _ index: Int) -> String {
        let line = PressServer.text("title-\(feed)-\(index == copy ? copied : index)")
        return line.split(separator: " ").prefix(7).joined(separator: " ")
    }

    private static let pages: [(path: String, title: String, text: String)] =
        (0..<feedsCount).flatMap { feed in
            (0..<entriesPerFeed).map { index in
                let origin = index == copy ? copied : index == edition ? edited : index
                let text = PressServer.text("page-\(feed)-\(origin)")
                return (
                    "/\(feed)/\(index)", title(feed, index),
                    index == edition ? lightlyEdited(text) : text
                )
            }
        }

    /// Three words of a hundred are others.
    private static func lightlyEdited(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).enumerated()
            .map { $0 % 33 == 20 ? "otherwise" : String($1) }.joined(separator: " ")
    }
}
