internal import ControlAPI
internal import FeedParsing
internal import News

// Feeds, as people see them on a terminal.

extension FeedStatus.Health {
    var colour: Terminal.Colour {
        switch self {
        case .healthy: .green
        case .waiting: .grey
        case .failing: .yellow
        case .parked: .red
        }
    }
}

extension FeedStatus {
    /// What somebody should look at, in words; empty when there is nothing.
    fileprivate func trouble(at now: Instant) -> String {
        var words = lastFailure.map { [$0] } ?? []
        if let movesTo, isMoveAdopted == true { words.append("moved to \(movesTo)") }
        if let idsDistrusted {
            words.append("its ids are \(idsDistrusted.reason.rawValue), and not believed")
        } else if let renamed, now.since(renamed.at) < .seconds(7 * 86_400) {
            let example = renamed.pairs.first.map {
                ", such as \($0.before ?? "none") now \($0.now ?? "none")"
            }
            words.append(
                "\(renamed.count) of \(renamed.entries) entries got other ids on "
                    + "\(renamed.at.day)\(example ?? "")")
        }
        if let set = quarantinedEntries {
            words.append("\(set.count) new entries of \(set.day) quarantined")
        }
        return words.joined(separator: "; ")
    }
}

/// `tamis feeds`.
func feedLines(_ feeds: [FeedStatus], now: Instant, for terminal: Terminal) -> [String] {
    var table = Table([
        .init(heading: "id"), .init(heading: "health"), .init(heading: "polled"),
        .init(heading: "next"), .init(heading: "every"), .init(heading: "kept", isNumeric: true),
        .init(heading: "dup", isNumeric: true), .init(heading: "gaps", isNumeric: true),
        .init(heading: "feed", isFlexible: true),
        .init(heading: "trouble", isFlexible: true),
    ])
    for feed in feeds {
        table.add([
            .init(feed.id.text), .init(feed.health.rawValue, feed.health.colour),
            .init(Plain.when(feed.lastPolled, now: now)),
            .init(feed.nextPoll.map { Plain.when($0, now: now) } ?? "-"),
            .init(Plain.span(feed.paceSeconds ?? feed.intervalSeconds)),
            "\(feed.counts.kept)", "\(feed.counts.duplicates)",
            "\(feed.coverage.reduce(0) { $0 + $1.gaps })",
            .init(feed.name), .init(feed.trouble(at: now), .yellow),
        ])
    }
    return table.lines(for: terminal)
}

extension FeedStatus {
    /// What to call it in a table: its title, and where it was found.
    fileprivate var name: String {
        (title ?? url) + (foundURL.map { ", found at \($0)" } ?? "")
    }

    /// As a list of feeds has it, by the address that is polled.
    var outline: OPMLOutline {
        OPMLOutline(
            title: title ?? url, xmlURL: foundURL ?? url, htmlURL: foundURL == nil ? nil : url,
            labels: labels)
    }
}

/// `tamis feeds ID`: all that is known of one feed.
func feedLines(of feed: FeedStatus, now: Instant, for terminal: Terminal) -> [String] {
    var lines = [
        terminal.paint(visible(feed.title ?? feed.url), .bold),
        "",
        "id        \(feed.id)",
        "url       \(visible(feed.url))",
    ]
    if let found = feed.foundURL { lines.append("found at  \(visible(found))") }
    if let target = feed.movesTo {
        lines.append(
            "moves to  \(visible(target))"
                + (feed.isMoveAdopted == true ? ", and is asked there" : ", not proven yet"))
    }
    lines += [
        "health    " + terminal.paint(feed.health.rawValue, feed.health.colour)
            + (feed.lastFailure.map { ": \(visible($0))" } ?? ""),
        "polled    \(Plain.when(feed.lastPolled, now: now)), next "
            + (feed.nextPoll.map { Plain.when($0, now: now) } ?? "not planned")
            + ", every \(Plain.span(feed.paceSeconds ?? feed.intervalSeconds))",
        "new       \(Plain.when(feed.lastNew, now: now))",
        "entries   \(feed.counts.entries): \(feed.counts.kept) kept, "
            + "\(feed.counts.duplicates) duplicates, \(feed.counts.rejected) rejected, "
            + "\(feed.pending) wait for their pages",
    ]
    return lines + coverageLines(feed, terminal) + namingLines(feed)
}

/// Whether the answers of each day followed upon each other.
private func coverageLines(_ feed: FeedStatus, _ terminal: Terminal) -> [String] {
    guard !feed.coverage.isEmpty else { return [] }
    return ["", "Coverage, by UTC day"]
        + feed.coverage.map { day in
            let gaps =
                day.gaps == 0
                ? "no gap"
                : terminal.paint(
                    "\(day.gaps) gaps, \(Plain.span(day.gapSeconds)) uncovered", .yellow)
            return "   \(visible(day.day))  \(day.overlaps) answers overlapped, \(gaps)"
        }
}

/// What its names for entries are worth.
private func namingLines(_ feed: FeedStatus) -> [String] {
    var lines: [String] = []
    if let distrust = feed.idsDistrusted {
        lines += [
            "",
            "Its ids are \(distrust.reason.rawValue): until \(distrust.until) entries are named by "
                + "their addresses",
        ]
    }
    if let renamed = feed.renamed {
        lines += [
            "", "\(renamed.count) of \(renamed.entries) entries got other ids, \(renamed.at)",
        ]
        for pair in renamed.pairs {
            lines.append("   \(shortID(pair.article.description)) “\(visible(pair.title))”")
            lines.append("      \(visible(pair.before ?? "no id"))")
            lines.append("      → \(visible(pair.now ?? "no id")) (by \(visible(pair.rule)))")
        }
    }
    if let set = feed.quarantinedEntries {
        lines += ["", "\(set.count) new entries beyond the limit of \(visible(set.day)), such as"]
        lines += set.samples.map { "   “\(visible($0))”" }
    }
    return lines
}
