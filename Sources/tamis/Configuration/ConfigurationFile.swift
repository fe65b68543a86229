internal import News
internal import TOMLKit

/// Every key that a configuration file may hold. `config/tamis.toml` explains each; a test compares
/// the two.
enum ConfigurationKey: String, CaseIterable {
    case opml = "opml"

    case storePath = "store.path"
    case storeRequestBytes = "store.request_bytes_max"

    case statusSocket = "status.socket"
    case statusSocketMode = "status.socket_mode"
    case statusSocketOwner = "status.socket_owner"
    case statusSocketGroup = "status.socket_group"
    case statusListen = "status.listen"

    case seedPaths = "seeds.paths"
    case seedTitleFields = "seeds.title_fields"
    case seedTextFields = "seeds.text_fields"
    case seedURLFields = "seeds.url_fields"
    case seedPublishedFields = "seeds.published_fields"
    case seedLanguageFields = "seeds.language_fields"
    case seedFileBytesMax = "seeds.file_bytes_max"

    case pollInterval = "polling.interval"
    case pollIntervalMin = "polling.interval_min"
    case pollIntervalMax = "polling.interval_max"
    case pollWaitMax = "polling.wait_max"
    case pollHintMax = "polling.hint_max"
    case pollsInFlightMax = "polling.polls_in_flight_max"
    case pollStartSpread = "polling.start_spread"
    case pollStartSpacing = "polling.start_spacing"
    case pollUnconditional = "polling.unconditional_interval"
    case pollBackoffFirst = "polling.backoff_first"
    case pollBackoffLongest = "polling.backoff_longest"
    case pollFailuresBeforeParking = "polling.failures_before_parking"
    case pollParkedInterval = "polling.parked_interval"
    case pollRedirectSightings = "polling.redirect_sightings_min"
    case pollRedirectAge = "polling.redirect_age_min"
    case pollRedirectFailures = "polling.redirect_failures_max"
    case pollRenamedMin = "polling.renamed_min"
    case pollOffencesMax = "polling.offences_max"
    case pollOffenceWindow = "polling.offence_window"
    case pollDistrustTime = "polling.distrust_time"
    case pollEntriesMax = "polling.entries_per_poll_max"
    case pollEntriesPerDayMax = "polling.entries_per_day_max"
    case pollPagesInFlight = "polling.pages_in_flight_max"
    case pollPageAttemptsMax = "polling.page_attempts_max"
    case pollTimeMax = "polling.poll_time_max"
    case pollDurationMax = "polling.hung_after"
    case pollCommitBatch = "polling.commit_batch_max"
    case pollCandidatesMax = "polling.candidates_max"
    case pollSitemapsMax = "polling.sitemaps_per_poll_max"

    case fetchContact = "fetching.contact"
    case fetchUserAgent = "fetching.user_agent"
    case fetchTimeout = "fetching.timeout"
    case fetchConnectTimeout = "fetching.connect_timeout"
    case fetchFirstByteTimeout = "fetching.first_byte_timeout"
    case fetchLowSpeed = "fetching.low_speed_bytes"
    case fetchLowSpeedTime = "fetching.low_speed_time"
    case fetchBodyBytesMax = "fetching.body_bytes_max"
    case fetchBufferedBytesMax = "fetching.buffered_bytes_max"
    case fetchHeaderBytesMax = "fetching.header_bytes_max"
    case fetchValidatorBytesMax = "fetching.validator_bytes_max"
    case fetchRedirectsMax = "fetching.redirects_max"
    case fetchTransfersMax = "fetching.transfers_max"
    case fetchTransfersPerHostMax = "fetching.transfers_per_host_max"
    case fetchSlowAnswer = "fetching.slow_answer"
    case fetchLookupsMax = "fetching.lookups_max"
    case fetchFloodTimeout = "fetching.flood_timeout"
    case fetchSlowTransfersMax = "fetching.slow_transfers_max"
    case fetchWaitingMax = "fetching.waiting_max"
    case fetchHostSpacing = "fetching.host_spacing"
    case fetchRetryAfterMax = "fetching.retry_after_max"
    case fetchFreshnessMax = "fetching.freshness_max"
    case fetchRobots = "fetching.robots"
    case fetchRobotsToken = "fetching.robots_token"
    case fetchRobotsBytesMax = "fetching.robots_bytes_max"
    case fetchRobotsAgeMax = "fetching.robots_age_max"
    case fetchRobotsFailureAge = "fetching.robots_failure_age_max"
    case fetchRobotsOriginsMax = "fetching.robots_origins_max"
    case fetchRobotsKeptBytes = "fetching.robots_kept_bytes_max"
    case fetchMiningFile = "fetching.tdmrep"
    case fetchObeyReservations = "fetching.obey_reservations"
    case fetchCrawlDelayMax = "fetching.crawl_delay_max"
    case fetchPrivateHosts = "fetching.allowed_private_hosts"
    case fetchProxy = "fetching.proxy"
    case fetchCAFile = "fetching.ca_file"

    case decideNearDuplicate = "deciding.near_duplicate_min"
    case decideExcerpt = "deciding.excerpt_min"
    case decideStory = "deciding.story_min"
    case decideStoryWindow = "deciding.story_window"
    case decideWordsMin = "deciding.words_min"

    case thresholdLanguage = "threshold[].language"
    case thresholdOutlet = "threshold[].outlet"
    case thresholdNearDuplicate = "threshold[].near_duplicate_min"
    case thresholdExcerpt = "threshold[].excerpt_min"
    case thresholdStory = "threshold[].story_min"

    case logLevel = "log.level"

    case feedURL = "feed[].url"
    case feedID = "feed[].id"
    case feedTitle = "feed[].title"
    case feedInterval = "feed[].interval"
    case feedIntervalMin = "feed[].interval_min"
    case feedIntervalMax = "feed[].interval_max"
    case feedLabels = "feed[].labels"
    case feedPages = "feed[].pages"
    case feedCredentials = "feed[].credentials_file"
    case feedEntryAgeMax = "feed[].entry_age_max"
    case feedEntriesPerDayMax = "feed[].entries_per_day_max"
}

/// A configuration file as it was written: values by their key paths, nothing believed yet.
///
/// Reading a value marks its key as known; what is left over at the end is an unknown key. Every
/// mistake is collected, so that a person sees all of them at once.
struct ConfigurationFile {
    /// The most bytes that a configuration file may have.
    static let bytesMax = 4 << 20

    let name: String
    private(set) var problems: [ConfigurationProblem] = []
    private var values: [String: WrittenValue] = [:]
    private var counts: [String: Int] = [:]
    private let lines: KeyLines

    /// Parses `text`; a file that is not TOML has that one problem.
    init(text: String, name: String) {
        self.name = name
        lines = KeyLines(of: text)
        do {
            collect(try TOMLTable(string: text), under: "")
        } catch let error as TOMLParseError {
            problems = [
                ConfigurationProblem(
                    file: name, line: error.source.begin.line, key: nil,
                    sentence: "this is not TOML: \(error.description)")
            ]
        } catch {
            problems = [
                ConfigurationProblem(file: name, line: nil, key: nil, sentence: "\(error)")
            ]
        }
    }

    private mutating func collect(_ table: TOMLTable, under prefix: String) {
        for key in table.keys {
            guard let value = table[key]?.tomlValue else { continue }
            let path = prefix.isEmpty ? key : "\(prefix).\(key)"
            if let inner = value.table {
                collect(inner, under: path)
            } else if let array = value.array, !array.isEmpty,
                array.allSatisfy({ $0.type == .table })
            {
                counts[path] = array.count
                for (index, element) in array.enumerated() {
                    if let inner = element.table { collect(inner, under: "\(path)[\(index)]") }
                }
            } else {
                values[path] = WrittenValue(value)
            }
        }
    }

    /// How many `[[name]]` tables there are.
    func count(of name: String) -> Int { counts[name] ?? 0 }

    /// Notes a mistake at a key.
    mutating func complain(_ key: String, _ sentence: String) {
        problems.append(
            ConfigurationProblem(file: name, line: lines[key], key: key, sentence: sentence))
    }

    /// Everything that nobody asked for is unknown; says so, with the nearest known key.
    mutating func complainOfUnknownKeys() {
        for path in values.keys.sorted() {
            let general = path.replacingIndices
            let known = ConfigurationKey.allCases.map(\.rawValue)
            guard !known.contains(general) else { continue }
            let guess = known.map { ($0, $0.unlikeness(to: general)) }.min { $0.1 < $1.1 }
            if let (key, unlikeness) = guess, unlikeness <= 3 {
                let place = key.table == general.table ? "" : " in \(key.heading)"
                complain(path, "unknown key; is \(key.lastComponent)\(place) meant?")
            } else {
                complain(path, "unknown key; config/tamis.toml lists all keys")
            }
        }
    }

    /// What is written in each section, apart from what feeds are made of.
    var sections: [String: [String]] {
        var sections: [String: [String]] = [:]
        let interval = ConfigurationKey.pollInterval.rawValue
        for (path, value) in values.sorted(by: { $0.key < $1.key })
        where !path.hasPrefix("feed[") && path != interval {
            guard let dot = path.firstIndex(of: ".") else { continue }
            sections[String(path[..<dot]), default: []].append("\(path) = \(value)")
        }
        return sections
    }

    // MARK: - Values by their types

    func has(_ key: ConfigurationKey, at index: Int? = nil) -> Bool {
        values[key.path(index)] != nil
    }

    mutating func string(_ key: ConfigurationKey, at index: Int? = nil) -> String? {
        value(key, index, "a string") { if case .string(let text) = $0 { text } else { nil } }
    }

    mutating func bool(_ key: ConfigurationKey, at index: Int? = nil) -> Bool? {
        value(key, index, "true or false") { if case .bool(let flag) = $0 { flag } else { nil } }
    }

    /// Strings; one string counts as a list of one.
    mutating func strings(_ key: ConfigurationKey, at index: Int? = nil) -> [String]? {
        value(key, index, "a list of strings") { value in
            switch value {
            case .string(let text): [text]
            case .strings(let texts): texts
            case .integer, .number, .bool, .other: nil
            }
        }
    }

    /// A whole number in `range`.
    mutating func integer(
        _ key: ConfigurationKey, in range: ClosedRange<Int>, at index: Int? = nil
    ) -> Int? {
        value(key, index, "a whole number from \(range.lowerBound) to \(range.upperBound)") {
            if case .integer(let number) = $0, range.contains(number) { number } else { nil }
        }
    }

    /// A number in `range`.
    mutating func number(
        _ key: ConfigurationKey, in range: ClosedRange<Double>, at index: Int? = nil
    ) -> Double? {
        value(key, index, "a number from \(range.lowerBound) to \(range.upperBound)") { value in
            switch value {
            case .integer(let number): range.contains(Double(number)) ? Double(number) : nil
            case .number(let number): range.contains(number) ? number : nil
            case .string, .strings, .bool, .other: nil
            }
        }
    }

    /// A span such as `"90s"`, `"30m"`, `"12h"`, `"2d"`, in `range`.
    mutating func duration(
        _ key: ConfigurationKey, in range: ClosedRange<Duration>, at index: Int? = nil
    ) -> Duration? {
        let wanted =
            "a span from \(spanText(range.lowerBound)) to \(spanText(range.upperBound)), "
            + "written like \"90s\", \"30m\", \"12h\" or \"2d\""
        return value(key, index, wanted) { value in
            guard case .string(let text) = value, let span = spanValue(text) else { return nil }
            return range.contains(span) ? span : nil
        }
    }

    private mutating func value<Value>(
        _ key: ConfigurationKey, _ index: Int?, _ wanted: String,
        _ read: (WrittenValue) -> Value?
    ) -> Value? {
        let path = key.path(index)
        guard let found = values[path] else { return nil }
        if let value = read(found) { return value }
        complain(path, "must be \(wanted)")
        return nil
    }
}

/// A value as it was written.
private enum WrittenValue: Hashable, Sendable {
    case string(String)
    case strings([String])
    case integer(Int)
    case number(Double)
    case bool(Bool)
    /// Of a kind that no key has: a date, a list of lists.
    case other(String)

    init(_ value: TOMLValue) {
        if let text = value.string {
            self = .string(text)
        } else if let number = value.int {
            self = .integer(number)
        } else if let number = value.double {
            self = .number(number)
        } else if let flag = value.bool {
            self = .bool(flag)
        } else if let array = value.array, array.allSatisfy({ $0.type == .string }) {
            self = .strings(array.compactMap(\.string))
        } else {
            self = .other(value.debugDescription)
        }
    }
}

extension ConfigurationKey {
    /// The path of this key in the table at `index`.
    func path(_ index: Int?) -> String {
        guard let index, let brackets = rawValue.firstRange(of: "[]") else { return rawValue }
        return rawValue.replacingCharacters(in: brackets, with: "[\(index)]")
    }
}

extension String {
    fileprivate func replacingCharacters(
        in range: Range<String.Index>, with text: String
    ) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }

    /// `feed[12].url` → `feed[].url`.
    fileprivate var replacingIndices: String {
        var result = ""
        var isIndex = false
        for character in self {
            if character == "]" { isIndex = false }
            if !isIndex { result.append(character) }
            if character == "[" { isIndex = true }
        }
        return result
    }

    fileprivate var lastComponent: Substring {
        self[(lastIndex(of: ".").map { index(after: $0) } ?? startIndex)...]
    }

    /// The table that a key path leads into; empty at the top of the file.
    fileprivate var table: Substring { self[..<(lastIndex(of: ".") ?? startIndex)] }

    /// That table as it is written: `[polling]`, `[[feed]]`.
    fileprivate var heading: String {
        table.hasSuffix("[]") ? "[[\(table.dropLast(2))]]" : "[\(table)]"
    }

    /// How far this key is from what was written; the right word in the wrong table is near.
    fileprivate func unlikeness(to written: String) -> Int {
        let distance = editDistance(self, written)
        return lastComponent == written.lastComponent ? min(distance, 3) : distance
    }
}

// MARK: - Spans

/// Reads `90s`, `30m`, `12h`, `2d`, `250ms`; nil for anything else.
func spanValue(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), number <= 1_000_000_000 else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": return .milliseconds(number)
    case "s": return .seconds(number)
    case "m": return .seconds(number * 60)
    case "h": return .seconds(number * 3600)
    case "d": return .seconds(number * 86_400)
    default: return nil
    }
}

/// The largest unit that says it exactly: `90s`, `30m`, `12h`, `2d`.
func spanText(_ span: Duration) -> String {
    let milliseconds = span.milliseconds
    guard milliseconds % 1000 == 0 else { return "\(milliseconds)ms" }
    let seconds = milliseconds / 1000
    for (unit, size) in [("d", 86_400), ("h", 3600), ("m", 60)] as [(String, Int64)]
    where seconds >= size && seconds % size == 0 {
        return "\(seconds / size)\(unit)"
    }
    return "\(seconds)s"
}

/// Levenshtein's distance, for guessing which key was meant.
func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8.prefix(80)), Array(b.utf8.prefix(80)))
    var row = Array(0...b.count)
    for (i, byte) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in b.enumerated() {
            let above = row[j + 1]
            row[j + 1] = min(above + 1, row[j] + 1, diagonal + (byte == other ? 0 : 1))
            diagonal = above
        }
    }
    return row[b.count]
}
