internal import Fetching
internal import Ingestion
internal import News

// The limits that are a number or a span within a range and nothing else: the key, what it sets,
// and how far it may go. Their defaults stand in the options, their reasons in config/tamis.toml.

/// One limit of some options.
struct ConfiguredLimit<Options> {
    let read: (inout ConfigurationFile, inout Options) -> Void

    static func count(
        _ key: ConfigurationKey, _ place: WritableKeyPath<Options, Int>, _ range: ClosedRange<Int>
    ) -> Self {
        Self { file, options in
            if let count = file.integer(key, in: range) { options[keyPath: place] = count }
        }
    }

    static func span(
        _ key: ConfigurationKey, _ place: WritableKeyPath<Options, Duration>,
        _ range: ClosedRange<Duration>
    ) -> Self {
        Self { file, options in
            if let span = file.duration(key, in: range) { options[keyPath: place] = span }
        }
    }
}

private let (second, minute, hour) = (Duration.seconds(1), Duration.seconds(60), Duration.hours(1))
private let day = Duration.hours(24)

extension Duration {
    fileprivate static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
}

extension ConfigurationFile {
    /// Takes over those that are written.
    mutating func read<Options>(
        _ limits: [ConfiguredLimit<Options>], into options: inout Options
    ) {
        for limit in limits { limit.read(&self, &options) }
    }

    var pollingLimits: [ConfiguredLimit<IngestorOptions>] {
        [
            .span(.pollIntervalMin, \.schedule.intervalMin, second...day),
            .span(.pollIntervalMax, \.schedule.intervalMax, second...(day * 30)),
            .span(.pollUnconditional, \.schedule.unconditionalInterval, second...(day * 365)),
            .span(.pollWaitMax, \.schedule.waitMax, minute...(day * 30)),
            .span(.pollHintMax, \.schedule.hintMax, .zero...day),
            .count(.pollsInFlightMax, \.schedule.pollsInFlightMax, 1...1000),
            .span(.pollStartSpread, \.schedule.startSpread, .zero...day),
            .span(.pollStartSpacing, \.schedule.startSpacing, .zero...minute),
            .span(.pollBackoffFirst, \.schedule.backoff.first, second...day),
            .span(.pollBackoffLongest, \.schedule.backoff.longest, second...(day * 30)),
            .count(
                .pollFailuresBeforeParking, \.schedule.backoff.failuresBeforeParking, 1...10_000),
            .span(.pollParkedInterval, \.schedule.backoff.parkedInterval, second...(day * 30)),
            .count(.pollRedirectSightings, \.schedule.moveSightingsMin, 1...1000),
            .span(.pollRedirectAge, \.schedule.moveAgeMin, .zero...(day * 365)),
            .count(.pollRedirectFailures, \.schedule.moveFailuresMax, 1...1000),
            .count(.pollRenamedMin, \.schedule.naming.renamedMin, 1...5000),
            .count(.pollOffencesMax, \.schedule.naming.offencesMax, 1...1000),
            .span(.pollOffenceWindow, \.schedule.naming.offenceWindow, minute...(day * 365)),
            .span(.pollDistrustTime, \.schedule.naming.distrustTime, minute...(day * 365)),
            .count(.pollEntriesMax, \.pipeline.entriesPerPollMax, 1...5000),
            .count(.pollEntriesPerDayMax, \.pipeline.entriesPerDayMax, 1...10_000_000),
            .count(.pollPagesInFlight, \.pipeline.pagesInFlightMax, 1...64),
            .count(.pollPageAttemptsMax, \.pipeline.pageAttemptsMax, 1...100),
            .span(.pollTimeMax, \.pipeline.pollTimeMax, second...day),
            .span(.pollDurationMax, \.pollDurationMax, minute...(day * 7)),
            .count(.pollCommitBatch, \.pipeline.commitBatchMax, 1...1000),
            .count(.pollCandidatesMax, \.pipeline.candidatesTriedMax, 1...20),
            .count(.pollSitemapsMax, \.pipeline.sitemapsPerPollMax, 1...1000),
        ]
    }

    var fetchingLimits: [ConfiguredLimit<FetchOptions>] {
        let spans = Duration.milliseconds(100)...hour
        return [
            .span(.fetchTimeout, \.timeMax, spans),
            .span(.fetchConnectTimeout, \.connectTimeMax, spans),
            .span(.fetchFirstByteTimeout, \.firstByteTimeMax, spans),
            .count(.fetchLowSpeed, \.lowSpeedBytesPerSecond, 0...(1 << 20)),
            .span(.fetchLowSpeedTime, \.lowSpeedTimeMax, second...hour),
            .count(.fetchBodyBytesMax, \.bodyBytesMax, 1024...(256 << 20)),
            .count(.fetchBufferedBytesMax, \.bufferedBytesMax, (1 << 20)...(4 << 30)),
            .count(.fetchHeaderBytesMax, \.headerBytesMax, 1024...(16 << 20)),
            .count(.fetchValidatorBytesMax, \.validatorBytesMax, 16...8192),
            .count(.fetchRedirectsMax, \.redirectsMax, 0...20),
            .count(.fetchLookupsMax, \.lookupsMax, 1...256),
            .span(.fetchFloodTimeout, \.floodTimeMax, .milliseconds(100)...minute),
            .count(.fetchTransfersMax, \.transfersMax, 1...256),
            .count(.fetchTransfersPerHostMax, \.transfersPerHostMax, 1...16),
            .count(.fetchSlowTransfersMax, \.slowTransfersMax, 1...256),
            .span(.fetchSlowAnswer, \.slowAnswer, spans),
            .count(.fetchWaitingMax, \.waitingMax, 1...1_000_000),
            .span(.fetchHostSpacing, \.hostSpacing, .zero...hour),
            .span(.fetchRetryAfterMax, \.retryAfterMax, minute...(day * 30)),
            .span(.fetchFreshnessMax, \.maxAgeMax, .zero...(day * 30)),
            .span(.fetchCrawlDelayMax, \.crawlDelayMax, .zero...hour),
            // RFC 9309, section 2.5: at least 500 KiB.
            .count(.fetchRobotsBytesMax, \.robotsBytesMax, (500 << 10)...(16 << 20)),
            .span(.fetchRobotsAgeMax, \.robotsAgeMax, minute...day),
            .span(.fetchRobotsFailureAge, \.robotsFailureAgeMax, second...day),
            .count(.fetchRobotsOriginsMax, \.robotsCountMax, 1...100_000),
            .count(.fetchRobotsKeptBytes, \.robotsKeptBytesMax, (1 << 20)...(1 << 30)),
        ]
    }
}
