import News
import PageExtraction
import Testing

@Suite struct MarkdownTests {
    private func blocks(_ markdown: String) -> [Block] {
        // Prose at both ends keeps title and furniture rules away from what is tested.
        let prose = "Le conseil municipal a voté hier soir la rénovation de la vieille halle."
        let head = Array(repeating: prose, count: TextLimits.headBlocksMax)
        let whole = (head + [markdown, prose]).joined(separator: "\n\n")
        let blocks = extractText(whole, dialect: .markdown, from: nil).blocks
        return Array(blocks.dropFirst(head.count).dropLast())
    }

    @Test(arguments: [
        ("*a* **b** ***c*** _d_ __e__ ~~f~~", "a b c d e f"),
        ("snake_case_name", "snake_case_name"),
        ("2 * 3 * 4", "2 * 3 * 4"), ("a*b*c", "abc"), ("*alone", "*alone"), ("alone**", "alone**"),
        ("**a *b** c*", "a b c"), ("\\*a\\* 5 \\$", "*a* 5 $"), ("a\\b", "a\\b"),
        ("`a*b*` ``c`d``", "a*b* c`d"), ("`open", "`open"),
        ("[text](http://x.y \"title\")", "text"), ("[a [b] c](x)", "a [b] c"),
        ("[a](x(y)z) b", "a b"), ("[**bold** link](x)", "bold link"),
        ("[no link] (x)", "[no link] (x)"),
        ("[open](", "[open]("), ("![image](a.png) text", "text"),
        ("un ![i](a.png) deux", "un deux"), ("[![i](a.png)](b) text", "text"),
        ("<https://x.y/z> here", "https://x.y/z here"), ("a<br>b <span class=x>c</span>", "a b c"),
        ("1 < 2 > 0", "1 < 2 > 0"), ("caf&eacute; &amp; th&#233;", "café & thé"),
        ("A&B; C", "A&B; C"),
        ("&unknown; x", "&unknown; x"),
    ])
    func inlineMarkUpBecomesText(markdown: String, text: String) {
        #expect(blocks(markdown).map(\.text) == [text])
    }

    @Test(arguments: [
        ("## Heading ##", Block(.heading, "Heading")), ("Heading\n===", Block(.heading, "Heading")),
        ("Heading\n---", Block(.heading, "Heading")), ("> a\n> b\nc", Block(.quotation, "a b c")),
        ("> > deep", Block(.quotation, "deep")), ("- a", Block(.listItem, "a")),
        ("1. a", Block(.listItem, "a")), ("2) a\n   b", Block(.listItem, "a b")),
        ("- [ ] a", Block(.listItem, "a")), ("* [x] a", Block(.listItem, "a")),
        ("```swift\nlet a = *1*\n\n```", Block(.code, "let a = *1*\n")),
        ("~~~\na\n~~~", Block(.code, "a")),
        ("| a | b |\n|---|:-:|\n| *c* | d |", Block(.table, "a | b\nc | d")),
        ("a  \nb\\\nc", Block(.paragraph, "a b c")), ("#hashtag", Block(.paragraph, "#hashtag")),
        ("1984. a", Block(.paragraph, "1984. a")), ("日本\n語", Block(.paragraph, "日本語")),
    ])
    func blockIsRead(markdown: String, block: Block) {
        #expect(blocks(markdown) == [block])
    }

    @Test(arguments: [
        "---", "* * *", "___", "![image](a.png)", "[label]: https://x.y/z", "```\n```",
    ])
    func whatHasNoWordsGivesNoBlock(markdown: String) {
        #expect(blocks(markdown).isEmpty)
    }

    @Test func referencesAreLinks() {
        let markdown = "[Text][label] and [label][] and [label] and [other]\n\n[Label]: https://x.y"
        #expect(blocks(markdown).map(\.text) == ["Text and label and label and [other]"])
    }

    @Test func linkTargetsAreBounded() {
        let long = String(repeating: "x", count: 2040)
        #expect(blocks("[a](\(long)) b").map(\.text) == ["a b"])
        #expect(blocks("[a](\(long)0123456789) b").map(\.text) == ["[a](\(long)0123456789) b"])
        let nested = String(repeating: "(", count: 7) + String(repeating: ")", count: 7)
        #expect(blocks("[a](x\(nested)) b").map(\.text) == ["a b"])
        #expect(blocks("[a](x(\(nested))) b").map(\.text) == ["[a](x(\(nested))) b"])
    }

    @Test func tagsReferencesAndCodeSignsAreBounded() {
        let long = String(repeating: "x", count: 1100)
        #expect(blocks("a <b \(long.prefix(1000))> c").map(\.text) == ["a c"])
        #expect(blocks("a <b \(long)> c").first?.text.contains(long) == true)
        let zeros = String(repeating: "0", count: 40)
        #expect(blocks("&#\(zeros.prefix(30))65;").map(\.text) == ["A"])
        #expect(blocks("&#\(zeros)65;").map(\.text) == ["&#\(zeros)65;"])
        let signs = String(repeating: "`", count: 32)
        #expect(blocks("a \(signs)b\(signs)").map(\.text) == ["a b"])
        #expect(blocks("a `\(signs)b`\(signs)").map(\.text) == ["a `\(signs)b`\(signs)"])
    }

    @Test func linkDefinitionsAreBounded() {
        let definitions = (1...1001).map { "[l\($0)]: https://x.y/\($0)\n" }.joined()
        #expect(blocks(definitions + "\n[l1000] [l1001]").map(\.text) == ["l1000 [l1001]"])
    }

    @Test func openFenceTakesTheRest() {
        let extraction = extractText("```\na\n\nb", dialect: .markdown, from: nil)
        #expect(extraction.blocks == [Block(.code, "a\n\nb")])
    }

    @Test func quotationsAreReadToADepth() {
        let deep = String(repeating: "> ", count: 9) + "mot"
        #expect(blocks(deep) == [Block(.quotation, "> mot")])
        #expect(blocks(String(deep.dropFirst(2))) == [Block(.quotation, "mot")])
    }

    @Test func paragraphTornByABlankLineIsJoined() {
        let torn = "Ce financement énorme sera sans doute\n\ndéployé en quatre ans."
        #expect(
            blocks(torn).map(\.text) == [
                "Ce financement énorme sera sans doute déployé en quatre ans."
            ])
        let whole = "Ce financement énorme sera sans doute là.\n\ndéployé en quatre ans."
        #expect(blocks(whole).count == 2)
        #expect(blocks("Trois mots seuls\n\ndéployé en quatre ans.").count == 2)
    }

    /// Nothing that people can type makes it trap, hang or lose its way.
    @Test(arguments: [UInt64(51), 52, 53])
    func anyTextIsRead(seed: UInt64) {
        let parts = [
            "*", "**", "_", "~~", "`", "```", "[", "](", ")", "![", "<", ">", "> ", "# ", "- ",
            "1. ", "|", "|---|", "\n", "\n\n", "\\", "&", "&amp;", "mot", "Mot ", " ", "---", "===",
            "http://a.b/c", "www.a.b", "(@a)", " — A (@a)", "2025-01-21", "date ", "é", "日", "+++",
            "title: x", ":", "☐ ", "→ ", "\u{FEFF}", "\r\n", "[a]: b/c",
        ]
        var state = seed
        for _ in 0..<400 {
            var text = ""
            for _ in 0..<30 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += parts[Int(state >> 33) % parts.count]
            }
            for dialect in [TextDialect.plain, .markdown] {
                let extraction = extractText(text, dialect: dialect, from: nil)
                let isClean = extraction.blocks.allSatisfy { block in
                    !block.text.isEmpty
                        && (block.kind == .code || block.kind == .table
                            || !block.text.contains("\n"))
                }
                #expect(isClean, "seed \(seed): \(text.debugDescription)")
            }
        }
    }

    @Test(arguments: [
        "[", "![", "[a](", "*a ", "_a*", "`", "<a", "&a", "> ", "[a][", "**a_ ", "``a` ",
    ])
    func hostileRepetitionIsReadInOnePass(part: String) {
        let text = String(repeating: part, count: 20_000)
        _ = extractText(text, dialect: .markdown, from: nil)
    }
}
