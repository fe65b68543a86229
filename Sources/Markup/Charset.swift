/// The charsets that documents are read from (WHATWG Encoding Standard, section 4).
package enum Charset: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16LE = "utf-16le"
    case utf16BE = "utf-16be"
    case utf32LE = "utf-32le"
    case utf32BE = "utf-32be"
    case windows1250 = "windows-1250"
    case windows1251 = "windows-1251"
    case windows1252 = "windows-1252"
    case windows1253 = "windows-1253"
    case windows1254 = "windows-1254"
    case windows1255 = "windows-1255"
    case windows1256 = "windows-1256"
    case windows1257 = "windows-1257"
    case windows1258 = "windows-1258"
    case windows874 = "windows-874"
    case iso88592 = "iso-8859-2"
    case iso88593 = "iso-8859-3"
    case iso88594 = "iso-8859-4"
    case iso88595 = "iso-8859-5"
    case iso88596 = "iso-8859-6"
    case iso88597 = "iso-8859-7"
    case iso88598 = "iso-8859-8"
    case iso885910 = "iso-8859-10"
    case iso885913 = "iso-8859-13"
    case iso885914 = "iso-8859-14"
    case iso885915 = "iso-8859-15"
    case iso885916 = "iso-8859-16"
    case koi8r = "koi8-r"
    case koi8u = "koi8-u"
    case ibm866 = "ibm866"
    case macintosh = "macintosh"
    case macCyrillic = "x-mac-cyrillic"
    case shiftJIS = "shift_jis"
    case eucJP = "euc-jp"
    case iso2022JP = "iso-2022-jp"
    case gb18030 = "gb18030"
    case big5 = "big5"
    case eucKR = "euc-kr"

    /// Reads a label as servers and authors write it: any letter case, `-`, `_` and space alike.
    /// Latin-1 and ASCII mean windows-1252, as every browser reads them. nil when it is unknown.
    package init?(label: some Sequence<UInt8>) {
        var name: [UInt8] = []
        for byte in label where isLetterOrDigit(byte) {
            name.append(lowercased(byte))
            if name.count > 40 { return nil }
        }
        let text = String(decoding: name, as: UTF8.self)
        if text == "utf8" {
            self = .utf8
            return
        }
        guard let charset = Self.aliases[text] ?? Self.plainNames[text] else { return nil }
        self = charset
    }

    /// Each charset's own name without its punctuation.
    private static let plainNames = Dictionary(
        uniqueKeysWithValues: Charset.allCases.map { charset in
            (
                String(decoding: charset.rawValue.utf8.filter(isLetterOrDigit), as: UTF8.self),
                charset
            )
        })

    private static let aliases: [String: Charset] = [
        "u8": .utf8, "unicode11utf8": .utf8, "unicode": .utf16LE, "utf16": .utf16LE,
        "u16": .utf16LE, "ucs2": .utf16LE, "iso10646ucs2": .utf16LE, "utf32": .utf32LE,
        "u32": .utf32LE, "ucs4": .utf32LE, "iso10646ucs4": .utf32LE,
        "cp1250": .windows1250, "cp1251": .windows1251, "win1251": .windows1251,
        "cp1252": .windows1252, "ascii": .windows1252, "usascii": .windows1252,
        "ansix341968": .windows1252, "iso646us": .windows1252, "ansi": .windows1252,
        "iso88591": .windows1252, "88591": .windows1252, "latin1": .windows1252,
        "l1": .windows1252, "iso885911987": .windows1252, "isolatin1": .windows1252,
        "cp819": .windows1252, "ibm819": .windows1252, "cp1253": .windows1253,
        "cp1254": .windows1254, "iso88599": .windows1254, "latin5": .windows1254,
        "cp1255": .windows1255, "cp1256": .windows1256, "cp1257": .windows1257,
        "cp1258": .windows1258, "cp874": .windows874, "tis620": .windows874,
        "iso885911": .windows874, "latin2": .iso88592, "l2": .iso88592, "latin3": .iso88593,
        "latin4": .iso88594, "cyrillic": .iso88595, "arabic": .iso88596, "greek": .iso88597,
        "hebrew": .iso88598, "iso88598i": .iso88598, "latin6": .iso885910,
        "latin9": .iso885915, "latin10": .iso885916, "koi8": .koi8r, "koi": .koi8r,
        "cskoi8r": .koi8r, "koi8ru": .koi8u, "cp866": .ibm866, "866": .ibm866,
        "mac": .macintosh, "macroman": .macintosh, "xmacroman": .macintosh,
        "maccyrillic": .macCyrillic, "xmacukrainian": .macCyrillic,
        "sjis": .shiftJIS, "xsjis": .shiftJIS, "windows31j": .shiftJIS, "mskanji": .shiftJIS,
        "cp932": .shiftJIS, "ms932": .shiftJIS, "xeucjp": .eucJP, "ujis": .eucJP,
        "gb2312": .gb18030, "gbk": .gb18030, "xgbk": .gb18030, "gb231280": .gb18030,
        "cp936": .gb18030, "chinese": .gb18030, "hzgb2312": .gb18030, "euccn": .gb18030,
        "big5hkscs": .big5, "cnbig5": .big5, "xxbig5": .big5, "cp950": .big5,
        "cp949": .eucKR, "windows949": .eucKR, "uhc": .eucKR, "ksc56011987": .eucKR,
        "ksc5601": .eucKR, "korean": .eucKR,
    ]

    /// Whether every byte of such a text is one character, so that any bytes at all pass for it.
    var isSingleByte: Bool {
        switch self {
        case .utf8, .shiftJIS, .eucJP, .iso2022JP, .gb18030, .big5, .eucKR: false
        default: !isWide
        }
    }

    /// Whether ASCII text is unreadable in it.
    var isWide: Bool {
        switch self {
        case .utf16LE, .utf16BE, .utf32LE, .utf32BE: true
        default: false
        }
    }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x61...0x7A ~= byte | 0x20
}
