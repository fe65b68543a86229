internal import ArticleStore
internal import ControlAPI
internal import Deduplication
internal import FeedParsing
internal import Fetching
internal import Foundation
internal import Ingestion
internal import Logging
internal import News
internal import PageExtraction

/// What a configuration means: every limit checked, every default filled in. Made from a file by
/// `read`, which finds all mistakes at once; `tamis check` is the same code.
struct Configuration {
    /// Where the configuration is looked for when none is named.
    static let defaultPath = "/etc/tamis/tamis.toml"
    static let defaultStorePath = "/var/lib/tamis"
    static let defaultSocketPath = "/run/tamis/tamis.sock"
    /// Feeds in all, from the file and its OPML lists.
    static let feedsMax = 20_000
    static let thresholdsMax = 200

    var ingestion: IngestorOptions
    var control: ControlOptions
    var feeds: [Feed]
    var logLevel: Logger.Level
    /// What was written in each section, for telling what a reload cannot take over.
    private let sections: [String: [String]]

    /// Reads a file and all that it names.
    /// - Throws: every mistake in it.
    static func read(_ path: String) throws(ConfigurationMistakes) -> Configuration {
        let text: String
        do {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: [])
            guard bytes.count <= ConfigurationFile.bytesMax else {
                throw ConfigurationMistakes(
                    path, "has \(bytes.count) bytes, at most \(ConfigurationFile.bytesMax) are read"
                )
            }
            guard let decoded = String(validating: bytes, as: UTF8.self) else {
                throw ConfigurationMistakes(path, "is not valid UTF-8: save it as UTF-8")
            }
            text = decoded
        } catch let mistakes as ConfigurationMistakes {
            throw mistakes
        } catch {
            throw ConfigurationMistakes(
                path, "cannot be read: name another file with --config, or make this one readable")
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return try parse(text, name: path, folder: folder)
    }

    /// The same for a text; relative paths in it start at `folder`.
    static func parse(
        _ text: String, name: String, folder: String
    ) throws(ConfigurationMistakes) -> Configuration {
        var file = ConfigurationFile(text: text, name: name)
        let isReadable = file.problems.isEmpty
        let configuration = Configuration(&file, folder: folder)
        if isReadable { file.complainOfUnknownKeys() }
        guard file.problems.isEmpty else {
            throw ConfigurationMistakes(
                problems: file.problems.sorted { $0.line ?? 0 < $1.line ?? 0 })
        }
        return configuration
    }

    private init(_ file: inout ConfigurationFile, folder: String) {
        var ingestion = IngestorOptions(
            storePath: file.path(.storePath, in: folder) ?? Self.defaultStorePath)
        ingestion.lanes = max(1, ProcessInfo.processInfo.activeProcessorCount)
        file.readPolling(into: &ingestion)
        if let bytes = file.integer(.storeRequestBytes, in: (64 << 10)...(4 << 30)) {
            ingestion.ledger.requestBytesMax = bytes
        }
        file.readFetching(into: &ingestion.fetching, folder: folder)
        // What was fetched may be read.
        ingestion.pipeline.feedLimits.bodyBytesMax = ingestion.fetching.bodyBytesMax
        ingestion.pipeline.pageLimits.bytesMax = ingestion.fetching.bodyBytesMax
        file.readReservations(into: &ingestion.pipeline)
        file.readDeciding(into: &ingestion)
        file.readSeeds(into: &ingestion.seeds, folder: folder)
        self.ingestion = ingestion
        control = file.readStatus(folder: folder)
        logLevel = file.readLogLevel()
        feeds = file.readFeeds(folder: folder)
        sections = file.sections
    }

    /// The sections that say something else than in `other`, those of feeds apart.
    func sectionsThatDiffer(from other: Configuration) -> [String] {
        Set(sections.keys).union(other.sections.keys)
            .filter { sections[$0] != other.sections[$0] }.sorted()
    }
}

/// All that is wrong with a configuration.
struct ConfigurationMistakes: Error, CustomStringConvertible {
    let problems: [ConfigurationProblem]

    init(problems: [ConfigurationProblem]) { self.problems = problems }

    init(_ file: String, _ sentence: String) {
        problems = [ConfigurationProblem(file: file, line: nil, key: nil, sentence: sentence)]
    }

    var description: String { problems.map(\.description).joined(separator: "\n") }
}

// MARK: - The sections

extension ConfigurationFile {
    /// A path, relative ones from the file's own folder.
    fileprivate mutating func path(_ key: ConfigurationKey, in folder: String) -> String? {
        guard let text = string(key) else { return nil }
        guard !text.isEmpty else {
            complain(key.rawValue, "must not be empty")
            return nil
        }
        return absolute(text, in: folder)
    }

    fileprivate mutating func readPolling(into options: inout IngestorOptions) {
        read(pollingLimits, into: &options)
        if options.schedule.intervalMin > options.schedule.intervalMax {
            complain(ConfigurationKey.pollIntervalMin.rawValue, "must not be above interval_max")
        }
        // Else a poll that may still go on would count as hung.
        if options.pollDurationMax <= options.pipeline.pollTimeMax {
            complain(ConfigurationKey.pollDurationMax.rawValue, "must be above poll_time_max")
        }
    }

    fileprivate mutating func readFetching(into options: inout FetchOptions, folder: String) {
        read(fetchingLimits, into: &options)
        options.userAgent = FetchOptions.userAgent(
            version: tamisVersion, contact: headerText(.fetchContact))
        if let text = headerText(.fetchUserAgent) { options.userAgent = text }
        if let robots = bool(.fetchRobots) { options.obeysRobots = robots }
        if let reads = bool(.fetchMiningFile) { options.readsMiningFile = reads }
        readRobotsToken(into: &options)
        if let hosts = strings(.fetchPrivateHosts) {
            for host in hosts where !options.allowPrivate(host) {
                complain(
                    ConfigurationKey.fetchPrivateHosts.rawValue,
                    "\"\(host)\" \(FetchOptions.privateForm)")
            }
        }
        if let proxy = string(.fetchProxy) {
            if HTTPURL(proxy) == nil {
                complain(
                    ConfigurationKey.fetchProxy.rawValue, "must be like \"http://proxy:3128\"")
            } else {
                options.proxy = proxy
            }
        }
        if let path = path(.fetchCAFile, in: folder) { options.authoritiesFile = path }
    }

    /// A product token of RFC 9309, section 2.2.1.
    private mutating func readRobotsToken(into options: inout FetchOptions) {
        guard let token = string(.fetchRobotsToken) else { return }
        guard 1...64 ~= token.utf8.count,
            token.utf8.allSatisfy({ 0x61...0x7A ~= $0 | 0x20 || $0 == 0x2D || $0 == 0x5F })
        else {
            complain(
                ConfigurationKey.fetchRobotsToken.rawValue,
                "must be 1 to 64 letters, \"_\" or \"-\"")
            return
        }
        options.robotsToken = token
    }

    fileprivate mutating func readReservations(into options: inout PipelineOptions) {
        let names = Reservation.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        for name in strings(.fetchObeyReservations) ?? [] {
            guard let kind = Reservation.Kind(rawValue: name) else {
                complain(
                    ConfigurationKey.fetchObeyReservations.rawValue,
                    "knows \(names), and no \(visible(name))")
                continue
            }
            options.obeyedReservations.insert(kind)
        }
    }

    /// Text that becomes part of a request header: printable ASCII only.
    private mutating func headerText(_ key: ConfigurationKey) -> String? {
        guard let text = string(key), !text.isEmpty else { return nil }
        guard text.utf8.count <= 200, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
            complain(key.rawValue, "must be at most 200 printable ASCII characters")
            return nil
        }
        return text
    }

    fileprivate mutating func readDeciding(into options: inout IngestorOptions) {
        var decisions = DecisionOptions()
        if let share = number(.decideNearDuplicate, in: 0.05...1) {
            decisions.copyContainment = share
        }
        if let share = number(.decideExcerpt, in: 0.05...1) {
            decisions.excerptContainment = share
        }
        if let score = number(.decideStory, in: 0.01...1) { decisions.storyThreshold = score }
        let window = Duration.seconds(3600)...Duration.seconds(365 * 86_400)
        if let span = duration(.decideStoryWindow, in: window) { decisions.storyWindow = span }
        if let words = integer(.decideWordsMin, in: 1...10_000) {
            options.pipeline.normaliseLimits.wordsMin = words
            options.seeds.normaliseLimits.wordsMin = words
        }
        decisions.exceptions = readThresholds()
        options.pipeline.decisions = decisions
        options.ledger.decisions = decisions
    }

    private mutating func readThresholds() -> [DecisionException] {
        let count = count(of: "threshold")
        if count > Configuration.thresholdsMax {
            complain("threshold", "\(count) tables, at most \(Configuration.thresholdsMax)")
        }
        return (0..<min(count, Configuration.thresholdsMax)).map { index in
            let exception = DecisionException(
                language: string(.thresholdLanguage, at: index),
                outlet: string(.thresholdOutlet, at: index),
                copyContainment: number(.thresholdNearDuplicate, in: 0.05...1, at: index),
                excerptContainment: number(.thresholdExcerpt, in: 0.05...1, at: index),
                storyThreshold: number(.thresholdStory, in: 0.01...1, at: index))
            if exception.language == nil, exception.outlet == nil {
                complain(
                    "threshold[\(index)]", "names neither a language nor an outlet that it is for")
            }
            return exception
        }
    }

    fileprivate mutating func readStatus(folder: String) -> ControlOptions {
        let path = path(.statusSocket, in: folder) ?? Configuration.defaultSocketPath
        if path.utf8.count > UnixSocketOptions.pathBytesMax {
            complain(
                ConfigurationKey.statusSocket.rawValue,
                "has \(path.utf8.count) bytes, a socket's path has at most "
                    + "\(UnixSocketOptions.pathBytesMax): choose a shorter one")
        }
        var socket = UnixSocketOptions(path: path)
        if let text = string(.statusSocketMode) {
            if let mode = UInt32(text, radix: 8), mode <= 0o777 {
                socket.mode = mode
            } else {
                complain(
                    ConfigurationKey.statusSocketMode.rawValue,
                    "must be an octal mode in quotes, like \"0660\"")
            }
        }
        socket.owner = string(.statusSocketOwner)
        socket.group = string(.statusSocketGroup)
        var options = ControlOptions(socket: socket)
        if let text = string(.statusListen) {
            options.tcpAddress = LoopbackAddress(text)
            if options.tcpAddress == nil {
                complain(
                    ConfigurationKey.statusListen.rawValue,
                    "must be a loopback address with a port, like \"127.0.0.1:8470\"")
            }
        }
        return options
    }

    fileprivate mutating func readSeeds(into options: inout SeedOptions, folder: String) {
        for path in strings(.seedPaths) ?? [] {
            let path = absolute(path, in: folder)
            guard FileManager.default.fileExists(atPath: path) else {
                complain(
                    ConfigurationKey.seedPaths.rawValue,
                    "there is no \(path): make it, or take it out of the list")
                continue
            }
            options.paths.append(path)
        }
        if let names = strings(.seedTitleFields) { options.fields.title = names }
        if let names = strings(.seedTextFields) { options.fields.text = names }
        if let names = strings(.seedURLFields) { options.fields.url = names }
        if let names = strings(.seedPublishedFields) { options.fields.published = names }
        if let names = strings(.seedLanguageFields) { options.fields.language = names }
        if let bytes = integer(.seedFileBytesMax, in: 1024...(4 << 30)) {
            options.limits.fileBytesMax = bytes
        }
    }

    fileprivate mutating func readLogLevel() -> Logger.Level {
        guard let text = string(.logLevel) else { return .info }
        if let level = Logger.Level(rawValue: text) { return level }
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        complain(ConfigurationKey.logLevel.rawValue, "must be one of \(levels)")
        return .info
    }
}

private func absolute(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : URL(fileURLWithPath: "\(folder)/\(path)").standardized.path
}
