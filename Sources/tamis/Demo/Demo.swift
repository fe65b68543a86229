internal import ArgumentParser
internal import Foundation
internal import Glibc
internal import Ingestion
internal import News

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "See the main job done, on an invented press, without the Internet.",
        discussion: """
            Serves a small newsroom on loopback addresses, polls its feeds for two rounds into a \
            new store, and tells what is decided as it happens. Ends with 1 when a decision is not \
            what the newsroom's authors meant.
            """)

    @Option(
        help: ArgumentHelp(
            "Where to put the demo's store, seeds and configuration.",
            discussion: "Default: a new folder under the temporary folder. It stays there.",
            valueName: "dir"))
    var dir: String?

    @Flag(help: "Remove the folder at the end.") var delete = false

    func run() async throws {
        try await reporting {
            signal(SIGPIPE, SIG_IGN)
            let terminal = Terminal.ofProcess()
            let stage = try DemoStage(at: dir)
            defer { if delete { stage.remove() } }
            let opened = Clock.system.now()
            let server = try NewsroomServer(opened: opened)
            defer { server.stop() }
            let configuration = try stage.furnish(port: server.port)
            let narrator = Narrator(terminal: terminal, port: server.port)
            let ingestor = Ingestor(options: configuration.ingestion) { narrator.hear($0) }
            try terminal.line(
                "An invented press of \(Newsroom.outlets.count) outlets answers on 127.0.0.x, "
                    + "port \(server.port).")
            try terminal.line("Two documents are held already: the seed corpus.")
            try await ingestor.prepare(feeds: configuration.feeds)
            for round in 1...2 {
                server.begin(round: round)
                try terminal.line("")
                try terminal.line(terminal.paint("Round \(round)", .bold))
                // One after another, so that who was first is the same each time.
                for feed in configuration.feeds { await ingestor.pollOnce(feed.id) }
            }
            await ingestor.stop(because: "the demo is over", deadline: .seconds(5))
            let review = DemoReview(of: narrator.records, port: server.port)
            for line in review.lines(for: terminal) { try terminal.line(line) }
            if !delete { for line in stage.farewell { try terminal.line(line) } }
            if !review.isAsMeant { throw Exit.no }
        }
    }
}

/// The demo's folder: seeds, configuration, store.
struct DemoStage {
    private let folder: String

    /// Makes the folder; one that is named must be new or empty.
    init(at path: String?) throws(Failure) {
        let manager = FileManager.default
        folder =
            path.map { URL(fileURLWithPath: $0).standardized.path }
            ?? manager.temporaryDirectory.path + "/tamis-demo-\(getpid())"
        if let found = try? manager.contentsOfDirectory(atPath: folder), !found.isEmpty {
            throw Failure("\(folder) is not empty: name another folder", Exit.usage)
        }
    }

    /// Writes seeds and configuration, and reads the latter as any other.
    func furnish(port: Int) throws -> Configuration {
        let manager = FileManager.default
        try manager.createDirectory(
            atPath: "\(folder)/seeds", withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        for seed in Newsroom.seeds {
            try Data(seed.text.utf8).write(to: URL(fileURLWithPath: "\(folder)/seeds/\(seed.name)"))
        }
        try Data(configuration(port: port).utf8)
            .write(to: URL(fileURLWithPath: "\(folder)/tamis.toml"))
        return try Configuration.read("\(folder)/tamis.toml")
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    private func configuration(port: Int) -> String {
        let hosts = Newsroom.outlets.map { "\"\($0.host)\"" }.joined(separator: ", ")
        let feeds = Newsroom.outlets.map { outlet in
            """
            [[feed]]
            id = "\(outlet.key)"
            title = "\(outlet.name)"
            url = "\(Newsroom.feedURL(of: outlet, port: port))"
            """
        }
        return """
            [store]
            path = "store"

            [status]
            socket = "tamis.sock"

            [seeds]
            paths = ["seeds"]

            [polling]
            page_attempts_max = 1

            [fetching]
            host_spacing = "0s"
            allowed_private_hosts = [\(hosts)]

            \(feeds.joined(separator: "\n\n"))

            """
    }

    /// What to try next.
    var farewell: [String] {
        let store = "--store \(folder)/store"
        return [
            "", "Everything is in \(folder). Try:",
            "  tamis articles \(store)",
            "  tamis why ID \(store)        the evidence behind a verdict",
            "  tamis new ID \(store)        only what an article has that is held nowhere else",
            "  tamis stories \(store)",
            "  tamis verify \(store)",
            "  jq -c '{seq, kind, title}' \(folder)/store/articles/*/*.jsonl",
            "For feeds of your own: copy config/tamis.toml, name them there, and run",
            "  tamis check --config FILE && tamis run --config FILE",
        ]
    }
}
