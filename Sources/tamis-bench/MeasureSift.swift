internal import ArticleStore
internal import Foundation
internal import Ingestion
internal import News

/// Sifting a long stream of JSON lines, all of it inside the window of the stories: how fast, and
/// how much memory it takes in the end. Texts are held on the disk, as without `--keep`.
extension Bench {
    /// One stream, told of after a tenth of it, four tenths and all.
    func measureSifting() throws {
        let all = size(options.held, quick: 2000)
        var stream = ArticleStream(interval: .seconds(2))
        var sifter = try Sifter(seeds: SeedCorpus(articles: []))
        let options = SiftOptions()
        var (sifted, cpuSeconds) = (0, 0.0)
        var (anonymous, smaller): (Int, Int?) = (0, nil)
        ProcessClock.forgetPeakMemory()
        for count in [all / 10, all * 4 / 10, all] {
            while sifted < count {
                let lines = try (sifted..<min(sifted + Self.siftedAtOnce, count)).map {
                    try line(of: stream.candidate(), number: $0)
                }
                let timing = try time {
                    for line in lines {
                        let document = try JSONDecoder().decode(SiftDocument.self, from: line)
                        let prepared = PreparedDocument(
                            document, options: options, at: ArticleStream.start)
                        keep(try sifter.decide(prepared, at: ArticleStream.start).id.utf8.count)
                    }
                    return lines.count
                }
                cpuSeconds += timing.cpuSeconds
                sifted += lines.count
                anonymous = max(anonymous, ProcessClock.anonymousMemoryBytes)
            }
            let peak = ProcessClock.peakMemoryBytes
            try writeLine(
                of: SiftMeasurement(
                    name: "sift/\(count)", documents: count,
                    documentsPerCPUSecond: rounded(Double(count) / max(cpuSeconds, 1e-9)),
                    peakMemoryBytes: peak, peakAnonymousBytes: anonymous,
                    growth: smaller.map { rounded(Double(peak) / Double($0)) }))
            smaller = smaller ?? peak
        }
    }

    /// Lines that are in memory at once.
    private static let siftedAtOnce = 512

    private func line(of candidate: Candidate, number: Int) throws -> Data {
        try JSONEncoder().encode(
            StreamLine(
                id: String(number), time: candidate.published?.description,
                url: candidate.url?.description, title: candidate.title,
                text: candidate.blocks.map(\.text).joined(separator: "\n\n"),
                lang: candidate.language))
    }
}

private struct StreamLine: Encodable {
    let id: String
    let time: String?
    let url: String?
    let title: String?
    let text: String
    let lang: String?
}

/// How a stream of so many documents was sifted.
private struct SiftMeasurement: Encodable {
    let name: String
    let documents: Int
    let documentsPerCPUSecond: Double
    /// Mapped pages of the index among them, which the kernel takes back when it needs them …
    let peakMemoryBytes: Int
    /// … and what it cannot take back.
    let peakAnonymousBytes: Int
    /// The peak divided by that of the shortest stream.
    let growth: Double?

    enum CodingKeys: String, CodingKey {
        case name, documents, growth
        case documentsPerCPUSecond = "documents_per_cpu_second"
        case peakMemoryBytes = "peak_rss_bytes"
        case peakAnonymousBytes = "peak_anonymous_bytes"
    }
}
