import Foundation
import News
import Testing

@Suite struct DigestTests {
    /// The start of the examples of FIPS 180-4.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb924"), ("abc", "ba7816bf8f01cfea414140de5dae2223"),
    ])
    func digestIsTheStartOfSHA256(text: String, expected: String) {
        #expect(Digest(of: Array(text.utf8)).hexadecimal == expected)
    }

    @Test func partsCannotRunTogether() {
        #expect(Digest(kind: "a", "bc", "d") != Digest(kind: "a", "b", "cd"))
        #expect(Digest(kind: "ab", "c") != Digest(kind: "a", "bc"))
        #expect(Digest(kind: "a", "1:b") != Digest(kind: "a", "", "b"))
        #expect(Digest(kind: "a", "") != Digest(kind: "a"))
    }

    @Test func hexadecimalReadsBackWithItsZeros() {
        let digest = Digest(high: 1, low: 0xABC)
        #expect(digest.hexadecimal == "00000000000000010000000000000abc")
        #expect(Digest(hexadecimal: digest.hexadecimal) == digest)
        #expect(Digest(hexadecimal: digest.hexadecimal.uppercased()) == digest)
    }

    @Test(arguments: ["", "0", "+0000000000000010000000000000abc", "zz", "００"])
    func anythingElseIsRefused(text: String) {
        #expect(Digest(hexadecimal: text) == nil)
        let padded = text + String(repeating: "g", count: 32)
        #expect(Digest(hexadecimal: String(padded.prefix(32))) == nil)
    }

    @Test func orderIsThatOfTheDigits() {
        let digests = (0..<50).map { Digest(kind: "n", "\($0)") }
        #expect(digests.sorted().map(\.hexadecimal) == digests.map(\.hexadecimal).sorted())
    }

    @Test func jsonIsOneString() throws {
        let digest = Digest(high: 1, low: 2)
        let json = try JSONEncoder().encode([digest])
        #expect(try JSONDecoder().decode([Digest].self, from: json) == [digest])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Digest].self, from: Data("[\"12\"]".utf8))
        }
    }
}
