internal import Markup

/// Which parts of a page speak of its article, so that the names and days in them are the
/// article's: comments, menus and teasers name others.
struct HeadlineSurroundings {
    let tree: HTMLTree
    let marks: FurnitureMarks
    let headline: HTMLTree.Node?

    /// Nodes before and after the headline that count as being about it.
    private static let nodesBefore = 60
    private static let nodesAfter = 250
    /// A line with an author or a day is short.
    static let lineBytesMax = 120
    static let lineNodesMax = 40

    /// The nodes about the headline; none without a headline.
    var lines: Range<HTMLTree.Node> {
        guard let headline else { return 0..<0 }
        let end = min(tree.count, tree.end(of: headline) + Self.nodesAfter)
        return max(1, headline - Self.nodesBefore)..<end
    }

    /// How sure an element is to speak of its article, by what it says of itself.
    enum Trust { case anyText, byline, declared }

    /// Whether a node stands in a part of the page that speaks of other things. What an element
    /// declares is believed in footers and bars too: many articles end in one.
    func isElsewhere(_ node: HTMLTree.Node, trust: Trust = .anyText) -> Bool {
        func speaksOfOthers(_ node: HTMLTree.Node) -> Bool {
            switch marks.reason(of: node) {
            case .comments, .related, .advertisement, .form, .signUp, .consent, .machinery: true
            case .aside: trust != .declared
            case .navigation: trust != .declared || tree.elements[node] == .nav
            case .footer:
                trust == .anyText
                    || trust == .byline
                        && (tree.parent(of: node).map { tree.elements[$0] == .body } ?? true)
            default: tree.elements[node] == .label
            }
        }
        return speaksOfOthers(node) || tree.ancestors(of: node).contains(where: speaksOfOthers)
    }
}
