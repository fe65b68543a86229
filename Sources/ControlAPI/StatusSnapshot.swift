package import News

/// How the daemon does, at one moment: the answer of `/v1/status`.
package struct StatusSnapshot: Hashable, Sendable, Codable {
    package var version: String
    package var pid: Int32
    package var state: State
    package var started: Instant
    /// Whole seconds since `started`.
    package var uptimeSeconds: Int64
    package var store: Store
    package var feeds: Feeds
    /// HTTP requests to feeds and pages that are under way.
    package var transfers: Int
    /// What waits, by the name of its queue.
    package var queues: [String: Int]
    /// Resident memory, when it is known.
    package var memoryBytes: Int64?
    /// How often each kind of event has happened since the start; names are stable.
    package var events: [String: UInt64]
    package var lastReload: Reload?
    /// What an operator should know now, a sentence each; empty when all is well.
    package var problems: [String]

    /// Where the daemon stands between its start and its end.
    package enum State: String, Sendable, Codable, CaseIterable {
        case starting, running, stopping
        /// The store cannot be written; nothing is polled until it can.
        case storeUnavailable = "store_unavailable"
    }

    /// What the store holds, and the room that is left for it.
    package struct Store: Hashable, Sendable, Codable {
        package var path: String
        /// The place of the last record; 0 when there is none.
        package var lastSeq: UInt64
        /// Records with that verdict.
        package var verdicts: [Verdict.Kind: Int]
        /// Entries that gave no article.
        package var rejected: Int
        /// nil when it cannot be told.
        package var diskFreeBytes: Int64?
        /// nil when nothing that was forgotten is on the disk.
        package var erasing: Erasing?

        /// How far the store is with taking what was forgotten off the disk.
        package struct Erasing: Hashable, Sendable, Codable {
            package var articles: Int
            /// Files that are still to be written anew; nil while it is found out which.
            package var segmentsLeft: Int?
            /// Why it did not go on; it is tried again.
            package var problem: String?

            package init(articles: Int, segmentsLeft: Int? = nil, problem: String? = nil) {
                self.articles = articles
                self.segmentsLeft = segmentsLeft
                self.problem = problem
            }

            enum CodingKeys: String, CodingKey {
                case articles
                case segmentsLeft = "segments_left"
                case problem
            }
        }

        package init(
            path: String, lastSeq: UInt64 = 0, verdicts: [Verdict.Kind: Int] = [:],
            rejected: Int = 0, diskFreeBytes: Int64? = nil, erasing: Erasing? = nil
        ) {
            self.erasing = erasing
            self.path = path
            self.lastSeq = lastSeq
            self.verdicts = verdicts
            self.rejected = rejected
            self.diskFreeBytes = diskFreeBytes
        }

        enum CodingKeys: String, CodingKey {
            case path
            case lastSeq = "last_seq"
            case verdicts, rejected
            case diskFreeBytes = "disk_free_bytes"
            case erasing
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            path = try container.decode(String.self, forKey: .path)
            lastSeq = try container.decode(UInt64.self, forKey: .lastSeq)
            rejected = try container.decode(Int.self, forKey: .rejected)
            diskFreeBytes = try container.decodeIfPresent(Int64.self, forKey: .diskFreeBytes)
            erasing = try container.decodeIfPresent(Erasing.self, forKey: .erasing)
            let named = try container.decode([String: Int].self, forKey: .verdicts)
            verdicts = [:]
            for kind in Verdict.Kind.allCases { verdicts[kind] = named[kind.rawValue] }
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(path, forKey: .path)
            try container.encode(lastSeq, forKey: .lastSeq)
            try container.encode(rejected, forKey: .rejected)
            try container.encodeIfPresent(diskFreeBytes, forKey: .diskFreeBytes)
            try container.encodeIfPresent(erasing, forKey: .erasing)
            // Left to itself, a dictionary by an enum becomes an array.
            var named: [String: Int] = [:]
            for (kind, count) in verdicts { named[kind.rawValue] = count }
            try container.encode(named, forKey: .verdicts)
        }
    }

    /// Configured feeds by health.
    package struct Feeds: Hashable, Sendable, Codable {
        package var waiting = 0
        package var healthy = 0
        package var failing = 0
        package var parked = 0
        package init() {}

        package init(counting feeds: [FeedStatus]) {
            for feed in feeds {
                switch feed.health {
                case .waiting: waiting += 1
                case .healthy: healthy += 1
                case .failing: failing += 1
                case .parked: parked += 1
                }
            }
        }

        package var total: Int { waiting + healthy + failing + parked }
    }

    package init(
        version: String, pid: Int32, state: State, started: Instant, now: Instant, store: Store,
        feeds: Feeds = Feeds(), transfers: Int = 0, queues: [String: Int] = [:],
        memoryBytes: Int64? = nil, events: [String: UInt64] = [:], lastReload: Reload? = nil,
        problems: [String] = []
    ) {
        self.version = version
        self.pid = pid
        self.state = state
        self.started = started
        uptimeSeconds = max(0, now.since(started).components.seconds)
        self.store = store
        self.feeds = feeds
        self.transfers = transfers
        self.queues = queues
        self.memoryBytes = memoryBytes
        self.events = events
        self.lastReload = lastReload
        self.problems = problems
    }

    enum CodingKeys: String, CodingKey {
        case version, pid, state, started
        case uptimeSeconds = "uptime_seconds"
        case store, feeds, transfers, queues
        case memoryBytes = "memory_bytes"
        case events
        case lastReload = "last_reload"
        case problems
    }
}

/// How a reload of the configuration ended: all or nothing.
package struct Reload: Hashable, Sendable, Codable {
    package var at: Instant
    /// Whether the new configuration is in force.
    package var isApplied: Bool
    /// What changed, or why nothing did; a sentence each.
    package var changes: [String]
    package var problems: [String]

    package init(at: Instant, isApplied: Bool, changes: [String] = [], problems: [String] = []) {
        self.at = at
        self.isApplied = isApplied
        self.changes = changes
        self.problems = problems
    }

    enum CodingKeys: String, CodingKey {
        case at
        case isApplied = "applied"
        case changes, problems
    }
}

/// Whether the daemon can do its work now: the answer of `/readyz`.
package struct Readiness: Hashable, Sendable, Codable {
    package var isReady: Bool
    /// What is missing; empty when ready.
    package var problems: [String]

    package init(isReady: Bool, problems: [String] = []) {
        self.isReady = isReady
        self.problems = problems
    }

    enum CodingKeys: String, CodingKey {
        case isReady = "ready"
        case problems
    }
}

/// The seed corpus, as last read: the answer of `/v1/seeds`.
package struct SeedStatus: Hashable, Sendable, Codable {
    /// As configured.
    package var paths: [String]
    package var files: Int
    /// Documents that new articles are compared with.
    package var articles: Int
    /// nil while it is being read for the first time.
    package var loaded: Instant?
    package var problems: [Problem]

    /// A file, or a line of one, that gave no document.
    package struct Problem: Hashable, Sendable, Codable {
        package var path: String
        package var line: Int?
        package var reason: String

        package init(path: String, line: Int? = nil, reason: String) {
            self.path = path
            self.line = line
            self.reason = reason
        }
    }

    package init(
        paths: [String], files: Int, articles: Int, loaded: Instant?, problems: [Problem] = []
    ) {
        self.paths = paths
        self.files = files
        self.articles = articles
        self.loaded = loaded
        self.problems = problems
    }
}
