package import News

/// When a server wants to be asked again (RFC 9110, section 10.2.3), at most `max` from now.
///
/// Of several fields the longest wait counts. A past date means now. Anything that is neither
/// seconds nor an HTTP date (a sign, a fraction, words) says nothing: nil, if no field is readable.
package func retryAfter(_ values: [String], now: Instant, max: Duration) -> Instant? {
    values.compactMap { value -> Instant? in
        if let delay = deltaSeconds(value, max: max) { return now.adding(delay) }
        guard let date = httpDate(value, now: now) else { return nil }
        return min(Swift.max(date, now), now.adding(max))
    }.max()
}

/// How long an answer stays fresh by its own word, at most `max`; nil when it says nothing or
/// forbids reuse (RFC 9111, section 4.2.1).
///
/// `max-age` goes before `Expires`; what `Age` says has passed is taken off.
package func freshness(
    cacheControl: [String], expires: String?, date: String?, age: String?, now: Instant,
    max: Duration
) -> Duration? {
    var lifetime: Duration?
    for directive in cacheControl.flatMap({ $0.split(separator: ",") }) {
        let parts = directive.split(separator: "=", maxSplits: 1).map(trimmed)
        switch parts.first?.lowercased() {
        case "no-cache", "no-store": return nil
        case "max-age" where lifetime == nil && parts.count == 2:
            lifetime = deltaSeconds(parts[1].filter { $0 != "\"" }, max: .seconds(Int32.max))
        default: continue
        }
    }
    if lifetime == nil, let expires {
        // An unreadable date, `0` above all, means already expired (section 5.3).
        let start = date.flatMap { httpDate($0, now: now) } ?? now
        lifetime = httpDate(expires, now: now)?.since(start) ?? .zero
    }
    guard let lifetime else { return nil }
    let passed = age.flatMap { deltaSeconds($0, max: .seconds(Int32.max)) } ?? .zero
    return min(Swift.max(lifetime - passed, .zero), max)
}

/// Non-negative decimal seconds, however many digits, at most `max`; nil for anything else.
private func deltaSeconds(_ text: String, max: Duration) -> Duration? {
    let text = trimmed(text[...])
    guard !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    guard let seconds = Int32(text) else { return max }
    return min(.seconds(seconds), max)
}

private func trimmed(_ text: Substring) -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    var bytes = text.utf8[...]
    while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
    while let last = bytes.last, isSpace(last) { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
}
