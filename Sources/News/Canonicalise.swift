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
/// form of a canonical form is itself. Cost: linear.
///
/// Dropped: scheme differences and the ports that go with them, leading labels of another rendering
/// (`www.`, `m.`, `mobile.`, `amp.`), fragment, credentials, session and tracking parameters,
/// parameters with an empty value, a final slash, directory index names, a final `/amp`. Sorted:
/// parameters. Decoded: percent-encoded unreserved characters (RFC 3986, section 6.2.2.2).
/// Kept: a parameter that is a bare word (`article.php?123`), and a fragment that is a route
/// (`#!/a`, `#/a`), because on such sites they alone tell one article from another.
package func canonicalise(_ url: HTTPURL) -> CanonicalURL {
    let port = url.port.flatMap { $0 == 80 || $0 == 443 ? nil : ":\($0)" } ?? ""
    let query = canonicalQuery(url.query ?? "")
    let route = url.fragment.flatMap { $0.hasPrefix("!") || $0.hasPrefix("/") ? "#\($0)" : nil }
    // One scheme for both: the same article is served over either, and only identity is at stake.
    return CanonicalURL(
        stored: "https://" + withoutVariantLabels(url.host) + port
            + canonicalPath(url.path)
            + (query.isEmpty ? "" : "?\(query)") + (route ?? ""))
}

/// A host without the leading labels that name another rendering of the same site.
func withoutVariantLabels(_ host: String) -> String {
    var host = host[...]
    while let label = ["www.", "m.", "mobile.", "amp."].first(where: { host.hasPrefix($0) }) {
        let rest = host.dropFirst(label.count)
        guard rest.contains(".") else { break }
        host = rest
    }
    return String(host)
}

private func canonicalPath(_ path: String) -> String {
    var path = decodingUnreserved(path)[...]
    if let session = path.lowercased().firstRange(of: ";jsessionid=") {
        let cut = path.prefix(path.lowercased()[..<session.lowerBound].count)
        // Only what is left of such a segment could be one that leads upwards.
        if !cut.hasSuffix("/."), !cut.hasSuffix("/..") { path = cut }
    }
    while true {
        let before = path.utf8.count
        for name in ["/index.html", "/index.htm", "/index.php"] where path.hasSuffix(name) {
            path = path.dropLast(name.count - 1)
        }
        if path.hasSuffix("/amp"), path.count > 5 { path = path.dropLast(4) }
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        if path.utf8.count == before { return String(path) }
    }
}

private func canonicalQuery(_ query: String) -> String {
    query.split(separator: "&").map { decodingUnreserved(String($0)) }
        .filter { parameter in
            let name = parameter.prefix { $0 != "=" }.lowercased()
            let hasEmptyValue = name.utf8.count + 1 == parameter.utf8.count
            return !hasEmptyValue && !isTracking(parameter: name)
        }
        .sorted()
        .joined(separator: "&")
}

/// Parameters that say how a reader came, or which rendering he wants, not what is read.
private let trackingParameters: Set<String> = [
    "fbclid", "gclid", "gclsrc", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid",
    "_hsenc", "_hsmi", "vero_id", "wickedid", "oly_anon_id", "oly_enc_id", "xtor", "at_medium",
    "at_campaign", "ns_mchannel", "ns_campaign", "ns_source", "ns_linkname", "cmpid", "ncid",
    "smid", "smtyp", "ref_src", "ref_url", "sessionid", "phpsessid", "jsessionid", "spm", "ito",
    "ocid", "taid", "guccounter", "guce_referrer", "guce_referrer_sig", "amp", "gbraid", "wbraid",
    "ttclid", "twclid", "li_fat_id", "s_kwcid", "rss_source", "outputtype",
]

private func isTracking(parameter name: String) -> Bool {
    name.hasPrefix("utm_") || name.hasPrefix("pk_") || name.hasPrefix("mtm_")
        || name.hasPrefix("at_custom") || trackingParameters.contains(name)
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
