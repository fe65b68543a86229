/// Why a body gave no feed document.
package enum FeedError: Error, Hashable, Sendable {
    /// Nothing but white space.
    case empty
    case tooLarge(bytes: Int, bytesMax: Int)
    /// Gzip data that holds more than is read of so many bytes.
    case expandsTooFar(bytes: Int, expandedBytesMax: Int)
    /// Something else than a feed.
    case notAFeed(OtherDocument)
    /// An HTML page that names no feed either.
    case pageWithoutFeeds
    /// An HTML page that names no feed but those of what its readers say.
    case pageWithCommentsOnly
    /// JSON that breaks off or breaks the grammar (RFC 8259).
    case malformedJSON
    /// JSON nested too deeply to be honest.
    case tooDeep(depthMax: Int)
    /// No `opml` element where a list of feeds was expected.
    case notOPML
}

/// What a body is that is not a feed.
package enum OtherDocument: Hashable, Sendable {
    case htmlPage
    /// XML with another root; the root's name.
    case xml(root: String)
    case opml
    case sitemapIndex
    case soap
    case json
    /// A file format known by its first bytes.
    case file(String)
    /// Text without a single tag.
    case text
    /// Bytes that are no text at all.
    case binary
}

extension FeedError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "the body is empty"
        case .tooLarge(let bytes, let bytesMax):
            "the body has \(bytes) bytes, at most \(bytesMax) are read"
        case .expandsTooFar(let bytes, let expandedBytesMax):
            "the body is \(bytes) bytes of gzip data that hold more than \(expandedBytesMax)"
        case .notAFeed(let other): "\(other.description), not a feed\(other.advice)"
        case .pageWithoutFeeds: "this is an HTML page, not a feed, and it names none"
        case .pageWithCommentsOnly:
            "this is an HTML page, not a feed, and it names none but those of its comments"
        case .malformedJSON: "this is JSON that is cut off or malformed"
        case .tooDeep(let depthMax):
            "this is JSON nested more than \(depthMax) levels deep, not a feed"
        case .notOPML: "this is not an OPML file: it has no <opml> element"
        }
    }
}

extension OtherDocument: CustomStringConvertible {
    package var description: String {
        switch self {
        case .htmlPage: "this is an HTML page"
        case .xml(let root): "this is an XML document with the root <\(root)>"
        case .opml: "this is an OPML list of feeds"
        case .sitemapIndex: "this is an index of sitemaps"
        case .soap: "this is a SOAP message"
        case .json: "this is JSON of another kind"
        case .file(let kind): "this is \(kind)"
        case .text: "this is plain text"
        case .binary: "these are bytes of an unknown kind"
        }
    }

    /// What a person can do about it.
    fileprivate var advice: String {
        switch self {
        case .htmlPage: ": look for its <link rel=alternate>"
        case .opml: ": import it instead"
        case .sitemapIndex: ": take one of the sitemaps that it names"
        case .json: ": a JSON Feed says so in its version"
        case .xml, .soap, .file, .text, .binary: ""
        }
    }
}
