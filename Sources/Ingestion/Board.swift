package import News
internal import Synchronization

/// What anybody may ask at any time without waiting for the ledger or the service: the last
/// published state of every feed, and the figures since the start.
package final class Board: Sendable {
    /// What the daemon is doing.
    package enum Phase: String, Sendable, Codable {
        case starting, running, stopping
    }

    /// A feed as it was last published.
    package struct FeedLine: Hashable, Sendable {
        package var feed: Feed
        package var state: FeedState
        package var isInFlight: Bool
    }

    /// One consistent picture.
    package struct Picture: Sendable {
        package var phase = Phase.starting
        package var started: Instant
        package var feeds: [FeedID: FeedLine] = [:]
        package var counters = Counters()
        package var lastSeq: UInt64 = 0
        package var seeds = SeedStanding()
        package var storeProblem: String?
        /// Why so many feeds fail at once that it is this side's network; nil while one answers.
        package var networkProblem: String?
        package var lastReload: Reload?
        package var pollsInFlight = 0
        /// nil while nothing that was forgotten is on the disk, as far as is known.
        package var erasing: Erasing?
    }

    /// How far the store is with taking what was forgotten off the disk.
    package struct Erasing: Hashable, Sendable {
        package var articles: Int
        /// Files that are still to be written anew; nil while it is found out which.
        package var segmentsLeft: Int?
        /// Why it did not go on; it is tried again.
        package var problem: String?
    }

    /// The seed corpus as last read.
    package struct SeedStanding: Hashable, Sendable {
        package var paths: [String] = []
        package var files = 0
        package var documents = 0
        package var loaded: Instant?
        package var problems: [Problem] = []

        /// A file, or a line of one, that gave no document.
        package struct Problem: Hashable, Sendable {
            package var path: String
            package var line: Int?
            package var reason: String

            package init(path: String, line: Int? = nil, reason: String) {
                self.path = path
                self.line = line
                self.reason = reason
            }

            /// The reason with the place, which some reasons name already.
            package var sentence: String {
                reason.contains(path) ? reason : "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)"
            }
        }

        package init() {}
    }

    /// The last change of the configuration, or attempt at one.
    package struct Reload: Hashable, Sendable {
        package var at: Instant
        /// What it changed, a sentence each.
        package var changes: [String]
        /// Empty when it was applied.
        package var problems: [String]
    }

    private let picture: Mutex<Picture>

    package init(started: Instant) {
        picture = Mutex(Picture(started: started))
    }

    /// The last published state. Cost: a copy that shares its storage.
    package var current: Picture { picture.withLock { $0 } }

    /// Changes what is published, in one step.
    package func publish(_ change: (inout Picture) -> Void) {
        picture.withLock { change(&$0) }
    }

    func note(_ event: IngestionEvent) {
        picture.withLock { picture in
            picture.counters.count(event)
            switch event {
            case .decided(let record): picture.lastSeq = max(picture.lastSeq, record.seq)
            case .networkLost(_, let reason): picture.networkProblem = reason
            case .networkBack: picture.networkProblem = nil
            case .erasing(let articles, let segments):
                picture.erasing = Erasing(articles: articles, segmentsLeft: segments)
            case .erased(_, let left):
                picture.erasing = left > 0 ? Erasing(articles: left) : nil
            case .unerased(let articles, let reason):
                picture.erasing = Erasing(articles: articles, problem: reason)
            default: break
            }
        }
    }
}
