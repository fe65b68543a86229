internal import ControlAPI
internal import News

// What people see on a terminal: each view is lines made from the values that `--json` prints.

/// Numbers, spans and times as people read them.
enum Plain {
    /// `3 min ago`, `in 2 h`, `never`.
    static func when(_ instant: Instant?, now: Instant) -> String {
        guard let instant else { return "never" }
        let seconds = now.since(instant).components.seconds
        let text = span(abs(seconds))
        return seconds >= 0 ? "\(text) ago" : "in \(text)"
    }

    static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<90: "\(seconds) s"
        case ..<5400: "\(seconds / 60) min"
        case ..<129_600: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }

    static func bytes(_ count: Int64) -> String {
        var (value, unit) = (Double(count), "B")
        for next in ["kB", "MB", "GB", "TB"] where value >= 1000 {
            (value, unit) = (value / 1000, next)
        }
        return unit == "B" ? "\(count) B" : "\(tenths(value)) \(unit)"
    }

    static func percent(_ share: Double) -> String { "\(hundredths(share)) %" }

    /// A share with two digits behind the point, or a count without any.
    static func measure(_ value: Double) -> String {
        2...1e9 ~= value && value == value.rounded() ? "\(Int(value))" : score(value)
    }

    /// Two digits behind the point.
    static func score(_ value: Double) -> String {
        let hundredths = hundredths(value)
        let rest = abs(hundredths % 100)
        let sign = hundredths < 0 ? "-" : ""
        return "\(sign)\(abs(hundredths / 100)).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// Whatever a daemon of another version calls a share: no number is too large.
    private static func hundredths(_ value: Double) -> Int {
        guard !value.isNaN else { return 0 }
        return Int(min(max(value * 100, -1e12), 1e12).rounded())
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension StatusSnapshot {
    /// `tamis status`.
    func lines(for terminal: Terminal) -> [String] {
        let colour: Terminal.Colour = state == .running && problems.isEmpty ? .green : .yellow
        var lines = [
            "tamis \(version), process \(pid): "
                + terminal.paint(state.rawValue.replacing("_", with: " "), colour)
                + ", up \(Plain.span(uptimeSeconds))",
            "",
        ]
        let kept = Verdict.Kind.allCases.compactMap { kind in
            store.verdicts[kind].map { "\($0) \(kind.rawValue)" }
        }
        let since = kept.isEmpty ? "nothing yet" : kept.joined(separator: ", ")
        lines += [
            "store    \(visible(store.path)), \(store.lastSeq) records"
                + (store.diskFreeBytes.map { ", \(Plain.bytes($0)) free" } ?? ""),
            "decided  \(since), \(store.rejected) rejected (since the start)",
            "feeds    \(feeds.total): \(feeds.healthy) healthy, \(feeds.waiting) waiting, "
                + "\(feeds.failing) failing, \(feeds.parked) parked",
            "polls    \(events["polls"] ?? 0), \(events["polls_not_modified"] ?? 0) not modified, "
                + "\(events["polls_failed"] ?? 0) failed, \(transfers) under way",
        ]
        if let erasing = store.erasing {
            lines.append(
                "erasing  \(erasing.articles) forgotten, "
                    + (erasing.segmentsLeft.map { "\($0) files left to write" }
                        ?? erasing.problem.map { _ in "tried again later" }
                        ?? "looking for them"))
        }
        if let memoryBytes { lines.append("memory   \(Plain.bytes(memoryBytes))") }
        if let reload = lastReload {
            lines.append("reload   \(reload.at): \(reload.isApplied ? "applied" : "refused")")
        }
        if !problems.isEmpty { lines.append("") }
        return lines + problems.map { terminal.paint("! \(visible($0))", .yellow) }
    }
}

extension Verdict.Kind {
    var colour: Terminal.Colour? {
        switch self {
        case .new: .green
        case .duplicate: .grey
        case .nearDuplicate, .excerpt: .yellow
        case .revision: .blue
        }
    }
}

/// `tamis articles`.
func articleLines(_ articles: [ArticleSummary], for terminal: Terminal) -> [String] {
    var table = Table([
        .init(heading: "seq", isNumeric: true), .init(heading: "id"),
        .init(heading: "seen"), .init(heading: "verdict"),
        .init(heading: "novel", isNumeric: true), .init(heading: "feed"),
        .init(heading: "title", isFlexible: true),
    ])
    for article in articles {
        table.add([
            "\(article.seq)", .init(article.id.map { shortID($0.description) } ?? "-"),
            .init(String(article.seen.description.prefix(16)).replacing("T", with: " ")),
            .init(article.verdict?.rawValue ?? "rejected", article.verdict?.colour ?? .red),
            .init(article.novelty.map { Plain.percent($0) } ?? ""),
            .init(article.feed?.text ?? "-"),
            .init(
                article.title + (article.reason.map { " (\($0))" } ?? "")
                    + (article.of.map { " = \(shortID($0.id.description)) \($0.title)" } ?? "")
                    + reserved(article.reservations)
                    + (article.guidBefore.map { " (was \($0))" } ?? "")),
        ])
    }
    return table.lines(for: terminal)
}

/// What a publisher reserves, in brackets; empty when nothing.
private func reserved(_ reservations: [Reservation]?) -> String {
    guard let reservations else { return "" }
    return " [\(reservations.map(\.kind.rawValue).joined(separator: ", "))]"
}

/// A held document in a few words.
private func told(_ reference: Reference) -> String {
    "\(shortID(reference.id.description)) \(visible(reference.title))"
}

/// Enough of an id to be typed.
func shortID(_ id: String) -> String { String(id.prefix(10)) }

/// `tamis stories`.
func storyLines(_ stories: [StorySummary], now: Instant, for terminal: Terminal) -> [String] {
    var table = Table([
        .init(heading: "id"), .init(heading: "articles", isNumeric: true),
        .init(heading: "first"), .init(heading: "last"), .init(heading: "feeds", isFlexible: true),
        .init(heading: "title", isFlexible: true),
    ])
    for story in stories {
        table.add([
            .init(shortID(story.id.description)), "\(story.size)",
            .init(Plain.when(story.firstSeen, now: now)),
            .init(Plain.when(story.lastSeen, now: now)),
            .init(story.feeds.map(\.text).joined(separator: " ")), .init(story.title),
        ])
    }
    return table.lines(for: terminal)
}

extension SeedStatus {
    /// `tamis seeds`.
    func lines(for terminal: Terminal) -> [String] {
        var lines = [
            "\(articles) documents from \(files) files"
                + (loaded.map { ", read \($0)" } ?? ", not read yet")
        ]
        lines += paths.map { "  \(visible($0))" }
        return lines
            + problems.map { problem in
                let place = visible(problem.path) + (problem.line.map { ":\($0)" } ?? "")
                return terminal.paint("! \(place): \(visible(problem.reason))", .yellow)
            }
    }
}

extension StoredArticle {
    /// `tamis show ID`.
    func lines(for terminal: Terminal) -> [String] {
        let width = min(terminal.columns, 90)
        var lines = wrapped(visible(article.title), into: width).map { terminal.paint($0, .bold) }
        lines += [
            "",
            "id        \(article.id)",
            "verdict   " + terminal.paint(verdict.kind.rawValue, verdict.kind.colour)
                + (verdict.of.map { " of \(told($0))" } ?? ""),
            "novelty   \(Plain.percent(verdict.novelty.share))",
        ]
        if let story = verdict.story { lines.append("story     \(story.id)") }
        if let url = article.url { lines.append("url       \(visible(url.withoutSecrets))") }
        lines.append("from      \(visible(article.origin.sentence))")
        if !article.authors.isEmpty {
            lines.append("authors   \(visible(article.authors.joined(separator: ", ")))")
        }
        if let language = article.language { lines.append("language  \(visible(language))") }
        if let published = article.published { lines.append("published \(published)") }
        lines += ["seen      \(article.seen)", "stored    \(stored)"]
        for paragraph in article.text.split(separator: "\n\n", omittingEmptySubsequences: true) {
            lines.append("")
            lines += wrapped(visible(String(paragraph)), into: width)
        }
        return lines
    }
}

extension Origin {
    /// Where it came from, for people.
    var sentence: String {
        switch self {
        case .feed(let id): "feed \(id)"
        case .seed(let path, let line): "seed \(path)" + (line.map { ":\($0)" } ?? "")
        case .stream(let id): "stream \(id)"
        }
    }
}
