package import News

/// A refusal in the form of RFC 9457, `application/problem+json`.
package struct ControlProblem: Error, Hashable, Sendable, Codable {
    /// The HTTP status.
    package var status: Int
    /// What the status means, in its own words.
    package var title: String
    /// What is wrong here, for a person: a sentence without a full stop.
    package var detail: String
    /// All that is wrong, when it is more than one thing.
    package var problems: [String]?
    /// What an ambiguous prefix could mean.
    package var candidates: [PrefixCandidate]?

    package init(
        status: Int, detail: String, problems: [String]? = nil,
        candidates: [PrefixCandidate]? = nil
    ) {
        self.status = status
        self.title = Self.titles[status] ?? "Error"
        self.detail = detail
        self.problems = problems
        self.candidates = candidates
    }

    private static let titles = [
        400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        409: "Conflict", 422: "Unprocessable Content", 500: "Internal Server Error",
        503: "Service Unavailable",
    ]
}

extension ControlProblem: CustomStringConvertible {
    package var description: String {
        let details = (problems ?? []) + (candidates ?? []).map { "\($0.id)  \($0.title)" }
        guard !details.isEmpty else { return detail }
        return detail + ":\n" + details.map { "  \($0)" }.joined(separator: "\n")
    }
}

/// One thing that an ambiguous prefix could mean.
package struct PrefixCandidate: Hashable, Sendable, Codable {
    package var id: String
    package var title: String

    package init(id: String, title: String) {
        self.id = id
        self.title = title
    }
}

/// What a prefix of an id leads to.
package enum PrefixLookup<Found: Sendable>: Sendable {
    case none
    case one(Found)
    case ambiguous([PrefixCandidate])
    /// A person took the article out.
    case forgotten(ArticleID)
}
