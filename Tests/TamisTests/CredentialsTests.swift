internal import Foundation
internal import TestSupport
internal import Testing

/// Credentials of feeds, from files and from the service manager: where they arrive, and that they
/// are seen nowhere else.
@Suite(.serialized) struct CredentialsTests {
    private static let password = "s3cret-of-basic"
    private static let token = "s3cret-of-bearer"

    @Test func theyReachTheirOriginAndNothingElse() async throws {
        let folder = try TemporaryFolder()
        // systemd.exec(5), LoadCredential=: before the file beside the configuration.
        try folder.write("user:\(Self.password)\n", to: "given/basic")
        try folder.write("user:an-older-one\n", to: "basic")
        try folder.write("\(Self.token)\n", to: "bearer")
        let stranger = try LoopbackServer([
            "/": { _ in .text(FaultSite.document("moved")) }
        ])
        let server = try LoopbackServer([
            "/basic": { _ in .text(FaultSite.document("basic")) },
            "/bearer": { _ in .text("no", status: 403) },
            "/moved": { [elsewhere = stranger.url("/")] _ in .redirect(to: elsewhere) },
        ])
        let tables = [("basic", "basic"), ("bearer", "bearer"), ("moved", "bearer")].map {
            "[[feed]]\nid = \"\($0)\"\nurl = \"\(server.url("/\($0)"))\"\npages = false\n"
                + "credentials_file = \"\($1)\"\n"
        }
        let daemon = try DaemonUnderTest(
            "[status]\nsocket = \"tamis.sock\"\n[log]\nlevel = \"trace\"\n" + tables.joined(),
            in: folder, environment: ["CREDENTIALS_DIRECTORY": "\(folder.path)/given"])
        try await daemon.ready()
        try await daemon.feeds { $0.allSatisfy { ($0["counts"]["polls"].integer ?? 0) > 0 } }

        let basic = Data("user:\(Self.password)".utf8).base64EncodedString()
        func sent(_ path: String) -> Set<String?> {
            Set(server.requests(for: path).map { $0.header("Authorization") })
        }
        #expect(sent("/basic") == ["Basic \(basic)"])
        #expect(sent("/bearer") == ["Bearer \(Self.token)"])
        #expect(sent("/moved") == ["Bearer \(Self.token)"])
        #expect(!stranger.requests.isEmpty)
        #expect(stranger.requests.allSatisfy { $0.header("Authorization") == nil })

        var told = try await ["/v1/status", "/v1/feeds", "/metrics"].asyncMap {
            try await daemon.ask($0).body
        }
        #expect(try await daemon.stop() == .exit(0))
        told += [daemon.child.errors, String(decoding: daemon.child.output, as: UTF8.self)]
        told += try files(below: "\(folder.path)/store")
        for secret in [Self.password, Self.token, basic] {
            #expect(!told.contains { $0.contains(secret) }, "\(secret) is told")
        }
        #expect(told.contains { $0.contains("access is refused") }, "something was looked at")
    }

    @Test func aMissingFileIsNamedAndItsContentNever() async throws {
        let folder = try TemporaryFolder()
        try folder.write("two words of \(Self.token)\n", to: "bad")
        for name in ["none", "bad"] {
            try folder.write(
                "[[feed]]\nurl = \"https://a.example/\"\ncredentials_file = \"\(name)\"\n",
                to: "tamis.toml")
            let outcome = try await tamis("check", "--config", "\(folder.path)/tamis.toml")
            #expect(outcome.ending != .exit(0))
            #expect(outcome.errors.contains("\(folder.path)/\(name)"))
            #expect(!outcome.errors.contains(Self.token) && !outcome.output.contains(Self.token))
        }
    }

    /// The text of every file of the store.
    private func files(below path: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: path)
        return names.compactMap { name in
            FileManager.default.contents(atPath: "\(path)/\(name)")
                .map { String(decoding: $0, as: UTF8.self) }
        }
    }
}

extension Array {
    fileprivate func asyncMap<Result>(
        _ transform: (Element) async throws -> Result
    ) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
