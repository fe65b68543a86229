internal import Dispatch
internal import Fetching
internal import Foundation
internal import Glibc
internal import News
internal import Synchronization

extension Bench {
    /// CPU time of a request with so many in flight, against nginx on a loopback port, beside
    /// `curl --parallel` with the same server, document and number of connections.
    func measureFetching() throws {
        guard let server = try NginxServer() else {
            return try FileHandle.standardError.write(
                contentsOf: Data("tamis-bench: fetch left out, nginx is not installed\n".utf8))
        }
        for inFlight in [50, 200, 1000] {
            let count = size(10_000, quick: 400)
            try measure(
                "fetch/\(inFlight)-in-flight",
                Workload(documents: count, bytes: count * NginxServer.bodyBytes),
                against: "curl --parallel"
            ) {
                (
                    try fetchAll(count, inFlight, server),
                    try server.curl(count, parallel: min(inFlight, 300))
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
        options.allowedPrivateHosts = ["127.0.0.1"]
        let fetcher = Fetcher(
            options: options,
            now: { Instant(millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1000)) })
        guard let url = HTTPURL(server.url) else { throw ServerFailure(words: server.url) }
        let failures = Failures()
        let timing = time {
            let done = DispatchSemaphore(value: 0)
            Task { @Sendable in
                await fetchMany(count, inFlight, of: url, by: fetcher, failures)
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
    _ count: Int, _ inFlight: Int, of url: HTTPURL, by fetcher: Fetcher, _ failures: Failures
) async {
    await withTaskGroup(of: Void.self) { group in
        for _ in 0..<min(inFlight, count) {
            group.addTask {
                for _ in 0..<max(count / inFlight, 1) {
                    let answer = try? await fetcher.fetch(FetchRequest(url: url, purpose: .feed))
                    if answer == nil { failures.count.wrappingAdd(1, ordering: .relaxed) }
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

/// nginx with one document of 2 kB, and curl asking for it.
private final class NginxServer {
    static let bodyBytes = 2048
    let url: String
    private let folder: URL
    private let process = Process()
    private let port: Int

    /// nil when there is no nginx.
    init?() throws {
        let paths = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"]
        guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
            return nil
        }
        folder = FileManager.default.temporaryDirectory.appending(path: "tamis-bench-\(getpid())")
        port = 20_000 + Int(getpid()) % 20_000
        url = "http://127.0.0.1:\(port)/feed"
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let body = String(repeating: "<p>news</p>", count: 200).prefix(Self.bodyBytes)
        try Data(body.utf8).write(to: folder.appending(path: "feed"))
        let configuration = """
            daemon off; worker_processes 1; pid \(folder.path)/pid; error_log stderr crit;
            events { worker_connections 4096; }
            http { access_log off; keepalive_requests 1000000; default_type text/xml;
              client_body_temp_path \(folder.path)/b; proxy_temp_path \(folder.path)/p;
              fastcgi_temp_path \(folder.path)/f; uwsgi_temp_path \(folder.path)/u;
              scgi_temp_path \(folder.path)/s;
              server { listen 127.0.0.1:\(port) backlog=4096; root \(folder.path); } }
            """
        try Data(configuration.utf8).write(to: folder.appending(path: "nginx.conf"))
        process.executableURL = URL(filePath: path)
        process.arguments = ["-c", folder.appending(path: "nginx.conf").path]
        try process.run()
        for _ in 0..<500 where process.isRunning {
            if (try? curl(1, parallel: 1)) != nil { return }
            usleep(10_000)
        }
        throw ServerFailure(words: "nginx does not answer at \(url)")
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// So many requests by one curl. Its time is what the kernel notes of children that ended.
    func curl(_ count: Int, parallel: Int) throws -> Timing {
        let before = Self.childrenSeconds
        let wall = ProcessClock.wallSeconds
        let command = Process()
        command.executableURL = URL(filePath: "/usr/bin/curl")
        command.arguments = [
            "--silent", "--fail", "--parallel", "--parallel-immediate", "--parallel-max",
            "\(parallel)", "--output", "/dev/null", "\(url)?[1-\(count)]",
        ]
        try command.run()
        command.waitUntilExit()
        guard command.terminationStatus == 0 else {
            throw ServerFailure(words: "curl ended with \(command.terminationStatus)")
        }
        return Timing(
            cpuSeconds: Self.childrenSeconds - before, wallSeconds: ProcessClock.wallSeconds - wall)
    }

    private static var childrenSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}
