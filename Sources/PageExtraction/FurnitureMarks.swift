internal import Markup

/// Why an element is furniture, by its tag, its role and the words of its class. The spellings are
/// stable: tests and people read them.
enum OmissionReason: String, Sendable {
    /// Not text at all: scripts, styles, frames, controls.
    case machinery
    case navigation, footer, aside, comments, related, advertisement, share, caption, byline, tags
    case hidden, consent, form, paywall
    case signUp = "sign-up"
}

/// Which elements of a page are furniture, and what the words of their classes say.
///
/// An element that holds most of the page's prose is never furniture because of a class or role: a
/// `body class="has-sidebar"` is no sidebar.
struct FurnitureMarks {
    /// What the class words say, per node.
    private(set) var evidence: [ClassEvidence]
    private var reasons: [OmissionReason?]

    /// How much is believed: all evidence; tags and roles, not class names; of a feed entry's
    /// body, all but what only a whole page tells.
    enum Strictness { case full, tagsOnly, fragment }

    func reason(of node: HTMLTree.Node) -> OmissionReason? { reasons[node] }

    init(_ tree: HTMLTree, strictness: Strictness = .full) {
        evidence = Array(repeating: [], count: tree.count)
        reasons = Array(repeating: nil, count: tree.count)
        let prose = ProseMeasure(tree, countsAllText: strictness == .fragment)
        for node in tree.nodes where !tree.isText(node) && node > 0 {
            if isMachinery(node, in: tree) {
                let isRead = strictness == .tagsOnly && holdsAText(node, in: tree)
                reasons[node] = isRead ? nil : .machinery
                continue
            }
            var traits = ElementTraits(of: node, in: tree)
            evidence[node] = traits.evidence
            if strictness == .tagsOnly { traits.evidence = [] }
            reasons[node] = Self.judge(node, in: tree, traits: traits, prose: prose)
        }
    }

    private static func judge(
        _ node: HTMLTree.Node, in tree: HTMLTree, traits: ElementTraits, prose: ProseMeasure
    ) -> OmissionReason? {
        let element = tree.elements[node]
        let evidence = traits.evidence
        if element == .html || element == .body || element == .main || element == .head {
            return element == .head ? .machinery : nil
        }
        if evidence.contains(.embeddedPost) { return nil }
        let byTag = byTag(node, in: tree) ?? traits.role
        guard traits.isHidden || byTag != nil || !evidence.isDisjoint(with: .negative) else {
            return nil
        }
        let share = prose.share(of: node)
        if share <= hiddenShareMax, traits.isHidden { return .hidden }
        if let byTag, share <= tagShareMax { return byTag }
        guard !evidence.isDisjoint(with: .negative) else { return nil }
        if evidence.contains(.comments), share <= commentsShareMax { return .comments }
        if share > classShareMax { return nil }
        return byClass(evidence, bytes: prose.textBytes(of: node), share: share, element: element)
    }

    /// Parts with more of the page's prose than this are not furniture.
    private static let hiddenShareMax = 0.5
    private static let tagShareMax = 0.5
    private static let classShareMax = 0.4
    private static let commentsShareMax = 0.95
    /// Longer parts are neither a caption nor a byline nor a list of tags, whatever their class.
    private static let smallBytesMax = 500

    private static func byTag(_ node: HTMLTree.Node, in tree: HTMLTree) -> OmissionReason? {
        switch tree.elements[node] {
        case .nav, .menu: .navigation
        case .footer: isInQuotation(node, in: tree) ? nil : .footer
        case .aside: .aside
        case .figcaption: .caption
        case .form, .dialog, .fieldset: .form
        case .address: .byline
        default: nil
        }
    }

    private static func isInQuotation(_ node: HTMLTree.Node, in tree: HTMLTree) -> Bool {
        tree.parent(of: node).map { tree.elements[$0] == .blockquote } ?? false
    }

    private static func byClass(
        _ evidence: ClassEvidence, bytes: Int, share: Double, element: HTMLElement
    ) -> OmissionReason? {
        // `article-body sidebar-left`: the name of a body outweighs the others.
        if evidence.contains(.body), share > 0.05 { return nil }
        let strong: [(ClassEvidence, OmissionReason)] = [
            (.hidden, .hidden), (.consent, .consent), (.navigation, .navigation),
            (.footer, .footer), (.related, .related), (.advertisement, .advertisement),
            (.share, .share), (.sidebar, .aside), (.signUp, .signUp),
        ]
        for (group, reason) in strong where evidence.contains(group) { return reason }
        guard bytes <= smallBytesMax else { return nil }
        if evidence.contains(.caption) { return .caption }
        if evidence.contains(.byline) { return .byline }
        if evidence.contains(.tags) { return .tags }
        return nil
    }
}

extension ClassEvidence {
    fileprivate static let negative: ClassEvidence = [
        .comments, .related, .advertisement, .share, .caption, .byline, .navigation, .footer,
        .sidebar, .tags, .hidden, .consent, .signUp, .paywall,
    ]
}

extension HTMLElement {
    /// Elements whose content is never running text.
    var isMachinery: Bool {
        switch self {
        case .script, .style, .template, .svg, .math, .iframe, .object, .embed, .applet, .canvas,
            .video, .audio, .button, .select, .textarea, .input, .head, .title, .noscript, .map,
            .noembed, .noframes, .datalist, .meter, .progress:
            true
        default: false
        }
    }
}

/// Whether nothing below the element is text to be read. A template that is declared to be a shadow
/// root is shown in its place (WHATWG HTML Standard, 4.12.3).
private func isMachinery(_ node: HTMLTree.Node, in tree: HTMLTree) -> Bool {
    guard tree.elements[node].isMachinery else { return false }
    return tree.elements[node] != .template || tree.rawAttribute(.shadowRootMode, of: node) == nil
}

/// Whether a `noscript` holds more than the advice to enable scripts: some pages, before their
/// scripts have run, have their article nowhere else.
private func holdsAText(_ node: HTMLTree.Node, in tree: HTMLTree) -> Bool {
    guard tree.elements[node] == .noscript else { return false }
    var bytes = 0
    for inner in node..<tree.end(of: node) where tree.isText(inner) {
        bytes += tree.rawText(of: inner).count
    }
    return bytes >= noscriptBytesMin
}
private let noscriptBytesMin = 600

/// Bytes that are no white space.
private func inkBytes(in text: Span<UInt8>) -> Int {
    var count = 0
    for index in text.indices { count &+= text[index] > 0x20 ? 1 : 0 }
    return count
}

/// How much prose stands where: long texts outside links, summed over the document so that the sum
/// of any subtree is one subtraction. In four bytes a node: documents are far below 4 GiB.
struct ProseMeasure {
    private let tree: HTMLTree
    /// Up to and without node `n`.
    private var prose: [UInt32]
    private var text: [UInt32]

    /// Shorter text nodes are labels more often than prose.
    private static let proseBytesMin = 60

    /// - Parameter countsAllText: short texts are prose too, as in the body of a feed entry.
    init(_ tree: HTMLTree, countsAllText: Bool) {
        let proseBytesMin = countsAllText ? 0 : Self.proseBytesMin
        self.tree = tree
        prose = [0]
        text = [0]
        prose.reserveCapacity(tree.count + 1)
        text.reserveCapacity(tree.count + 1)
        var linkEnd = 0
        var machineryEnd = 0
        for node in tree.nodes {
            var added = 0
            var addedProse = 0
            if tree.isText(node), node >= machineryEnd {
                added = inkBytes(in: tree.rawText(of: node).span)
                if added >= proseBytesMin, node >= linkEnd { addedProse = added }
            } else if !tree.isText(node) {
                if tree.elements[node] == .a { linkEnd = max(linkEnd, tree.end(of: node)) }
                if isMachinery(node, in: tree) {
                    machineryEnd = max(machineryEnd, tree.end(of: node))
                }
            }
            prose.append((prose.last ?? 0) &+ UInt32(truncatingIfNeeded: addedProse))
            text.append((text.last ?? 0) &+ UInt32(truncatingIfNeeded: added))
        }
    }

    /// The part of the document's prose below that node, 0…1.
    func share(of node: HTMLTree.Node) -> Double {
        let total = prose.last ?? 0
        guard total > 0 else { return 0 }
        return Double(prose[tree.end(of: node)] &- prose[node]) / Double(total)
    }

    /// Visible bytes below that node.
    func textBytes(of node: HTMLTree.Node) -> Int {
        Int(text[tree.end(of: node)] &- text[node])
    }
}
