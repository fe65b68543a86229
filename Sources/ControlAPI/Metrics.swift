internal import News

/// The figures of the daemon in the text format of Prometheus, version 0.0.4.
enum Metrics {
    static func page(status: StatusSnapshot, feeds: [FeedStatus]) -> [UInt8] {
        var page = MetricsPage()
        addDaemon(status, to: &page)
        addStore(status.store, to: &page)
        addFeeds(status.feeds, feeds, to: &page)
        return Array(page.text.utf8)
    }

    private static func addDaemon(_ status: StatusSnapshot, to page: inout MetricsPage) {
        page.add(
            gauge: "tamis_info", help: "Always 1; the labels tell the version.",
            [.init(1, ["version": status.version])])
        page.add(
            gauge: "tamis_state", help: "1 for the state that the daemon is in.",
            StatusSnapshot.State.allCases.map {
                .init($0 == status.state ? 1 : 0, ["state": $0.rawValue])
            })
        page.add(
            gauge: "tamis_start_time_seconds", help: "When the daemon started, Unix time.",
            [.init(seconds(status.started))])
        page.add(
            gauge: "tamis_problems", help: "Problems that an operator should know of.",
            [.init(Double(status.problems.count))])
        page.add(
            gauge: "tamis_transfers", help: "HTTP requests under way.",
            [.init(Double(status.transfers))])
        page.add(
            gauge: "tamis_queue_length", help: "What waits, by queue.",
            status.queues.sorted { $0.key < $1.key }
                .map { .init(Double($0.value), ["queue": $0.key]) })
        if let bytes = status.memoryBytes {
            page.add(
                gauge: "tamis_resident_memory_bytes", help: "Resident memory.",
                [.init(Double(bytes))])
        }
        page.add(
            counter: "tamis_events_total", help: "What has happened since the start, by event.",
            status.events.sorted { $0.key < $1.key }
                .map { .init(Double($0.value), ["event": $0.key]) })
        if let reload = status.lastReload {
            page.add(
                gauge: "tamis_last_reload_successful",
                help: "Whether the last reload of the configuration was applied.",
                [.init(reload.isApplied ? 1 : 0)])
            page.add(
                gauge: "tamis_last_reload_timestamp_seconds",
                help: "When the configuration was last reloaded, Unix time.",
                [.init(seconds(reload.at))])
        }
    }

    private static func addStore(_ store: StatusSnapshot.Store, to page: inout MetricsPage) {
        page.add(
            gauge: "tamis_store_last_seq", help: "The place of the last record in the store.",
            [.init(Double(store.lastSeq))])
        page.add(
            gauge: "tamis_store_records", help: "Records in the store, by verdict.",
            Verdict.Kind.allCases.map {
                .init(Double(store.verdicts[$0] ?? 0), ["verdict": $0.rawValue])
            } + [.init(Double(store.rejected), ["verdict": "rejected"])])
        if let bytes = store.diskFreeBytes {
            page.add(
                gauge: "tamis_store_disk_free_bytes", help: "Room left on the store's disk.",
                [.init(Double(bytes))])
        }
    }

    private static func addFeeds(
        _ counts: StatusSnapshot.Feeds, _ feeds: [FeedStatus], to page: inout MetricsPage
    ) {
        page.add(
            gauge: "tamis_feeds", help: "Configured feeds, by health.",
            [
                .init(Double(counts.waiting), ["health": "waiting"]),
                .init(Double(counts.healthy), ["health": "healthy"]),
                .init(Double(counts.failing), ["health": "failing"]),
                .init(Double(counts.parked), ["health": "parked"]),
            ])
        page.add(
            gauge: "tamis_feed_consecutive_failures", help: "Failed polls since the last success.",
            feeds.map { .init(Double($0.failures), ["feed": $0.id.text]) })
        page.add(
            gauge: "tamis_feed_last_success_timestamp_seconds",
            help: "When the feed was last read, Unix time.",
            feeds.compactMap { feed in
                feed.lastSuccess.map { .init(seconds($0), ["feed": feed.id.text]) }
            })
        page.add(
            gauge: "tamis_feed_last_new_timestamp_seconds",
            help: "When the feed last had a new entry, Unix time.",
            feeds.compactMap { feed in
                feed.lastNew.map { .init(seconds($0), ["feed": feed.id.text]) }
            })
        page.add(
            counter: "tamis_feed_polls_total", help: "Polls of the feed, over all starts.",
            feeds.map { .init(Double($0.counts.polls), ["feed": $0.id.text]) })
        page.add(
            counter: "tamis_feed_entries_total",
            help: "Entries of the feed by what became of them, over all starts.",
            feeds.flatMap { feed -> [MetricsPage.Sample] in
                let counts = [
                    ("kept", feed.counts.kept), ("duplicate", feed.counts.duplicates),
                    ("rejected", feed.counts.rejected),
                ]
                return counts.map { .init(Double($1), ["feed": feed.id.text, "outcome": $0]) }
            })
    }

    private static func seconds(_ instant: Instant) -> Double {
        Double(instant.millisecondsSince1970) / 1000
    }
}

/// Lines of the text format, family by family.
struct MetricsPage {
    private(set) var text = ""

    struct Sample {
        let value: Double
        let labels: [String: String]

        init(_ value: Double, _ labels: [String: String] = [:]) {
            self.value = value
            self.labels = labels
        }
    }

    mutating func add(gauge name: String, help: String, _ samples: [Sample]) {
        add(name, "gauge", help, samples)
    }

    mutating func add(counter name: String, help: String, _ samples: [Sample]) {
        add(name, "counter", help, samples)
    }

    private mutating func add(_ name: String, _ type: String, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for sample in samples {
            let labels = sample.labels.sorted { $0.key < $1.key }
                .map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
                .joined(separator: ",")
            text += name + (labels.isEmpty ? "" : "{\(labels)}") + " \(Self.number(sample.value))\n"
        }
    }

    /// Whole numbers without a fraction, as people read them.
    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ value: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in VisibleText.of(value).unicodeScalars {
            switch scalar {
            case "\\", "\"": result.append(contentsOf: ["\\", scalar])
            case "\n": result.append(contentsOf: ["\\", "n"])
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
