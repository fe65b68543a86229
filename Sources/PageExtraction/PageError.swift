/// Why a body is no page.
package enum PageError: Error, Hashable, Sendable {
    /// The body is larger than one page may be.
    case tooLarge(bytes: Int, bytesMax: Int)
    /// The body has no bytes.
    case noBytes
    /// What the server or the first bytes call it: `application/pdf`, `an image`, …
    case notHTML(what: String)
}

extension PageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let bytes, let bytesMax):
            "the page has \(bytes) bytes, at most \(bytesMax) are read"
        case .noBytes: "the answer has no bytes"
        case .notHTML(let what): "not an HTML page but \(what)"
        }
    }
}
