internal import Foundation

/// A text as it is kept for reading: NFC, without marks that a reader cannot see.
///
/// - Control characters, zero-width and bidirectional-control characters, soft hyphens, byte-order
///   marks, tags, noncharacters and private-use characters go. A joiner stays in the scripts and
///   emoji that need it.
/// - Every kind of white space becomes one ordinary space, the no-break spaces of French
///   typography (`« mot »`, `100 000`) among them: they are layout, and text with ordinary spaces
///   can be searched by any tool. Quotation marks, dashes, apostrophes, ligatures stay as written.
/// - `keepsLines` (code, tables): line ends stay, without spaces before them and without blank
///   lines; tabs stay.
///
/// Idempotent. Cost: linear; a text of scalars that never compose skips the normaliser.
package func readingForm(_ text: String, keepsLines: Bool = false) -> String {
    if !keepsLines, isPlainProse(text.utf8Span.span) { return text }
    let visible = keepsLines ? visibleLines(of: text) : visibleParagraph(of: text)
    return needsComposing(visible) ? visible.precomposedStringWithCanonicalMapping : visible
}

/// One line: every run of white space is one space.
private func visibleParagraph(of text: String) -> String {
    var kept = String.UnicodeScalarView()
    var last: Unicode.Scalar = " "
    var isBehindSpace = false
    for scalar in text.unicodeScalars {
        switch ScalarFate(of: scalar, after: last) {
        case .space, .line: isBehindSpace = true
        case .gone: continue
        case .kept:
            if isBehindSpace, !kept.isEmpty { kept.append(" ") }
            isBehindSpace = false
            kept.append(scalar)
            last = scalar
        }
    }
    return String(kept)
}

/// Lines with their indentation, as far as they are not blank.
private func visibleLines(of text: String) -> String {
    var kept = String.UnicodeScalarView()
    var last: Unicode.Scalar = " "
    /// White space that counts only when something follows on the line.
    var pending = String.UnicodeScalarView()
    var isLineStart = true
    for scalar in text.unicodeScalars {
        switch ScalarFate(of: scalar, after: last) {
        case .space: pending.append(scalar == "\t" ? "\t" : " ")
        case .line:
            pending = String.UnicodeScalarView()
            isLineStart = true
        case .gone: continue
        case .kept:
            if isLineStart, !kept.isEmpty { kept.append("\n") }
            isLineStart = false
            kept.append(contentsOf: pending)
            pending = String.UnicodeScalarView()
            kept.append(scalar)
            last = scalar
        }
    }
    return String(kept)
}

private enum ScalarFate {
    case kept, gone, space, line

    init(of scalar: Unicode.Scalar, after last: Unicode.Scalar) {
        switch scalar.value {
        case 0x21...0x7E, 0xA1...0xAC, 0xAE...0x2FF: self = .kept
        case 0x20, 0x09, 0xA0: self = .space
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: self = .line
        case 0x00...0x1F, 0x7F...0x9F, 0xAD: self = .gone
        case 0x200C, 0x200D: self = usesJoiners(last) ? .kept : .gone
        case 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x200E, 0x200F,
            0x202A...0x202E, 0x2060...0x206F, 0x3164, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFC,
            0xE0000...0xE0FFF:
            self = .gone
        case 0xE000...0xF8FF, 0xF0000...0x10FFFF, 0xFDD0...0xFDEF: self = .gone
        default:
            if scalar.value & 0xFFFE == 0xFFFE {
                self = .gone
            } else {
                self = scalar.properties.isWhitespace ? .space : .kept
            }
        }
    }
}

/// Arabic, the scripts of India and the emoji change shape by joiners.
private func usesJoiners(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x590...0x10FF, 0x1200...0x1CFF, 0x2600...0x27BF, 0xA800...0xABFF, 0xFE0F,
        0x1F000...0x1FAFF:
        true
    default: false
    }
}

/// Whether a text of one line is in its reading form for certain: words parted by single spaces,
/// with nothing in them that is invisible, white space or may be composed. Cost: linear.
package func isPlainProse(_ bytes: Span<UInt8>) -> Bool {
    var isBehindSpace = true
    var index = 0
    while index < bytes.count {
        switch bytes[index] {
        case 0x21...0x7E:
            isBehindSpace = false
            index += 1
        case 0x20:
            if isBehindSpace { return false }
            isBehindSpace = true
            index += 1
        case 0xC2...:
            let (value, length) = decodeScalar(bytes, at: index)
            guard value > 0xA0, value != 0xAD, !mayCompose(value) else { return false }
            isBehindSpace = false
            index += length
        default: return false
        }
    }
    return bytes.isEmpty || !isBehindSpace
}

/// Whether a text may change under NFC (UAX 15).
private func needsComposing(_ text: String) -> Bool {
    text.unicodeScalars.contains { mayCompose($0.value) }
}

/// Whether a scalar may: false only for blocks where none does.
private func mayCompose(_ value: UInt32) -> Bool {
    switch value {
    case 0x00...0x2FF, 0x400...0x481, 0x48A...0x52F, 0x5D0...0x5EA, 0x2010...0x2027,
        0x2030...0x205E, 0x20A0...0x20BF, 0x2190...0x21FF, 0x25A0...0x26FF, 0x3001...0x3029,
        0x3041...0x3096, 0x309B...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3,
        0xFB00...0xFB06, 0xFF01...0xFF5E, 0x1F300...0x1FAFF:
        false
    default: true
    }
}
