internal import Dispatch
internal import Foundation
internal import Glibc
internal import Synchronization

/// A network of its own (network_namespaces(7)): a loopback interface with whatever addresses a
/// test gives it, and no way out. What is made inside stays there, whichever thread uses it later.
///
/// Making one needs a right that tests do not have everywhere: see `isAvailable`.
package final class NetworkNamespace: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Why tests that need one are skipped, where they are.
    package static let absence = "no right to make network namespaces here, or no iproute2"

    /// Whether this process may make one, and has the tools to furnish it and to mount in it.
    package static let isAvailable: Bool = {
        guard [ipPath, unsharePath].allSatisfy(FileManager.default.isExecutableFile),
            (try? NetworkNamespace()) != nil
        else { return false }
        return run(unsharePath, ["--mount", "/bin/true"])
    }()

    package static let ipPath = "/usr/sbin/ip"
    package static let unsharePath = "/usr/bin/unshare"

    /// Open on the namespace, which lives as long as somebody holds it.
    private let descriptor: Int32

    /// `addresses`: those of the loopback interface besides its own, such as `10.1.0.1`.
    package init(addresses: [String] = []) throws {
        descriptor = try onThread {
            guard call("unshare", cloneNewNet) == 0 else {
                throw Failure(description: "unshare: \(errno)")
            }
            return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        }
        guard descriptor >= 0 else { throw Failure(description: "no namespace: \(errno)") }
        try ip("link", "set", "lo", "up")
        for address in addresses {
            // Nobody else can have it: without the search for one it is there at once.
            let haste = address.contains(":") ? ["nodad"] : []
            try ip(["address", "add", address, "dev", "lo"] + haste)
        }
    }

    deinit { close(descriptor) }

    /// Does something inside: sockets that it opens and processes that it starts belong there.
    package func inside<Result: Sendable>(
        _ work: @Sendable @escaping () throws -> Result
    ) throws -> Result {
        try onThread { [descriptor] in
            guard call("setns", descriptor, cloneNewNet) == 0 else {
                throw Failure(description: "setns: \(errno)")
            }
            return try work()
        }
    }

    /// The same on the thread that lasts, for processes that are to end with this one.
    package func insideLasting<Result: Sendable>(
        _ work: @Sendable @escaping () throws -> Result
    ) throws -> Result {
        try LastingThread.perform { [descriptor] in
            let outside = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
            defer { close(outside) }
            guard outside >= 0, call("setns", descriptor, cloneNewNet) == 0 else {
                throw Failure(description: "setns: \(errno)")
            }
            let result = Swift.Result { try work() }
            precondition(call("setns", outside, cloneNewNet) == 0, "no way back from a namespace")
            return try result.get()
        }
    }

    /// `ip` with these words, inside.
    package func ip(_ words: String...) throws { try ip(words) }

    private func ip(_ words: [String]) throws {
        guard try inside({ run(Self.ipPath, words) }) else {
            throw Failure(description: "ip \(words.joined(separator: " ")) failed")
        }
    }
}

/// `CLONE_NEWNET` of sched.h.
private let cloneNewNet: Int32 = 0x4000_0000

/// A function that Swift's Glibc module leaves out, because it is Linux's own.
private func call(_ name: String, _ arguments: Int32...) -> Int32 {
    guard let address = dlsym(nil, name) else { return -1 }
    typealias One = @convention(c) (Int32) -> Int32
    typealias Two = @convention(c) (Int32, Int32) -> Int32
    return arguments.count == 1
        ? unsafeBitCast(address, to: One.self)(arguments[0])
        : unsafeBitCast(address, to: Two.self)(arguments[0], arguments[1])
}

/// Whether a command ended well. It belongs to the namespace of the calling thread, which `Process`
/// of Foundation does not bear: that opens sockets for its own use.
private func run(_ path: String, _ arguments: [String]) -> Bool {
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var (pid, status, environment): (pid_t, Int32, [UnsafeMutablePointer<CChar>?]) = (0, 0, [nil])
    guard posix_spawn(&pid, path, nil, nil, &words, &environment) == 0 else { return false }
    while waitpid(pid, &status, 0) < 0 {
        if errno != EINTR { return false }
    }
    return status == 0
}

/// Work on a thread of its own, which ends with it: a namespace belongs to a thread.
private func onThread<Result: Sendable>(
    _ work: @Sendable @escaping () throws -> Result
) throws -> Result {
    let (done, box) = (DispatchSemaphore(value: 0), Box<Result>())
    Thread.detachNewThread {
        let result = Swift.Result { try work() }
        box.result.withLock { $0 = result }
        done.signal()
    }
    done.wait()
    guard let result = box.result.withLock({ $0 }) else {
        throw NetworkNamespace.Failure(description: "the thread gave nothing")
    }
    return try result.get()
}

private final class Box<Result: Sendable>: Sendable {
    let result = Mutex<Swift.Result<Result, any Error>?>(nil)
}
