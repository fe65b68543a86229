/// Pages on which parsers have been quadratic. Each has a paragraph at its end, so that what was
/// read of it can be told.
enum PageAttack: String, CaseIterable {
    case unclosedBlocks = "unclosed-div"
    case nestedFormatting = "nested-b"
    case manyAttributes = "attributes"
    case manyBylines = "bylines"
    case manyDates = "dates"

    /// About 100 kB (attributes: 1 MB), `times` so many.
    func page(times: Int = 1) -> [UInt8] {
        let body =
            switch self {
            case .unclosedBlocks: String(repeating: "<div>", count: 20_000 * times)
            case .nestedFormatting: String(repeating: "<b>", count: 50_000 * times)
            case .manyAttributes:
                "<p " + (0..<70_000 * times).map { "a\($0)=\"v\" " }.joined() + ">x</p>"
            case .manyBylines:
                String(repeating: "<a rel=author href=/author/x>By </a>", count: 3_000 * times)
            case .manyDates: String(repeating: "<p>12.12.2012 said ", count: 5_000 * times)
            }
        let end = """
            <p>The weir below the old mill was mended last week, after the ice of two winters had
            taken eleven of its stones, and the gate was opened at noon on Friday.</p>
            """
        return Array("<html><body><h1>The weir is mended</h1>\(body)\(end)".utf8)
    }
}
