internal import ControlAPI
internal import News

extension StoredArticle {
    /// `tamis why ID`: the verdict in words, then its proof.
    func whyLines(for terminal: Terminal) -> [String] {
        let evidence = verdict.evidence
        let width = min(terminal.columns, 90)
        var lines = [
            terminal.paint(visible(article.title), .bold),
            "is " + terminal.paint(verdict.kind.phrase, verdict.kind.colour)
                + (verdict.of.map { " of “\(visible($0.title))”" } ?? "")
                + " (rule \(visible(evidence.rule)), rule set \(evidence.rules))",
        ]
        if let of = verdict.of {
            lines.append("   \(of.id), \(visible(of.origin.sentence))")
        }
        if let order = evidence.order { lines.append("   " + order.sentence) }
        if evidence.ofVersion != nil { lines.append("   an earlier text of it") }
        lines += markLines + changeLines(width)
        if !evidence.keys.isEmpty {
            lines += ["", "Keys that are equal"]
            lines += evidence.keys.map { "   \(visible($0.name))  \(visible($0.value))" }
        }
        if !evidence.scores.isEmpty {
            lines += ["", "Measured"]
            let width = evidence.scores.map(\.name.count).max() ?? 0
            lines += evidence.scores.map { scoreLine($0, nameWidth: width) }
        }
        if !evidence.shared.isEmpty {
            lines += ["", "In both, the longest first"]
            for passage in evidence.shared.prefix(5) {
                let text = fitted(visible(article.text(in: passage.ours)), into: width - 16)
                lines.append("   \(passage.words) words  “\(text)”")
            }
        }
        if !evidence.runnersUp.isEmpty {
            lines += ["", "Came close"]
            for other in evidence.runnersUp {
                let id = shortID(other.reference.id.description)
                lines.append("   \(id) “\(visible(other.reference.title))”")
                lines.append("      lost because \(visible(other.lostBecause))")
            }
        }
        if let reservations = article.reservations {
            lines += ["", "Reserved by its publisher"]
            lines += reservations.map { "   \(visible($0.description))" }
        }
        return lines + nameLines + storyLines(terminal) + noveltyLine
    }

    /// By what the article is known when it comes again.
    private var nameLines: [String] {
        var lines = article.guid.map { ["   id in the feed  \(visible($0))"] } ?? []
        lines += article.canonicalURL.map { ["   address         \(visible($0.text))"] } ?? []
        lines.append("   words           \(article.contentHash)")
        return ["", "Known by \(article.aliases.count) names, these among them"] + lines
    }

    private var markLines: [String] {
        guard let marks, !marks.isEmpty else { return [] }
        return ["", "Said by hand"]
            + marks.map { "   \($0.relation.rawValue)  \(shortID($0.other.description))" }
    }

    private func changeLines(_ width: Int) -> [String] {
        guard let changes = verdict.changes, !changes.isEmpty else { return [] }
        return ["", "Changed"]
            + changes.map { change in
                let passages = [change.was, change.now].compactMap { $0 }.map {
                    "“\(visible($0))”"
                }
                let kind = change.kind.phrase
                return "   \(kind)" + String(repeating: " ", count: max(1, 17 - kind.count))
                    + fitted(passages.joined(separator: " → "), into: max(20, width - 20))
            }
    }

    private func scoreLine(_ score: Evidence.Score, nameWidth: Int) -> String {
        let name = visible(score.name)
        let padding = String(repeating: " ", count: max(0, nameWidth - name.count))
        let needed = score.threshold.map { "  needed \(Plain.measure($0))" } ?? ""
        let meaning = score.meaning.map { "  (\($0))" } ?? ""
        return "   \(name)\(padding)  \(Plain.measure(score.value))\(needed)\(meaning)"
    }

    private func storyLines(_ terminal: Terminal) -> [String] {
        guard let story = verdict.story else { return [] }
        var lines = ["", "Story \(story.id)"]
        if verdict.of != nil {
            lines.append("   that of its original")
        } else if let nearest = story.nearest {
            lines.append(
                "   joined at \(Plain.score(story.score)), needed \(Plain.score(story.threshold)), "
                    + "nearest “\(visible(nearest.title))”")
        } else {
            lines.append("   starts here")
        }
        if !story.shared.isEmpty {
            lines.append("   shared: \(visible(story.shared.joined(separator: ", ")))")
        }
        if let other = story.runnerUp {
            lines.append(
                "   next best \(shortID(other.id.description)) at \(Plain.score(other.score)): "
                    + visible(other.lostBecause))
        }
        return lines
    }

    private var noveltyLine: [String] {
        let (share, unknown) = (verdict.novelty.share, verdict.novelty.unknown)
        let hint = share > 0 && share < 1 ? " (tamis new shows them)" : ""
        let doubt =
            unknown > 0 ? ", \(Plain.percent(unknown)) unknown: told alike in other words" : ""
        return ["", "Novelty \(Plain.percent(share)) of the words\(doubt)\(hint)"]
    }

    /// `tamis new ID`: only the passages that are held nowhere else; those that may be told
    /// elsewhere in other words say so.
    func newLines(for terminal: Terminal) -> [String] {
        let width = min(terminal.columns, 90)
        var lines = [
            terminal.paint(visible(article.title), .bold),
            "\(Plain.percent(verdict.novelty.share)) of the words are held nowhere else"
                + (verdict.novelty.unknown > 0
                    ? ", of \(Plain.percent(verdict.novelty.unknown)) it is not known" : ""),
        ]
        var skipped: [ArticleID] = []
        for passage in verdict.novelty.passages {
            if let holder = passage.heldBy {
                skipped.append(holder)
                continue
            }
            lines += held(skipped, terminal) + [""]
            skipped = []
            if let like = passage.like {
                let id = shortID(like.description)
                lines.append(terminal.paint("[told alike by \(id), unknown whether new]", .grey))
            }
            for paragraph in article.text(in: passage.range).split(separator: "\n\n") {
                lines += wrapped(visible(String(paragraph)), into: width)
            }
        }
        return lines + held(skipped, terminal) + contradictionLines(terminal)
    }

    private func contradictionLines(_ terminal: Terminal) -> [String] {
        let contradictions = verdict.novelty.contradictions
        guard let first = contradictions.first else { return [] }
        let id = shortID(first.other.id.description)
        return [
            "", terminal.paint("Told otherwise by \(id) “\(visible(first.other.title))”", .bold),
        ]
            + contradictions.map { told in
                "   here “\(visible(article.text(in: told.ours)))”, "
                    + "there “\(visible(told.passage))”"
            }
    }

    private func held(_ holders: [ArticleID], _ terminal: Terminal) -> [String] {
        guard !holders.isEmpty else { return [] }
        var names: [String] = []
        for holder in holders.map({ shortID($0.description) }) where !names.contains(holder) {
            names.append(holder)
        }
        return ["", terminal.paint("[… held by \(names.joined(separator: ", "))]", .grey)]
    }
}

extension Article {
    /// The words of a range; what lies outside of the text is left out.
    func text(in range: TextRange) -> String {
        let (start, end) = (max(0, range.start), range.end)
        guard end > start else { return "" }
        let scalars = text.unicodeScalars
        return String(scalars.dropFirst(start).prefix(end - start))
    }
}

extension Evidence.Order {
    /// Which was first, as far as polls can tell.
    var sentence: String {
        if isCertain { return "first seen by us \(heldSeen), before this one was out" }
        let since = absent.map { "since \($0)" } ?? "for an unknown time"
        return "first seen by us \(heldSeen), this one \(seen); it may have been out \(since), "
            + "so which was first is not certain"
    }
}

extension Evidence.Score {
    /// What was measured, as a person says it; nil for what older rules measured.
    fileprivate var meaning: String? {
        switch name {
        case "containment": "of this, in the other"
        case "coverage": "of the other, in this"
        case "jaccard": "of both together, in both"
        case "overlap": "of one, in the other"
        case "in-step": "of one, in the other in the same order, small changes counted in"
        case "before-closing": "of this without the outlet's last lines, in the other"
        case "in-passages": "of one, in passages that the other has"
        case "shingles": "runs of five words in these passages"
        case "quoted-words": "words in one run"
        case "passage-words": "words in several longer runs"
        case "passage-share": "of the shorter text, in these runs"
        case "given": "of what the text that decided gives, in this earlier one"
        case "held": "of this, held by several"
        case "alignment": "of one, in the other letter by letter"
        case "misread": "of these letters, taken for one of the same looks"
        case "misreads": "letters so taken"
        case "same-figures": "of the figures, the same"
        default: nil
        }
    }
}

extension RevisionChange.Kind {
    /// As a person says it.
    var phrase: String {
        switch self {
        case .correctionNote: "correction note"
        case .headline: "headline"
        case .figure: "figure"
        case .name: "name"
        case .quotation: "quotation"
        case .removal: "taken out"
        case .addition: "added"
        case .wording: "wording"
        }
    }
}

extension Verdict.Kind {
    /// As a person says it.
    fileprivate var phrase: String {
        switch self {
        case .new: "new"
        case .duplicate: "a duplicate"
        case .nearDuplicate: "a near-duplicate"
        case .revision: "a revision"
        case .excerpt: "an excerpt"
        }
    }
}
