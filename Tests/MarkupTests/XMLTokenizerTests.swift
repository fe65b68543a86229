import Markup
import Testing

struct XMLTokenizerTests {
    /// The tokens as one line: `<a k=v>`, `</a>`, text as it is, CDATA in brackets.
    private func tokens(_ xml: String, limits: XMLLimits = XMLLimits()) -> String {
        var tokenizer = XMLTokenizer(decoded(xml), limits: limits)
        var line = ""
        while true {
            switch tokenizer.next() {
            case .startTag:
                line += "<" + name(tokenizer.name, tokenizer)
                for attribute in tokenizer.attributes {
                    line += " " + name(attribute.name, tokenizer)
                    line += "=" + tokenizer.string(attribute.value)
                }
                line += ">"
            case .endTag: line += "</" + name(tokenizer.name, tokenizer) + ">"
            case .text: line += tokenizer.string(tokenizer.range)
            case .literalText:
                line += "[" + tokenizer.string(tokenizer.range, isLiteral: true) + "]"
            case .end: return line
            }
        }
    }

    private func decoded(_ xml: String) -> DecodedText {
        decodeText(Array(xml.utf8), contentType: nil, family: .xml)
    }

    private func name(_ id: XMLNameID, _ tokenizer: borrowing XMLTokenizer) -> String {
        String(decoding: tokenizer.bytes(of: id), as: UTF8.self)
    }

    private func damage(_ xml: String, limits: XMLLimits = XMLLimits()) -> XMLDamage {
        var tokenizer = XMLTokenizer(decoded(xml), limits: limits)
        while true {
            switch tokenizer.next() {
            case .text: _ = tokenizer.string(tokenizer.range)
            case .end: return tokenizer.damage
            default: break
            }
        }
    }

    @Test(arguments: [
        ("<a>b</a>", "<a>b</a>"),
        ("<a/>", "<a></a>"),
        ("<a k='1' l=\"2\"/>", "<a k=1 l=2></a>"),
        ("<a k = '1'\n l='>'>x</a>", "<a k=1 l=>>x</a>"),
        ("<x:a xmlns:x='u'>b</x:a>", "<x:a xmlns:x=u>b</x:a>"),
        ("<a><![CDATA[<b>&amp;]]>c</a>", "<a>[<b>&amp;]c</a>"),
        ("<a><!-- <b> -- > -->c</a>", "<a>c</a>"),
        ("<?xml version='1.0'?><?p a>b?><a/>", "<a></a>"),
        ("<!DOCTYPE a [<!ENTITY x '<b>]]>'><!-- ' ]> -->]><a>&x;</a>", "<a>&x;</a>"),
        ("<!DOCTYPE rss PUBLIC '-//N//DTD>' 'http://a/b.dtd'><a/>", "<a></a>"),
    ])
    func wellFormedDocumentsAreRead(xml: String, expected: String) {
        #expect(tokens(xml) == expected)
        #expect(damage(xml).subtracting(.undeclaredReference) == [])
    }

    @Test(arguments: [
        ("<a><b></a>", "<a><b></b></a>", XMLDamage.mismatchedTag),
        ("<a></b></a>", "<a></a>", .mismatchedTag),
        ("<a><b><c></b></a>", "<a><b><c></c></b></a>", .mismatchedTag),
        ("<A>b</a>", "<a>b</a>", XMLDamage()),
        ("<a k=v l>b</a>", "<a k=v l=>b</a>", .malformedTag),
        ("<a k=v/>", "<a k=v></a>", .malformedTag),
        ("<a <b>c</b></a>", "<a><b>c</b></a>", .malformedTag),
        ("<a>c</a <b/>", "<a>c</a><b></b>", .malformedTag),
        ("<a>1 < 2 <3</a>", "<a>1 < 2 <3</a>", .bareLessThan),
        ("<a>R&D &nosuch; &</a>", "<a>R&D &nosuch; &</a>", .undeclaredReference),
        ("<a>x\u{1}y\u{7F}z</a>", "<a>xyz</a>", .controlCharacter),
        ("<a><!x>b</a>", "<a>b</a>", .malformedTag),
        ("<?xml version='1.0'><a/>", "<a></a>", XMLDamage()),
        ("<a>b", "<a>b", .truncated),
        ("<a>b<c k='", "<a>b", .truncated),
        ("<a>b</", "<a>b", .truncated),
        ("<a>b<!-- c", "<a>b", .truncated),
        ("<a><![CDATA[b]", "<a>[b]]", .truncated),
        ("<a><?p", "<a>", .truncated),
        ("<!DOCTYPE a [<!ENTITY b 'c'", "", .truncated),
        ("", "", XMLDamage()),
    ])
    func damagedDocumentsAreMendedAndTold(xml: String, expected: String, kind: XMLDamage) {
        #expect(tokens(xml) == expected)
        #expect(damage(xml) == kind)
    }

    @Test(arguments: [
        ("&lt;&gt;&amp;&quot;&apos;", "<>&\"'"), ("&#233;&#xE9;&#XE9;", "ééé"),
        ("&eacute;&nbsp;&hellip;", "é\u{A0}…"), ("&#146;&#x80;", "’€"),
        ("&#0;&#1;x&#x110000;&#xD800;", "x\u{FFFD}\u{FFFD}"), ("?a=1&copy=2&lt", "?a=1&copy=2&lt"),
        ("&#99999999999999999999;", "\u{FFFD}"), ("&;&#;&#x;&#12a;", "&;&#;&#x;&#12a;"),
        ("a\r\nb\rc", "a\nb\nc"), ("\u{92}", "’"), ("é\u{A0}", "é\u{A0}"),
    ])
    func textIsBroughtToPlainText(xml: String, expected: String) {
        #expect(tokens(xml) == expected)
    }

    @Test func declaredEntitiesAreNeverExpanded() {
        var xml = "<!DOCTYPE a [<!ENTITY x0 'lol'>"
        for level in 1...9 {
            let references = String(repeating: "&x\(level - 1);", count: 10)
            xml += "<!ENTITY x\(level) '\(references)'>"
        }
        #expect(tokens(xml + "]><a>&x9;</a>") == "<a>&x9;</a>")
    }

    @Test func prefixesStandForNamespacesWhereTheyAreDeclared() {
        let xml = "<a xmlns='One'><p:b xmlns:p=' Two '/><p:c/><d xmlns=''/><e/></a>"
        var tokenizer = XMLTokenizer(decoded(xml))
        var seen: [String] = []
        while true {
            let token = tokenizer.next()
            if token == .end { break }
            if token != .startTag { continue }
            let local = tokenizer.bytes(of: tokenizer.local(of: tokenizer.name))
            let address = tokenizer.bytes(ofNamespace: tokenizer.namespace)
            seen.append(
                String(decoding: local, as: UTF8.self) + ":"
                    + String(decoding: address, as: UTF8.self))
        }
        #expect(seen == ["a:one", "b:two", "c:", "d:", "e:one"])
    }

    @Test func tagsBeyondTheDepthLimitArePassedOverAndTheirTextIsKept() {
        let limits = XMLLimits(depthMax: 2)
        let xml = "<a><b>1<c>2<c>3</c></c>4</b>5</a>"
        #expect(tokens(xml, limits: limits) == "<a><b>1234</b>5</a>")
        #expect(damage(xml, limits: limits) == .tooDeep)
        #expect(tokens("<a><b><c><c></b></a>", limits: limits) == "<a><b></b></a>")
    }

    @Test func attributesBeyondTheLimitsArePassedOver() {
        let many = XMLLimits(attributesMax: 2)
        #expect(tokens("<a b='1' c='2' d='3'>x</a>", limits: many) == "<a b=1 c=2>x</a>")
        #expect(damage("<a b='1' c='2' d='3'>x</a>", limits: many) == .tooManyAttributes)
        let long = XMLLimits(tagBytesMax: 12)
        #expect(tokens("<a b='1' c='23456789'>x</a>", limits: long) == "<a b=1>x</a>")
        #expect(damage("<a b='1' c='23456789'>x</a>", limits: long) == .tagTooLong)
    }

    @Test func namesBeyondTheTableAreAllTheSame() {
        let names = (0..<5000).map { "n\($0)" }
        let xml = "<a>" + names.map { "<\($0)>x</\($0)>" }.joined() + "</a>"
        var tokenizer = XMLTokenizer(decoded(xml))
        var starts = 0
        var ends = 0
        var token = tokenizer.next()
        while token != .end {
            if token == .startTag { starts += 1 }
            if token == .endTag { ends += 1 }
            token = tokenizer.next()
        }
        #expect(starts == 5001 && ends == 5001)
        #expect(tokenizer.damage == [])
    }

    @Test func elementsCanBeClosedUnderTheCurrentTag() {
        var tokenizer = XMLTokenizer(decoded("<a><b><c><d>x</d></a>"))
        for _ in 0..<4 { _ = tokenizer.next() }
        tokenizer.closeElements(keeping: 1)
        #expect(tokenizer.depth == 2)
        var line = ""
        while true {
            let token = tokenizer.next()
            if token == .end { break }
            line += token == .endTag ? "</" + name(tokenizer.name, tokenizer) + ">" : "x"
        }
        #expect(line == "x</d></a>")
    }

    @Test func everyDamageHasASentence() {
        for bit in 0..<9 {
            #expect(XMLDamage(rawValue: 1 << UInt32(bit)).sentences.count == 1)
        }
    }

    @Test func anyBytesAreReadWithinTheLimits() {
        let limits = XMLLimits(depthMax: 8, attributesMax: 3)
        for seed in 1...200 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let bytes = generator.markupBytes(count: 400)
            let text = decodeText(bytes, contentType: nil, family: .xml)
            var tokenizer = XMLTokenizer(text, limits: limits)
            var depth = 0
            var isSound = true
            reading: while true {
                switch tokenizer.next() {
                case .startTag: depth += 1
                case .endTag: depth -= 1
                case .text, .literalText:
                    isSound = isSound && tokenizer.range.upperBound <= text.bytes.count
                case .end: break reading
                }
                isSound =
                    isSound && depth == tokenizer.depth && depth >= 0 && depth <= 8
                    && tokenizer.attributes.count <= 3
            }
            #expect(isSound, "seed \(seed)")
        }
    }
}
