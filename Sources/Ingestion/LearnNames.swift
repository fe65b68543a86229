package import News

/// What one document tells about the names of its feed's entries.
package struct NamingTally: Hashable, Sendable {
    /// Entries under names that were not known, as far as they were taken up.
    package var new = 0
    /// Entries that were known by their own names.
    package var knownByName = 0
    /// Ids that stand for different entries of the document.
    package var sharedIDs = 0
    /// Entries that the feed had brought before under other names …
    package private(set) var renamed = 0
    /// … and some of them.
    package private(set) var pairs: [RenamedEntries.Pair] = []
    /// What was beyond the day's limit.
    package var quarantined: QuarantinedEntries?

    package init() {}

    /// Counts one that was renamed.
    package mutating func note(_ pair: RenamedEntries.Pair) {
        renamed += 1
        if pairs.count < RenamedEntries.pairsMax { pairs.append(pair) }
    }
}

/// When names are doubted.
package struct NamingLimits: Hashable, Sendable {
    /// Fewer entries under other names are noted one by one, and are no event.
    package var renamedMin: Int
    /// So many offences within `offenceWindow`, and ids are not believed for `distrustTime`.
    package var offencesMax: Int
    package var offenceWindow: Duration
    package var distrustTime: Duration

    package init(
        renamedMin: Int = 3, offencesMax: Int = 3, offenceWindow: Duration = .seconds(7 * 86_400),
        distrustTime: Duration = .seconds(30 * 86_400)
    ) {
        self.renamedMin = renamedMin
        self.offencesMax = offencesMax
        self.offenceWindow = offenceWindow
        self.distrustTime = distrustTime
    }
}

extension EntryNaming {
    /// What became of a feed's names.
    package enum Event: Hashable, Sendable {
        case renamed(RenamedEntries)
        case distrusted(Distrust)
        case quarantined(QuarantinedEntries)
    }

    /// Takes in one document: a move once, distrust when it comes again and again.
    ///
    /// A feed moves to new ids when most entries that it had brought before come under other names.
    /// That is one offence, and so are ids that stand for different entries. `offencesMax` of them
    /// within `offenceWindow`, and entries are named by their addresses.
    package mutating func learn(
        _ tally: NamingTally, limits: NamingLimits = NamingLimits(), at now: Instant
    ) -> [Event] {
        var events: [Event] = []
        newToday = min(newNames(on: now) + tally.new, 1_000_000_000)
        day = now.day
        // Under another rule of ours all names are new once.
        let isJudged = distrust == nil
        if trustsIDs(at: now) { distrust = nil }
        let isMove =
            isJudged && tally.renamed >= limits.renamedMin && tally.renamed >= tally.knownByName
        if isMove {
            let move = RenamedEntries(
                at: now, count: tally.renamed, entries: tally.renamed + tally.knownByName,
                pairs: tally.pairs)
            renamed = move
            events.append(.renamed(move))
        }
        if isJudged, let doubt = doubt(isMove: isMove, tally, limits, now) {
            distrust = doubt
            events.append(.distrusted(doubt))
        }
        if let set = tally.quarantined, quarantined?.day != set.day {
            events.append(.quarantined(set))
        }
        quarantined = tally.quarantined
        return events
    }

    private mutating func doubt(
        isMove: Bool, _ tally: NamingTally, _ limits: NamingLimits, _ now: Instant
    ) -> Distrust? {
        // One id that was given twice says nothing of the others.
        let areShared = tally.sharedIDs > 0 && tally.sharedIDs * 4 >= tally.new + tally.knownByName
        guard isMove || areShared else { return nil }
        offences = offences.filter { $0 <= now && now.since($0) < limits.offenceWindow } + [now]
        guard offences.count >= limits.offencesMax else { return nil }
        offences = []
        return Distrust(
            reason: isMove ? .changing : .shared, since: now, until: now.adding(limits.distrustTime)
        )
    }
}
