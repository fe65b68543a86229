internal import FeedParsing
internal import Fetching
internal import News

// A site's address is enough in the configuration: where a page stands in place of a feed, the feed
// that it names is polled, and remembered in the feed's state. A found feed that is one no longer
// is looked for anew, in the same poll. Found addresses pass the same checks as redirects do: they
// go through the fetcher like any other.

/// What an answer came to.
struct FeedReading: Sendable {
    /// The answer whose validators and freshness count from now on.
    var answer: FetchResponse
    /// Of its body; nil when it had none.
    var bodyDigest: Digest?
    /// nil when it is the document that was read before.
    var document: FeedDocument?
    var found: FeedState.Found?
    var sitemaps: SitemapMemory?
    /// False when more is wanted than was read.
    var isWhole = true

    /// Lets go of what takes memory, when all that is wanted of it was taken.
    mutating func letGo() {
        document = nil
        answer.dropBody()
    }
}

extension Poll {
    /// The poll to make instead, from the configured address, when the feed that was found there
    /// turned out to be one no longer; nil for any other failure.
    func searching(because failure: PollFailure) -> Poll? {
        guard state.found != nil else { return nil }
        switch failure {
        case .fetch(let error):
            guard error.kind == .status(404) || error.kind == .status(410) else { return nil }
        case .unreadable(.notAFeed), .unreadable(.pageWithoutFeeds): break
        case .unreadable, .damaged, .ledger: return nil
        }
        var state = state
        state.found = nil
        state.validators = Validators()
        state.bodyDigest = nil
        state.sitemaps = nil
        return Poll(feed: feed, state: state, isConditional: false, began: began)
    }
}

extension Pipeline {
    /// Fetches the feeds that a page names, the best first, until one is a feed. One that cannot be
    /// had today may be had tomorrow: it does not give way to a lesser one for good.
    func follow(
        _ candidates: [FeedCandidate], of poll: Poll
    ) async throws(PollFailure) -> FeedReading {
        // The found feed turned into a page: whether its site names another is to be asked there.
        guard poll.state.found == nil else { throw .unreadable(.notAFeed(.htmlPage)) }
        let candidates = candidates.filter { $0.rank != .comments }
        var first: PollFailure?
        for candidate in candidates.prefix(options.candidatesTriedMax) {
            do throws(PollFailure) {
                let url = candidate.url.sharingCredentials(of: poll.feed.url)
                var answer = try await fetch(url, for: poll.feed)
                guard case .body(let body) = answer.content,
                    case .document(let document) = try await parse(body, of: answer, for: poll)
                else { continue }
                answer.dropBody(isCountedOn: true)
                let rivals = candidates.count { $0.rank == candidate.rank } - 1
                report(.feedFound(poll.feed.id, candidate, rivals: rivals))
                return FeedReading(
                    answer: answer, bodyDigest: Digest(of: body), document: document,
                    found: FeedState.Found(url: candidate.url, at: poll.began))
            } catch {
                guard error.isFinal else { throw error }
                first = first ?? error
            }
        }
        if candidates.isEmpty { throw .unreadable(.pageWithCommentsOnly) }
        throw first ?? .unreadable(.notAFeed(.htmlPage))
    }
}

extension PollFailure {
    /// Whether asking again would tell the same.
    fileprivate var isFinal: Bool {
        switch self {
        case .unreadable: true
        case .damaged, .ledger: false
        case .fetch(let error):
            switch error.kind {
            case .status(408), .status(425), .status(429): false
            case .status(400...499), .blockedAddress, .badRedirect, .tooManyRedirects,
                .bodyTooLarge, .certificate:
                true
            default: false
            }
        }
    }
}
