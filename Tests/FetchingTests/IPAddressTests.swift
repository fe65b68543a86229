import Fetching
import Glibc
import Testing

struct IPAddressTests {
    private func address(_ text: String) throws -> IPAddress {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return try #require(IPAddress(bytes.prefix(4))) }
        try #require(inet_pton(AF_INET6, text, &bytes) == 1, "\(text)")
        return try #require(IPAddress(bytes))
    }

    @Test(arguments: [
        // Both ends of each block of RFC 6890's tables.
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
        "127.0.0.1", "127.255.255.255", "169.254.0.0", "169.254.169.254", "172.16.0.0",
        "172.31.255.255", "192.0.0.0", "192.0.0.255", "192.0.2.1", "192.168.0.0",
        "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.7",
        "224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255",
        "::", "::1", "::2", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:0",
        "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1", "100::1", "1fff:ffff::1",
        "2001::1", "2001:0:ffff::1", "2001:db8::1", "2002::1", "2002:7f00:1::1", "4000::1",
        "fc00::1", "fdff:ffff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ffff::1",
    ])
    func strangersMayNotLeadUsHere(text: String) throws {
        #expect(try address(text).refusal != nil)
    }

    @Test(arguments: [
        "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
        "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
        "2000::1", "2001:1::1", "2001:4860:4860::8888", "2001:db7::1", "2001:db9::1", "2003::1",
        "2a00:1450::1", "3fff:ffff::1",
    ])
    func publicAddressPasses(text: String) throws {
        #expect(try address(text).refusal == nil)
    }

    @Test(arguments: [
        "1.2.3.4", "::", "::1", "1::", "2001:db8::1:0:0:1", "2001:db8:0:1:1:1:1:1", "fe80::1",
        "1:2:3:4:5:6:7:8",
    ])
    func descriptionIsTheCanonicalForm(text: String) throws {
        #expect(try address(text).description == text)
    }

    @Test(arguments: [0, 3, 5, 15, 17]) func otherLengthsAreNoAddress(count: Int) {
        #expect(IPAddress([UInt8](repeating: 1, count: count)) == nil)
    }
}
