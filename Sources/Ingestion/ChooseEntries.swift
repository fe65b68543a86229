internal import FeedParsing
internal import Isolation
internal import News

/// An entry that was chosen for work.
struct ChosenEntry: Sendable {
    let named: NamedEntry
    let standing: EntryStanding
    let firstSeen: Instant
    /// Polls in which its page was tried before.
    let attempts: Int

    var entry: Entry { named.entry }

    /// Whether it is unseen, and was published too long ago for its feed.
    func isTooOld(for feed: Feed) -> Bool {
        guard standing == .unseen, let ageMax = feed.entryAgeMax, let published = entry.published
        else { return false }
        return firstSeen.since(published) > ageMax
    }

    /// As it waits for the next poll, and why. `isTried`: whether its page was tried in this one.
    func waiting(because reason: String, isTried: Bool = false) -> FeedState.PendingEntry {
        FeedState.PendingEntry(
            entry: entry, firstSeen: firstSeen, attempts: attempts + (isTried ? 1 : 0),
            lastReason: reason)
    }
}

extension EntryStanding {
    /// Whether its name was never met in its feed.
    var isNew: Bool {
        switch self {
        case .unseen, .knownByAddress, .renamed, .nameless: true
        case .known, .changed: false
        }
    }

    /// Whether its feed had brought the entry before.
    var isFamiliar: Bool {
        switch self {
        case .known, .changed, .renamed: true
        case .unseen, .knownByAddress, .nameless: false
        }
    }
}

extension Sequence<ChosenEntry> {
    /// Bytes of the texts that the feed gives for them.
    var textBytes: Int { reduce(0) { $0 + $1.entry.textBytes } }
}

/// How much of a document its feed had brought before.
struct Familiarity: Sendable {
    /// Entries with different names.
    var total = 0
    var known = 0
    /// The earliest time of publication that an entry claims.
    var oldest: Instant?
}

/// The entries of an answer that are worked on now.
struct ChosenEntries: Sendable {
    private(set) var entries: [ChosenEntry]
    /// False when there were more than one poll takes up now.
    private(set) var isWhole: Bool
    private(set) var familiarity = Familiarity()
    private(set) var naming = NamingTally()
    /// The new names among them, those of entries that share their address apart.
    private(set) var newNames: Set<Alias> = []

    /// Those at the beginning that there is room for: they take it until they are let go of.
    /// - Parameter waiting: so many of them have been held before.
    init(_ entries: [ChosenEntry], waiting: Int, atMost limit: Int, in room: TextRoom) {
        let first = entries.prefix(limit)
        let bytesMax = room.take(first.textBytes, least: first.prefix(waiting).textBytes)
        var bytes = 0
        self.entries = Array(
            first.prefix {
                bytes += $0.entry.textBytes
                return bytes <= bytesMax
            })
        room.giveBack(bytesMax - self.entries.textBytes)
        isWhole = self.entries.count == entries.count
    }

    /// Hands the entries over, so that each can be let go of.
    mutating func takeEntries() -> [ChosenEntry] {
        defer { entries = [] }
        return entries
    }

    /// `waiting` come first. Of the others, new ones are taken up to `newMax`; those beyond it are
    /// quarantined for `day`. Those that are too old for their feed are only noted, after the rest.
    init(
        waiting: [ChosenEntry], _ others: [ChosenEntry], of feed: Feed, atMost limit: Int,
        newMax: Int, day: String, familiarity: Familiarity, in room: TextRoom
    ) {
        var taken = waiting
        var aged: [ChosenEntry] = []
        var beyond: [Entry] = []
        var left = newMax
        for chosen in others {
            if chosen.isTooOld(for: feed) {
                aged.append(chosen)
                continue
            }
            if chosen.standing.isNew {
                guard left > 0 else {
                    beyond.append(chosen.entry)
                    continue
                }
                left -= 1
            }
            taken.append(chosen)
        }
        self.init(taken + aged, waiting: waiting.count, atMost: limit, in: room)
        self.familiarity = familiarity
        let new = entries.dropFirst(waiting.count).filter {
            $0.standing.isNew && !$0.isTooOld(for: feed)
        }
        naming.new = new.count
        newNames = Set(new.filter(\.named.isAloneAtAddress).map(\.named.name.alias))
        if !beyond.isEmpty {
            naming.quarantined = QuarantinedEntries(
                day: day, count: beyond.count,
                samples: beyond.prefix(QuarantinedEntries.samplesMax).map {
                    $0.title ?? $0.keptID ?? $0.link ?? "an entry without a name"
                })
        }
    }

    /// Notes what the names of the document's entries are worth.
    mutating func note(sharedIDs: Int, knownByName: Int) {
        naming.sharedIDs = sharedIDs
        naming.knownByName = knownByName
    }
}

extension Pipeline {
    /// The entries worth work, the oldest first, after those that still wait for their page. One
    /// that was committed just before a crash waits no longer, though the saved state says so.
    func choose(_ document: FeedDocument?, of poll: Poll) async -> ChosenEntries {
        let listed = document?.entries ?? []
        let shared = listed.isEmpty ? nil : await lanes.run { SharedNames(in: listed) }
        let waiting = await stillWaiting(of: poll, besides: listed, shared)
        guard let document else {
            return ChosenEntries(
                waiting, waiting: waiting.count, atMost: options.entriesPerPollMax, in: texts)
        }
        let all = await name(document.entries, shared, of: poll)
        var met = Set(waiting.map(\.named.name.alias))
        let metAgain = all.count { met.contains($0.name.alias) }
        // Feeds list the newest first. Of several entries with one name that one is meant; then
        // what came first is decided first.
        let entries = all.filter { met.insert($0.name.alias).inserted }.reversed() as [NamedEntry]
        let others = await strangers(among: entries, of: poll)
        let knownByName =
            metAgain + entries.count - others.count { $0.standing.isNew }
        var familiarity = Familiarity()
        familiarity.total = metAgain + entries.count
        familiarity.known = familiarity.total - others.count { !$0.standing.isFamiliar }
        familiarity.oldest = document.entries.compactMap(\.published).min()
        let naming = poll.state.naming
        let dayMax = poll.feed.entriesPerDayMax ?? options.entriesPerDayMax
        var chosen = ChosenEntries(
            waiting: waiting, others, of: poll.feed, atMost: options.entriesPerPollMax,
            newMax: max(dayMax - (naming?.newNames(on: poll.began) ?? 0), 0),
            day: poll.began.day, familiarity: familiarity, in: texts)
        chosen.note(
            sharedIDs: shared?.idsCount ?? 0, knownByName: knownByName)
        return chosen
    }

    private func stillWaiting(
        of poll: Poll, besides document: [Entry], _ shared: SharedNames?
    ) async -> [ChosenEntry] {
        let pending = poll.state.pending
        guard !pending.isEmpty else { return [] }
        let own = await name(pending.map(\.entry), asIn: document, shared, of: poll)
        let standings = await ledger.standings(of: own)
        let named = await nameOtherwise(own, in: poll.feed.id)
        return zip(zip(pending, named), standings).compactMap { waiting, standing in
            let (pending, named) = waiting
            return standing == .known
                ? nil
                : ChosenEntry(
                    named: named, standing: standing, firstSeen: pending.firstSeen,
                    attempts: pending.attempts)
        }
    }

    private func name(
        _ entries: [Entry], asIn document: [Entry] = [], _ shared: SharedNames?, of poll: Poll
    ) async -> [NamedEntry] {
        let feed = poll.feed.id
        let trustsIDs = poll.state.naming?.trustsIDs(at: poll.began) ?? true
        return await lanes.run {
            NamedEntry.all(
                of: entries, asIn: document, in: feed, trustingIDs: trustsIDs, shared: shared)
        }
    }

    private func nameOtherwise(_ entries: [NamedEntry], in feed: FeedID) async -> [NamedEntry] {
        await lanes.run {
            entries.map { entry in
                var named = entry
                named.nameOtherwise(in: feed)
                return named
            }
        }
    }

    /// Those that are not known by their names, in their order, with all that they could be known
    /// again by. Only for them is what an entry says read.
    private func strangers(
        among entries: [NamedEntry], of poll: Poll
    ) async -> [ChosenEntry] {
        let feed = poll.feed.id
        let standings = await ledger.standings(of: entries)
        let unknown = zip(entries, standings).filter { $0.1 != .known }
        guard !unknown.isEmpty else { return [] }
        let named = await nameOtherwise(unknown.map(\.0), in: feed)
        let recognised = await ledger.recognise(named, in: feed)
        return zip(zip(named, unknown.map(\.1)), recognised).map { found, recognised in
            let (named, standing) = found
            let canBeRenamed =
                switch standing {
                case .unseen, .knownByAddress: true
                case .known, .changed, .nameless, .renamed: false
                }
            return ChosenEntry(
                named: named, standing: canBeRenamed ? recognised ?? standing : standing,
                firstSeen: poll.began, attempts: 0)
        }
    }
}
