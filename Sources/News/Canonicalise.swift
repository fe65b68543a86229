/// The one address that documents are compared by (RFC 6596; RFC 3986, section 6.2): no
/// credentials, no tracking parameters, one scheme, no `www.`. Never fetched.
package struct CanonicalURL: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package var description: String { text }

    /// From text that `canonicalise` made before.
    package init(stored text: String) { self.text = text }
}

extension CanonicalURL: Codable {
    package init(from decoder: any Decoder) throws {
        text = try decodeText(from: decoder, as: "an address") { $0 }
    }
    package func encode(to encoder: any Encoder) throws { try encodeText(text, to: encoder) }
}

/// Brings an address to the form by which two documents are compared. Idempotent: the canonical
/// form of a canonical form is itself. Cost: linear, and once more for each further part of the
/// path that is dropped.
///
/// Dropped: scheme differences and the ports that go with them, fragment, credentials, parameters
/// with an empty value, repeated and final slashes, and by the rules of `AddressRules.txt` what
/// names another rendering (`www.`, `m.`, `/amp`), a session, or how a reader came. The address of
/// a copy at a cache becomes that of the page. Sorted: parameters. Decoded: percent-encoded
/// unreserved characters (RFC 3986, section 6.2.2.2). Encoded: hosts in other scripts (RFC 5890).
/// Kept: a parameter that is a bare word (`article.php?123`), and a fragment that is a route
/// (`#!/a`, `#/a`), because on such sites they alone tell one article from another.
package func canonicalise(_ url: HTTPURL) -> CanonicalURL {
    canonicalise(url, by: .standard)
}

func canonicalise(_ url: HTTPURL, by rules: AddressRules) -> CanonicalURL {
    var url = url
    // Each step leaves a shorter path: caches of caches come to an end.
    while let page = rules.page(behind: url) { url = page }
    let port = url.port.flatMap { $0 == 80 || $0 == 443 ? nil : ":\($0)" } ?? ""
    let query = canonicalQuery(url.query ?? "", rules)
    let route = url.fragment.flatMap { $0.hasPrefix("!") || $0.hasPrefix("/") ? "#\($0)" : nil }
    // One scheme for both: the same article is served over either, and only identity is at stake.
    return CanonicalURL(
        stored: "https://" + withoutVariantLabels(asciiName(ofHost: url.host), rules) + port
            + canonicalPath(url.path, rules)
            + (query.isEmpty ? "" : "?\(query)") + (route ?? ""))
}

/// A host without the labels that name another rendering of the same site.
func withoutVariantLabels(_ host: String, _ rules: AddressRules = .standard) -> String {
    var host = host[...]
    while let label = rules.labels.first(where: { host.hasPrefix($0) }) {
        let rest = host.dropFirst(label.utf8.count)
        guard rest.contains(".") else { break }
        host = rest
    }
    guard let dot = host.firstIndex(of: ".") else { return String(host) }
    let (first, rest) = (host[...dot], host[host.index(after: dot)...])
    for label in rules.innerLabels where rest.hasPrefix(label) {
        let site = rest.dropFirst(label.utf8.count)
        if site.contains(".") { return withoutVariantLabels("\(first)\(site)", rules) }
    }
    return String(host)
}

extension AddressRules {
    /// The page of which that address names a copy at a cache; nil for any other address.
    fileprivate func page(behind url: HTTPURL) -> HTTPURL? {
        let isCache = caches.contains { url.host == $0 || url.host.hasSuffix("." + $0) }
        let viewer = viewers.first { withoutVariantLabels(url.host, self) == $0.host }
        guard isCache || viewer != nil else { return nil }
        let path = canonicalPath(url.path, self)
        var rest: Substring
        if let viewer, path.hasPrefix(viewer.path) {
            rest = path.dropFirst(viewer.path.count)
        } else {
            let segments = path.dropFirst().split(separator: "/", maxSplits: 1)
            guard isCache, segments.count == 2 else { return nil }
            rest = segments[1]
        }
        if rest.hasPrefix("s/") { rest = rest.dropFirst(2) }
        guard rest.prefix(while: { $0 != "/" }).contains(".") else { return nil }
        return HTTPURL("https://\(rest)" + (url.query.map { "?\($0)" } ?? ""))
    }
}

private func canonicalPath(_ path: String, _ rules: AddressRules) -> String {
    var path = decodingUnreserved(path)
    while true {
        let before = path.utf8.count
        path = withoutSessions(path, rules)
        for index in rules.indexes where path.hasSuffix(index) {
            path.removeLast(index.count - 1)
        }
        for ending in rules.endings { drop(ending, from: &path) }
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        if path.utf8.count == before { return path }
    }
}

/// A path without empty segments, and without those and their parameters that are a session.
private func withoutSessions(_ path: String, _ rules: AddressRules) -> String {
    let mayHold = path.contains(";") || path.contains("(") || path.contains("//")
    guard mayHold else { return path }
    var kept: [Substring] = []
    for segment in path.split(separator: "/") {
        let lower = segment.lowercased()
        if rules.segments.contains(where: { lower.hasPrefix($0.start) && lower.hasSuffix($0.end) })
        {
            continue
        }
        let starts = rules.matrixParameters.compactMap { lower.firstRange(of: $0)?.lowerBound }
        guard let start = starts.min() else {
            kept.append(segment)
            continue
        }
        let left = segment.prefix(lower[..<start].count)
        // What is left of a segment must not be one that leads upwards, or none.
        kept.append(["", ".", ".."].contains(left) ? segment : left)
    }
    return "/" + kept.joined(separator: "/") + (path.hasSuffix("/") && !kept.isEmpty ? "/" : "")
}

/// Takes the end of another rendering off a path of which something is left before it.
private func drop(_ ending: AddressRules.Ending, from path: inout String) {
    guard path.hasSuffix(ending.text) else { return }
    let left = path.dropLast(ending.text.count)
    let name = left[(left.lastIndex(of: "/").map { left.index(after: $0) } ?? left.startIndex)...]
    guard left.utf8.count > 1, !["", ".", ".."].contains(name) else { return }
    path = left + ending.replacement
}

private func canonicalQuery(_ query: String, _ rules: AddressRules) -> String {
    query.split(separator: "&")
        .map { decodingUnreserved(String($0)).replacing("%20", with: "+") }
        .filter { !rules.passesOver($0.lowercased()) }
        .sorted()
        .joined(separator: "&")
}

private func decodingUnreserved(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var next = 0
    while next < bytes.count {
        if bytes[next] == UInt8(ascii: "%"), next + 2 < bytes.count,
            let high = hexadecimalValue(bytes[next + 1]),
            let low = hexadecimalValue(bytes[next + 2])
        {
            let byte = high << 4 | low
            if isUnreserved(byte) {
                result.append(byte)
            } else {
                result += Array(("%" + String(bytes: bytes[(next + 1)...(next + 2)])).utf8)
            }
            next += 3
        } else {
            result.append(bytes[next])
            next += 1
        }
    }
    return String(decoding: result, as: UTF8.self)
}

extension String {
    fileprivate init(bytes: ArraySlice<UInt8>) {
        self = String(decoding: bytes, as: UTF8.self).uppercased()
    }
}

private func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}

private func isUnreserved(_ byte: UInt8) -> Bool {
    isLetter(byte) || 0x30...0x39 ~= byte || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
}
