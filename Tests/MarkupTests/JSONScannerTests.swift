import Markup
import Testing

struct JSONScannerTests {
    /// The document as one line: what was read, and `!` with the damage where it stopped.
    private func read(_ json: String, depthMax: Int = 8) -> String {
        var scanner = JSONScanner(decoded(Array(json.utf8)), depthMax: depthMax)
        var line = ""
        read(&scanner, into: &line)
        return line + (scanner.damage.map { "!\($0)" } ?? "")
    }

    private func decoded(_ bytes: [UInt8]) -> DecodedText {
        decodeText(bytes, contentType: nil, family: .plain)
    }

    private func read(_ scanner: inout JSONScanner, into line: inout String) {
        switch scanner.value() {
        case .string(let range): line += "'\(scanner.string(range))'"
        case .number(let range): line += String(decoding: scanner.bytes[range], as: UTF8.self)
        case .bool(let value): line += "\(value)"
        case .null: line += "null"
        case .nothing: break
        case .array:
            line += "["
            while scanner.hasElement() {
                read(&scanner, into: &line)
                line += ","
            }
            line += "]"
        case .object:
            line += "{"
            while let key = scanner.key() {
                line += scanner.string(key) + ":"
                read(&scanner, into: &line)
                line += ","
            }
            line += "}"
        }
    }

    @Test(arguments: [
        ("{}", "{}"), (" [ 1 , -2.5e+3 ,true,null ] ", "[1,-2.5e+3,true,null,]"),
        (#"{"a":"b","c":[{"d":1}]}"#, "{a:'b',c:[{d:1,},],}"),
        (#"["\n\t\"\\\/A","é","😀"]"#, "['\n\t\"\\/A','é','😀',]"),
        (#"["\u00e9\ud83d\ude00"]"#, "['é😀',]"),
        (#"["\ud83d","\ude00x"]"#, "['\u{FFFD}','\u{FFFD}x',]"),
        (#"["\u12","\q"]"#, "['u12','q',]"), (#"["\u0000\u0007"]"#, "['',]"),
        ("[1e400,NaN]", "[1e400,NaN,]"),
        // Commas that are missing, doubled or left over.
        ("[1 2,,3,]", "[1,2,3,]"), (#"{"a":1 "b":2,}"#, "{a:1,b:2,}"),
        ("", "!truncated"), ("[1,", "[1,]!truncated"), (#"["a"#, "[,]!truncated"),
        (#"{"a""#, "{}!truncated"), (#"{"a":"#, "{a:,}!truncated"), (#"{"a"b}"#, "{}!malformed"),
        ("{1:2}", "{}!malformed"), ("[#]", "[,]!malformed"),
        ("[[[[[[[[[1]]]]]]]]]", "[[[[[[[[,],],],],],],],]!tooDeep"),
    ])
    func documentsAreRead(json: String, expected: String) {
        #expect(read(json) == expected)
    }

    @Test func membersNobodyWantsAreSkipped() {
        let json = #"{"a":{"b":["}",{"c":"\""}],"d":1},"e":2}"#
        var scanner = JSONScanner(decoded(Array(json.utf8)), depthMax: 8)
        #expect(scanner.value() == .object)
        #expect(scanner.key() == 2..<3)
        scanner.skip(scanner.value())
        let key = scanner.key()
        #expect(key.map { scanner.string($0) } == "e")
        #expect(scanner.value() != .nothing)
        #expect(scanner.key() == nil && scanner.damage == nil)
    }

    @Test func anyBytesEnd() {
        for seed in 1...300 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let letters = Array("{}[]\"\\:,u0d 1ae\n".utf8)
            let bytes = (0..<200).map { _ in letters[Int.random(in: 0..<16, using: &generator)] }
            var scanner = JSONScanner(decoded(bytes), depthMax: 16)
            let value = scanner.value()
            scanner.skip(value)
            if value == .object || value == .array {
                #expect(!scanner.hasElement() || scanner.damage == nil, "seed \(seed)")
            }
        }
    }
}
