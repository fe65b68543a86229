/// A stretch of a file that is no sound record.
package struct Damage: Hashable, Sendable {
    package var path: String
    /// Where it begins, in bytes.
    package var offset: Int
    package var bytes: Int
    package var reason: String

    package init(path: String, offset: Int, bytes: Int, reason: String) {
        self.path = path
        self.offset = offset
        self.bytes = bytes
        self.reason = reason
    }
}

extension Damage: CustomStringConvertible {
    package var description: String { "\(path): \(bytes) bytes at \(offset): \(reason)" }
}

/// A growing list of which only the beginning is kept, with the number of all.
package struct Sample<Element: Hashable & Sendable>: Hashable, Sendable {
    /// The first ones, at most `keptMax`.
    package private(set) var kept: [Element] = []
    package private(set) var count = 0

    package static var keptMax: Int { 1000 }
    package var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) {
        count += 1
        if kept.count < Self.keptMax { kept.append(element) }
    }

    /// Appends what another list has, of whose elements only the beginning is known either.
    mutating func append<Other>(_ other: Sample<Other>, _ element: (Other) -> Element) {
        count += other.count
        kept += other.kept.prefix(Self.keptMax - kept.count).map(element)
    }
}

extension Sample: Codable where Element: Codable {}

/// What opening a store found, mended or set aside.
package struct RecoveryReport: Hashable, Sendable {
    /// Whether the store was made now.
    package var isNew = false
    package var segments = 0
    package var records = 0
    /// The place of the first record; more than 1 when older segments were taken away.
    package var firstSeq: UInt64?
    /// Bytes of an unfinished write at the end of the last segment, which were cut off: they were
    /// never acknowledged.
    package var cut: Damage?
    /// Damaged stretches; they stay where they are and are passed over. Their bytes are copied to
    /// the quarantine.
    package var damage = Sample<Damage>()
    /// Places in the store that no record has.
    package var gaps = Sample<ClosedRange<UInt64>>()
    /// Records whose place was taken already: a segment was copied. They are passed over.
    package var repeated = 0
    /// Records of a newer schema, or of a kind not known here. They are passed over.
    package var unreadable = 0
    /// Everything else worth a sentence.
    package var notices: [String] = []

    /// Whether there is anything to tell.
    package var isClean: Bool {
        cut == nil && damage.isEmpty && gaps.isEmpty && repeated == 0 && unreadable == 0
            && notices.isEmpty
    }

    /// One sentence for each thing found, the first few of each kind.
    package var sentences: [String] {
        var sentences: [String] = []
        if let cut {
            sentences.append(
                "cut an unfinished write of \(cut.bytes) bytes at \(cut.offset) in \(cut.path)")
        }
        sentences += listing(damage, "damaged stretches") { $0.description }
        sentences += listing(gaps, "gaps") { describe(gap: $0) }
        if repeated > 0 {
            sentences.append("passed over \(repeated) records that are there twice")
        }
        if unreadable > 0 {
            sentences.append("passed over \(unreadable) records that a newer program wrote")
        }
        return sentences + notices
    }
}

/// The first sentences of a sample, and how many more there are.
func listing<Element>(
    _ sample: Sample<Element>, _ what: String, _ sentence: (Element) -> String
) -> [String] {
    let shown = sample.kept.prefix(10).map(sentence)
    let rest = sample.count - shown.count
    return rest > 0 ? shown + ["\(rest) more \(what)"] : shown
}

func describe(gap: ClosedRange<UInt64>) -> String {
    gap.count == 1
        ? "record \(gap.lowerBound) is missing"
        : "records \(gap.lowerBound) to \(gap.upperBound) are missing"
}
