import Markup
import Testing

struct DecodeTextTests {
    private func decode(
        _ bytes: [UInt8], type: String? = nil, family: DocumentFamily = .xml
    ) -> (text: String, encoding: String, isDamaged: Bool) {
        let decoded = decodeText(bytes, contentType: type, family: family)
        return (String(decoding: decoded.bytes, as: UTF8.self), decoded.encoding, decoded.isDamaged)
    }

    /// "é" or another telling character in each charset, labelled by an XML declaration.
    @Test(arguments: [
        ("iso-8859-1", [0xE9] as [UInt8], "é"), ("ISO_8859-1", [0x93], "“"),
        ("latin1", [0x80], "€"),
        ("us-ascii", [0xE9], "é"), ("windows-1250", [0xB9], "ą"), ("cp1251", [0xEF], "п"),
        ("windows-1253", [0xE1], "α"), ("iso-8859-9", [0xF0], "ğ"), ("windows-1255", [0xE0], "א"),
        ("windows-1256", [0xC7], "ا"), ("windows-1257", [0xE0], "ą"), ("windows-1258", [0xFE], "₫"),
        ("tis-620", [0xA1], "ก"), ("iso-8859-2", [0xB1], "ą"), ("iso-8859-3", [0xB1], "ħ"),
        ("iso-8859-4", [0xB1], "ą"), ("iso-8859-5", [0xD0], "а"), ("iso-8859-6", [0xC7], "ا"),
        ("iso-8859-7", [0xE1], "α"), ("iso-8859-8", [0xE0], "א"), ("iso-8859-10", [0xB1], "ą"),
        ("iso-8859-13", [0xE0], "ą"), ("iso-8859-14", [0xA1], "Ḃ"), ("iso-8859-15", [0xA4], "€"),
        ("iso-8859-16", [0xA4], "€"), ("koi8-r", [0xC1], "а"), ("koi8-u", [0xA4], "є"),
        ("ibm866", [0xA0], "а"), ("macintosh", [0x8E], "é"), ("x-mac-cyrillic", [0xE0], "а"),
        ("shift_jis", [0x82, 0xA0, 0xB1], "あｱ"), ("euc-jp", [0xA4, 0xA2, 0x8E, 0xB1], "あｱ"),
        ("euc-jp", [0x8F, 0xAB, 0xA1], "á"), ("euc-jp", [0xB4, 0xC1, 0xBB, 0xFA], "漢字"),
        ("gb2312", [0xC4, 0xE3], "你"), ("gb18030", [0x81, 0x30, 0x84, 0x36], "¥"),
        ("gb18030", [0x95, 0x32, 0x82, 0x36], "𠀀"), ("big5", [0xA7, 0xDA], "我"),
        ("euc-kr", [0xB0, 0xA1], "가"), ("ks_c_5601-1987", [0x81, 0x41], "갂"),
    ])
    func declaredCharsetIsRead(label: String, bytes: [UInt8], expected: String) {
        let declaration = #"<?xml version="1.0" encoding="\#(label)"?><a>"#
        let decoded = decode(Array(declaration.utf8) + bytes + Array("</a>".utf8))
        #expect(decoded.text == declaration + expected + "</a>")
        #expect(!decoded.isDamaged)
    }

    @Test func iso2022IsRead() {
        let bytes: [UInt8] = [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42, 0x41]
        #expect(decode(bytes, type: "text/xml; charset=iso-2022-jp").text == "あA")
    }

    @Test(arguments: [
        ([0xEF, 0xBB, 0xBF] as [UInt8], "utf-8"), ([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF], "utf-8"),
    ])
    func byteOrderMarksAreTakenOff(mark: [UInt8], encoding: String) {
        let decoded = decode(mark + Array("<é>".utf8), type: "text/xml; charset=latin1")
        #expect(decoded.text == "<é>")
        #expect(decoded.encoding == encoding)
    }

    /// XML 1.0, appendix F: with the mark and without.
    @Test(arguments: [true, false], ["utf-16le", "utf-16be", "utf-32le", "utf-32be"])
    func wideTextIsToldByItsBytes(hasMark: Bool, encoding: String) {
        let text = "<a>é𝄞</a>"
        let isBig = encoding.hasSuffix("be")
        func spread(_ value: UInt32, _ width: Int) -> [UInt8] {
            let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
            return isBig ? bytes.reversed() : bytes
        }
        let width = encoding.hasPrefix("utf-16") ? 2 : 4
        let units =
            width == 2 ? text.utf16.map { UInt32($0) } : text.unicodeScalars.map(\.value)
        let mark = hasMark ? spread(0xFEFF, width) : []
        let decoded = decode(mark + units.flatMap { spread($0, width) })
        #expect(decoded.text == text)
        #expect(decoded.encoding == encoding)
    }

    @Test func serverIsBelievedBeforeTheDocument() {
        let body = Array(#"<?xml version="1.0" encoding="windows-1251"?>"#.utf8) + [0xE9]
        #expect(decode(body, type: "text/xml; charset=\"iso-8859-1\"").encoding == "windows-1252")
        #expect(decode(body).encoding == "windows-1251")
    }

    /// Each claim that the bytes refute gives way.
    @Test(arguments: [
        ("us-ascii", "été", "utf-8"), ("utf-16", "été", "utf-8"), ("no-such-thing", "été", "utf-8"),
        ("iso-8859-1", "“été”", "utf-8"),
    ])
    func utf8WinsOverAClaimThatCannotBe(label: String, text: String, encoding: String) {
        let decoded = decode(Array(text.utf8), type: "text/xml; charset=\(label)")
        #expect(decoded.text == text)
        #expect(decoded.encoding == encoding)
        #expect(!decoded.isDamaged)
    }

    @Test func latin1ThatCallsItselfUTF8IsRead() {
        let decoded = decode([0x63, 0x61, 0x66, 0xE9, 0x20, 0x21], type: "text/xml; charset=utf-8")
        #expect(decoded.text == "café !")
        #expect(decoded.encoding == "windows-1252")
    }

    @Test func aWrongByteInUTF8IsReplacedAndTold() {
        let decoded = decode(Array("un été à la mer".utf8) + [0xFF] + Array("!".utf8))
        #expect(decoded.text == "un été à la mer\u{FFFD}!")
        #expect(decoded.isDamaged)
    }

    /// The maximal subpart is one error (Unicode, section 3.9).
    @Test(arguments: [
        ([0xE2, 0x82] as [UInt8], 1), ([0xF0, 0x9F, 0x98], 1), ([0xC0, 0xAF], 2),
        ([0xED, 0xA0, 0x80], 3), ([0xF4, 0x90, 0x80, 0x80], 4), ([0x80], 1),
    ])
    func brokenSequencesAreReplacedAsTheStandardSays(bytes: [UInt8], replacements: Int) {
        let good = String(repeating: "é", count: 20)
        let decoded = decode(Array(good.utf8) + bytes)
        #expect(decoded.text == good + String(repeating: "\u{FFFD}", count: replacements))
    }

    @Test func nulIsDropped() {
        #expect(decode([0x3C, 0x61, 0x00, 0x3E]).text == "<a>")
    }

    @Test(arguments: [
        #"<meta charset="windows-1251">"#, "<META CHARSET=windows-1251 >",
        #"<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">"#,
        #"<?xml version="1.0" encoding='windows-1251'?>"#,
    ])
    func pagesDeclareTheirCharsetInMeta(declaration: String) {
        let page = Array("<html><head>\(declaration)".utf8) + [0xEF]
        #expect(decode(page, family: .html).encoding == "windows-1251")
        #expect(decode(page, family: .plain).encoding == "windows-1252")
    }

    /// Nobody says anything: the bytes must.
    @Test(arguments: [
        ("windows-1251", [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2] as [UInt8]),
        ("koi8-r", [0xF0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4]),
        ("windows-1252", [0x63, 0x61, 0x66, 0xE9, 0x20, 0xE0, 0x20, 0x6C]),
        (
            "gb18030",
            [
                0xB2, 0xBB, 0xB9, 0xE9, 0xD2, 0xC6, 0xC3, 0xF1, 0xC2, 0xFE, 0xBB, 0xAD, 0xCF, 0xB5,
                0xC1, 0xD0,
            ]
        ),
        ("shift_jis", [0x82, 0xB1, 0x82, 0xF1, 0x82, 0xC9, 0x82, 0xBF, 0x82, 0xCD]),
        ("euc-jp", [0xA4, 0xB3, 0xA4, 0xF3, 0xA4, 0xCB, 0xA4, 0xC1, 0xA4, 0xCF]),
        ("big5", [0xA7, 0xDA, 0xA7, 0xC6, 0xB1, 0xE6, 0xB3, 0x6F, 0xAC, 0x4F]),
    ])
    func unlabelledTextIsToldByItsLook(encoding: String, bytes: [UInt8]) {
        let decoded = decode(bytes)
        #expect(decoded.encoding == encoding)
        #expect(!decoded.isDamaged)
    }

    @Test(arguments: ["gbk", "big5", "shift_jis", "euc-jp", "euc-kr", "utf-16be", "utf-8", nil])
    func anyBytesBecomeValidUTF8(label: String?) {
        for seed in 1...40 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let bytes = (0..<300).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let type = label.map { "text/xml; charset=\($0)" }
            let decoded = decodeText(bytes, contentType: type, family: .html)
            let isValid = String(validating: decoded.bytes, as: UTF8.self) != nil
            #expect(isValid && !decoded.bytes.contains(0), "seed \(seed)")
        }
    }
}
