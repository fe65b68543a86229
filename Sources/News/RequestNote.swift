/// One request that was sent, or deliberately not sent: a line of the request ledger, to show a
/// publisher what was asked of his servers and why.
package struct RequestNote: Hashable, Sendable, Codable {
    /// When it was sent; of one that was not, when it was kept back or its way there began.
    package var at: Instant
    package var host: String
    /// Without credentials and fragment.
    package var url: String
    /// `feed`, `page`, or of a file for all pages of an origin `robots`, `reservations`.
    package var purpose: String
    /// Whether it went out to the server; `outcome` says what was in its way.
    package var isSent: Bool
    /// Which rule let it go, or kept it back.
    package var rule: String
    /// Whether validators were sent.
    package var isConditional: Bool
    /// The field lines of the request that made it conditional: validators, and what manner of
    /// answer was asked for by them (`A-IM`).
    package var conditions: [String]
    /// The status of the answer; nil when there was none.
    package var status: Int?
    /// What the server asked for: `Retry-After`, `Cache-Control`, reservations, as it wrote them.
    package var asked: [String]
    /// What became of it, a sentence.
    package var outcome: String
    /// Header lines and body as they came over the wire.
    package var wireBytes: Int
    /// From `at` until it ended.
    package var milliseconds: Int64

    /// - Parameter url: See `HTTPURL.withoutSecrets`.
    package init(
        at: Instant, host: String, url: String, purpose: String, isSent: Bool, rule: String,
        conditions: [String] = [], status: Int? = nil, asked: [String] = [], outcome: String,
        wireBytes: Int = 0, milliseconds: Int64 = 0
    ) {
        self.at = at
        self.host = host
        self.url = url
        self.purpose = purpose
        self.isSent = isSent
        self.rule = rule
        isConditional = !conditions.isEmpty
        self.conditions = conditions
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
        case conditions, status, asked, outcome
        case wireBytes = "wire_bytes"
        case milliseconds
    }
}

extension RequestNote {
    /// Lines that were written before `conditions` were kept have none.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            at: try fields.decode(Instant.self, forKey: .at),
            host: try fields.decode(String.self, forKey: .host),
            url: try fields.decode(String.self, forKey: .url),
            purpose: try fields.decode(String.self, forKey: .purpose),
            isSent: try fields.decode(Bool.self, forKey: .isSent),
            rule: try fields.decode(String.self, forKey: .rule),
            conditions: try fields.decodeIfPresent([String].self, forKey: .conditions) ?? [],
            status: try fields.decodeIfPresent(Int.self, forKey: .status),
            asked: try fields.decode([String].self, forKey: .asked),
            outcome: try fields.decode(String.self, forKey: .outcome),
            wireBytes: try fields.decode(Int.self, forKey: .wireBytes),
            milliseconds: try fields.decode(Int64.self, forKey: .milliseconds))
        isConditional = try fields.decode(Bool.self, forKey: .isConditional)
    }
}
