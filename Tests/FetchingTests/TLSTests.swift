import Fetching
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
