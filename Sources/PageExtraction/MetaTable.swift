internal import Markup

/// A page's `meta` elements: name, property, `itemprop` or `http-equiv`, in small letters, to the
/// first content that has it.
struct MetaTable {
    private var contents: [String: String] = [:]

    init(_ tree: HTMLTree, _ nodes: [HTMLTree.Node]) {
        for node in nodes {
            guard
                let content = tree.attribute(.content, of: node) ?? tree.attribute(.value, of: node)
            else { continue }
            for attribute in tree.attributes(of: node) {
                switch attribute.name {
                case .property, .name, .itemprop, .httpEquiv:
                    let key = String(decoding: tree.bytes[attribute.range], as: UTF8.self)
                        .lowercased()
                    if contents[key] == nil { contents[key] = content }
                default: break
                }
            }
        }
    }

    subscript(_ name: String) -> String? { contents[name] }

    /// The first of those names that is there, as plain text.
    func text(_ names: [String]) -> String? {
        for name in names {
            if let value = contents[name] { return plainText(ofHTML: value) }
        }
        return nil
    }

    /// The first of those names that holds a date.
    func date(_ names: [String]) -> PageDate? {
        for name in names {
            if let date = contents[name].flatMap(pageDate) { return date }
        }
        return nil
    }
}
