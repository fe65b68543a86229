import Markup
import Testing

@Suite struct HTMLTokenizerTests {
    @Test(arguments: [
        ("a<b>c</b>", "'a' <b> 'c' </b>"), ("<P Class=X id='y' z>t", "<P Class=X id=y z=> 't'"),
        ("<a href=\"x>y\">t</a>", "<a href=x>y> 't' </a>"), ("<br/>", "<br/>"),
        ("<a/b=c>", "<a b=c>"), ("<a b = c>", "<a b=c>"), ("<a =b>", "<a =b=>"),
        ("1<2 a< b <3", "'1<2 a< b <3'"), ("</>x", "() 'x'"), ("</ b>x", "( b) 'x'"),
        ("<?php echo ?>x", "(?php echo ?) 'x'"), ("<!DOCTYPE html>x", "!DOCTYPE html 'x'"),
        ("<!-- a -- b -->x", "( a -- b ) 'x'"), ("<!-->x", "() 'x'"), ("<!--->x", "() 'x'"),
        ("<!--a--!>x", "(a) 'x'"), ("<!-- open", "( open)"), ("<!x>y", "(x) 'y'"),
        ("<![CDATA[<p>]]>x", "=<p>= 'x'"),
        ("<script>if(a<b)</script>x", "<script> =if(a<b)= </script> 'x'"),
        ("<script>'</scriptx>'</SCRIPT >", "<script> ='</scriptx>'= </SCRIPT>"),
        (
            "<script><!--<script></script>--></script>x",
            "<script> =<!--<script></script>-->= </script> 'x'"
        ),
        (
            "<script><!--<script></script>x<p>y", "<script> =<!--<script>= </script> 'x' <p> 'y'"
        ),
        ("<style>a>b</style>", "<style> =a>b= </style>"),
        ("<title>a<b>&amp;</title>x", "<title> 'a<b>&amp;' </title> 'x'"),
        ("<textarea><p></textarea>", "<textarea> '<p>' </textarea>"),
        ("<title></title>x", "<title> </title> 'x'"), ("<plaintext><p>", "<plaintext> =<p>="),
        ("<p", "<p>"), ("<p class=", "<p class=>"), ("<p class='x", "<p class=x>"), ("<", "'<'"),
        ("</", "'</'"), ("", ""), ("<blockquotes>", "<blockquotes>"),
    ])
    func tokens(html: String, shown: String) {
        #expect(describe(html) == shown)
    }

    @Test func namesAreKnownInAnyCase() {
        for element in HTMLElement.allCases where element != .other {
            let name = Array(element.name.utf8)
            #expect(HTMLElement(named: name[...]) == element)
            #expect(HTMLElement(named: Array(element.name.uppercased().utf8)[...]) == element)
        }
        for unknown in ["x-y", "", "blockquotes", "spa", "articles-and-more", "å"] {
            #expect(HTMLElement(named: Array(unknown.utf8)[...]) == .other)
        }
    }

    @Test func attributesBeyondTheLimitArePassedOver() {
        var tokenizer = HTMLTokenizer(Array("<p a=1 b=2 c=3>x".utf8), attributesMax: 2)
        _ = tokenizer.next()
        #expect(tokenizer.attributes.count == 2)
        #expect(tokenizer.next() == .text(15..<16, isRaw: false))
    }

    @Test func anyBytesGiveTokensInOrder() {
        var random = SeededGenerator(seed: 7)
        for round in 0..<300 {
            let bytes = random.markupBytes(count: 200)
            var tokenizer = HTMLTokenizer(bytes)
            var last = 0
            var count = 0
            while let token = tokenizer.next() {
                count += 1
                let range = token.range
                #expect(range.lowerBound >= last, "seed 7, round \(round)")
                #expect(range.upperBound <= bytes.count, "seed 7, round \(round)")
                last = range.upperBound
            }
            #expect(count <= bytes.count, "seed 7, round \(round)")
        }
    }

    private func describe(_ html: String) -> String {
        let bytes = Array(html.utf8)
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        var tokenizer = HTMLTokenizer(bytes)
        var parts: [String] = []
        while let token = tokenizer.next() {
            switch token {
            case .startTag(_, let name, let isSelfClosing):
                let attributes = tokenizer.attributes.map { " \(text($0.name))=\(text($0.value))" }
                parts.append("<\(text(name))\(attributes.joined())\(isSelfClosing ? "/" : "")>")
            case .endTag(_, let name): parts.append("</\(text(name))>")
            case .text(let range, let isRaw):
                parts.append(isRaw ? "=\(text(range))=" : "'\(text(range))'")
            case .comment(let range): parts.append("(\(text(range)))")
            case .doctype(let range): parts.append("!\(text(range))")
            }
        }
        return parts.joined(separator: " ")
    }
}

extension HTMLToken {
    fileprivate var range: Range<Int> {
        switch self {
        case .startTag(_, let name, _), .endTag(_, let name): name
        case .text(let range, _), .comment(let range), .doctype(let range): range
        }
    }
}
