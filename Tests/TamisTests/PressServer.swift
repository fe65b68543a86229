internal import Foundation
internal import Synchronization
internal import TestSupport

/// A small press on a loopback port: feeds and pages of invented news, and how often each was
/// asked for.
struct PressServer: Sendable {
    let server: LoopbackServer

    init() throws { server = try LoopbackServer() }

    /// A table for the configuration.
    func feed(_ id: String, more: String = "") -> String {
        "[[feed]]\nid = \"\(id)\"\nurl = \"\(server.url("/\(id).xml"))\"\n\(more)\n"
    }

    /// Serves a feed whose entries lead to pages of their own, and the pages.
    func publish(_ id: String, titles: [String]) {
        let entries = titles.enumerated().map { number, title in
            Entry(id: "\(id)-\(number)", title: title, path: "/\(id)/\(number)")
        }
        publish(id, entries)
        for entry in entries { publishPage(entry.path, title: entry.title, Self.text(entry.id)) }
    }

    struct Entry: Sendable {
        let id: String
        let title: String
        let path: String
    }

    /// Serves a feed alone, with an entity tag.
    func publish(_ id: String, _ entries: [Entry]) {
        let items = entries.reversed().map { entry in
            "<item><title>\(entry.title)</title><guid isPermaLink=\"false\">\(entry.id)</guid>"
                + "<link>\(server.url(entry.path))</link></item>"
        }
        let feed =
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>\(id)</title>"
            + "<link>\(server.url("/"))</link>\(items.joined())</channel></rss>"
        server.on("/\(id).xml") { .conditional(feed, etag: "\"\(id)\"", for: $0) }
    }

    func publishPage(_ path: String, title: String, _ text: String) {
        let page = Self.page(title: title, text)
        server.on(path) { _ in .text(page, headers: ["Content-Type: text/html; charset=utf-8"]) }
    }

    /// Serves whatever at the feed's address, and calls `asked` at each request.
    func misbehave(
        _ path: String, _ answer: LoopbackAnswer, asked: @escaping @Sendable () -> Void = {}
    ) {
        server.on(path) { _ in
            asked()
            return answer
        }
    }

    static func page(title: String, _ text: String) -> String {
        let paragraphs = text.split(separator: "\n").map { "<p>\($0)</p>" }.joined()
        return "<!DOCTYPE html><html lang=\"en\"><head><title>\(title)</title></head><body>"
            + "<nav><a href=\"/\">Home</a></nav><article><h1>\(title)</h1>\(paragraphs)</article>"
            + "</body></html>"
    }

    /// Four paragraphs that no other name gives: words of two to four syllables.
    static func text(_ name: String) -> String {
        let seed = name.utf8.reduce(5381) { ($0 &* 33) ^ UInt64($1) }
        var numbers = SeededNumbers(seed: seed)
        return (0..<4).map { _ in
            (0..<3).map { _ in sentence(&numbers) }.joined(separator: " ")
        }.joined(separator: "\n")
    }

    private static func sentence(_ numbers: inout SeededNumbers) -> String {
        let words = (0..<9).map { _ in
            (0..<Int.random(in: 2...4, using: &numbers)).map { _ in
                syllables.randomElement(using: &numbers) ?? ""
            }.joined()
        }
        let line = words.enumerated().map { $0 % 3 == 1 ? "the \($1)" : $1 }.joined(separator: " ")
        return line.prefix(1).uppercased() + line.dropFirst() + "."
    }

    private static let syllables = [
        "ba", "cor", "den", "fil", "gra", "hol", "jin", "kes", "lum", "mar", "nor", "pel", "quo",
        "ras", "sti", "tul", "ven", "wor", "yar", "zem",
    ]
}

/// Something that a server does and a test waits for.
final class Occurrence: Sendable {
    private let (stream, continuation) = AsyncStream<Void>.makeStream()

    func happen() { continuation.yield() }

    /// Waits for the next time.
    func next() async {
        var iterator = stream.makeAsyncIterator()
        await iterator.next()
    }
}
