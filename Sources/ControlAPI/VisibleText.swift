/// What may stand in an answer for other programs to show: nothing that moves a cursor, hides
/// itself, or turns the order of letters round.
enum VisibleText {
    /// Control characters, surrogates of old terminals (C1), bidirectional controls, tag
    /// characters, line separators that are not newlines, and the codes that are no characters.
    static func hides(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200B, 0x200E...0x200F, 0x2028...0x202E,
            0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: scalar.value & 0xFFFE == 0xFFFE || 0xFDD0...0xFDEF ~= scalar.value
        }
    }

    /// The text without what hides; newlines and tabs stay.
    static func of(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { hides($0) && $0 != "\n" && $0 != "\t" }) else {
            return text
        }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !hides(scalar) || scalar == "\n" || scalar == "\t" {
            result.append(scalar)
        }
        return String(result)
    }

    /// The text on one line.
    static func line(_ text: String) -> String {
        of(text).split { $0.isWhitespace }.joined(separator: " ")
    }
}
