internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// The open end of a streamed answer: bytes go in here and out to one reader.
///
/// A reader that does not keep up is hung up on, so that nothing waits for it and nothing piles up.
package final class HTTPStream: Sendable {
    private let owner: HTTPLoop
    private let channel: any Channel
    private let waitingBytesMax: Int
    private let state = Mutex(State())

    private struct State {
        var waitingBytes = 0
        var isOpen = true
    }

    init(owner: HTTPLoop, channel: any Channel, waitingBytesMax: Int) {
        self.owner = owner
        self.channel = channel
        self.waitingBytesMax = waitingBytesMax
        channel.closeFuture.whenComplete { _ in self.state.withLock { $0.isOpen = false } }
    }

    /// Whether the reader is still there, as far as is known.
    package var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Sends `bytes` soon, without waiting; hangs up when too much waits already.
    package func send(_ bytes: [UInt8]) {
        _ = enqueue(bytes)
    }

    /// Sends `bytes` and returns when the kernel has taken them.
    /// - Returns: whether the reader is still there.
    package func sendAndWait(_ bytes: [UInt8]) async -> Bool {
        guard let written = enqueue(bytes) else { return false }
        do {
            try await written.get()
            return true
        } catch {
            return false
        }
    }

    /// Hangs up.
    package func close() {
        channel.close(promise: nil)
    }

    /// Calls `body` once, when the connection has ended.
    package func onClose(_ body: @escaping @Sendable () -> Void) {
        channel.closeFuture.whenComplete { _ in body() }
    }

    private func enqueue(_ bytes: [UInt8]) -> EventLoopFuture<Void>? {
        let fits = state.withLock { state in
            guard state.isOpen else { return false }
            state.waitingBytes += bytes.count
            state.isOpen = state.waitingBytes <= waitingBytesMax
            return state.isOpen
        }
        guard fits else {
            close()
            return nil
        }
        let buffer = ByteBuffer(bytes: bytes)
        let channel = channel
        let written = owner.loop.flatSubmit {
            channel.pipeline.syncOperations.writeAndFlush(
                NIOAny(HTTPServerResponsePart.body(.byteBuffer(buffer))))
        }
        written.whenComplete { _ in self.state.withLock { $0.waitingBytes -= bytes.count } }
        return written
    }
}
