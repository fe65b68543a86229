internal import Markup
package import News

extension FeedText {
    /// The text as HTML that can be shown without harm: no scripts, no event handlers, addresses
    /// absolute; of plain text, HTML that shows it. Empty when nothing is left. Cost: linear.
    package var html: String {
        let written = undoingDoubleEncoding(self.written) ?? self.written
        switch form {
        case .plain:
            var html: [UInt8] = []
            appendEscaped(written.utf8, to: &html)
            return String(decoding: html, as: UTF8.self)
        case .html:
            let bytes = Array(written.utf8)
            guard hasMarkup(bytes, bytes.indices) else { return written }
            let marked = escapingBareLessThan(bytes) { _ in true }
            return cleanedHTML(string(marked[...])) { resolved($0, against: base) }
        }
    }
}
