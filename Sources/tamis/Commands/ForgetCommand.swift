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
            The text, title and address of the article and of its sightings leave the store's \
            files before this returns; a tombstone stands where each record stood. The article is \
            then neither shown nor compared with, nor named as a source. Its names stay known, so \
            that it is not fetched again; a copy elsewhere is an article of its own.

            Each file of the store with a record of it is written anew, which needs free space of \
            its size. Where the disk fails, or a daemon with a large store has no answer in time, \
            ask again: that is harmless, and goes on with what is not done.

            Not reached: what verdicts about other articles say of it (its id, title and address, \
            figures and phrases that they quote), older rejections of the same entry, entries that \
            wait in the states of feeds, the request ledger, damaged stretches of the store, \
            quarantined bytes, exports, logs, backups, and what the disk keeps of removed files. A \
            seed is taken out of its file instead.
            """)

    @OptionGroup var location: Location
    @OptionGroup var article: ArticleArgument
    @Option(help: "Why, in your words: kept with the tombstone.")
    var reason: String?

    func validate() throws {
        guard reason?.utf8.count ?? 0 <= Tombstone.reasonBytesMax else {
            throw ValidationError("a reason has at most \(Tombstone.reasonBytesMax) bytes")
        }
    }

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            let accepted = try await forget(in: try await location.archive())
            if location.json {
                try printJSON(accepted, to: terminal)
            } else {
                try terminal.line(
                    "\(shortID(accepted.id.description)) is forgotten (record \(accepted.seq))")
            }
            guard accepted.isErased else {
                throw Failure(
                    "its text is still on the disk, shown to nobody; ask again, or the next start"
                        + " tries again: the journal says why", Exit.disk)
            }
        }
    }

    private func forget(in archive: Archive) async throws -> ForgetAccepted {
        switch archive {
        case .daemon(let client): return try await client.forget(article.id, because: reason)
        case .files(let path):
            let id = try Archive.articleID(article.id, inFiles: path)
            let holding = try StoreReader(at: path).holding(of: id)
            let now = Clock.system.now()
            let store = try ArticleStore(opening: path, options: StoreOptions(), now: now)
            defer { store.close() }
            let record = try store.forget(id, because: reason, holding: holding, at: now)
            for notice in store.takeNotices() { Terminal.complain(notice) }
            guard let record else { throw Failure("no article starts with \(id)", Exit.no) }
            return ForgetAccepted(
                seq: record.seq, id: id, isErased: store.isErased(id))
        }
    }
}
