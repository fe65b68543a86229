internal import CCurl
internal import Glibc

/// What name servers, or the system's own tables, say of a host.
enum NameAnswer: Sendable, Equatable {
    /// In the order in which they are to be tried; never empty.
    case addresses([IPAddress])
    /// There is no such name, or it has no address.
    case none
    /// Nobody could say: the servers are silent, refuse, or talk nonsense.
    case noAnswer

    /// Of one name no more are tried.
    static let addressesMax = 32

    /// Asks, and waits for the answer: as long as resolv.conf says, on a thread that has nothing
    /// else to do.
    static func lookUp(_ name: String) -> NameAnswer {
        var hints = addrinfo()
        hints.ai_family = hasIPv6 ? AF_UNSPEC : AF_INET
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0 else { return code == EAI_NONAME || code == noAddress ? .none : .noAnswer }
        var addresses: [IPAddress] = []
        var entry = list
        while let present = entry, addresses.count < addressesMax {
            if let address = IPAddress(present.pointee), !addresses.contains(address) {
                addresses.append(address)
            }
            entry = present.pointee.ai_next
        }
        return addresses.isEmpty ? .none : .addresses(addresses)
    }

    /// `EAI_NODATA` of netdb.h, which shows it to those alone who ask for GNU's additions.
    private static let noAddress: Int32 = -5

    /// Whether this machine has such sockets at all.
    private static let hasIPv6: Bool = {
        let descriptor = socket(AF_INET6, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }()

    /// The name to ask for before a host can be connected to, as libcurl would write it; nil when
    /// it is an address already, or nothing that can be asked for.
    static func name(toLookUpFor host: String) -> String? {
        guard !host.hasPrefix("[") else { return nil }
        guard let name = host.utf8.allSatisfy({ $0 < 0x80 }) ? host : asciiForm(of: host) else {
            return nil
        }
        return IPAddress(text: name) == nil ? name : nil
    }

    /// By the rules of IDNA, which libcurl applies to the host of a request.
    private static func asciiForm(of host: String) -> String? {
        guard let url = curl_url() else { return nil }
        defer { curl_url_cleanup(url) }
        guard curl_url_set(url, CURLUPART_URL, "http://\(host)/", 0) == CURLUE_OK else {
            return nil
        }
        var text: UnsafeMutablePointer<CChar>?
        let code = curl_url_get(url, CURLUPART_HOST, &text, UInt32(CURLU_PUNYCODE))
        defer { curl_free(text) }
        guard code == CURLUE_OK, let text else { return nil }
        return String(cString: text)
    }
}

extension IPAddress {
    fileprivate init?(_ info: addrinfo) {
        guard let start = info.ai_addr else { return nil }
        self.init(UnsafeRawBufferPointer(start: start, count: Int(info.ai_addrlen)), info.ai_family)
    }

    /// From a socket address of that family.
    init?(_ bytes: UnsafeRawBufferPointer, _ family: Int32) {
        switch family {
        case AF_INET where bytes.count >= 8: self.init(bytes[4..<8])
        case AF_INET6 where bytes.count >= 24: self.init(bytes[8..<24])
        default: return nil
        }
    }
}

/// `host:port:address,address`, as libcurl takes what is known already.
func resolution(of name: String, port: UInt16, _ addresses: [IPAddress]) -> String {
    let written = addresses.map { address in
        if case .v6 = address { "[\(address)]" } else { "\(address)" }
    }
    // The plus sign: for a while, not for good.
    return "+\(name):\(port):" + written.joined(separator: ",")
}
