/// One request that was sent, or deliberately not sent: a line of the request ledger, to show a
/// publisher what was asked of his servers and why.
package struct RequestNote: Hashable, Sendable, Codable {
    /// When it was sent, or would have been.
    package var at: Instant
    package var host: String
    /// Without credentials and fragment.
    package var url: String
    /// `feed`, `page`, or of a file for all pages of an origin `robots`, `reservations`.
    package var purpose: String
    package var isSent: Bool
    /// Which rule let it go, or kept it back.
    package var rule: String
    /// Whether validators were sent.
    package var isConditional: Bool
    /// The status of the answer; nil when there was none.
    package var status: Int?
    /// What the server asked for: `Retry-After`, `Cache-Control`, reservations, as it wrote them.
    package var asked: [String]
    /// What became of it, a sentence.
    package var outcome: String
    /// Header lines and body as they came over the wire.
    package var wireBytes: Int
    package var milliseconds: Int64

    /// - Parameter url: See `HTTPURL.withoutSecrets`.
    package init(
        at: Instant, host: String, url: String, purpose: String, isSent: Bool, rule: String,
        isConditional: Bool, status: Int? = nil, asked: [String] = [], outcome: String,
        wireBytes: Int = 0, milliseconds: Int64 = 0
    ) {
        self.at = at
        self.host = host
        self.url = url
        self.purpose = purpose
        self.isSent = isSent
        self.rule = rule
        self.isConditional = isConditional
        self.status = status
        self.asked = asked
        self.outcome = outcome
        self.wireBytes = wireBytes
        self.milliseconds = milliseconds
    }

    enum CodingKeys: String, CodingKey {
        case at, host, url, purpose
        case isSent = "is_sent"
        case rule
        case isConditional = "is_conditional"
        case status, asked, outcome
        case wireBytes = "wire_bytes"
        case milliseconds
    }
}
