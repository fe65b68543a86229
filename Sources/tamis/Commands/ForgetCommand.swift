internal import ArgumentParser
internal import ArticleStore
internal import ControlAPI
internal import Ingestion
internal import News

struct ForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Take an article out of the store, for good.",
        discussion: """
            The article is at once neither shown nor compared with, nor named as a source. Then \
            the text, title and address of the article, of its sightings and of rejections of the \
            same entry leave the store's files: a tombstone stands where each record stood. A \
            daemon does that in the background; this waits for it, unless told not to, and \
            'tamis status' tells how far it is. Its names stay known, so that it is not fetched \
            again; a copy elsewhere is an article of its own.

            Each file of the store with a record of it is written anew, which needs free space of \
            its size and 16 MiB. Without a daemon this does it, unless told not to. Where the disk \
            fails, a daemon tries again by itself; to ask again is harmless, and goes on with what \
            is not done.

            Not reached: what verdicts about other articles say of it (its id, title and address, \
            figures and phrases that they quote), entries that wait in the states of feeds, the \
            request ledger, damaged stretches of the store, quarantined bytes, exports, logs, \
            backups, and what the disk keeps of removed files. A seed is taken out of its file \
            instead.
            """)

    @OptionGroup var location: Location
    @OptionGroup var article: ArticleArgument
    @Option(help: "Why, in your words: kept with the tombstone.")
    var reason: String?
    @Flag(help: "Do not wait until its text has left the disk.")
    var noWait = false

    func validate() throws {
        guard reason?.utf8.count ?? 0 <= Tombstone.reasonBytesMax else {
            throw ValidationError("a reason has at most \(Tombstone.reasonBytesMax) bytes")
        }
    }

    func run() async throws {
        try await reporting {
            switch try await location.archive() {
            case .daemon(let client): try await forget(asking: client)
            case .files(let path): try await forget(inFiles: path)
            }
        }
    }

    private func forget(asking client: ControlClient) async throws {
        let accepted = try await client.forget(article.id, because: reason)
        try await tell(accepted) { try await waitUntilErased(asking: client) }
    }

    private func forget(inFiles path: String) async throws {
        let id = try Archive.articleID(article.id, inFiles: path)
        let now = Clock.system.now()
        let store = try ArticleStore(opening: path, options: StoreOptions(), now: now)
        defer { store.close() }
        defer { for notice in store.takeNotices() { Terminal.complain(notice) } }
        guard let record = try store.forget(id, because: reason, at: now) else {
            throw Failure("no article starts with \(id)", Exit.no)
        }
        let accepted = ForgetAccepted(seq: record.seq, id: id, isErased: store.isErased(id))
        try await tell(accepted) {
            do throws(StoreError) {
                try store.eraseAll()
            } catch {
                throw Self.unerased(because: "\(error)")
            }
        }
        if noWait, !accepted.isErased {
            Terminal.complain(
                "its text is on the disk, shown to nobody, until a daemon runs, or this without"
                    + " --no-wait")
        }
    }

    /// Says that it is forgotten, which stands however the erasing ends, and has it erased.
    private func tell(_ accepted: ForgetAccepted, erase: () async throws -> Void) async throws {
        let terminal = Terminal.ofProcess()
        if !location.json {
            try terminal.line(
                "\(shortID(accepted.id.description)) is forgotten (record \(accepted.seq))")
        }
        var accepted = accepted
        var problem: (any Error)?
        if !accepted.isErased, !noWait {
            do {
                try await erase()
                accepted.isErased = true
            } catch {
                problem = error
            }
        }
        if location.json { try printJSON(accepted, to: terminal) }
        if let problem { throw problem }
    }

    /// Asks the daemon until nothing that was forgotten is on the disk.
    private func waitUntilErased(asking client: ControlClient) async throws {
        defer { Terminal.progress(nil) }
        while let erasing = try await status(asking: client).store.erasing {
            if let problem = erasing.problem { throw Self.unerased(because: problem) }
            Terminal.progress(
                erasing.segmentsLeft.map { "\($0) files of the store are still to be written" }
                    ?? "looking for it in the store")
            try await Task.sleep(for: Self.askInterval)
        }
    }

    /// A daemon that was stopped meanwhile has forgotten the article all the same.
    private func status(asking client: ControlClient) async throws -> StatusSnapshot {
        do throws(ControlError) {
            return try await client.status()
        } catch {
            throw Self.unerased(because: "\(error)")
        }
    }

    private static let askInterval = Duration.milliseconds(300)

    private static func unerased(because reason: String) -> Failure {
        Failure(
            "it is forgotten, but its text is still on the disk, shown to nobody, until this is"
                + " tried again: \(reason)", Exit.disk)
    }
}
