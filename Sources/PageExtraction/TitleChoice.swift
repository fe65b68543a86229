internal import Markup
internal import News

/// Chooses the title among the headings and what the page declares.
struct TitleChoice {
    private let page: String?
    private let declared: String?
    private let headline: String?
    private let siteNames: Set<String>

    /// - Parameters:
    ///   - page: the text of `title`.
    ///   - declared: Open Graph and its like.
    ///   - headline: what JSON-LD says.
    ///   - siteNames: what the site calls itself, its host among them.
    init(page: String?, declared: String?, headline: String?, siteNames: [String]) {
        self.page = page
        self.declared = declared
        self.headline = headline
        self.siteNames = Set(siteNames.map(comparable).filter { !$0.isEmpty })
    }

    /// The `h1` (else the `h2`) most like what is declared, else the declared title without the
    /// site's name.
    func choose(_ tree: HTMLTree) -> (title: String?, node: HTMLTree.Node?) {
        let models = [declared, page, headline].compactMap { $0 }.map(words)
        for element in [HTMLElement.h1, .h2] {
            var best: (text: String, node: HTMLTree.Node, score: Double)?
            var seen = 0
            for node in tree.nodes where tree.elements[node] == element && !tree.isText(node) {
                seen += 1
                guard seen <= Self.headingsMax else { break }
                let text = tree.text(of: node)
                guard !text.isEmpty, text.utf8.count <= Self.titleBytesMax else { continue }
                let heading = words(text)
                let score = models.map { likeness(heading, $0) }.max() ?? 0
                if score > best?.score ?? Self.likenessMin { best = (text, node, score) }
            }
            if let best { return (best.text, best.node) }
        }
        if let title = headline ?? bare(declared) ?? bare(page) { return (title, nil) }
        let first = tree.nodes.first { tree.elements[$0] == .h1 && !tree.isText($0) }
        let text = first.map { tree.text(of: $0) }
        return text?.isEmpty == false ? (text, first) : (nil, nil)
    }
    private static let headingsMax = 30
    private static let titleBytesMax = 500
    private static let likenessMin = 0.499

    /// A declared title without the site's name before or after it.
    func bare(_ title: String?) -> String? {
        guard var title, !title.isEmpty else { return nil }
        for separator in [" | ", " - ", " – ", " — ", " · ", " • ", " :: ", " » ", " « ", ": "] {
            guard title.contains(separator) else { continue }
            var parts = title.split(separator: separator).map(String.init)
            while parts.count > 1, let last = parts.last, isSiteName(last) { parts.removeLast() }
            while parts.count > 1, let first = parts.first, isSiteName(first) {
                parts.removeFirst()
            }
            title = parts.joined(separator: separator)
        }
        return title
    }

    private func isSiteName(_ text: String) -> Bool {
        let name = comparable(text)
        if siteNames.contains(name) { return true }
        let dense = name.filter { $0 != " " }
        return siteNames.contains { site in
            let other = site.filter { $0 != " " }
            return dense == other
                || (dense.count >= 4
                    && (dense.hasPrefix(other) && other.count >= 4
                        && name.split(separator: " ").count <= 4))
        }
    }

    private func words(_ text: String) -> [String: Int] {
        comparable(text).split(separator: " ").reduce(into: [:]) { $0[String($1), default: 0] += 1 }
    }

    /// F1 of the words, or how much of the heading's words the model holds when it is longer only
    /// by the site's name.
    private func likeness(_ a: [String: Int], _ b: [String: Int]) -> Double {
        let (sizeA, sizeB) = (a.values.reduce(0, +), b.values.reduce(0, +))
        guard sizeA > 0, sizeB > 0 else { return 0 }
        let shared = a.reduce(0) { $0 + min($1.value, b[$1.key] ?? 0) }
        return 2 * Double(shared) / Double(sizeA + sizeB)
    }
}
