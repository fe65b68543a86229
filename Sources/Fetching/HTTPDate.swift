package import News

/// Reads the three date forms of RFC 9110, section 5.6.7; nil for anything else.
///
/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
/// A year of two digits is the last one that is not more than 50 years after `now`.
package func httpDate(_ text: String, now: Instant) -> Instant? {
    guard text.utf8.count <= 64 else { return nil }
    let words = text.split { $0 == " " || $0 == "," || $0 == "-" || $0 == "\t" }.map(String.init)
    let year: Int?
    let month: Int?
    let day: Int?
    let time: String
    switch words.count {
    case 6:
        guard words[5].uppercased() == "GMT" || words[5].uppercased() == "UTC" else { return nil }
        day = digits(words[1], 1...2)
        month = monthNumber(words[2])
        year = digits(words[3], 4...4) ?? digits(words[3], 2...2).map { century($0, now: now) }
        time = words[4]
    case 5:
        month = monthNumber(words[1])
        day = digits(words[2], 1...2)
        time = words[3]
        year = digits(words[4], 4...4)
    default: return nil
    }
    let clock = time.split(separator: ":", omittingEmptySubsequences: false).map {
        digits(String($0), 2...2)
    }
    guard let year, let month, let day, clock.count == 3, let hour = clock[0],
        let minute = clock[1], let second = clock[2]
    else { return nil }
    return Instant(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second)
}

/// A number of so many ASCII digits and nothing else.
private func digits(_ text: String, _ count: ClosedRange<Int>) -> Int? {
    guard count.contains(text.utf8.count), text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
        return nil
    }
    return Int(text)
}

private func monthNumber(_ name: String) -> Int? {
    let names = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    return names.firstIndex(of: name.lowercased()).map { $0 + 1 }
}

private func century(_ year: Int, now: Instant) -> Int {
    let present = now.civil.year
    let guess = present / 100 * 100 + year
    return guess > present + 50 ? guess - 100 : guess
}
