internal import FeedParsing
internal import News
internal import PageExtraction

extension Bench {
    /// Documents made to be slow, each at a size and at twice that size: `growth` near 1 says that
    /// twice the bytes take twice the time. Then four that are large in one respect.
    func measureHostile() throws {
        for shape in HostileShape.all {
            let name = "hostile/\(shape.name)"
            let bytes = size(250_000, quick: 20_000)
            let single = try measureHostile(name, shape.document(bytes: bytes), shape.reader)
            try measureHostile(
                "\(name)-doubled", shape.document(bytes: 2 * bytes), shape.reader,
                growsFrom: single)
        }
        if options.isQuick { return }
        for (name, document) in HostileShape.large {
            try measureHostile("hostile/\(name)", document(), .feed)
        }
    }

    @discardableResult
    private func measureHostile(
        _ name: String, _ document: [UInt8], _ reader: HostileShape.Reader,
        growsFrom smaller: Measurement? = nil
    ) throws -> Measurement {
        let read = reader == .feed ? entriesOrNone : blocksOrNone
        var work = Workload([document])
        work.refused = read(document) == nil ? 1 : 0
        return try measure(name, work, growsFrom: smaller, against: .scan([document])) {
            read(document) ?? 0
        }
    }
}

private let address = HTTPURL("https://courier.example/2026/11/22/what-happened")

/// nil when the document is refused.
private func entriesOrNone(_ body: [UInt8]) -> Int? {
    try? parseFeed(body, from: address, declared: nil).entries.count
}

private func blocksOrNone(_ body: [UInt8]) -> Int? {
    try? extractPage(body, from: address, declared: "text/html; charset=utf-8").blocks.count
}
