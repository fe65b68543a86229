internal import Markup

/// Where the few elements stand that metadata is read from, found in one walk over the page.
struct ElementIndex {
    /// The first of each.
    private(set) var root: HTMLTree.Node?
    private(set) var title: HTMLTree.Node?
    private(set) var base: HTMLTree.Node?
    /// `h1` and `h2`, in order.
    private(set) var headings: [HTMLTree.Node] = []
    private(set) var metas: [HTMLTree.Node] = []
    private(set) var links: [HTMLTree.Node] = []
    private(set) var scripts: [HTMLTree.Node] = []

    /// More of one kind say no more of the page.
    private static let listMax = 1_000

    init(_ tree: HTMLTree) {
        for node in tree.nodes where !tree.isText(node) {
            switch tree.elements[node] {
            case .html: root = root ?? node
            case .title: title = title ?? node
            case .base: base = base ?? node
            case .h1, .h2: if headings.count < Self.listMax { headings.append(node) }
            case .meta: if metas.count < Self.listMax { metas.append(node) }
            case .link: if links.count < Self.listMax { links.append(node) }
            case .script: if scripts.count < Self.listMax { scripts.append(node) }
            default: break
            }
        }
    }
}
