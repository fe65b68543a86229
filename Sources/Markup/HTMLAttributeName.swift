/// The attributes that somebody here asks for.
package enum HTMLAttributeName: String, CaseIterable, Sendable {
    case `class`, id, href, src, content, property, name, itemprop, itemtype, rel, type, datetime
    case lang, role, style, hidden, alt, title, action, width, height, charset, cite, value
    case xmlLang = "xml:lang"
    case ariaHidden = "aria-hidden"
    case httpEquiv = "http-equiv"
    case dataSource = "data-src"
    case dataTestID = "data-testid"
    case dataComponent = "data-component"
    case ariaLabel = "aria-label"
    case shadowRootMode = "shadowrootmode"

    private static let byName = NameTable(allCases.map { ($0.rawValue, $0) })

    /// The attribute of that name, in any letter case; nil for one that nothing here reads.
    package init?(named name: ArraySlice<UInt8>) { self.init(named: name.span) }

    /// The attribute of that name, in any letter case; nil for one that nothing here reads.
    package init?(named name: Span<UInt8>) {
        guard let found = Self.byName.find(name) else { return nil }
        self = found
    }
}
