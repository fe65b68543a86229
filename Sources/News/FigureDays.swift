/// Days, as they are written in figures and in words.
extension FigureReader {
    /// `2026-11-22`, `22/11/2026`, `22.11.2026`.
    func dayInFigures(at start: Int) -> (day: Figure.Value, end: Int)? {
        guard let (_, end) = smallNumber(at: start, digitsMax: 4), isDaySeparator(at: end) else {
            return nil
        }
        var parts: [(value: Int, digits: Int)] = []
        var index = start
        var separator: Unicode.Scalar?
        while parts.count < 3 {
            let first = index
            var value = 0
            while index < scalars.count, isDigit(scalars[index]), index - first < 4 {
                value = value * 10 + Int(scalars[index].value - 0x30)
                index += 1
            }
            guard index > first else { return nil }
            parts.append((value, index - first))
            guard parts.count < 3 else { break }
            guard isDaySeparator(at: index), separator == nil || separator == scalars[index]
            else { return nil }
            separator = scalars[index]
            index += 1
        }
        guard index == scalars.count || !isLetterOrDigit(scalars[index]) else { return nil }
        if parts[0].digits == 4 {
            return day(parts[0].value, parts[1].value, parts[2].value, index)
        }
        guard parts[2].digits == 4 else { return nil }
        let isMonthFirst = separator == "/" && !habits.isContinental && parts[0].value <= 12
        let (month, number) =
            isMonthFirst ? (parts[0].value, parts[1].value) : (parts[1].value, parts[0].value)
        return day(parts[2].value, month, number, index)
    }

    private func isDaySeparator(at index: Int) -> Bool {
        guard index < scalars.count else { return false }
        return scalars[index] == "-" || scalars[index] == "/" || scalars[index] == "."
    }

    /// `22 novembre 2026`, `1er mai 2026`, `22nd of November 2026`
    func dayInWords(at start: Int) -> (day: Figure.Value, end: Int)? {
        guard let (number, digits) = smallNumber(at: start, digitsMax: 2) else { return nil }
        var index = digits
        if let end = wordEnd(from: index), end - index <= 2,
            ordinalEnds.contains(lowercased(index..<end))
        {
            index = end
        }
        index = skippingSpace(index)
        if let end = wordEnd(from: index), end - index == 2, lowercased(index..<end) == "of" {
            index = skippingSpace(end)
        }
        guard let end = wordEnd(from: index), let name = word(index..<end, among: monthHeads),
            let month = monthNumbers[name], let (year, after) = year(at: end)
        else { return nil }
        return day(year, month, number, after)
    }

    /// `November 22, 2026`, `Nov. 22, 2026`
    func monthFirst(start: Int, end: Int) -> (day: Figure.Value, end: Int)? {
        let stop = end < scalars.count && scalars[end] == "." ? end + 1 : end
        guard let month = monthNumbers[lowercased(start..<end)],
            let (number, digits) = smallNumber(at: skippingSpace(stop), digitsMax: 2)
        else { return nil }
        var index = digits
        if let end = wordEnd(from: index), end - index <= 2,
            ordinalEnds.contains(lowercased(index..<end))
        {
            index = end
        }
        guard let (year, after) = year(at: index) else { return nil }
        return day(year, month, number, after)
    }

    private func year(at index: Int) -> (value: Int, end: Int)? {
        var start = index
        if start < scalars.count, scalars[start] == "." || scalars[start] == "," { start += 1 }
        guard let (year, end) = smallNumber(at: skippingSpace(start), digitsMax: 4), year >= 1000,
            end == scalars.count || !isLetterOrDigit(scalars[end])
        else { return nil }
        return (year, end)
    }

    private func smallNumber(at start: Int, digitsMax: Int) -> (value: Int, end: Int)? {
        var index = start
        var value = 0
        while index < scalars.count, isDigit(scalars[index]) {
            guard index - start < digitsMax else { return nil }
            value = value * 10 + Int(scalars[index].value - 0x30)
            index += 1
        }
        return index > start ? (value, index) : nil
    }

    private func day(_ year: Int, _ month: Int, _ day: Int, _ end: Int) -> (Figure.Value, Int)? {
        guard 1...9999 ~= year, 1...12 ~= month,
            1...Instant.daysIn(month: month, year: year) ~= day
        else { return nil }
        return (.day(year: year, month: month, day: day), end)
    }
}
