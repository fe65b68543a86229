internal import FeedParsing
internal import Foundation
internal import News

// Feeds come from `[[feed]]` tables and from OPML lists; a table wins over an outline of the same
// address, so that a list can be taken over and single feeds of it changed.

extension ConfigurationFile {
    /// Every feed that is configured, in the order written.
    mutating func readFeeds(folder: String) -> [Feed] {
        let intervals = Duration.seconds(10)...Duration.seconds(30 * 86_400)
        let interval = duration(.pollInterval, in: intervals) ?? .seconds(1800)
        var feeds: [Feed] = []
        var places: [CanonicalURL: String] = [:]
        var names: [FeedID: String] = [:]
        for index in 0..<count(of: "feed") {
            let place = "feed[\(index)]"
            guard let feed = readFeed(at: index, interval: interval, folder: folder) else {
                continue
            }
            if let other = places.updateValue(place, forKey: canonicalise(feed.url)) {
                complain("\(place).url", "\(other) has the same address: keep one of them")
            }
            if let other = names.updateValue(place, forKey: feed.id) {
                complain("\(place).id", "\(other) has the same id: choose another")
            }
            feeds.append(feed)
        }
        for path in strings(.opml) ?? [] {
            for feed in readOPML(path, folder: folder, interval: interval)
            where places[canonicalise(feed.url)] == nil && names[feed.id] == nil {
                places[canonicalise(feed.url)] = path
                names[feed.id] = path
                feeds.append(feed)
            }
        }
        if feeds.count > Configuration.feedsMax {
            complain("feed", "\(feeds.count) feeds, at most \(Configuration.feedsMax) are polled")
        }
        return feeds
    }

    private mutating func readFeed(
        at index: Int, interval: Duration, folder: String
    ) -> Feed? {
        let place = "feed[\(index)]"
        guard has(.feedURL, at: index) else {
            complain("\(place).url", "is missing: every [[feed]] needs an address")
            return nil
        }
        let intervals = Duration.seconds(10)...Duration.seconds(30 * 86_400)
        let address = string(.feedURL, at: index)
        let name = string(.feedID, at: index)
        let title = string(.feedTitle, at: index)
        let own = duration(.feedInterval, in: intervals, at: index)
        let least = duration(.feedIntervalMin, in: intervals, at: index)
        let most = duration(.feedIntervalMax, in: intervals, at: index)
        if let least, let most, least > most {
            complain("\(place).interval_min", "must not be above interval_max")
        }
        let labels = strings(.feedLabels, at: index)
        let pages = bool(.feedPages, at: index)
        let credentials = readCredentials(at: index, folder: folder)
        let age = duration(
            .feedEntryAgeMax, in: .seconds(60)...Duration.seconds(36_500 * 86_400), at: index)
        let entries = integer(.feedEntriesPerDayMax, in: 1...10_000_000, at: index)
        guard let address else { return nil }
        guard let url = HTTPURL(address) else {
            complain("\(place).url", "must be an http or https address")
            return nil
        }
        guard let id = name.map({ FeedID($0) }) ?? FeedID(derivedFrom: url) else {
            complain(
                "\(place).id",
                "must be 1 to 64 letters, digits, \".\", \"_\" or \"-\", a letter or digit first")
            return nil
        }
        return Feed(
            id: id, url: url, title: title, interval: own ?? interval,
            // An interval that somebody wrote for one feed is meant; limits say otherwise.
            intervalMin: least ?? (most == nil ? own : nil),
            intervalMax: most ?? (least == nil ? own : nil), labels: labels ?? [],
            fetchesPages: pages ?? true, entryAgeMax: age, entriesPerDayMax: entries,
            credentials: credentials)
    }

    /// A relative path is looked up among the service's credentials (systemd.exec(5),
    /// `LoadCredential=`) where there are any, else beside the configuration.
    private mutating func readCredentials(at index: Int, folder: String) -> Credentials? {
        guard let name = string(.feedCredentials, at: index) else { return nil }
        let given = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"]
        let places = [given, folder].compactMap { $0 }.map { "\($0)/\(name)" }
        let found = places.first { FileManager.default.fileExists(atPath: $0) }
        let path = name.hasPrefix("/") ? name : found ?? "\(folder)/\(name)"
        guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)),
            let credentials = Credentials(file: Array(bytes.prefix(8192)))
        else {
            complain(
                "feed[\(index)].credentials_file",
                "\(path) must be readable and hold one line, user:password or a token")
            return nil
        }
        return credentials
    }

    private mutating func readOPML(_ path: String, folder: String, interval: Duration) -> [Feed] {
        let key = ConfigurationKey.opml.rawValue
        let full = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: full)),
            bytes.count <= ConfigurationFile.bytesMax
        else {
            complain(key, "\(full) cannot be read: make it readable, or take it out of the list")
            return []
        }
        let outlines: [OPMLOutline]
        do {
            outlines = try parseOPML(Array(bytes))
        } catch {
            complain(key, "\(full): \(error)")
            return []
        }
        return outlines.compactMap { outline in
            guard let url = HTTPURL(outline.xmlURL) else {
                complain(key, "\(full): \(visible(outline.xmlURL)) is no http or https address")
                return nil
            }
            return Feed(
                id: FeedID(derivedFrom: url), url: url, title: outline.title, interval: interval,
                labels: outline.labels)
        }
    }
}
