internal import News

// Every request, sent or kept back, is told with the rule that decided it.
extension Fetcher {
    /// Tells of a request that no transfer was begun for.
    nonisolated func withheld(
        _ error: FetchError, _ request: FetchRequest, _ url: HTTPURL
    ) -> FetchError {
        // Ended by us for no reason of politeness: nothing that a publisher would ask about.
        guard error.kind != .cancelled, error.kind != .shutDown else { return error }
        note(
            RequestNote(
                at: now(), host: url.host, url: error.url, purpose: request.purpose.rawValue,
                isSent: false, rule: error.description, outcome: "not sent"))
        return error
    }

    /// Tells of the requests of one transfer: each that a server may have seen, or the one that
    /// never got there.
    nonisolated func note(_ end: TransferEnd, of plan: TransferPlan, rule: String, now: Instant) {
        let began = now.adding(.zero - end.elapsed)
        var told = RequestNote(
            at: began, host: plan.host, url: plan.address, purpose: plan.fields.purpose.rawValue,
            isSent: false, rule: rule, outcome: "not sent", wireBytes: end.wireBytes,
            milliseconds: end.elapsed.milliseconds)
        guard let sent = end.sendings.last else {
            if case .blockedAddress = end.failure {
                told.rule = outcome(of: end)
            } else {
                told.outcome = "not sent: " + outcome(of: end)
            }
            return note(told)
        }
        told.isSent = true
        told.conditions = plan.fields.conditions
        told.isConditional = !told.conditions.isEmpty
        let earlier = end.sendings.earlier
        for (sent, next) in zip(earlier, earlier.dropFirst() + [sent]) {
            var lost = told
            lost.at = began.adding(sent)
            lost.outcome = "no answer came, and it was sent again"
            lost.wireBytes = 0
            lost.milliseconds = (next - sent).milliseconds
            note(lost)
        }
        told.at = began.adding(sent)
        told.status = end.head.status == 0 ? nil : end.head.status
        told.asked = end.head.wishes
        told.outcome = outcome(of: end)
        told.milliseconds = (end.elapsed - sent).milliseconds
        note(told)
    }
}

/// What became of it, in words.
private func outcome(of end: TransferEnd) -> String {
    if let failure = end.failure { return FetchError(failure, url: "").sentence }
    var outcome = ""
    // Of every request: put together in one piece of memory.
    outcome.reserveCapacity(40)
    outcome += "status "
    outcome += String(end.head.status)
    outcome += ", "
    outcome += String(end.body.count)
    outcome += " bytes"
    return outcome
}
