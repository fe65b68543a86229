internal import Dispatch
internal import Fetching
internal import Foundation
internal import Glibc
internal import Isolation
internal import News
internal import Synchronization

extension Bench {
    /// CPU time of a request with so many in flight, against nginx on loopback ports, beside
    /// `curl --parallel`.
    ///
    /// Both ask for the same document of 2 kB at the same addresses in turn, 50 hosts, and keep
    /// their connections; nginx counts requests and connections, and the figures hold only if both
    /// made as many of the first and hardly more of the second than are in flight. A curl takes 300
    /// in flight at most, so a thousand are four curls. curl drops the body, Tamis keeps it, judges
    /// the answer and accounts for it; both times are of the whole client, the kernel's included.
    func measureFetching() throws {
        guard let server = try NginxServer() else {
            return try FileHandle.standardError.write(
                contentsOf: Data(
                    "tamis-bench: fetch left out, nginx or setpriv is not installed\n".utf8))
        }
        // As the daemon does.
        DefaultExecutor.moveToOwnQueue()
        for inFlight in [50, 200, 1000] {
            let count = size(20_000, quick: 1_000)
            try measure(
                "fetch/\(inFlight)-in-flight",
                Workload(documents: count, bytes: count * NginxServer.bodyBytes),
                against: "curl --parallel"
            ) {
                (
                    try server.watching(count, inFlight) { try fetchAll(count, inFlight, server) },
                    try server.watching(count, inFlight) { try server.curl(count, inFlight) }
                )
            }
        }
    }

    /// Time of this process alone: the server is another one.
    private func fetchAll(_ count: Int, _ inFlight: Int, _ server: NginxServer) throws -> Timing {
        var options = FetchOptions()
        options.hostSpacing = .zero
        options.transfersMax = inFlight
        options.slowTransfersMax = inFlight
        options.transfersPerHostMax = inFlight
        options.waitingMax = count
        options.allowedPrivateHosts = Set(NginxServer.hosts)
        let fetcher = Fetcher(
            options: options,
            now: { Instant(millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1000)) })
        let urls = server.urls.compactMap { HTTPURL($0) }
        let failures = Failures()
        let timing = time {
            let done = DispatchSemaphore(value: 0)
            Task { @Sendable in
                await fetchMany(count, inFlight, of: urls, by: fetcher, failures)
                await fetcher.shutDown()
                done.signal()
            }
            done.wait()
            return count
        }
        let failed = failures.count.load(ordering: .relaxed)
        guard failed == 0 else { throw ServerFailure(words: "\(failed) requests failed") }
        return timing
    }
}

private final class Failures: Sendable {
    let count = Atomic<Int>(0)
}

private func fetchMany(
    _ count: Int, _ inFlight: Int, of urls: [HTTPURL], by fetcher: Fetcher, _ failures: Failures
) async {
    await withTaskGroup(of: Void.self) { group in
        for lane in 0..<inFlight {
            group.addTask {
                for _ in 0..<(count / inFlight) {
                    let request = FetchRequest(url: urls[lane % urls.count], purpose: .feed)
                    let answer = try? await fetcher.fetch(request)
                    if case .body(let body) = answer?.content, body.count == NginxServer.bodyBytes {
                        continue
                    }
                    failures.count.wrappingAdd(1, ordering: .relaxed)
                }
            }
        }
    }
}

/// nginx could not be started, or did not answer.
private struct ServerFailure: Error, CustomStringConvertible {
    let words: String
    var description: String { "fetch: \(words)" }
}

/// nginx with one document of 2 kB at 50 addresses, and curl asking for it.
private final class NginxServer {
    static let bodyBytes = 2048
    static let hosts = (1...50).map { "127.0.0.\($0)" }
    var urls: [String] { Self.hosts.map { "http://\($0):\(port)/feed" } }
    private let folder: URL
    private let process = Process()
    private let port: Int

    /// nil when there is no nginx.
    init?() throws {
        let paths = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"]
        guard let path = paths.first(where: FileManager.default.isExecutableFile),
            FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
        else { return nil }
        folder = FileManager.default.temporaryDirectory.appending(path: "tamis-bench-\(getpid())")
        // Below those that connections are given (ip(7), ip_local_port_range).
        port = 10_000 + Int(getpid()) % 20_000
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let body = String(repeating: "<p>news</p>", count: 200).prefix(Self.bodyBytes)
        try Data(body.utf8).write(to: folder.appending(path: "feed"))
        let listen = Self.hosts.map { "listen \($0):\(port) backlog=4096;" }.joined()
        // One process and not two: a worker would outlive a master that is killed.
        let configuration = """
            daemon off; master_process off; pid \(folder.path)/pid; error_log stderr crit;
            events { worker_connections 4096; }
            http { access_log off; keepalive_requests 1000000; default_type text/xml;
              client_body_temp_path \(folder.path)/b; proxy_temp_path \(folder.path)/p;
              fastcgi_temp_path \(folder.path)/f; uwsgi_temp_path \(folder.path)/u;
              scgi_temp_path \(folder.path)/s;
              server { \(listen) root \(folder.path); location /tally { stub_status; } } }
            """
        try Data(configuration.utf8).write(to: folder.appending(path: "nginx.conf"))
        // Killed with this process, however that ends: the signal comes when the thread ends that
        // starts it (prctl(2), PR_SET_PDEATHSIG), which is the first.
        process.executableURL = URL(filePath: "/usr/bin/setpriv")
        process.arguments = [
            "--pdeathsig", "KILL", path, "-c", folder.appending(path: "nginx.conf").path,
        ]
        try process.run()
        for _ in 0..<500 where process.isRunning {
            if (try? tally()) != nil { return }
            usleep(10_000)
        }
        throw ServerFailure(words: "nginx does not answer on port \(port)")
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// Does that work, and lets it count only if it was that many requests over about as many
    /// connections as are in flight: one that ends may overlap with the one that follows it. On a
    /// busy machine, where answers come out of order, curl opens more: then it works once more.
    func watching(_ count: Int, _ inFlight: Int, _ work: () throws -> Timing) throws -> Timing {
        var made = (requests: 0, connections: 0)
        for _ in 0..<5 {
            let before = try tally()
            let timing = try work()
            let after = try tally()
            // The second look is one of both, too.
            made = (after.requests - before.requests - 1, after.accepted - before.accepted - 1)
            guard made.requests == count else { break }
            if made.connections <= inFlight + inFlight / 10 { return timing }
        }
        throw ServerFailure(
            words: "\(made.requests) requests over \(made.connections) connections, not \(count)")
    }

    /// What nginx has counted: connections and requests, those of this question included.
    private func tally() throws -> (accepted: Int, requests: Int) {
        let (command, output) = (Process(), Pipe())
        command.executableURL = URL(filePath: "/usr/bin/curl")
        command.arguments = ["--silent", "--fail", "http://127.0.0.1:\(port)/tally"]
        command.standardOutput = output
        try command.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        command.waitUntilExit()
        let numbers = String(decoding: text, as: UTF8.self).split(separator: "\n").dropFirst(2)
            .first?
            .split(separator: " ").compactMap { Int($0) }
        guard command.terminationStatus == 0, let numbers, numbers.count == 3 else {
            throw ServerFailure(words: "nginx has no tally")
        }
        return (numbers[0], numbers[2])
    }

    /// So many requests by as few curls as may have so many in flight. Their time is what the
    /// kernel notes of children that ended.
    func curl(_ count: Int, _ inFlight: Int) throws -> Timing {
        let before = Self.childrenSeconds
        let wall = ProcessClock.wallSeconds
        let curls = (inFlight + Self.curlMax - 1) / Self.curlMax
        var arguments = [
            "--silent", "--no-progress-meter", "--fail", "--parallel", "--parallel-immediate",
            "--parallel-max", "\(inFlight / curls)",
        ]
        let last = Self.hosts.count
        for _ in 0..<(count / last / curls) {
            arguments += ["--output", "/dev/null", "http://127.0.0.[1-\(last)]:\(port)/feed"]
        }
        let commands = (0..<curls).map { _ in Process() }
        for command in commands {
            command.executableURL = URL(filePath: "/usr/bin/curl")
            command.arguments = arguments
            command.standardError = FileHandle.nullDevice
            try command.run()
        }
        for command in commands {
            command.waitUntilExit()
            guard command.terminationStatus == 0 else {
                throw ServerFailure(words: "curl ended with \(command.terminationStatus)")
            }
        }
        return Timing(
            cpuSeconds: Self.childrenSeconds - before, wallSeconds: ProcessClock.wallSeconds - wall)
    }

    /// In flight in one curl; it would take 300.
    private static let curlMax = 250

    private static var childrenSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}
