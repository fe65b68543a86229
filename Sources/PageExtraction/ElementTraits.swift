internal import Markup

/// What an element's attributes say of it, gathered in one walk over them.
struct ElementTraits {
    /// The words of its class, its id and its test names.
    var evidence: ClassEvidence = []
    /// Whether it says that nobody is to see it.
    private(set) var isHidden = false
    /// What its ARIA role makes of it.
    private(set) var role: OmissionReason?

    /// The tree is borrowed, since to keep it is to count a reference to each of its arrays, for
    /// every element of a page.
    init(of node: HTMLTree.Node, in tree: borrowing HTMLTree) {
        let document = tree.bytes
        let bytes = document.span
        for attribute in tree.attributes(of: node) {
            let value = bytes.extracting(attribute.range)
            switch attribute.name {
            case .class, .id, .dataTestID, .dataComponent:
                evidence.formUnion(ClassEvidence(wordsIn: value))
            case .hidden: isHidden = true
            case .ariaHidden:
                if tree.elements[node] != .p, isEqual(value, Words.isTrue) { isHidden = true }
            case .style: if hidesByStyle(value) { isHidden = true }
            case .role: role = Self.reason(ofRole: value)
            default: break
            }
        }
    }

    private static func reason(ofRole role: Span<UInt8>) -> OmissionReason? {
        for (reason, names) in Words.roles {
            for name in names where isEqual(role, name) { return reason }
        }
        return nil
    }
}

private enum Words {
    static let isTrue = Array("true".utf8)
    /// Each a property and its value, without spaces.
    static let hidingStyles = ["display:none", "visibility:hidden"].map { Array($0.utf8) }
    static let roles: [(OmissionReason, [[UInt8]])] = [
        (.navigation, ["navigation", "menu", "menubar", "tablist", "toolbar"]),
        (.footer, ["contentinfo"]), (.aside, ["complementary"]),
        (.form, ["dialog", "alertdialog", "search", "form"]),
    ].map { reason, names in (reason, names.map { Array($0.utf8) }) }
}

/// Whether an inline style keeps its element from view; only its first 300 bytes are read.
private func hidesByStyle(_ style: Span<UInt8>) -> Bool {
    let end = min(style.count, 300)
    for start in 0..<end {
        let first = smallLetter(style[start])
        for mark in Words.hidingStyles where mark[0] == first {
            var index = start
            var matched = 0
            while index < end, matched < mark.count {
                let byte = smallLetter(style[index])
                if byte == mark[matched] {
                    matched += 1
                } else if byte > 0x20 {
                    break
                }
                index += 1
            }
            if matched == mark.count { return true }
        }
    }
    return false
}
