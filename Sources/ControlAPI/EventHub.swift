internal import News
internal import Synchronization

/// Who reads `/events`, and how far each has come.
///
/// A reader that resumes gets the records behind its place from the store first; what happens
/// meanwhile waits in line behind them, so that it sees each record once and in order.
final class EventHub: Sendable {
    private let provider: ControlProvider
    private let readers = Mutex(Readers())

    /// Events that may wait while a reader catches up.
    private static let queuedEventsMax = 2000
    /// Records asked from the store at a time.
    private static let replayPageRecords = 200

    /// What a reader is told first: how long to wait before it comes again.
    static let greeting = Array("retry: 3000\n\n".utf8)
    /// A comment, which readers pass over.
    static let heartbeat = Array(": still here\n\n".utf8)

    private struct Readers {
        var next: UInt64 = 0
        var all: [UInt64: Reader] = [:]
    }

    private struct Reader {
        let stream: HTTPStream
        /// What waits while the reader catches up; nil when it has.
        var queued: [Item]?
    }

    private struct Item {
        let seq: UInt64?
        let bytes: [UInt8]
    }

    init(provider: ControlProvider) {
        self.provider = provider
    }

    var readerCount: Int { readers.withLock { $0.all.count } }

    /// Takes a reader in. Does not block.
    /// - Parameter seq: the last record that it has; nil when it wants only what is to come.
    func add(_ stream: HTTPStream, after seq: UInt64?) {
        let id = readers.withLock { readers in
            readers.next += 1
            readers.all[readers.next] = Reader(stream: stream, queued: seq == nil ? nil : [])
            return readers.next
        }
        stream.onClose { self.readers.withLock { _ = $0.all.removeValue(forKey: id) } }
        stream.send(Self.greeting)
        if let seq { Task { await replay(to: id, stream, after: seq) } }
    }

    /// Tells all readers. Does not block. Calls must not overlap, or the order is anybody's guess.
    func publish(_ event: ControlEvent) throws {
        let item = Item(seq: event.seq, bytes: try event.serverSentEvent())
        var live: [HTTPStream] = []
        var lagging: [HTTPStream] = []
        readers.withLock { readers in
            for (id, reader) in readers.all {
                guard let queued = reader.queued else {
                    live.append(reader.stream)
                    continue
                }
                if queued.count < Self.queuedEventsMax {
                    readers.all[id]?.queued?.append(item)
                } else {
                    lagging.append(reader.stream)
                }
            }
        }
        // Outside of the lock: a stream that ends here calls back.
        for stream in live { stream.send(item.bytes) }
        for stream in lagging { stream.close() }
    }

    private func replay(to id: UInt64, _ stream: HTTPStream, after seq: UInt64) async {
        var last = seq
        do {
            while true {
                let page = try await provider.articles(
                    ArticleQuery(after: last, limit: Self.replayPageRecords))
                var bytes: [UInt8] = []
                for record in page.records where record.seq > last {
                    bytes += try ControlEvent.article(ArticleSummary(of: record)).serverSentEvent()
                    last = record.seq
                }
                if !bytes.isEmpty { guard await stream.sendAndWait(bytes) else { return } }
                guard page.next != nil, !bytes.isEmpty else { break }
            }
        } catch {
            // The reader comes again and resumes where it stood.
            return stream.close()
        }
        while let queued = takeQueued(of: id) {
            for item in queued where item.seq ?? .max > last { stream.send(item.bytes) }
        }
    }

    /// What has queued up for a reader; nil when nothing has, and from then on it is live.
    private func takeQueued(of id: UInt64) -> [Item]? {
        readers.withLock { readers in
            guard let queued = readers.all[id]?.queued else { return nil }
            readers.all[id]?.queued = queued.isEmpty ? nil : []
            return queued.isEmpty ? nil : queued
        }
    }
}
