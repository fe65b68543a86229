import Fetching
import Testing

/// Blocks of addresses, and what a list of hosts that may be private takes.
struct AddressPrefixTests {
    @Test(arguments: [
        ("10.1.0.0/16", "10.1.0.0", true), ("10.1.0.0/16", "10.1.255.255", true),
        ("10.1.0.0/16", "10.2.0.0", false), ("10.1.0.0/16", "10.0.255.255", false),
        ("127.0.0.1/32", "127.0.0.1", true), ("127.0.0.1/32", "127.0.0.0", false),
        ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "fd00::1", false),
        ("fd00::/8", "fdff::1", true), ("fd00::/8", "fc00::1", false), ("::/0", "ff02::1", true),
        ("fd00:0:0:1::/64", "fd00:0:0:1:ffff::", true), ("fd00:0:0:1::/64", "fd00:0:0:2::", false),
        ("fd00::80/121", "fd00::ff", true), ("fd00::80/121", "fd00::7f", false),
        ("::1/128", "::1", true), ("::1/128", "::2", false),
        // Another way to write an IPv4 address is that address, and no other.
        ("10.1.0.0/16", "::ffff:10.1.2.3", true), ("10.1.0.0/16", "64:ff9b::10.1.2.3", true),
        ("10.1.0.0/16", "::ffff:10.2.2.3", false), ("::/0", "::ffff:10.1.2.3", false),
    ])
    func prefixHoldsItsBlock(prefix: String, address: String, isHeld: Bool) throws {
        let block = try #require(AddressPrefix(prefix))
        #expect(block.description == prefix)
        #expect(block.holds(try #require(IPAddress(text: address))) == isHeld)
    }

    @Test(arguments: [
        "", "/", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10/8",
        "10.0.0.1/8", "10.0.0.0/+8", "10.0.0.0/ 8", "fd00::/129", "fd00::1/8", "[fd00::]/8",
        "10.0.0.0/99999999999999999999", "a.example/8", "fe80::1%lo/128",
    ])
    func whatIsNoPrefixIsRefused(text: String) { #expect(AddressPrefix(text) == nil) }

    @Test(arguments: [
        ("Wiki.Intranet", "wiki.intranet"), ("127.0.0.1", "127.0.0.1"), ("[::1]", "[::1]"),
        ("fd00::7", "[fd00::7]"), ("localhost", "localhost"),
    ])
    func hostIsAllowedAsAddressesWriteIt(text: String, host: String) {
        var options = FetchOptions()
        let isTaken = options.allowPrivate(text)
        #expect(isTaken)
        #expect(options.allowedPrivateHosts == [host])
    }

    @Test(arguments: [
        "", " ", "http://wiki", "wiki:8080", "me@wiki", "wiki/feed", "wiki?x", "wiki#x", "a b",
        "10.0.0.1/8", "*.intranet", "wiki.",
    ])
    func whatIsMoreThanAHostIsRefused(text: String) {
        var options = FetchOptions()
        let isTaken = options.allowPrivate(text)
        #expect(!isTaken)
        #expect(options.allowedPrivateHosts.isEmpty && options.allowedPrivatePrefixes.isEmpty)
    }
}
