internal import Glibc
package import News

extension StoreReader {
    /// Visits every readable record before that place (all of them when nil), the newest first,
    /// until `visit` returns false. What is passed over is the same as forwards. Cost: one read of
    /// each segment that is reached, and one more read and decoding a record visited.
    package func forEachRecordBackwards(
        before seq: UInt64?, _ visit: (Record) -> Bool
    ) throws(StoreError) {
        let hidden = unerased
        let segments = try SegmentListing(root: path, disk: disk).segments
        for segment in segments.reversed() where segment.firstSeq ?? 0 < seq ?? .max {
            let descriptor = try disk.open(segment.path, O_RDONLY)
            defer { disk.close(descriptor) }
            for place in try places(in: descriptor, path: segment.path, before: seq).reversed() {
                let line = try disk.bytes(
                    descriptor, at: place.offset, count: place.count, path: segment.path)
                guard let head = RecordLine.head(of: line[...]),
                    let record = RecordLine.readable(
                        line[...], head: head, path: segment.path, hiding: hidden)
                else { continue }
                guard visit(record) else { return }
            }
        }
    }

    /// Where the sound lines of a segment stand, each place in the store once.
    private func places(
        in descriptor: Int32, path: String, before seq: UInt64?
    ) throws(StoreError) -> [(offset: Int, count: Int)] {
        var places: [(offset: Int, count: Int)] = []
        var reached: UInt64 = 0
        var scanner = SegmentScanner(disk: disk, descriptor: descriptor, path: path)
        while let piece = try scanner.next() {
            guard case .record(let head, let line, let offset) = piece, head.seq > reached else {
                continue
            }
            reached = head.seq
            if let seq, head.seq >= seq { break }
            places.append((offset, line.count))
        }
        return places
    }
}
