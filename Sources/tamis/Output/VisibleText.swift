/// Text from outside as it may reach a terminal: one line, no escape, control, bidirectional
/// control, zero-width or tag character, and never more combining marks than a letter carries.
///
/// Every sentence, title, address and name that a feed, a page, a server or a file gave goes
/// through here before it is printed.
func visible(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var marks = 0
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: result.append(" ")
        case .format, .surrogate, .privateUse, .unassigned: continue
        case .nonspacingMark, .enclosingMark:
            marks += 1
            if marks <= marksMax { result.append(scalar) }
            continue
        default: result.append(scalar)
        }
        marks = 0
    }
    return String(result)
}

/// Combining marks that one letter may carry on a terminal.
private let marksMax = 2

/// The columns that `text` takes on a terminal: wide characters (UAX #11) take two, combining marks
/// none. `text` must be visible.
func columnWidth(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { width, scalar in
        if scalar.isASCII { return width + 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return width
        default: return width + (wideScalars.contains { $0 ~= scalar.value } ? 2 : 1)
        }
    }
}

/// The ranges of East Asian Wide and Fullwidth characters, emoji among them (EastAsianWidth.txt,
/// rounded to whole blocks).
private let wideScalars: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
    0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD,
]

/// `text` cut to at most `columns`, with an ellipsis when something is missing.
func fitted(_ text: String, into columns: Int) -> String {
    guard columnWidth(text) > columns else { return text }
    var result = ""
    var width = 0
    for character in text {
        let next = columnWidth(String(character))
        if width + next > columns - 1 { break }
        result.append(character)
        width += next
    }
    return columns > 0 ? result + "…" : ""
}

/// `text` broken into lines of at most `columns`, between words; a longer word has its own line.
func wrapped(_ text: String, into columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var width = 0
    for word in text.split(separator: " ") {
        let next = columnWidth(String(word))
        if width > 0, width + 1 + next > columns {
            lines.append(line)
            (line, width) = ("", 0)
        }
        line += width > 0 ? " \(word)" : String(word)
        width += next + (width > 0 ? 1 : 0)
    }
    if width > 0 || lines.isEmpty { lines.append(line) }
    return lines
}
