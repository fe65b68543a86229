internal import Foundation
internal import Glibc
package import News

/// Articles in a file for as long as somebody holds this, and for nobody else: it has lost its name
/// before anything is written, so that nothing is left of it, however the process ends.
///
/// Each entry is one article as JSON behind the places of those before it that are kept at hand
/// (`KeptTexts`), numbers with the lowest byte first:
///
///     bytes of JSON (4)   count of places (4)   places (8 each)   JSON
///
/// Not durable, and never read by another process, so nothing is checked that was not lost on the
/// way: a file that gives other bytes than it was given is an error.
package final class PassingArticles {
    /// Where an article stands in the file.
    package struct Place: Hashable, Sendable {
        fileprivate let offset: UInt64

        /// Stands for no place where there are many.
        package static let nowhere = Place(offset: .max)
    }

    /// Bytes that are read at once: nearly all entries are shorter.
    private static let blockBytes = 8192

    private let disk = Disk(calls: .real)
    private let folder: String
    private let descriptor: Int32
    private var end = 0

    /// - Throws: `StoreError` when nothing can be written in that folder.
    package init(in folder: String) throws(StoreError) {
        self.folder = folder
        try disk.makeFolder(folder)
        let path = "\(folder)/\(Disk.temporaryPrefix)\(UInt64.random(in: 0...UInt64.max))"
        descriptor = try disk.open(path, O_RDWR | O_CREAT | O_EXCL)
        do throws(StoreError) {
            try disk.remove(path)
        } catch {
            disk.close(descriptor)
            throw error
        }
    }

    deinit { disk.close(descriptor) }

    /// Adds an article, which comes after those at the places `earlier`, the oldest first, of which
    /// it is decided here which stay at hand. Cost: JSON encoding, one write.
    package func append(
        _ article: Article, after earlier: [Place] = []
    ) throws(StoreError) -> Place {
        var earlier = earlier
        KeptTexts.shorten(&earlier, most: KeptTexts.earlierMax)
        let json = try RecordLine.encodingObject(article)
        guard let bytes = UInt32(exactly: json.count) else {
            throw .recordTooLarge(bytes: json.count, bytesMax: Int(UInt32.max))
        }
        var entry: [UInt8] = []
        entry.reserveCapacity(8 + 8 * earlier.count + json.count)
        entry.append(contentsOf: littleEndian(bytes))
        entry.append(contentsOf: littleEndian(UInt32(earlier.count)))
        for place in earlier { entry.append(contentsOf: littleEndian(place.offset)) }
        entry += json
        try disk.write(entry[...], to: descriptor, at: end, path: folder)
        let place = Place(offset: UInt64(end))
        end += entry.count
        return place
    }

    /// The article at that place, and the places of those before it. Cost: one read, JSON decoding.
    package func entry(at place: Place) throws(StoreError) -> (article: Article, earlier: [Place]) {
        let start = Int(clamping: place.offset)
        var bytes = try disk.bytes(
            descriptor, at: start, count: min(Self.blockBytes, max(0, end - start)), path: folder)
        guard let count: UInt32 = number(in: bytes, at: 0),
            let places: UInt32 = number(in: bytes, at: 4), places <= KeptTexts.earlierMax
        else { throw damaged }
        let head = 8 + 8 * Int(places)
        let length = head + Int(count)
        if length > bytes.count {
            bytes += try disk.bytes(
                descriptor, at: start + bytes.count, count: length - bytes.count, path: folder)
        }
        guard bytes.count >= length,
            let article = try? JSONDecoder().decode(Article.self, from: Data(bytes[head..<length]))
        else { throw damaged }
        let earlier = (0..<Int(places)).compactMap { index -> Place? in
            number(in: bytes, at: 8 + 8 * index).map { Place(offset: $0) }
        }
        return (article, earlier)
    }

    private var damaged: StoreError {
        .damaged(path: folder, reason: "a passing file gives other bytes than it was given")
    }
}

private func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

private func number<Number: FixedWidthInteger>(in bytes: [UInt8], at offset: Int) -> Number? {
    let end = offset + Number.bitWidth / 8
    guard end <= bytes.count else { return nil }
    return bytes[offset..<end].reversed().reduce(0) { $0 << 8 | Number($1) }
}
