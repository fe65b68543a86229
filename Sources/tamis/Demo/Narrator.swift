internal import Ingestion
internal import News
internal import Synchronization

/// Tells what happens while it happens, one line a decision.
final class Narrator: Sendable {
    private let terminal: Terminal
    private let port: Int
    private let heard = Mutex<[Record]>([])

    init(terminal: Terminal, port: Int) {
        self.terminal = terminal
        self.port = port
    }

    /// Every record so far, in the order decided.
    var records: [Record] { heard.withLock { $0 } }

    func hear(_ event: IngestionEvent) {
        switch event {
        case .decided(let record):
            heard.withLock { $0.append(record) }
            tell(line(for: record))
        case .polled(let feed, let outcome, _):
            switch outcome.result {
            case .notModified: tell("  \(column(feed.text))  nothing changed since the last poll")
            case .failed(let reason, _):
                tell(
                    "  \(column(feed.text))  " + terminal.paint("failed: \(visible(reason))", .red))
            case .deferred(let reason, _):
                tell("  \(column(feed.text))  put off: \(visible(reason))")
            case .read, .storeUnavailable, .abandoned: break
            }
        case .documentDamaged(let feed, let damage):
            tell(
                "  \(column(feed.text))  "
                    + terminal.paint("damaged: \(visible(damage.joined(separator: "; ")))", .yellow)
            )
        case .feedFound(let feed, let candidate, _):
            let address = visible(candidate.url.withoutSecrets)
            tell("  \(column(feed.text))  found on its page: \(address)")
        case .seedProblem(let problem): tell("  seed set aside: \(visible(problem))")
        default: break
        }
    }

    private func line(for record: Record) -> String {
        let feed = "  \(column(record.feed?.text ?? ""))  "
        switch record.body {
        case .article(let article, let verdict), .revision(let article, let verdict):
            return feed + told(verdict) + visible(article.title) + consequence(verdict)
        case .sighting(let sighting):
            return feed + told(sighting.verdict) + visible(sighting.title)
                + consequence(sighting.verdict)
        case .rejection(let rejected):
            return feed + terminal.paint(padded("rejected"), .red) + visible(rejected.title)
                + terminal.paint(" — \(visible(rejected.reason.description))", .grey)
        case .correction(let mark):
            return feed + terminal.paint(padded("marked"), .grey)
                + "\(shortID(mark.id.description)) \(mark.relation.rawValue) "
                + shortID(mark.other.description)
        case .tombstone(let tombstone):
            return feed + terminal.paint(padded("forgotten"), .grey)
                + shortID(tombstone.id.description)
        }
    }

    private func told(_ verdict: Verdict) -> String {
        terminal.paint(padded(verdict.kind.rawValue), verdict.kind.colour)
    }

    private func consequence(_ verdict: Verdict) -> String {
        if let of = verdict.of {
            return terminal.paint(
                " — of “\(fitted(visible(of.title), into: 40))” by \(verdict.evidence.rule)", .grey)
        }
        if let nearest = verdict.story?.nearest {
            return terminal.paint(
                " — same story as “\(fitted(visible(nearest.title), into: 40))”", .grey)
        }
        return ""
    }

    private func padded(_ word: String) -> String {
        word + String(repeating: " ", count: max(1, 15 - word.utf8.count))
    }

    private func column(_ name: String) -> String {
        name + String(repeating: " ", count: max(0, 10 - name.utf8.count))
    }

    /// A line that nobody reads any more is no reason to stop.
    private func tell(_ line: String) {
        try? terminal.line(fitted(line, into: terminal.columns + (terminal.hasColour ? 40 : 0)))
    }
}

/// Whether the decisions are those that the newsroom's authors meant.
struct DemoReview {
    private struct Finding {
        let article: NewsroomArticle
        let outlet: NewsroomOutlet
        let found: String
        let isAsMeant: Bool
    }

    private let findings: [Finding]

    init(of records: [Record], port: Int) {
        let names = PlaceNames(port: port)
        findings = (1...2).flatMap { round in
            Newsroom.expectations(at: round).map { outlet, article in
                // A later version of an entry has its record after that of the former.
                let met = records.filter {
                    $0.feed?.text == outlet.key && $0.title == article.title
                }
                let record = met.last
                return Finding(
                    article: article, outlet: outlet, found: record?.finding ?? "not read",
                    isAsMeant: names.agrees(record, with: article.expectation, among: records))
            }
        }
    }

    var isAsMeant: Bool { findings.allSatisfy(\.isAsMeant) }

    func lines(for terminal: Terminal) -> [String] {
        let agreed = findings.filter(\.isAsMeant).count
        var lines = [
            "",
            "\(agreed) of \(findings.count) entries were decided as the newsroom's authors meant.",
        ]
        for finding in findings where !finding.isAsMeant {
            lines.append(
                terminal.paint(
                    "  \(finding.outlet.key): “\(visible(finding.article.title))” was meant to be "
                        + "\(finding.article.expectation), and is \(finding.found)", .yellow))
        }
        return lines
    }
}

/// Addresses and seeds by the names that expectations use: `outlet:path`, `seed:name`.
private struct PlaceNames {
    let port: Int

    func agrees(
        _ record: Record?, with expectation: Expectation, among records: [Record]
    ) -> Bool {
        switch expectation {
        case .lost: return record == nil
        case .rejected:
            guard case .rejection = record?.body else { return false }
            return true
        case .new: return record?.verdict?.kind == .new
        case .story(let other):
            guard let verdict = record?.verdict, verdict.kind == .new else { return false }
            let mate = records.first { $0.articleAndVerdict.map { name(of: $0.article) } == other }
            return mate?.verdict?.story?.id == verdict.story?.id && verdict.story != nil
        case .duplicate(let of), .nearDuplicate(let of), .revision(let of), .excerpt(let of):
            guard let verdict = record?.verdict, let found = verdict.of else { return false }
            return verdict.kind == expectation.kind && name(of: found) == of
        }
    }

    private func name(of article: Article) -> String? { name(article.origin, article.url) }
    private func name(of reference: Reference) -> String? { name(reference.origin, reference.url) }

    private func name(_ origin: Origin, _ url: HTTPURL?) -> String? {
        if case .seed(let path, _) = origin {
            return "seed:" + (path.split(separator: "/").last ?? "")
        }
        guard let url, let outlet = Newsroom.outlets.first(where: { $0.host == url.host }) else {
            return nil
        }
        return "\(outlet.key):\(url.path)"
    }
}

extension Record {
    fileprivate var title: String {
        switch body {
        case .article(let article, _), .revision(let article, _): article.title
        case .sighting(let sighting): sighting.title
        case .rejection(let rejected): rejected.title
        case .correction, .tombstone: ""
        }
    }

    fileprivate var finding: String {
        guard let verdict else { return "rejected" }
        return verdict.kind.rawValue + (verdict.of.map { " of “\(visible($0.title))”" } ?? "")
    }
}
