internal import ArgumentParser
internal import ArticleStore
internal import ControlAPI
internal import Ingestion
internal import News

struct MarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mark",
        abstract: "Say by hand whether two articles are one.",
        discussion: """
            The word is kept in the store and binds later decisions and replays: of two that are \
            the same, the later counts as a copy of the other; of two that are different, neither \
            does. "clear" takes it back. What was decided already stays as it was written; \
            "tamis replay" shows what would be decided now.
            """)

    @OptionGroup var location: Location
    @OptionGroup var article: ArticleArgument
    @Argument(help: "same, different or clear.")
    var relation: Mark.Relation
    @Argument(help: ArgumentHelp("The other article's id, or a beginning of it.", valueName: "id"))
    var other: String

    func run() async throws {
        try await reporting {
            let terminal = Terminal.ofProcess()
            let accepted = try await mark(on: try await location.archive())
            if location.json { return try printJSON(accepted, to: terminal) }
            let (id, other) = (accepted.mark.id.description, accepted.mark.other.description)
            let word =
                accepted.mark.relation == .clear
                ? "are as they were decided" : "are \(accepted.mark.relation.rawValue)"
            try terminal.line(
                "\(shortID(id)) and \(shortID(other)) \(word) (record \(accepted.seq))")
        }
    }

    private func mark(on archive: Archive) async throws -> MarkAccepted {
        switch archive {
        case .daemon(let client):
            return try await client.mark(article.id, relation, other)
        case .files(let path):
            let mark = Mark(
                id: try await archive.article(article.id).article.id,
                other: try await archive.article(other).article.id, relation: relation)
            guard mark.id != mark.other else {
                throw Failure("both are the article \(mark.id)", Exit.usage)
            }
            let now = Clock.system.now()
            let store = try ArticleStore(opening: path, options: StoreOptions(), now: now)
            defer { store.close() }
            _ = try store.append([.correction(mark)], at: now)
            return MarkAccepted(seq: try store.sync().lastSeq, mark: mark)
        }
    }
}

extension Mark.Relation: ExpressibleByArgument {}
