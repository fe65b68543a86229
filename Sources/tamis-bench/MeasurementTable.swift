internal import Foundation
internal import Glibc

/// Prints the measurements as a table on standard error when that is a terminal.
func printTable(of measurements: [Measurement]) {
    guard isatty(STDERR_FILENO) == 1, !measurements.isEmpty else { return }
    let headings = [
        "NAME", "DOCUMENTS", "MB", "CPU", "WALL", "DOCUMENTS/S", "MB/S", "PEAK MB", "RATIO",
        "GROWTH", "REFERENCE",
    ]
    let rows = [headings] + measurements.map { cells(of: $0) }
    let widths = headings.indices.map { column in
        rows.map { $0[column].count }.max() ?? 0
    }
    let lines = rows.map { row in
        row.indices.map { column in
            let padding = String(repeating: " ", count: widths[column] - row[column].count)
            let isText = column == 0 || column == row.count - 1
            return isText ? row[column] + padding : padding + row[column]
        }.joined(separator: "  ")
    }
    try? FileHandle.standardError.write(
        contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
}

private func cells(of measurement: Measurement) -> [String] {
    [
        measurement.name, "\(measurement.documents)", short(Double(measurement.bytes) / 1e6),
        duration(measurement.cpuSeconds), duration(measurement.wallSeconds),
        short(measurement.documentsPerCPUSecond), short(measurement.megabytesPerCPUSecond),
        short(Double(measurement.peakMemoryBytes) / 1e6), short(measurement.ratio),
        measurement.growth.map(short) ?? "", measurement.reference,
    ]
}

/// Three digits, and as many more as stand before the point.
private func short(_ value: Double) -> String {
    String(format: value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value)
}

private func duration(_ seconds: Double) -> String {
    seconds >= 1 ? "\(short(seconds)) s" : "\(short(seconds * 1000)) ms"
}
