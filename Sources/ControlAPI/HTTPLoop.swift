internal import NIOCore
internal import NIOPosix

/// One thread with one event loop. It ends with the last of those that may still send work to it:
/// the listener, an answer that takes its time, a stream that somebody holds.
final class HTTPLoop: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop: any EventLoop

    init() {
        loop = group.next()
    }

    deinit {
        group.shutdownGracefully { _ in }
    }
}
