internal import Markup
internal import News

/// The titles that a page declares of itself, as they are written.
struct DeclaredTitles {
    /// The text of `title`.
    var page: String?
    var openGraph: String?
    var twitter: String?
    /// Dublin Core and plain `meta`.
    var meta: String?
    /// `headline` in JSON-LD.
    var headline: String?

    var all: [String] { [openGraph, twitter, meta, page, headline].compactMap { $0 } }
}

/// Judges which of a page's headings and declared titles is the headline.
///
/// Each is a witness with a weight. A heading is believed for its level, for standing alone in it,
/// for being like what is declared; a declared title for how many declarations agree on it. A name
/// of the site is no headline, and a heading among the links of a breadcrumb is the page's name for
/// search engines: the headline then stands in a lower heading. All weights are in `Weight`.
struct TitleChoice {
    /// What was found.
    struct Found {
        var title: String?
        /// The element that holds it, if one does.
        var node: HTMLTree.Node?
        var source = FieldSource.Origin.heading
        /// How many of the page's headings and declarations say it in the same words.
        var witnesses = 0
    }

    private struct Heading {
        var text: String
        /// In comparable form.
        var key: String
        var node: HTMLTree.Node
        var isTop = false
        var words: [String: Int]
        var penalty = 0.0
        var bonus = 0.0
    }

    private struct Declaration {
        var text: String
        var key: String
        var words: [String: Int]
        var source: FieldSource.Origin
        var score = 0.0
        /// How many declarations have it.
        var count = 1
    }

    private let tree: HTMLTree
    private let marks: FurnitureMarks
    private let site: SiteName
    private let url: HTTPURL?
    private let titles: DeclaredTitles
    private let declarations: [Declaration]

    /// - Parameter url: the page's own address.
    init(
        _ tree: HTMLTree, marks: FurnitureMarks, titles: DeclaredTitles, site: SiteName,
        url: HTTPURL?
    ) {
        self.url = url
        self.tree = tree
        self.marks = marks
        self.site = site
        self.titles = titles
        declarations = Self.declarations(of: titles, site: site)
    }

    /// - Parameter nodes: the page's `h1` and `h2`, in order.
    func choose(headings nodes: [HTMLTree.Node]) -> Found {
        let headings = candidates(nodes)
        var best: (heading: Heading, score: Double)?
        for heading in headings {
            let score = score(of: heading)
            if score > best?.score ?? 0 { best = (heading, score) }
        }
        let declared = declarations.max { $0.score < $1.score }
        if let best, best.score >= declared?.score ?? Weight.headingAlone {
            return found(withoutLabel(best.heading), at: best.heading.node, source: .heading)
        }
        guard let declared else { return Found() }
        return found(
            declared.text, at: node(saying: declared, in: headings), source: declared.source)
    }

    private func found(
        _ title: String, at node: HTMLTree.Node?, source: FieldSource.Origin
    ) -> Found {
        let key = comparable(title)
        let agreeing = declarations.first { $0.key == key }?.count ?? 0
        let isShown = node.map { comparable(tree.text(of: $0)) == key } ?? false
        return Found(
            title: title, node: node, source: source, witnesses: agreeing + (isShown ? 1 : 0))
    }

    /// The heading that says what is declared, perhaps behind a kicker or without one.
    private func node(saying declared: Declaration, in headings: [Heading]) -> HTMLTree.Node? {
        var best: (node: HTMLTree.Node, likeness: Double)?
        for heading in headings where heading.penalty < Weight.breadcrumb {
            let shared = likeness(heading.words, declared.words)
            if shared > best?.likeness ?? Self.saysLikenessMin { best = (heading.node, shared) }
        }
        return best?.node
    }
    private static let saysLikenessMin = 0.499

    // MARK: - Declarations

    /// What is declared, without the site's name; a text that is declared twice once, with the
    /// weight of all. One that was cut off is no witness beside a longer one.
    private static func declarations(
        of titles: DeclaredTitles, site: SiteName
    ) -> [Declaration] {
        let page = site.bare(titles.page)
        let rows: [(String?, FieldSource.Origin, Double)] = [
            (titles.headline, .linkedData, headlineWeight(of: titles, site: site)),
            (titles.openGraph, .openGraph, Weight.agreement),
            (titles.twitter, .openGraph, Weight.copy), (titles.meta, .meta, Weight.agreement),
            (page.map(site.withoutTail), .titleElement, Weight.agreement),
        ]
        var found: [Declaration] = []
        for (text, source, weight) in rows {
            guard let text = site.bare(text) else { continue }
            let key = comparable(text)
            if let same = found.firstIndex(where: { $0.key == key }) {
                found[same].score += weight
                found[same].count += 1
            } else {
                let score = Weight.declared + weight
                found.append(
                    .init(text: text, key: key, words: words(key), source: source, score: score))
            }
        }
        return found.filter { one in
            !isCut(one.text) || !found.contains { $0.key != one.key && $0.key.hasPrefix(one.key) }
        }
    }

    /// The headline of JSON-LD is the editors' when it is neither a copy of `title`, site's name
    /// and all, nor of a `title` that no other declaration agrees with.
    private static func headlineWeight(of titles: DeclaredTitles, site: SiteName) -> Double {
        guard let headline = titles.headline.map(comparable) else { return 0 }
        if site.bare(titles.headline).map(comparable) != headline { return Weight.copy }
        let shared = site.bare(titles.openGraph).map(comparable)
        let isOfTitle = site.bare(titles.page).map(comparable) == headline
        return isOfTitle && shared != nil && shared != headline ? Weight.agreement : Weight.headline
    }

    private static func isCut(_ text: String) -> Bool {
        text.hasSuffix("…") || text.hasSuffix("...")
    }

    // MARK: - Headings

    /// The headings that may be the headline: the `h1` that are no name of the site, and the `h2`.
    /// Those of the highest level that has any outside breadcrumbs are the top ones.
    private func candidates(_ nodes: [HTMLTree.Node]) -> [Heading] {
        var counts: [HTMLElement: Int] = [:]
        var found: [Heading] = []
        for node in nodes {
            let element = tree.elements[node]
            guard counts[element, default: 0] < Self.headingsMax else { continue }
            counts[element, default: 0] += 1
            let text = tree.text(of: node)
            guard !text.isEmpty, text.utf8.count <= Self.titleBytesMax else { continue }
            let key = comparable(text)
            if site.isName(comparable: key) || leadsHome(node) { continue }
            found.append(
                Heading(
                    text: text, key: key, node: node, words: words(key),
                    penalty: penalty(of: node), bonus: isDeclaredHeadline(node) ? Weight.named : 0))
        }
        found = withoutSiteHeading(found)
        let top: HTMLElement =
            found.contains { tree.elements[$0.node] == .h1 && $0.penalty < Weight.breadcrumb }
            ? .h1 : .h2
        for index in found.indices where tree.elements[found[index].node] == top {
            found[index].isTop = true
        }
        let firsts = Set(found.filter { tree.elements[$0.node] == .h1 }.map(\.words))
        if firsts.count == 1, top == .h1 {
            for index in found.indices where found[index].isTop {
                found[index].bonus += Weight.alone
            }
        }
        return found
    }
    private static let headingsMax = 30
    private static let titleBytesMax = 500

    /// "Rain falls » The Site", with a heading for each: the site's stands first, above the
    /// article's.
    private func withoutSiteHeading(_ headings: [Heading]) -> [Heading] {
        guard let page = titles.page else { return headings }
        let parts = SiteName.parts(of: page)
        guard parts.count > 1, let last = parts.last, let first = parts.first else {
            return headings
        }
        func place(saying part: String) -> Int? {
            headings.firstIndex { $0.key == part || $0.key.hasPrefix(part + " ") }
        }
        guard let site = place(saying: last),
            headings.dropFirst(site + 1).contains(where: { first.hasPrefix($0.key) })
        else { return headings }
        let name = headings[site].key
        return headings.filter { $0.key != name }
    }

    /// Whether the heading is a link to the site's first page, seen from another.
    private func leadsHome(_ node: HTMLTree.Node) -> Bool {
        guard let url, url.path != "/" else { return false }
        let links =
            [tree.parent(of: node) ?? 0] + Array((node + 1)..<max(node + 1, tree.end(of: node)))
        return links.contains { link in
            guard tree.elements[link] == .a, let target = tree.attribute(.href, of: link),
                let home = HTTPURL(target, relativeTo: url)
            else { return false }
            return home.path == "/" && home.query == nil && home.host == url.host
        }
    }

    private func isDeclaredHeadline(_ node: HTMLTree.Node) -> Bool {
        tree.rawAttribute(.itemprop, of: node).map {
            holdsWord(Words.headline, in: tree.bytes.span.extracting($0.startIndex..<$0.endIndex))
        } ?? false
    }

    private func penalty(of node: HTMLTree.Node) -> Double {
        var penalty = 0.0
        for other in [node] + Array(tree.ancestors(of: node)) {
            switch marks.reason(of: other) {
            case .navigation: return Weight.breadcrumb
            case .footer, .aside, .related, .comments, .advertisement, .consent, .form, .signUp:
                penalty = Weight.elsewhere
            default: break
            }
        }
        return penalty
    }

    private func score(of heading: Heading) -> Double {
        let shared = declarations.map { likeness(heading.words, $0.words) }.max() ?? 0
        var score = heading.isTop ? Weight.topHeading : Weight.lowerHeading
        score += Weight.likeness * shared * shared + heading.bonus - heading.penalty
        if shared > Self.sameMin || isDeclaredBehindColon(heading) { score += Weight.same }
        guard shared < Self.likeMin else { return score }
        if heading.words.count == 1 || isInCapitals(heading.text) { score -= Weight.label }
        return heading.isTop ? score : score - Weight.unlikeLower
    }
    private static let likeMin = 0.5
    private static let sameMin = 0.9

    /// "The week in pictures: rain falls", where "rain falls" is declared.
    private func isDeclaredBehindColon(_ heading: Heading) -> Bool {
        guard heading.isTop, let colon = heading.text.firstRange(of: ": ") else { return false }
        let rest = comparable(String(heading.text[colon.upperBound...]))
        return declarations.contains { $0.key == rest }
    }

    /// "LATEST NEWS": a banner, unless all titles of the page are written so.
    private func isInCapitals(_ text: String) -> Bool {
        func holds(_ text: String) -> Bool {
            text.contains(where: \.isUppercase) && !text.contains(where: \.isLowercase)
        }
        return holds(text) && !declarations.contains { holds($0.text) }
    }

    /// A heading without a label before or after the headline: what stands behind a bar, and a
    /// kicker before the declared title, unless a colon makes the two one title.
    private func withoutLabel(_ heading: Heading) -> String {
        let bare = site.bare(heading.text) ?? heading.text
        let parts = bare.split(separator: " | ").map(String.init)
        let text = parts.count > 1 ? parts.max { $0.utf8.count < $1.utf8.count } ?? bare : bare
        let whole = comparable(text)
        if let same = declarations.first(where: { $0.key == whole }) {
            // A kicker in an element of its own stands there without the colon.
            return same.text.contains(": ") && !text.contains(":") ? same.text : text
        }
        let title = declarations.first {
            whole.hasSuffix(" " + $0.key) && $0.key.utf8.count >= Self.kickedBytesMin
        }
        guard let title else { return text }
        let kicker = text.dropLast(title.text.count)
        let isOneTitle = kicker.last { $0 != " " } == ":" && !kicker.hasSuffix(" : ")
        return isOneTitle ? text : title.text
    }
    private static let kickedBytesMin = 15
}

/// How much each piece of evidence counts.
private enum Weight {
    /// A heading of the highest level in use; and of the one below.
    static let topHeading = 0.8
    static let lowerHeading = 0.4
    /// The only one of its level.
    static let alone = 0.4
    /// `itemprop=headline`.
    static let named = 0.5
    /// The same words as what is declared; falls with the square of the share.
    static let likeness = 1.2
    /// Nearly all words the same, or a declared title behind a colon.
    static let same = 0.4
    /// One word, or all in capitals, and unlike all that is declared: the name of a section.
    static let label = 0.6
    /// A lower heading that is unlike all that is declared is one within the text.
    static let unlikeLower = 0.6
    /// Among the links of a menu or breadcrumb; within other furniture.
    static let breadcrumb = 1.2
    static let elsewhere = 0.5
    /// A declared title; each declaration that has it, and each that is most often a copy; the
    /// `headline` of JSON-LD.
    static let declared = 0.7
    static let agreement = 0.2
    static let copy = 0.1
    static let headline = 1.0
    /// Where nothing is declared a heading needs as much.
    static let headingAlone = 0.1
}

private enum Words {
    static let headline = Array("headline".utf8)
}

// MARK: - Likeness

private func words(_ key: String) -> [String: Int] {
    key.split(separator: " ").reduce(into: [:]) { $0[String($1), default: 0] += 1 }
}

/// F1 of the words.
private func likeness(_ a: [String: Int], _ b: [String: Int]) -> Double {
    let (sizeA, sizeB) = (a.values.reduce(0, +), b.values.reduce(0, +))
    guard sizeA > 0, sizeB > 0 else { return 0 }
    let shared = a.reduce(0) { $0 + min($1.value, b[$1.key] ?? 0) }
    return 2 * Double(shared) / Double(sizeA + sizeB)
}
