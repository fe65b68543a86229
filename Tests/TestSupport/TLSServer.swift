internal import Foundation
internal import Glibc

/// `openssl s_server` on a loopback port, with a certificate made for the occasion.
package final class TLSServer {
    package enum Certificate: String, Sendable {
        case good, expired, otherHost, selfSigned
    }

    /// What the server does with a connection.
    package enum Conduct: Sendable {
        /// A page about the connection, four times.
        case page
        /// Nothing by itself: `answer` is asked what to send.
        case raw(protocols: String)
    }

    package struct Failure: Error {
        package let words: String
    }

    package static let opensslPath = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// PEM files: the authority that signs, and one that does not.
    package let authority: String
    package let stranger: String
    package private(set) var url = ""
    private let folder: URL
    private let process = Process()

    /// Raw conduct: `answer` is given all that clients have sent so far, and gives back what to
    /// send now.
    package init(
        _ certificate: Certificate, arguments: [String] = [], conduct: Conduct = .page,
        sharing other: TLSServer? = nil, answer: (@Sendable ([UInt8]) -> [UInt8])? = nil
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tamis-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if let other {
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.copyItem(at: other.folder, to: folder)
        }
        authority = (other?.folder ?? folder).appending(path: "authority.pem").path
        stranger = folder.appending(path: "selfSigned.pem").path
        if other == nil {
            try makeSelfSigned("authority")
            try makeSelfSigned("selfSigned")
        }
        switch certificate {
        case .good: try makeSigned("good", names: "IP:127.0.0.1", days: 1)
        case .expired: try makeSigned("expired", names: "IP:127.0.0.1", days: -1)
        case .otherHost: try makeSigned("otherHost", names: "DNS:elsewhere.example", days: 1)
        case .selfSigned: break
        }
        try serve(certificate, arguments, conduct, answer)
    }

    deinit {
        // Not SIGTERM: the child inherits the signal mask of a Dispatch thread, which blocks it.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    private func serve(
        _ certificate: Certificate, _ arguments: [String], _ conduct: Conduct,
        _ answer: (@Sendable ([UInt8]) -> [UInt8])?
    ) throws {
        let (output, input) = (Pipe(), Pipe())
        // Written to a server that was killed.
        signal(SIGPIPE, SIG_IGN)
        let port = answer == nil ? 0 : try Self.freePort()
        let manner =
            switch conduct {
            case .page: ["-www", "-naccept", "4"]
            case .raw(let protocols): ["-quiet", "-alpn", protocols]
            }
        configure(
            process,
            ["s_server", "-accept", "127.0.0.1:\(port)"] + manner
                + ["-cert", "\(certificate.rawValue).pem", "-key", "\(certificate.rawValue).key"]
                + arguments)
        process.standardOutput = output
        if answer != nil { process.standardInput = input }
        try LastingThread.start(process)
        if let answer {
            try awaitListener(at: port)
            url = "https://127.0.0.1:\(port)/"
            let (from, to) = (output.fileHandleForReading, input.fileHandleForWriting)
            Thread.detachNewThread {
                var received: [UInt8] = []
                while true {
                    let more = from.availableData
                    guard !more.isEmpty else { return }
                    received += more
                    let bytes = answer(received)
                    if !bytes.isEmpty { try? to.write(contentsOf: Data(bytes)) }
                }
            }
            return
        }
        var said = ""
        while !said.contains("ACCEPT") || !said.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure(words: "openssl s_server ended: \(said)") }
            said += String(decoding: more, as: UTF8.self)
        }
        let digits = said.split(separator: ":").last?.prefix { $0.isNumber } ?? ""
        url = "https://127.0.0.1:\(digits)/"
    }

    /// A port that was free a moment ago: a quiet `s_server` does not name the one that it takes.
    private static func freePort() throws -> UInt16 {
        let (descriptor, port) = try listeningSocket(at: "127.0.0.1", backlog: 1)
        close(descriptor)
        return port
    }

    /// Waits until the port is in the kernel's table of listeners; a connection would be a client.
    private func awaitListener(at port: UInt16) throws {
        let wanted = ":" + String(format: "%04X", Int(port)) + " 00000000:0000 0A"
        for _ in 0..<2000 where process.isRunning {
            // Read to its end: the kernel hands such a file over by the page, and tells no size.
            let table = try FileHandle(forReadingFrom: URL(filePath: "/proc/net/tcp")).readToEnd()
            if let table, String(decoding: table, as: UTF8.self).contains(wanted) { return }
            poll(nil, 0, 10)
        }
        throw Failure(words: "openssl s_server does not listen on \(port)")
    }

    private func makeSelfSigned(_ name: String) throws {
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", "\(name).key", "-out", "\(name).pem", "-days", "1", "-subj", "/CN=\(name)",
            "-addext", "subjectAltName=IP:127.0.0.1",
        ])
    }

    private func makeSigned(_ name: String, names: String, days: Int) throws {
        try Data("subjectAltName=\(names)\n".utf8).write(to: folder.appending(path: "\(name).ext"))
        try openssl([
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", "\(name).key", "-out", "\(name).csr", "-subj", "/CN=\(name)",
        ])
        try openssl([
            "x509", "-req", "-in", "\(name).csr", "-CA", "authority.pem", "-CAkey", "authority.key",
            "-set_serial", "2", "-days", "\(days)", "-extfile", "\(name).ext", "-out",
            "\(name).pem",
        ])
    }

    private func openssl(_ arguments: [String]) throws {
        let command = Process()
        configure(command, arguments)
        command.standardOutput = FileHandle.nullDevice
        try command.run()
        command.waitUntilExit()
        guard command.terminationStatus == 0 else {
            throw Failure(words: "openssl \(arguments[0]) failed")
        }
    }

    private func configure(_ command: Process, _ arguments: [String]) {
        command.executableURL = URL(filePath: Self.opensslPath ?? "/nonexistent")
        command.arguments = arguments
        command.currentDirectoryURL = folder
        command.standardInput = FileHandle.nullDevice
        command.standardError = FileHandle.nullDevice
    }
}
