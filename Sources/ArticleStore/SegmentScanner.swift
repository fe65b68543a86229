/// Reads a segment and parts it into sound records and damage. Every byte of the file belongs to
/// exactly one piece.
///
/// A line whose checksum is wrong may still hold whole records, when damage struck a newline or
/// swallowed the neighbours: so it is searched for the places where a record begins. Those four
/// bytes, `{"v"`, cannot stand inside a JSON string, where a quote is preceded by a backslash.
struct SegmentScanner {
    enum Piece {
        case record(RecordLine.Head, line: ArraySlice<UInt8>, offset: Int)
        /// `sample`: its first bytes. `isTorn`: the last bytes of the file, without a newline.
        case damage(offset: Int, bytes: Int, sample: ArraySlice<UInt8>, isTorn: Bool)
    }

    private var lines: LineScanner
    private var waiting: [Piece] = []
    /// Where the last line that was read ends.
    private(set) var end: Int

    init(disk: Disk, descriptor: Int32, path: String, from offset: Int = 0) {
        // Two neighbours that lost the newline between them still fit.
        lines = LineScanner(
            disk: disk, descriptor: descriptor, path: path, from: offset,
            lineBytesMax: 2 * StoreOptions.recordBytesLimit + 1024)
        end = offset
    }

    mutating func next() throws(StoreError) -> Piece? {
        if !waiting.isEmpty { return waiting.removeFirst() }
        guard let line = try lines.line() else { return nil }
        end = line.end
        if !line.isTooLong, let head = soundHead(of: line.bytes) {
            return .record(head, line: line.bytes, offset: line.offset)
        }
        waiting = pieces(of: line)
        return waiting.removeFirst()
    }

    private func soundHead(of line: ArraySlice<UInt8>) -> RecordLine.Head? {
        guard SealedLine.isSound(line) else { return nil }
        return RecordLine.head(of: line)
    }

    private func pieces(of line: LineScanner.Line) -> [Piece] {
        var pieces: [Piece] = []
        var damaged = line.bytes.startIndex
        func offset(_ index: Int) -> Int { line.offset + index - line.bytes.startIndex }
        func noteDamage(upTo index: Int) {
            guard index > damaged else { return }
            pieces.append(
                .damage(
                    offset: offset(damaged), bytes: index - damaged,
                    sample: line.bytes[damaged..<index], isTorn: false))
        }
        var starts = recordStarts(in: line.bytes)
        starts.append(line.bytes.endIndex)
        for (start, stop) in zip(starts, starts.dropFirst()) {
            let part = line.bytes[start..<stop]
            guard let end = SealedLine.soundPrefixEnd(in: part),
                let head = RecordLine.head(of: part[..<end])
            else { continue }
            noteDamage(upTo: start)
            pieces.append(.record(head, line: part[..<end], offset: offset(start)))
            damaged = end
        }
        let rest = line.count - (damaged - line.bytes.startIndex)
        if rest > 0 || pieces.isEmpty {
            pieces.append(
                .damage(
                    offset: offset(damaged), bytes: rest, sample: line.bytes[damaged...],
                    isTorn: !line.isTerminated))
        }
        return pieces
    }

    private func recordStarts(in bytes: ArraySlice<UInt8>) -> [Int] {
        let mark = Array("{\"v\":".utf8)
        var starts: [Int] = []
        var next = bytes.startIndex
        while let found = firstIndex(of: mark, in: bytes[next...]) {
            starts.append(found)
            next = found + mark.count
        }
        return starts
    }
}
