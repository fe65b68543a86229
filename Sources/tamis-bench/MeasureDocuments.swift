internal import FeedParsing
internal import News
internal import PageExtraction

extension Bench {
    /// Reading feeds, each format in two shapes, and one of eight times the size.
    func measureFeeds() throws {
        if let folder = options.files {
            return try measureFiles("parse-feed/files", in: folder, entriesOfFeed)
        }
        for shape in FeedShape.allCases {
            for family in FeedFamily.allCases {
                let name = "parse-feed/\(family.rawValue)-\(shape.rawValue)"
                let usual = try measureDocument(name, generatedFeed(family, shape), entriesOfFeed)
                let large = generatedFeed(family, shape, times: size(8, quick: 2))
                try measureDocument("\(name)-large", large, growsFrom: usual, entriesOfFeed)
            }
        }
    }

    /// Reading an article's page, one of eight times the size, and pages made to be slow.
    func measurePages() throws {
        if let folder = options.files {
            return try measureFiles("extract-page/files", in: folder, bytesOfPage)
        }
        let usual = try measureDocument("extract-page", generatedPage(), bytesOfPage)
        let large = generatedPage(times: size(8, quick: 2))
        try measureDocument("extract-page/large", large, growsFrom: usual, bytesOfPage)
        for attack in PageAttack.allCases {
            let name = "extract-page/\(attack.rawValue)"
            let small = try measureDocument(name, attack.page(), bytesOfPage)
            let large = attack.page(times: size(8, quick: 2))
            try measureDocument("\(name)-large", large, growsFrom: small, bytesOfPage)
        }
    }

    @discardableResult
    private func measureDocument(
        _ name: String, _ document: [UInt8], growsFrom smaller: Measurement? = nil,
        _ read: ([UInt8]) throws -> Int
    ) throws -> Measurement {
        guard try read(document) > 0 else { throw NothingRead(name: name) }
        return try measure(
            name, Workload([document]), growsFrom: smaller, against: .scan([document])
        ) {
            try read(document)
        }
    }

    /// All files of a folder in one repetition. What is refused is read, too, and counted.
    private func measureFiles(
        _ name: String, in folder: String, _ read: ([UInt8]) throws -> Int
    ) throws {
        let files = try realFiles(in: folder)
        var work = Workload(files)
        work.refused = files.count { (try? read($0)) == nil }
        try measure(name, work, against: .scan(files)) {
            files.reduce(0) { $0 + ((try? read($1)) ?? 0) }
        }
    }
}

/// A generated document in which nothing was found: its time would say nothing.
private struct NothingRead: Error, CustomStringConvertible {
    let name: String

    var description: String { "\(name): nothing was found in the generated document" }
}

private let address = HTTPURL("https://courier.example/2026/11/22/what-happened")

private func entriesOfFeed(_ body: [UInt8]) throws -> Int {
    try parseFeed(body, from: address, declared: nil).entries.count
}

private func bytesOfPage(_ body: [UInt8]) throws -> Int {
    try extractPage(body, from: address, declared: "text/html; charset=utf-8").textBytes
}
