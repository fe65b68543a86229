internal import News

// Every request, sent or kept back, is told with the rule that decided it.
extension Fetcher {
    nonisolated func withheld(
        _ error: FetchError, _ request: FetchRequest, _ url: HTTPURL
    ) -> FetchError {
        // Ended by us for no reason of politeness: nothing that a publisher would ask about.
        guard error.kind != .cancelled, error.kind != .shutDown else { return error }
        note(
            RequestNote(
                at: now(), host: url.host, url: error.url, purpose: request.purpose.rawValue,
                isSent: false,
                rule: error.description, isConditional: request.validators?.isEmpty == false,
                outcome: "not sent"))
        return error
    }

    nonisolated func noteSent(
        _ end: TransferEnd, _ request: FetchRequest, host: String, url: String, rule: String,
        now: Instant
    ) {
        var outcome = ""
        if let failure = end.failure {
            outcome = FetchError(failure, url: "").description
        } else {
            // Of every request: put together in one piece of memory.
            outcome.reserveCapacity(40)
            outcome += "status "
            outcome += String(end.head.status)
            outcome += ", "
            outcome += String(end.body.count)
            outcome += " bytes"
        }
        note(
            RequestNote(
                at: now.adding(.zero - end.elapsed), host: host, url: url,
                purpose: request.purpose.rawValue, isSent: true, rule: rule,
                isConditional: request.validators?.isEmpty == false,
                status: end.head.status == 0 ? nil : end.head.status, asked: end.head.wishes,
                outcome: outcome, wireBytes: end.wireBytes,
                milliseconds: end.elapsed.milliseconds))
    }
}
