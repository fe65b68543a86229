import Fetching
import Foundation
import Glibc
import News
import TestSupport
import Testing

/// What is wrong with a certificate is said, and nothing is fetched in the clear instead.
@Suite(.enabled(if: TLSServer.opensslPath != nil, "the openssl command is not installed"))
struct TLSTests {
    @Test func trustedServerIsBelieved() async throws {
        let server = try TLSServer(.good)
        let scene = FetchScene { $0.authoritiesFile = server.authority }
        let response = try await scene.fetch(server.url)
        #expect(response.text?.contains("s_server") == true)
        #expect(response.finalURL.isSecure)
    }

    @Test(arguments: [
        (TLSServer.Certificate.expired, CertificateTrouble.expired), (.otherHost, .wrongHost),
        (.selfSigned, .selfSigned),
    ])
    func badCertificateIsNamed(
        certificate: TLSServer.Certificate, trouble: CertificateTrouble
    ) async throws {
        let server = try TLSServer(certificate)
        let scene = FetchScene { $0.authoritiesFile = server.authority }
        let error = try await scene.failure(of: server.url)
        #expect(error.kind == .certificate(trouble))
        #expect(error.retry == .backOff)
        #expect(error.description.contains("certificate"))
    }

    @Test func unknownIssuerIsNamed() async throws {
        let server = try TLSServer(.good)
        let scene = FetchScene { $0.authoritiesFile = server.stranger }
        #expect(
            try await scene.failure(of: server.url).kind == .certificate(.unknownIssuer))
    }

    @Test func oldProtocolIsRefused() async throws {
        let server = try TLSServer(.good, arguments: ["-tls1_1"])
        let scene = FetchScene { $0.authoritiesFile = server.authority }
        guard case .handshake = try await scene.failure(of: server.url).kind else {
            Issue.record("TLS 1.1 was not refused")
            return
        }
    }

    @Test func plainServerIsNoTLSServer() async throws {
        let server = try LoopbackServer(["/": { _ in LoopbackAnswer([.close]) }])
        server.stop()
        let scene = FetchScene { $0.authoritiesFile = "/nonexistent/certificates.pem" }
        let tls = try TLSServer(.good)
        #expect(
            try await scene.failure(of: tls.url).kind
                == .authoritiesUnreadable(path: "/nonexistent/certificates.pem"))
        let refused = server.url("/").replacing("http:", with: "https:")
        let trusting = FetchScene { $0.authoritiesFile = tls.authority }
        #expect(try await trusting.failure(of: refused).kind == .connectionRefused)
    }
}

/// `openssl s_server` on a loopback port, with a certificate made for the occasion.
final class TLSServer {
    enum Certificate: String, Sendable {
        case good, expired, otherHost, selfSigned
    }

    static let opensslPath = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// PEM files: the authority that signs, and one that does not.
    let authority: String
    let stranger: String
    private(set) var url = ""
    private let folder: URL
    private let process = Process()

    init(_ certificate: Certificate, arguments: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tamis-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        authority = folder.appending(path: "authority.pem").path
        stranger = folder.appending(path: "selfSigned.pem").path
        try makeSelfSigned("authority")
        try makeSelfSigned("selfSigned")
        switch certificate {
        case .good: try makeSigned("good", names: "IP:127.0.0.1", days: 1)
        case .expired: try makeSigned("expired", names: "IP:127.0.0.1", days: -1)
        case .otherHost: try makeSigned("otherHost", names: "DNS:elsewhere.example", days: 1)
        case .selfSigned: break
        }
        let output = Pipe()
        configure(
            process,
            ["s_server", "-accept", "127.0.0.1:0", "-www", "-naccept", "4"]
                + ["-cert", "\(certificate.rawValue).pem", "-key", "\(certificate.rawValue).key"]
                + arguments)
        process.standardOutput = output
        try process.run()
        var said = ""
        while !said.contains("ACCEPT") || !said.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "openssl s_server ended: \(said)")
            said += String(decoding: more, as: UTF8.self)
        }
        let port = try #require(said.split(separator: ":").last?.prefix { $0.isNumber })
        url = "https://127.0.0.1:\(port)/"
    }

    deinit {
        // Not SIGTERM: the child inherits the signal mask of a Dispatch thread, which blocks it.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
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
        try #require(command.terminationStatus == 0, "openssl \(arguments[0]) failed")
    }

    private func configure(_ command: Process, _ arguments: [String]) {
        command.executableURL = URL(filePath: Self.opensslPath ?? "/nonexistent")
        command.arguments = arguments
        command.currentDirectoryURL = folder
        command.standardInput = FileHandle.nullDevice
        command.standardError = FileHandle.nullDevice
    }
}
