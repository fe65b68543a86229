internal import Foundation

/// What is worked on in one repetition.
struct Workload {
    var documents: Int
    /// Of input, or of output where only that has a size.
    var bytes: Int
    /// Of the documents, those that were refused as something else.
    var refused = 0
    /// Whether cost is told by the byte, because the documents differ in size, or by the document.
    var isOfDocuments = false
}

extension Workload {
    /// One repetition that takes each of these once.
    init(_ documents: [[UInt8]]) {
        self.init(documents: documents.count, bytes: documents.reduce(0) { $0 + $1.count })
    }
}

/// The figures of one measurement, as they are printed.
struct Measurement: Encodable {
    let name: String
    let rounds: Int
    let documents: Int
    let bytes: Int
    let refused: Int?
    let cpuSeconds: Double
    let wallSeconds: Double
    let documentsPerCPUSecond: Double
    let megabytesPerCPUSecond: Double
    let peakMemoryBytes: Int
    let reference: String
    /// CPU time divided by that of the reference.
    let ratio: Double
    /// CPU time of one unit of work divided by that of the smaller measurement.
    let growth: Double?
    private let unitSeconds: Double

    enum CodingKeys: String, CodingKey {
        case name, rounds, documents, bytes, refused
        case cpuSeconds = "cpu_seconds"
        case wallSeconds = "wall_seconds"
        case documentsPerCPUSecond = "documents_per_cpu_second"
        case megabytesPerCPUSecond = "mb_per_cpu_second"
        case peakMemoryBytes = "peak_rss_bytes"
        case reference, ratio, growth
    }

    init(
        name: String, _ work: Workload, rounds: Int, cpuSeconds: Double, wallSeconds: Double,
        reference: String, ratio: Double, growsFrom smaller: Measurement?
    ) {
        let seconds = max(cpuSeconds, 1e-9)
        unitSeconds = seconds / Double(max(work.isOfDocuments ? work.documents : work.bytes, 1))
        self.name = name
        self.rounds = rounds
        documents = work.documents
        bytes = work.bytes
        refused = work.refused > 0 ? work.refused : nil
        self.cpuSeconds = rounded(seconds)
        self.wallSeconds = rounded(wallSeconds)
        documentsPerCPUSecond = rounded(Double(work.documents) / seconds)
        megabytesPerCPUSecond = rounded(Double(work.bytes) / 1e6 / seconds)
        peakMemoryBytes = ProcessClock.peakMemoryBytes
        self.reference = reference
        self.ratio = rounded(ratio)
        growth = smaller.map { [unitSeconds] in rounded(unitSeconds / $0.unitSeconds) }
    }

    /// Prints it as one line of JSON.
    func write() throws { try writeLine(of: self) }
}

/// Prints a value as one line of JSON.
func writeLine(of value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = try encoder.encode(value) + Data("\n".utf8)
    do {
        try FileHandle.standardOutput.write(contentsOf: line)
    } catch {
        throw UnwritableOutput()
    }
}

/// Standard output is closed or full.
struct UnwritableOutput: Error, CustomStringConvertible {
    var description: String { "standard output cannot be written" }
}

/// To four significant digits: more would be noise.
func rounded(_ value: Double) -> Double {
    guard value.isFinite, value != 0 else { return 0 }
    return Double(String(format: "%.4g", value)) ?? value
}
