internal import Markup
internal import News

/// Chooses the title among the headings and what the page declares.
struct TitleChoice {
    private let page: String?
    private let declared: String?
    private let linkedData: LinkedData
    private let siteNames: [String]

    /// - Parameters:
    ///   - page: the text of `title`.
    ///   - declared: Open Graph and its like.
    ///   - siteNames: what the site calls itself, its host among them.
    init(page: String?, declared: String?, linkedData: LinkedData, siteNames: [String]) {
        self.page = page
        self.declared = declared
        self.linkedData = linkedData
        self.siteNames = siteNames.map(comparable).filter { !$0.isEmpty }
    }

    /// The headline that is declared twice, else the `h1` (else the `h2`) most like what is
    /// declared, without a kicker or a site's name about it, else the declared title without the
    /// site's name.
    func choose(
        _ tree: HTMLTree, headings: [HTMLTree.Node]
    ) -> (title: String?, node: HTMLTree.Node?) {
        let heading = bestHeading(tree, headings)
        if let headline = agreedHeadline(beside: heading?.text) { return (headline, heading?.node) }
        if let heading { return (withoutKicker(bare(heading.text) ?? heading.text), heading.node) }
        if let title = bare(linkedData.headline) ?? bare(declared) ?? bare(page).map(withoutTail) {
            return (title, nil)
        }
        let first = headings.first { tree.elements[$0] == .h1 }
        let text = first.map { tree.text(of: $0) }
        return text?.isEmpty == false ? (text, first) : (nil, nil)
    }
    private static let headingsMax = 30
    private static let titleBytesMax = 500
    private static let likenessMin = 0.499

    private func bestHeading(
        _ tree: HTMLTree, _ headings: [HTMLTree.Node]
    ) -> (text: String, node: HTMLTree.Node)? {
        let models = [declared, page, linkedData.headline].compactMap { $0 }.map(words)
        for element in [HTMLElement.h1, .h2] {
            var best: (text: String, node: HTMLTree.Node, score: Double)?
            for node in headings.lazy.filter({ tree.elements[$0] == element })
                .prefix(Self.headingsMax)
            {
                let text = tree.text(of: node)
                guard !text.isEmpty, text.utf8.count <= Self.titleBytesMax else { continue }
                let heading = words(text)
                let score = models.map { likeness(heading, $0) }.max() ?? 0
                if score > best?.score ?? Self.likenessMin { best = (text, node, score) }
            }
            if let best { return (best.text, best.node) }
        }
        return nil
    }

    /// The headline that the page declares twice, in JSON-LD and elsewhere, when the heading is
    /// only its end: the kicker then stands elsewhere. Any other may be for search engines.
    private func agreedHeadline(beside heading: String?) -> String? {
        guard let headline = bare(linkedData.headline), !headline.hasSuffix("…"),
            !headline.hasSuffix("...")
        else { return nil }
        let words = comparable(headline)
        guard words.utf8.count >= Self.headlineBytesMin, let declared = bare(declared),
            comparable(declared) == words
        else { return nil }
        if let heading, !words.hasSuffix(comparable(heading)) { return nil }
        return headline
    }
    private static let headlineBytesMin = 10

    /// A heading whose end is the declared title has a kicker before it, unless a colon makes the
    /// two one title.
    private func withoutKicker(_ heading: String) -> String {
        guard let title = bare(declared) ?? bare(page) else { return heading }
        let (whole, end) = (comparable(heading), comparable(title))
        guard whole.utf8.count > end.utf8.count, whole.hasSuffix(" " + end),
            end.utf8.count >= Self.kickedBytesMin
        else { return heading }
        let kicker = heading.dropLast(title.count)
        let isOneTitle = kicker.last { $0 != " " } == ":" && !kicker.hasSuffix(" : ")
        return isOneTitle ? heading : title
    }
    private static let kickedBytesMin = 15

    /// A page's `title` names the site last, behind a sign that titles seldom have themselves.
    private func withoutTail(_ title: String) -> String {
        let bytes = Array(title.utf8)[...]
        for separator in Self.separators.prefix(Self.tailSeparators) {
            guard let cut = lastPosition(of: separator, in: bytes) else { continue }
            let head = String(decoding: bytes[..<cut], as: UTF8.self)
            let tail = bytes.count - cut - separator.count
            if tail <= Self.tailBytesMax, head.split(separator: " ").count >= 3 { return head }
        }
        return title
    }
    private static let tailSeparators = 7
    private static let tailBytesMax = 40

    // MARK: - The site's name

    /// A declared title without the site's name before or after it.
    func bare(_ title: String?) -> String? {
        guard let title, !title.isEmpty else { return nil }
        var rest = Array(title.utf8)[...]
        for separator in Self.separators {
            while let cut = lastPosition(of: separator, in: rest), cut > rest.startIndex,
                isSiteName(rest[(cut + separator.count)...])
            {
                rest = rest[..<cut]
            }
            while let cut = firstPosition(of: separator, in: rest),
                cut + separator.count < rest.endIndex, isSiteName(rest[..<cut])
            {
                rest = rest[(cut + separator.count)...]
            }
        }
        return String(decoding: rest, as: UTF8.self)
    }
    private static let separators =
        [" | ", " ‹ ", " › ", " » ", " « ", " :: ", " • ", " · ", " - ", " – ", " — ", "--", ": "]
        .map { Array($0.utf8) }

    private func firstPosition(of mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= mark.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - mark.count)).first {
            bytes[$0] == mark[0] && bytes[$0..<$0 + mark.count].elementsEqual(mark)
        }
    }

    private func lastPosition(of mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= mark.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - mark.count)).last {
            bytes[$0] == mark[0] && bytes[$0..<$0 + mark.count].elementsEqual(mark)
        }
    }

    private func isSiteName(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count <= Self.siteBytesMax else { return false }
        let name = comparable(String(decoding: text, as: UTF8.self))
        guard !name.isEmpty else { return true }
        let dense = name.filter { $0 != " " }
        return siteNames.contains { site in
            if site == name { return true }
            let other = site.filter { $0 != " " }
            return dense == other
                || (dense.utf8.count >= 4 && dense.hasPrefix(other) && other.utf8.count >= 4
                    && name.split(separator: " ").count <= 4)
        }
    }
    private static let siteBytesMax = 80

    // MARK: - Likeness

    private func words(_ text: String) -> [String: Int] {
        comparable(text).split(separator: " ").reduce(into: [:]) { $0[String($1), default: 0] += 1 }
    }

    /// F1 of the words.
    private func likeness(_ a: [String: Int], _ b: [String: Int]) -> Double {
        let (sizeA, sizeB) = (a.values.reduce(0, +), b.values.reduce(0, +))
        guard sizeA > 0, sizeB > 0 else { return 0 }
        let shared = a.reduce(0) { $0 + min($1.value, b[$1.key] ?? 0) }
        return 2 * Double(shared) / Double(sizeA + sizeB)
    }
}
