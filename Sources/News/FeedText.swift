/// A text of a feed document as its publisher wrote it, out of its envelope: character references
/// of the envelope decoded, CDATA and base64 opened (RFC 4287, section 3.1; RSS `description`).
///
/// It is untrusted. HTML is kept as written, scripts, relative addresses and all, because most
/// entries of most answers are known already and are never looked at again. `FeedParsing` makes
/// clean HTML of it when somebody wants to read it.
package struct FeedText: Hashable, Sendable {
    /// What the text's characters mean.
    package enum Form: String, Hashable, Sendable, Codable {
        /// What it says it is. `<` and `&` stand for themselves.
        case plain
        case html
    }

    /// Valid UTF-8, without control characters other than tab and newline; not empty.
    package let written: String
    package let form: Form
    /// What relative addresses in it are resolved against; nil when nothing says it.
    package let base: HTTPURL?

    /// `written` is what the publisher wrote, bounded and clean of control characters.
    package init(_ written: String, form: Form, base: HTTPURL? = nil) {
        self.written = written
        self.form = form
        self.base = base
    }
}
