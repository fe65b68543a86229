package import Fetching

/// Everything that the service is told, all limits checked by whoever made it.
package struct IngestorOptions: Sendable {
    /// The store's folder.
    package var storePath: String
    package var fetching: FetchOptions
    package var ledger: LedgerOptions
    package var pipeline: PipelineOptions
    package var schedule: ScheduleOptions
    package var seeds: SeedOptions
    /// Serial queues for parsing and extracting, usually one a core.
    package var lanes: Int
    /// How often a store that failed is tried again.
    package var storeRetryInterval: Duration
    /// How often the clock is looked at, and whatever else has no event of its own.
    package var housekeepingInterval: Duration
    /// While polls are under way and none ends, decides or finishes a page for so long, the service
    /// does not get on (`Ingestor.isMakingProgress`). More than `PipelineOptions.pollTimeMax`.
    package var pollDurationMax: Duration

    package init(
        storePath: String, fetching: FetchOptions = FetchOptions(),
        ledger: LedgerOptions = LedgerOptions(), pipeline: PipelineOptions = PipelineOptions(),
        schedule: ScheduleOptions = ScheduleOptions(), seeds: SeedOptions = SeedOptions(),
        lanes: Int = 2, storeRetryInterval: Duration = .seconds(15),
        housekeepingInterval: Duration = .seconds(60),
        pollDurationMax: Duration = .seconds(3600)
    ) {
        self.storePath = storePath
        self.fetching = fetching
        self.ledger = ledger
        self.pipeline = pipeline
        self.schedule = schedule
        self.seeds = seeds
        self.lanes = lanes
        self.storeRetryInterval = storeRetryInterval
        self.housekeepingInterval = housekeepingInterval
        self.pollDurationMax = pollDurationMax
    }
}

/// Why the service could not start.
package enum IngestorError: Error, Sendable, CustomStringConvertible {
    case store(LedgerError)

    package var description: String {
        switch self {
        case .store(let error): error.description
        }
    }
}
