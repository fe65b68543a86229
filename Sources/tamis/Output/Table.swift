/// Rows under headings, aligned by the columns that text really takes.
struct Table {
    struct Column {
        let heading: String
        var isNumeric = false
        /// The column that gives way when the terminal is narrow.
        var isFlexible = false
    }

    struct Cell: ExpressibleByStringInterpolation {
        let text: String
        let colour: Terminal.Colour?

        init(_ text: String, _ colour: Terminal.Colour? = nil) {
            self.text = visible(text)
            self.colour = colour
        }
        init(stringLiteral value: String) { self.init(value) }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ row: [Cell]) { rows.append(row) }

    /// The lines of the table, no wider than the terminal: flexible columns give way first, then
    /// those at the right are left out.
    func lines(for terminal: Terminal) -> [String] {
        var widths = columns.map { columnWidth($0.heading) }
        for row in rows {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], columnWidth(cell.text))
            }
        }
        let gaps = 2 * max(columns.count - 1, 0)
        let excess = widths.reduce(0, +) + gaps - terminal.columns
        if excess > 0 { shrink(&widths, by: excess) }
        let headings = columns.map { Cell($0.heading.uppercased(), .bold) }
        return ([headings] + rows).map { line($0, widths: widths, terminal: terminal) }
    }

    /// Takes columns from the flexible ones, the widest first.
    private func shrink(_ widths: inout [Int], by excess: Int) {
        for _ in 0..<excess {
            let flexible = columns.indices.filter { columns[$0].isFlexible && widths[$0] > 8 }
            guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { return }
            widths[widest] -= 1
        }
    }

    private func line(_ row: [Cell], widths: [Int], terminal: Terminal) -> String {
        var result = ""
        var room = terminal.columns
        for (index, cell) in row.enumerated() where index < widths.count && room > 0 {
            let width = min(widths[index], room)
            room -= width + 2
            let text = fitted(cell.text, into: width)
            let padding = String(repeating: " ", count: max(0, width - columnWidth(text)))
            let painted = terminal.paint(text, cell.colour)
            let isLast = index == widths.count - 1 || room <= 0
            result += columns[index].isNumeric ? padding + painted : painted
            if !isLast { result += (columns[index].isNumeric ? "" : padding) + "  " }
        }
        return result
    }
}
