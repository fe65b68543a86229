import Markup
import Testing

@Suite struct HTMLTreeTests {
    @Test(arguments: [
        ("<p>a<p>b", "p(a)p(b)"), ("<p>a<div>b</div>c", "p(a)div(b)c"),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e", "ul(li(a)li(b ul(li(c)))li(d))e"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "dl(dt(a)dd(b)dt(c))"),
        ("<table><tr><td>a<td>b<tr><td>c</table>d", "table(tr(td(a)td(b))tr(td(c)))d"),
        (
            "<table><tr><td>a<table><tr><td>b</table>c<td>d</table>",
            "table(tr(td(a table(tr(td(b)))c)td(d)))"
        ),
        ("<select><option>a<option>b</select>c", "select(option(a)option(b))c"),
        ("a<br>b<img>c<hr>d", "a br b img c hr d"), ("<b>a</i>b</b>c", "b(a b)c"),
        ("<div>a</span></p>b</div>c", "div(a p()b)c"), ("<div><b>a</div>b", "div(b(a))b"),
        ("<a>1<a>2</a>3", "a(1)a(2)3"), ("<a>1<div>2</a>3</div>4", "a(1 div(2))div(3)4"),
        ("<h1>a<h2>b</h2>c", "h1(a)h2(b)c"), ("<h2>a</h3>b", "h2(a)b"),
        ("<form><div>a</form>b</div>c", "form(div(a b))c"),
        ("<head><title>t</title><p>x", "head(title(t))p(x)"),
        ("<html><head></head><body>a<body>b</body>c", "html(head()body(a b c))"),
        ("<svg><path/>x<p>y", "svg(path()x)p(y)"), ("<div/>a", "div(a)"),
        ("<x-a>1<x-b>2</x-a>3", "x-a(1 x-b(2))3"),
        ("<p>a<table><tr><td>b</table>", "p(a)table(tr(td(b)))"),
        ("<button>a<p>b</button>c", "button(a p(b))c"), ("<td>a</td>b", "td(a)b"),
        ("<blockquote><p>a</blockquote>b", "blockquote(p(a))b"), ("", ""),
    ])
    func trees(html: String, outline: String) {
        #expect(Markup.parseHTML(Array(html.utf8)).outline == outline)
    }

    @Test func anyBytesGiveAWholeTree() {
        var random = SeededGenerator(seed: 11)
        for round in 0..<300 {
            let tree = parseHTML(
                random.markupBytes(count: 300), limits: HTMLTreeLimits(depthMax: 12))
            #expect(tree.isWhole(depthMax: 12), "seed 11, round \(round)")
        }
    }

    @Test(arguments: ["<div>", "<b>", "<p>", "<ul><li>", "<table><tr><td>", "<a>", "<x-y>"])
    func deepNestingKeepsItsTextAndItsOrder(piece: String) {
        let html = (0..<2_000).map { "\(piece)w\($0) " }.joined()
        let tree = parseHTML(Array(html.utf8))
        #expect(tree.isWhole(depthMax: 256))
        let words = tree.text(of: 0).split(separator: " ").map(String.init)
        #expect(words == (0..<2_000).map { "w\($0)" })
    }

    @Test func elementsAfterADeepPartStandWhereTheyShould() {
        let deep =
            String(repeating: "<div>", count: 40) + "deep"
            + String(repeating: "</div>", count: 40)
        let tree = parseHTML(
            Array("<main>\(deep)</main><footer>end</footer>".utf8),
            limits: HTMLTreeLimits(depthMax: 10))
        let footer = tree.nodes.first { tree.elements[$0] == .footer }
        #expect(footer.flatMap { tree.parent(of: $0) } == 0)
    }

    @Test func tooManyNodesAreCutAndSaid() {
        let html = Array(String(repeating: "<br>", count: 50).utf8)
        let tree = parseHTML(html, limits: HTMLTreeLimits(nodesMax: 20))
        #expect(tree.count == 20)
        #expect(tree.isTruncated)
        #expect(!parseHTML(html).isTruncated)
    }

    @Test func attributesAreDecodedAndFoundInAnyCase() {
        let tree = parseHTML(Array("<a HREF='?a=1&amp;b&copy=2' href=no Class=' x\n y '>".utf8))
        #expect(tree.attribute(.href, of: 1) == "?a=1&b&copy=2")
        #expect(tree.attribute(.class, of: 1) == "x y")
        #expect(tree.attribute(.id, of: 1) == nil)
    }

    @Test func hostileSizesAreReadThrough() {
        let unclosed = Array(String(repeating: "<div>", count: 20_000).utf8)
        #expect(parseHTML(unclosed).count == 20_001)
        let nested = Array(String(repeating: "<b>", count: 50_000).utf8)
        #expect(parseHTML(nested).count == 50_001)
        let attributes = Array(("<p" + String(repeating: " a=1", count: 250_000) + ">x").utf8)
        #expect(parseHTML(attributes).count == 3)
        let scripts = Array(String(repeating: "<script><!--<script></script>", count: 5_000).utf8)
        #expect(parseHTML(scripts).count > 1)
    }
}

extension HTMLTree {
    /// `p(a b(c))`: elements with their children, texts as they are.
    fileprivate var outline: String {
        func show(_ node: Node) -> String {
            let children = children(of: node).map(show).reduce(into: "") { result, part in
                let needsSpace = !result.isEmpty && !result.hasSuffix(")")
                result += (needsSpace ? " " : "") + part
            }
            if isText(node) { return String(decoding: rawText(of: node), as: UTF8.self) }
            if node == 0 { return children }
            let name = String(decoding: name(of: node), as: UTF8.self)
            return elements[node].isVoid ? name : "\(name)(\(children))"
        }
        return show(0)
    }

    fileprivate func isWhole(depthMax: Int) -> Bool {
        var depths = [0]
        for node in nodes.dropFirst() {
            guard let parent = parent(of: node), parent < node, !isText(parent),
                end(of: node) > node, end(of: node) <= end(of: parent)
            else { return false }
            depths.append(depths[parent] + 1)
            if depths[node] > depthMax { return false }
        }
        return end(of: 0) == count && children(of: 0).allSatisfy { self.parent(of: $0) == 0 }
    }
}
