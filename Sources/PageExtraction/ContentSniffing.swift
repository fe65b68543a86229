/// What a body is when it is not HTML, by its declared type and its first bytes; nil for HTML.
///
/// The bytes are believed before the declaration when they name themselves (a PDF served as HTML
/// is a PDF); a body that starts with mark-up is HTML whatever it is called.
func otherThanHTML(_ body: [UInt8], contentType: String?) -> String? {
    let start = body.prefix(64)
    for (signature, name) in signatures where start.starts(with: signature) { return name }
    let first = body.first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    if first == UInt8(ascii: "<") { return nil }
    let type = contentType?.prefix { $0 != ";" }.lowercased().filter { $0 != " " } ?? ""
    if type.isEmpty || type.contains("html") || type == "text/plain" {
        return isJSON(body, first: first) ? "JSON" : nil
    }
    if type.hasPrefix("image/") || type.hasPrefix("audio/") || type.hasPrefix("video/")
        || type.hasPrefix("font/") || type.hasPrefix("application/")
    {
        return isGeneric(type) ? nil : type
    }
    return nil
}

/// A whole document in braces; a page never ends in one.
private func isJSON(_ body: [UInt8], first: UInt8?) -> Bool {
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return false }
    let last = body.last { $0 > 0x20 }
    return last == UInt8(ascii: "}") || last == UInt8(ascii: "]")
}

/// Types that servers send when they do not know.
private func isGeneric(_ type: String) -> Bool {
    type == "application/octet-stream" || type.contains("xml") || type == "application/x-unknown"
}

private let signatures: [([UInt8], String)] = [
    (Array("%PDF-".utf8), "a PDF document"), ([0x89, 0x50, 0x4E, 0x47], "a PNG image"),
    ([0xFF, 0xD8, 0xFF], "a JPEG image"), (Array("GIF8".utf8), "a GIF image"),
    (Array("RIFF".utf8), "a RIFF file (an image or a sound)"),
    ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive"), ([0x1F, 0x8B], "a gzip archive"),
    ([0x00, 0x00, 0x00, 0x18, 0x66, 0x74, 0x79, 0x70], "a video"),
    ([0x00, 0x00, 0x00, 0x20, 0x66, 0x74, 0x79, 0x70], "a video"),
    (Array("ID3".utf8), "a sound"), (Array("OggS".utf8), "a sound"),
    ([0xD0, 0xCF, 0x11, 0xE0], "an office document"),
]
