internal import News

// What the schedule learns: from the end of a poll, from a start, from a changed configuration.

extension Schedule {
    mutating func finish(
        _ id: FeedID, _ outcome: PollOutcome, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        guard !endOfLeaving(id), var slot = slots[id], slot.isInFlight else { return [] }
        vacate(wasInDoubt: slot.isInDoubt)
        slot.isInFlight = false
        let reports = watchNetwork(id, outcome, now: now, using: &generator)
        var actions: [Action] = []
        switch outcome.result {
        case .storeUnavailable, .abandoned: slot.state.nextPoll = now
        case .deferred(let reason, let until):
            slot.state.lastFailure = reason
            let asked = until ?? now.adding(options.backoff.first)
            slot.state.nextPoll = after(asked, atLeast: .zero, now: now, using: &generator)
            actions = [.save(slot.state)]
        case .failed(let reason, let retry):
            actions = learn(
                reason, retry, outcome.failureClass, into: &slot, now: now, using: &generator)
        case .notModified, .read:
            actions = learn(outcome, into: &slot, now: now, using: &generator)
        }
        if slot.isWanted { slot.state.nextPoll = now }
        put(slot)
        return actions + reports
    }

    // MARK: - Successes

    private func learn(
        _ outcome: PollOutcome, into slot: inout Slot, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        let before = slot.state
        let id = slot.feed.id
        var reports: [Report] = []
        // What failed in an outage alone was not reported as failing.
        if before.failures > 0, before.strain != 0 {
            reports.append(.recovered(id, afterFailures: before.failures))
        }
        slot.state.lastPolled = now
        slot.state.counts.polls += 1
        slot.state.failures = 0
        slot.state.strain = nil
        slot.state.failureClass = nil
        slot.state.lastFailure = nil
        slot.state.parkedUntil = nil
        slot.state.lastSuccess = now
        outcome.update(&slot.state, now: now)
        outcome.cover(&slot.state, now: now)
        if case .gap(let from, let to) = outcome.continuity {
            reports.append(.gap(id, to.since(from)))
        }
        if let report = noteMove(outcome, in: &slot, now: now) { reports.append(report) }
        if let tally = outcome.naming {
            var naming = before.naming ?? EntryNaming()
            reports += naming.learn(tally, limits: options.naming, at: now).map { .naming(id, $0) }
            slot.state.naming = naming
        }
        slot.state.pace = pace(after: outcome, before, slot.feed, now: now, using: &generator)
        slot.state.nextPoll =
            outcome.isCutShort
            ? now
            : quieter(using: &generator) {
                nextPoll(of: slot, maxAge: outcome.maxAge, now: now, using: &$0)
            }
        return [.save(slot.state)] + reports.map { .report($0) }
    }

    /// The first answer of a feed teaches nothing: all of it is new to us alone.
    private func pace(
        after outcome: PollOutcome, _ before: FeedState, _ feed: Feed, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> Pace? {
        let limits = options.limits(of: feed)
        let present = before.pace ?? Pace(intervalSeconds: feed.interval.components.seconds)
        guard let last = before.lastSuccess, last <= now else { return present }
        var answer = Freshening(known: 0, total: 0, since: now.since(last))
        if case .read(let tally) = outcome.result {
            answer.total = tally.entries
            answer.known = tally.known
            if outcome.isDelta {
                answer.total = max(present.window, tally.entries)
                answer.known = answer.total - tally.entries
            }
        }
        // Thousands of quiet feeds that were added together would else slow down in step, and come
        // together once a day.
        let growth = Double(Int.random(in: 160...240, using: &generator)) / 100
        return present.adapted(to: answer, in: limits, growth: growth)
    }

    /// The pace, not less than server and document ask for, not in hours without news; entries that
    /// wait for their page do not wait for a publisher's wish.
    private func nextPoll(
        of slot: Slot, maxAge: Duration?, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> Instant {
        let (state, limits) = (slot.state, options.limits(of: slot.feed))
        let isFixed = limits.lowerBound == limits.upperBound
        let paced =
            isFixed
            ? limits.lowerBound
            : state.pace.map { .seconds($0.intervalSeconds) } ?? slot.feed.interval
        // Feeds that were added together would else come together for days, as their paces grow.
        let wait =
            isFixed
            ? jittered(paced, using: &generator)
            : spread(paced, in: limits, using: &generator)
        guard state.pending.isEmpty else {
            return now.adding(min(wait, jittered(slot.feed.interval, using: &generator)))
        }
        // Publishers misdeclare freshness: what they ask for counts only up to a limit.
        let wish = max(
            maxAge ?? .zero, .seconds(state.hints?.updateIntervalSeconds ?? 0))
        let asked = jittered(min(wish, options.hintMax), using: &generator)
        let next = now.adding(max(wait, asked))
        guard let hints = state.hints else { return next }
        let welcome = hints.firstWelcome(from: next, within: options.hintMax)
        // Else all who skip the same hours would come in the same second.
        let late = min(welcome.since(next), .seconds(600)).milliseconds
        return late > 0
            ? welcome.adding(.milliseconds(Int64.random(in: 0...late, using: &generator)))
            : next
    }

    /// A permanent redirect is believed after repeated sightings, over a day at least, and only
    /// when what stands there continues what the old address gave.
    private func noteMove(
        _ outcome: PollOutcome, in slot: inout Slot, now: Instant
    ) -> Report? {
        if var move = slot.state.move, move.isAdopted {
            move.failures = 0
            // The new address moves on: the chain is followed from the configured one again.
            slot.state.move = outcome.permanentRedirect == nil ? move : nil
            return nil
        }
        guard let target = outcome.permanentRedirect, target != slot.feed.url else {
            slot.state.move = nil
            return nil
        }
        guard var move = slot.state.move, move.target == target else {
            slot.state.move = FeedMove(target: target, firstSeen: now)
            return nil
        }
        move.sightings = min(move.sightings + 1, 1_000_000)
        let isProven =
            move.sightings >= options.moveSightingsMin
            && now.since(move.firstSeen) >= options.moveAgeMin
            && outcome.continuity == .overlapping
        move.isAdopted = isProven
        slot.state.move = move
        return isProven ? .moved(slot.feed.id, to: target) : nil
    }

    // MARK: - Failures

    private func learn(
        _ reason: String, _ retry: PollOutcome.Retry, _ kind: FailureClass,
        into slot: inout Slot, now: Instant, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        let before = slot.state
        let id = slot.feed.id
        slot.state.lastPolled = now
        slot.state.counts.polls += 1
        slot.state.counts.failures += 1
        slot.state.failures = min(before.failures + 1, 1_000_000)
        let isOurs = outage.isOn && kind.mayBeOurs
        slot.state.strain = min(
            (before.strain ?? before.failures) + (isOurs ? 0 : kind.weight), 1_000_000)
        slot.state.lastFailure = reason
        slot.state.failureClass = kind
        var reports: [Report] = []
        // While this side is cut off, an address says nothing about itself.
        if !isOurs, let report = noteFailureOfMove(in: &slot) { reports.append(report) }
        let isParked = (slot.state.strain ?? 0) >= options.backoff.failuresBeforeParking
        let next = afterFailure(
            retry, kind, of: slot, isParked: isParked, now: now, using: &generator)
        slot.state.nextPoll = next
        if isParked {
            slot.state.parkedUntil = next
            if before.parkedUntil == nil {
                reports.append(.parked(id, until: next, reason: reason))
            }
        } else if !isOurs, before.failures == 0 || before.lastFailure != reason {
            reports.append(.failing(id, reason: reason))
        }
        return [.save(slot.state)] + reports.map { .report($0) }
    }

    private func noteFailureOfMove(in slot: inout Slot) -> Report? {
        guard var move = slot.state.move, move.isAdopted else { return nil }
        move.failures += 1
        guard move.failures >= options.moveFailuresMax else {
            slot.state.move = move
            return nil
        }
        slot.state.move = nil
        return .movedBack(slot.feed.id, from: move.target)
    }

    /// Trouble that passes by itself is asked about soon, and doubles; an answer that says "not
    /// here" waits for the feed's own interval at least.
    private func afterFailure(
        _ retry: PollOutcome.Retry, _ kind: FailureClass, of slot: Slot, isParked: Bool,
        now: Instant, using generator: inout some RandomNumberGenerator
    ) -> Instant {
        let backoff = options.backoff
        let interval = min(slot.feed.interval, backoff.longest)
        let delay =
            isParked
            ? max(backoff.parkedInterval, interval)
            : backoff.delay(
                failures: slot.state.failures,
                from: kind.isPassing ? backoff.first : max(backoff.first, interval))
        if outage.isOn, kind.mayBeOurs, !isParked {
            let wait = outage.wait(atLeast: delay, atMost: backoff.longest, now: now)
            return now.adding(.milliseconds(Int64.random(in: wait, using: &generator)))
        }
        let next = now.adding(jittered(delay, using: &generator))
        guard case .after(let asked) = retry else { return next }
        return after(asked, atLeast: interval, now: now, using: &generator)
    }

    /// A time that a server asked for: never before it, at least `least` and at most `waitMax` from
    /// now, with a tenth of the wait as jitter, a minute or more, so that the feeds of one host do
    /// not come back together.
    private func after(
        _ asked: Instant, atLeast least: Duration, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> Instant {
        let wait = min(max(asked.since(now), least), options.waitMax)
        let jitter = min(max(wait.milliseconds / 10, 1000), 3_600_000)
        return now.adding(wait).adding(
            .milliseconds(Int64.random(in: 0...jitter, using: &generator)))
    }

    // MARK: - Starting

    func starting(
        _ feed: Feed, known: FeedState?, spread: Duration, now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> FeedState {
        // Another address is another feed document: its validators and hashes mean nothing here.
        var state =
            known.flatMap { $0.url == feed.url ? $0 : nil }
            ?? FeedState(id: feed.id, url: feed.url)
        let spread = min(spread, feed.interval).milliseconds
        let first = now.adding(
            .milliseconds(Int64.random(in: 0...max(spread, 0), using: &generator)))
        // A saved deadline far ahead tells of a clock that was wrong, or of a longer interval.
        let longest = max(
            options.limits(of: feed).upperBound, options.waitMax,
            state.failures > 0 ? options.backoff.parkedInterval : .zero)
        state.nextPoll = min(max(state.nextPoll ?? first, now), now.adding(longest * 11 / 10))
        return state
    }

    mutating func configure(
        _ feeds: [Feed], now: Instant, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        var actions: [Action] = []
        let wanted = Set(feeds.map(\.id))
        for id in slots.keys.sorted() where !wanted.contains(id) {
            drop(id)
            actions.append(.forget(id))
        }
        let added = feeds.count { slots[$0.id]?.feed.url != $0.url }
        let spread = options.spread(of: added)
        for feed in feeds {
            guard var slot = slots[feed.id], slot.feed.url == feed.url else {
                drop(feed.id)
                put(
                    Slot(
                        feed: feed,
                        state: starting(
                            feed, known: nil, spread: spread, now: now, using: &generator)))
                continue
            }
            guard slot.feed != feed else { continue }
            let before = slot.feed
            slot.feed = feed
            if options.limits(of: before) != options.limits(of: feed)
                || before.interval != feed.interval
            {
                slot.state.pace = nil
            }
            let soonest = now.adding(feed.interval)
            if slot.state.failures == 0, let next = slot.state.nextPoll, next > soonest {
                slot.state.nextPoll = soonest
            }
            put(slot)
        }
        return actions
    }
}
