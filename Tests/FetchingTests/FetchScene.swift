import Fetching
import News
import Synchronization
import TestSupport
import Testing

/// A clock that stands still at noon until time is let pass.
final class SceneTime: Sendable {
    private let instant = Mutex(FetchScene.noon)
    var now: Instant { instant.withLock { $0 } }

    func pass(_ span: Duration) { instant.withLock { $0 = $0.adding(span) } }
}

/// A fetcher without spacing or patience, and the questions that tests put to it.
struct FetchScene {
    static let noon = Instant(millisecondsSince1970: 1_795_348_800_000)
    let time = SceneTime()
    let fetcher: Fetcher

    /// By default the host `127.0.0.1` may be private, and nothing else.
    init(_ change: (inout FetchOptions) -> Void = { _ in }) {
        var options = FetchOptions()
        options.hostSpacing = .zero
        options.allowedPrivateHosts = ["127.0.0.1"]
        change(&options)
        fetcher = Fetcher(options: options, now: { [time] in time.now })
    }

    func fetch(
        _ url: String, _ purpose: FetchRequest.Purpose = .feed, validators: Validators? = nil
    ) async throws -> FetchResponse {
        let url = try #require(HTTPURL(url))
        return try await fetcher.fetch(
            FetchRequest(url: url, purpose: purpose, validators: validators))
    }

    /// Fetches what must fail, and gives the reason.
    func failure(
        of url: String, _ purpose: FetchRequest.Purpose = .feed,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> FetchError {
        let error = await #expect(throws: FetchError.self, sourceLocation: sourceLocation) {
            _ = try await fetch(url, purpose)
        }
        return try #require(error)
    }
}

extension FetchResponse {
    /// The body as text; nil when there is none.
    var text: String? {
        guard case .body(let bytes) = content else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension FetchError {
    /// Whether a rule of `robots.txt` forbids it, and says which.
    var isDisallowed: Bool {
        if case .disallowedByRobots(let rule) = kind {
            rule.hasPrefix("Disallow: /")
        } else {
            false
        }
    }
}
