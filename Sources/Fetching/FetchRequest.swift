package import News

/// One document to fetch.
package struct FetchRequest: Sendable {
    /// What the document is for: decides which rules of politeness apply.
    package enum Purpose: String, Sendable {
        /// A feed that the user configured: `robots.txt` is not asked.
        case feed
        /// A page that a feed led to.
        case page
        /// A `robots.txt` itself.
        case robots
        /// The `tdmrep.json` of a page's origin.
        case reservations

        /// Whether it is asked once for all pages of an origin, out of turn.
        var isOfOrigin: Bool { self == .robots || self == .reservations }
    }

    package var url: HTTPURL
    package var purpose: Purpose
    /// What an earlier answer gave; makes the request conditional.
    package var validators: Validators?
    /// Sent to the origin of `url` alone, and before those that stand in it.
    package var credentials: Credentials?

    package init(
        url: HTTPURL, purpose: Purpose, validators: Validators? = nil,
        credentials: Credentials? = nil
    ) {
        self.credentials = credentials
        self.url = url
        self.purpose = purpose
        self.validators = validators
    }
}

extension FetchRequest.Purpose {
    /// Why such a request is sent at all.
    var rule: String {
        switch self {
        case .feed: "a configured feed that is due"
        case .page: "a page that a feed names; robots.txt is not asked"
        case .robots, .reservations: "before the first page of its origin"
        }
    }
}

/// A complete, successful answer.
package struct FetchResponse: Sendable {
    /// What the answer brought.
    package enum Content: Sendable, Equatable {
        /// The document is what the validators stood for (status 304).
        case notModified
        /// The whole body, content coding removed; never empty.
        case body([UInt8])
        /// There was a body, which was read and let go of.
        case bodyRead
    }

    /// Where the answer came from, after redirects.
    package var finalURL: HTTPURL
    package var status: Int
    package var content: Content
    /// The field value of `Content-Type`, as sent.
    package var contentType: String?
    /// For the next request. An answer 304 that names none keeps those that were sent.
    package var validators: Validators
    /// How long the answer stays fresh by its own word, clamped; nil when it says nothing.
    package var maxAge: Duration?
    /// When the server wants to be asked again, clamped; nil when it says nothing.
    package var retryAfter: Instant?
    /// The final address when every hop towards it was permanent (301 or 308).
    package var permanentRedirect: HTTPURL?
    /// Whether the body holds only what is new since the validators were given (status 226).
    package var isDelta = false
    /// What its header reserves (`X-Robots-Tag`, `tdm-reservation`).
    package var reservations: [Reservation] = []
    /// Kept with the body, which counts as long.
    var hold: BodyHold?
    /// Bytes that came over the wire for bodies and header lines, all hops together.
    package var wireBytes: Int

    /// Lets go of the body, where there was one.
    /// - Parameter isCountedOn: what was made of it takes as much memory, and counts in its place
    ///   until this is called again.
    package mutating func dropBody(isCountedOn: Bool = false) {
        if case .body = content { content = .bodyRead }
        if !isCountedOn { hold = nil }
    }
}
