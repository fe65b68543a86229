internal import Foundation
internal import Synchronization

/// One thing that can go wrong between a feed and its reader.
package struct Fault: Sendable {
    /// Names the feed, and its path.
    package let name: String
    /// Its place in the list of faults of the network.
    package let number: Int
    /// Words of which the status must hold one; none when the feed is to be read.
    package let says: [String]
    package var answer: LoopbackServer.Script
    /// Another address than the path of that name.
    package var url: String?
    /// Whether it needs a server of its own, because its answer concerns the whole host.
    package var isAlone = false
    /// Lines for its table in the configuration.
    package var settings = "pages = false"

    package init(
        _ number: Int, _ name: String, _ says: [String],
        _ answer: @escaping LoopbackServer.Script
    ) {
        self.number = number
        self.name = name
        self.says = says
        self.answer = answer
    }

    /// The same answer at every request.
    package init(_ number: Int, _ name: String, _ says: [String], _ steps: LoopbackAnswer.Step...) {
        self.init(number, name, says) { _ in LoopbackAnswer(steps) }
    }
}

/// Gives an answer away once.
final class Told: Sendable {
    private let isTold = Mutex(false)

    func first(_ answer: () -> [UInt8]) -> [UInt8] {
        isTold.withLock { isTold in
            guard !isTold else { return [] }
            let bytes = answer()
            isTold = !bytes.isEmpty
            return bytes
        }
    }
}

/// A site with a path for each fault, some healthy feeds beside them, and a canary at an address
/// where nobody may go.
package final class FaultSite {
    /// `127.0.0.1`: the faults. `127.0.0.3`: what is healthy.
    package static let allowedHosts = ["127.0.0.1", "127.0.0.3"]
    package let faults: [Fault]
    package let healthy: [String]
    /// Counts connections at `127.0.0.2`, which is not allowed.
    package let canary: LoopbackServer
    /// Where credentials must not arrive.
    package let stranger: LoopbackServer
    package let site: LoopbackServer
    /// PEM file by which the TLS servers are to be judged; nil without openssl.
    package var authority: String? { tls.first?.authority }
    private let press: LoopbackServer
    private var alone: [LoopbackServer] = []
    private var tls: [TLSServer] = []
    private let blackhole: Blackhole
    private let hangup: Hangup
    private let flood: GreetingFlood

    /// `withTLS`: without it, the site is there at once.
    package init(withTLS: Bool = true) throws {
        site = try LoopbackServer()
        canary = try LoopbackServer(
            address: "127.0.0.2", ["/": { _ in .text(Self.document("canary")) }])
        stranger = try LoopbackServer(["/": { _ in .text(Self.document("stranger")) }])
        press = try LoopbackServer(address: "127.0.0.3")
        blackhole = try Blackhole()
        hangup = try Hangup()
        flood = try GreetingFlood()
        healthy = (1...5).map { "healthy-\($0)" }
        for name in healthy {
            press.on("/\(name)") { .conditional(Self.document(name), etag: "\"\(name)\"", for: $0) }
        }
        var list = timeFaults + sizeFaults + codingFaults + framingFaults + answerFaults
        list += redirectFaults(site) + trespassFaults(site, canary, stranger) + waitFaults
        list += validatorFaults + elsewhereFaults(site, blackhole, hangup, flood)
        if withTLS, TLSServer.opensslPath != nil { list += try Self.tlsFaults(&tls) }
        for index in list.indices where list[index].url == nil {
            let server = list[index].isAlone ? try LoopbackServer() : site
            if list[index].isAlone { alone.append(server) }
            server.on("/\(list[index].name)", list[index].answer)
            list[index].url = server.url("/\(list[index].name)")
        }
        faults = list
    }

    /// The `[[feed]]` tables of all feeds.
    package var configuration: String {
        let bad = faults.map { (name: $0.name, url: $0.url ?? "", more: $0.settings) }
        let good = healthy.map {
            (
                name: $0, url: press.url("/\($0)", host: "127.0.0.3"),
                more: "pages = false\ninterval = \"10s\""
            )
        }
        return (bad + good).map {
            "[[feed]]\nid = \"\($0.name)\"\nurl = \"\($0.url)\"\n\($0.more)\n"
        }.joined()
    }

    /// How often each address was asked for, of all servers that speak HTTP in the clear.
    package var requestsByAddress: [String: Int] {
        var counts: [String: Int] = [:]
        for server in [site, press, stranger, canary] + alone {
            for request in server.requests {
                let host = request.header("Host") ?? ""
                counts["http://\(host)\(request.path)", default: 0] += 1
            }
        }
        return counts
    }

    /// How often a healthy feed was asked for.
    package func asked(_ name: String) -> Int { press.requests(for: "/\(name)").count }

    /// A feed with one entry that carries its own text.
    package static func document(_ name: String, link: String? = nil) -> String {
        let words = (1...12).map { "\(name.replacing("-", with: " ")) word\($0)" }
            .joined(separator: " ")
        return "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>\(name)</title>"
            + "<item><title>News of \(name)</title><guid isPermaLink=\"false\">\(name)</guid>"
            + (link.map { "<link>\($0)</link>" } ?? "")
            + "<description>\(words).</description></item></channel></rss>"
    }

    private static func tlsFaults(_ servers: inout [TLSServer]) throws -> [Fault] {
        let good = try TLSServer(.good)
        servers.append(good)
        var faults: [Fault] = []
        func add(_ number: Int, _ name: String, _ says: [String], _ server: TLSServer) {
            servers.append(server)
            var fault = Fault(number, name, says) { _ in .text("") }
            fault.url = server.url
            faults.append(fault)
        }
        add(22, "tls-html", ["not a feed"], try TLSServer(.good, sharing: good))
        var plain = Fault(22, "tls-plain", ["connection ended", "not HTTP"]) { _ in .text("") }
        plain.url = good.url.replacing("https:", with: "http:")
        faults.append(plain)
        add(22, "tls-expired", ["it has expired"], try TLSServer(.expired, sharing: good))
        add(22, "tls-wronghost", ["another host"], try TLSServer(.otherHost, sharing: good))
        add(22, "tls-selfsigned", ["self-signed"], try TLSServer(.selfSigned, sharing: good))
        add(
            22, "tls-old", ["TLS handshake failed"],
            try TLSServer(.good, arguments: ["-tls1_1"], sharing: good))
        for fault in H2Fault.allCases {
            let document = Array(document(fault.rawValue).utf8)
            add(
                23, fault.rawValue, fault.says,
                try TLSServer(fault, document: document, sharing: good))
        }
        return faults
    }
}
