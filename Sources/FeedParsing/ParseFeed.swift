/// `FeedParsing` turns the body of one answer into one `FeedDocument`, whatever its format, and
/// lists of feeds (OPML) into outlines and back.
///
/// It is pure: bytes in, values out; no network, no clock, no disk. It takes what publishers really
/// send: broken markup, wrong charsets and half documents give what can be known, and `damage`
/// tells what was mended. Only what is no feed at all is refused.

internal import Markup
package import News

/// Reads a feed document: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 (RFC 4287), JSON Feed 1.0 and
/// 1.1, and sitemaps with their news extension. The format is told by the content alone; a body
/// that was left in gzip is opened.
///
/// - Parameters:
///   - body: As it came, its transfer undone, in any charset.
///   - url: Where it came from in the end: relative addresses are resolved against it.
///   - contentType: The `Content-Type` that it came with, for its charset.
/// - Throws: What the body is instead, in a sentence.
///
/// Cost: linear in the body.
package func parseFeed(
    _ body: [UInt8], from url: HTTPURL?, declared contentType: String?,
    limits: FeedLimits = FeedLimits()
) throws(FeedError) -> FeedDocument {
    let opened = try OpenedBody(body, limits: limits)
    var document = try parseOpenedFeed(
        opened.bytes, from: url, declared: contentType, limits: limits)
    if let damage = opened.damage { document.damage.insert(damage, at: 0) }
    document.damage = Array(document.damage.prefix(limits.damageMax))
    return document
}

private func parseOpenedFeed(
    _ body: [UInt8], from url: HTTPURL?, declared contentType: String?, limits: FeedLimits
) throws(FeedError) -> FeedDocument {
    if let kind = kindOfFile(body) { throw .notAFeed(.file(kind)) }
    let text = decodeText(body, contentType: contentType, family: .xml)
    guard let first = text.bytes.first(where: { $0 > 0x20 }) else { throw .empty }

    var document: FeedDocument
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
        var reader = JSONFeedReader(text, from: url, limits: limits)
        document = try reader.read()
    } else {
        if isBinary(body, text) { throw .notAFeed(.binary) }
        var reader = XMLFeedReader(text, from: url, limits: limits)
        document = try reader.read()
    }
    if text.isDamaged {
        document.damage.insert("bytes are not valid \(text.encoding)", at: 0)
    }
    return document
}

/// Whether the body is no text at all: it has more control characters than any text that was
/// damaged, and nothing that looks like a tag.
private func isBinary(_ body: [UInt8], _ text: DecodedText) -> Bool {
    guard text.hadControls, !text.bytes.contains(UInt8(ascii: "<")) else { return false }
    let start = body.prefix(1000)
    let controls = start.count { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    return controls * 20 > start.count
}

/// The name of a file format that is known by its first bytes and is surely no text.
private func kindOfFile(_ body: [UInt8]) -> String? {
    kindsOfFiles.first { body.starts(with: $0.start) }?.name
}

private let kindsOfFiles: [(start: [UInt8], name: String)] = [
    (Array("%PDF-".utf8), "a PDF file"), ([0x89, 0x50, 0x4E, 0x47], "a PNG image"),
    ([0xFF, 0xD8, 0xFF], "a JPEG image"), (Array("GIF8".utf8), "a GIF image"),
    ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive"), ([0x1F, 0x8B], "gzip data"),
    (Array("RIFF".utf8), "a media file"), (Array("ID3".utf8), "an MP3 file"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program"),
]
