/// The one address that documents are compared by (RFC 6596; RFC 3986, section 6.2): no fragment,
/// no credentials, no tracking parameters, one scheme, no `www.`. Never fetched.
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
/// Dropped: scheme differences, a leading `www.` or `amp.`, fragment, credentials, session and
/// tracking parameters, empty parameters, a final slash, directory index names. Sorted: parameters.
/// Decoded: percent-encoded unreserved characters (RFC 3986, section 6.2.2.2).
package func canonicalise(_ url: HTTPURL) -> CanonicalURL {
    var host = url.host
    for prefix in ["www.", "amp."] where host.hasPrefix(prefix) {
        let rest = host.dropFirst(prefix.count)
        if rest.contains(".") { host = String(rest) }
    }
    var path = decodingUnreserved(url.path)
    for name in ["/index.html", "/index.htm", "/index.php"] where path.hasSuffix(name) {
        path.removeLast(name.count - 1)
    }
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    let query = canonicalQuery(url.query ?? "")
    // One scheme for both: the same article is served over either, and only identity is at stake.
    return CanonicalURL(
        stored: "https://" + host + (url.port.map { ":\($0)" } ?? "") + path
            + (query.isEmpty ? "" : "?\(query)"))
}

private func canonicalQuery(_ query: String) -> String {
    query.split(separator: "&").filter { parameter in
        let name = parameter.prefix { $0 != "=" }.lowercased()
        return name.utf8.count < parameter.utf8.count && !isTracking(parameter: name)
    }
    .map { decodingUnreserved(String($0)) }
    .sorted()
    .joined(separator: "&")
}

/// Parameters that say how a reader came, not what is read.
private let trackingParameters: Set<String> = [
    "fbclid", "gclid", "gclsrc", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid",
    "_hsenc", "_hsmi", "vero_id", "wickedid", "oly_anon_id", "oly_enc_id", "xtor", "at_medium",
    "at_campaign", "ns_mchannel", "ns_campaign", "ns_source", "ns_linkname", "cmpid", "ncid",
    "smid", "smtyp", "ref_src", "ref_url", "sessionid", "phpsessid", "jsessionid", "sid",
    "spm", "ito", "ocid", "taid", "tag_id", "guccounter", "guce_referrer", "guce_referrer_sig",
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
