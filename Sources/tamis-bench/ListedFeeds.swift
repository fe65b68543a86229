internal import FeedParsing
internal import Foundation
internal import News

/// Times one pass over many feed documents, in the form in which throughputs of different parsers
/// are compared: all documents are in memory before the clock starts, and each is parsed once.
struct ListedFeeds {
    private let documents: [[UInt8]]

    /// What one pass found and cost.
    private struct Pass: Encodable {
        var bytes = 0
        var entries = 0
        var fails = 0
        var s = 0.0
        var cpu = 0.0
    }

    /// - Throws: `UnreadableFolder` when the list, or a file that it names, cannot be read.
    init(list: String) throws {
        guard let text = try? String(contentsOfFile: list, encoding: .utf8) else {
            throw UnreadableFolder(sentence: "\(list) cannot be read")
        }
        documents = try text.split(separator: "\n").map { line in
            let path = String(line.prefix { $0 != "\t" })
            guard let data = FileManager.default.contents(atPath: path) else {
                throw UnreadableFolder(sentence: "\(path) cannot be read")
            }
            return [UInt8](data)
        }
    }

    func measure(rounds: Int) throws {
        let passes = (0..<rounds).map { _ in pass() }
        let encoder = JSONEncoder()
        print(String(decoding: try encoder.encode(passes), as: UTF8.self))
    }

    private func pass() -> Pass {
        var pass = Pass()
        let timing = time {
            for document in documents {
                pass.bytes += document.count
                do {
                    pass.entries += try parseFeed(document, from: nil, declared: nil).entries.count
                } catch {
                    pass.fails += 1
                }
            }
            return pass.entries
        }
        pass.s = timing.wallSeconds
        pass.cpu = timing.cpuSeconds
        return pass
    }
}
