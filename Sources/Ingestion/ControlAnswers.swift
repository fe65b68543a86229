internal import ArticleStore
package import ControlAPI
internal import Isolation
internal import News

/// The daemon's side of the control API: published state from the board, records from the store's
/// files, wishes to the service. Nothing here waits for the ledger.
package struct ControlAnswers: Sendable {
    private let ingestor: Ingestor
    private let storePath: String
    private let facts: @Sendable () -> ProcessFacts
    private let clock: Clock
    private let reload: @Sendable () async -> Reload
    private let lane = Lanes(count: 1, label: "tamis.shelf")

    /// What only the executable knows of its process.
    package struct ProcessFacts: Sendable {
        package var version: String
        package var pid: Int32
        package var memoryBytes: Int64?
        package var diskFreeBytes: Int64?

        package init(version: String, pid: Int32, memoryBytes: Int64?, diskFreeBytes: Int64?) {
            self.version = version
            self.pid = pid
            self.memoryBytes = memoryBytes
            self.diskFreeBytes = diskFreeBytes
        }
    }

    /// `reload` reads the configuration again and returns when that is done.
    package init(
        ingestor: Ingestor, storePath: String, clock: Clock = .system,
        facts: @escaping @Sendable () -> ProcessFacts,
        reload: @escaping @Sendable () async -> Reload
    ) {
        self.ingestor = ingestor
        self.storePath = storePath
        self.clock = clock
        self.facts = facts
        self.reload = reload
    }

    /// The closures that the control server asks.
    package var provider: ControlProvider {
        let shelf = RecordShelf(path: storePath)
        let board = ingestor.board
        return ControlProvider(
            status: { status() },
            readiness: { readiness() },
            feeds: { FeedStatus.all(in: board.current) },
            articles: { query in try await look { try shelf.page(query) } },
            article: { prefix in try await look { try shelf.article(prefix) } },
            mark: { mark in
                switch try await ingestor.mark(mark) {
                case .marked(let seq): return .accepted(MarkAccepted(seq: seq, mark: mark))
                case .notHeld(let id): return .notHeld(id)
                case .oneArticle: return .oneArticle
                }
            },
            forget: { id, reason in
                // The article may have been looked for by the beginning of its id. Who waited too
                // long for that was told that no answer was made: then nothing is done.
                try Task.checkCancellation()
                switch try await ingestor.forget(id, because: reason) {
                case .forgotten(let record, let isErased):
                    return .forgotten(
                        ForgetAccepted(seq: record.seq, id: id, isErased: isErased))
                case .seed: return .seed
                case .notHeld: return .notHeld
                }
            },
            stories: { query in try await look { try shelf.stories(query) } },
            story: { prefix in try await look { try shelf.story(prefix) } },
            seeds: { SeedStatus(board.current.seeds) },
            poll: { id in
                await ingestor.poll(id)
                    ? PollAccepted(feed: id, detail: "it is polled as soon as a place is free")
                    : nil
            },
            reload: { await reload() })
    }

    /// Looks something up in the store's files, on a lane of its own: a long walk delays other
    /// questions about them, and nothing else.
    private func look<Answer: Sendable>(
        _ walk: @escaping @Sendable () throws -> Answer
    ) async throws -> Answer {
        try await lane.run(walk)
    }

    private func status() -> StatusSnapshot {
        let picture = ingestor.board.current
        let facts = facts()
        let feeds = FeedStatus.all(in: picture)
        return StatusSnapshot(
            version: facts.version, pid: facts.pid, state: StatusSnapshot.State(picture),
            started: picture.started, now: clock.now(),
            store: .init(
                path: storePath, lastSeq: picture.lastSeq, verdicts: picture.verdicts,
                rejected: picture.counters.rejected, diskFreeBytes: facts.diskFreeBytes,
                erasing: picture.erasing.map {
                    .init(
                        articles: $0.articles, segmentsLeft: $0.segmentsLeft, problem: $0.problem)
                }),
            feeds: .init(counting: feeds), transfers: picture.pollsInFlight,
            memoryBytes: facts.memoryBytes, events: picture.counters.byName,
            lastReload: picture.lastReload.map { Reload($0) }, problems: picture.problems)
    }

    private func readiness() -> Readiness {
        let picture = ingestor.board.current
        var problems = picture.storeProblem.map { [$0] } ?? []
        if picture.phase != .running { problems.append("the daemon is \(picture.phase.rawValue)") }
        return Readiness(isReady: problems.isEmpty, problems: problems)
    }
}

// MARK: - From the board to answers

extension FeedStatus {
    /// Every configured feed, by id.
    package static func all(in picture: Board.Picture) -> [FeedStatus] {
        picture.feeds.values.sorted { $0.feed.id < $1.feed.id }
            .map { FeedStatus(of: $0.feed, state: $0.state) }
    }
}

extension StatusSnapshot.State {
    fileprivate init(_ picture: Board.Picture) {
        switch picture.phase {
        case .starting: self = .starting
        case .stopping: self = .stopping
        case .running: self = picture.storeProblem == nil ? .running : .storeUnavailable
        }
    }
}

extension SeedStatus {
    package init(_ seeds: Board.SeedStanding) {
        self.init(
            paths: seeds.paths, files: seeds.files, articles: seeds.documents,
            loaded: seeds.loaded,
            problems: seeds.problems.map {
                Problem(path: $0.path, line: $0.line, reason: $0.reason)
            })
    }
}

extension Reload {
    fileprivate init(_ reload: Board.Reload) {
        self.init(
            at: reload.at, isApplied: reload.problems.isEmpty, changes: reload.changes,
            problems: reload.problems)
    }
}

extension Board.Picture {
    fileprivate var verdicts: [Verdict.Kind: Int] {
        Dictionary(
            uniqueKeysWithValues: counters.verdicts.compactMap { name, count in
                Verdict.Kind(rawValue: name).map { ($0, count) }
            })
    }

    /// What an operator should know now.
    fileprivate var problems: [String] {
        var sentences = storeProblem.map { ["nothing is polled: \($0)"] } ?? []
        if let problem = erasing?.problem {
            sentences.append("what was forgotten is on the disk still, shown to nobody: \(problem)")
        }
        if let networkProblem { sentences.append("no feed answers: \(networkProblem)") }
        for line in feeds.values.sorted(by: { $0.feed.id < $1.feed.id }) {
            if let set = line.state.naming?.quarantined {
                sentences.append(
                    "feed \(line.feed.id) brought too many new entries on \(set.day): "
                        + "\(set.count) are quarantined until the day after")
            }
            if let until = line.state.parkedUntil {
                sentences.append(
                    "feed \(line.feed.id) is parked until \(until): "
                        + (line.state.lastFailure ?? "it failed too often"))
            }
        }
        if let reload = lastReload, !reload.problems.isEmpty {
            sentences.append("the last reload was refused: \(reload.problems[0])")
        }
        return sentences + seeds.problems.prefix(5).map { "seed \($0.sentence)" }
    }
}

extension Counters {
    /// The figures by stable names, for `/metrics`.
    fileprivate var byName: [String: UInt64] {
        let figures = [
            "polls": polls, "polls_failed": pollsFailed, "polls_not_modified": pollsNotModified,
            "polls_deferred": pollsDeferred, "coverage_gaps": coverageGaps,
            "renamings": renamings, "erased": erased, "erasings_failed": erasingsFailed,
            "entries": entries, "pages_unread": pagesUnread, "rejected": rejected,
            "store_outages": storeOutages, "network_outages": networkOutages,
            "reloads": reloads, "reloads_refused": reloadsRefused,
        ]
        return figures.mapValues { UInt64(clamping: $0) }
    }
}
