internal import News

/// The stories as bytes: how many documents were counted, how many features the last pruning kept,
/// the counts, the entries, the features and the measures, each list behind its length. What leads
/// from features to entries follows from these.
extension StoryIndex {
    /// Bytes.
    var savedLength: Int {
        48 + 8 * (counts.slots.count + keys.count + measures.count) + 40 * entries.count
    }

    func write(to writer: inout ByteWriter) {
        writer.write(UInt64(countedDocuments))
        writer.write(UInt64(keptAfterPruning))
        writer.write(list: counts.slots) { $0.write($1) }
        writer.write(list: entries) { writer, entry in
            writer.write(entry.story.digest)
            writer.write(UInt64(bitPattern: entry.time.millisecondsSince1970))
            writer.write(UInt64(entry.document) << 32 | UInt64(entry.featuresCount))
            writer.write(
                UInt64(entry.stemsCount) << 32 | UInt64(entry.measuresCount) << 16
                    | UInt64(entry.language))
        }
        writer.write(list: keys.indices) { writer, place in
            writer.write(UInt64(keys[place]) << 32 | UInt64(marks[place].bits))
        }
        writer.write(list: measures) { $0.write(UInt64($1.unit) << 32 | UInt64($1.figure)) }
    }

    /// nil for what `write` did not write, or of documents from number `documents` on. No entry is
    /// found by its features before `listAll`.
    init?(from reader: inout ByteReader, documents: Int) {
        var (keys, marks) = ([UInt32](), [StoryFeatures.Mark]())
        guard let counted = reader.read(), let counted = Int(exactly: counted),
            let kept = reader.read(), let kept = Int(exactly: kept),
            let countSlots = reader.readList(bytesEach: 8, { $0.read() }),
            let counts = CountTable(slots: countSlots),
            var entries = reader.readList(bytesEach: 40, Self.readEntry),
            reader.readList(
                bytesEach: 8,
                reserve: {
                    keys.reserveCapacity($0)
                    marks.reserveCapacity($0)
                },
                {
                    guard let (key, mark) = Self.readFeature(&$0) else { return false }
                    keys.append(key)
                    marks.append(mark)
                    return true
                }),
            let measures = reader.readList(bytesEach: 8, { $0.read().map { Measure(bits: $0) } }),
            Self.layOut(&entries, features: keys.count, measures: measures.count),
            zip(entries, entries.dropFirst()).allSatisfy({ $0.document < $1.document }),
            entries.last.map({ Int($0.document) < documents }) ?? true
        else { return nil }
        self.init(
            counts: counts, countedDocuments: counted, entries: entries,
            keys: keys, marks: marks, measures: measures, keptAfterPruning: kept)
    }

    private typealias Measure = StoryFeatures.Measure

    private static func readEntry(_ reader: inout ByteReader) -> Entry? {
        guard let story = reader.readDigest(), let time = reader.read(),
            let documentAndFeatures = reader.read(), let others = reader.read()
        else { return nil }
        return Entry(
            document: UInt32(truncatingIfNeeded: documentAndFeatures >> 32),
            story: StoryID(story),
            time: Instant(millisecondsSince1970: Int64(bitPattern: time)),
            featuresCount: UInt16(truncatingIfNeeded: documentAndFeatures),
            stemsCount: UInt16(truncatingIfNeeded: others >> 32),
            language: UInt16(truncatingIfNeeded: others),
            measuresCount: UInt16(truncatingIfNeeded: others >> 16))
    }

    private static func readFeature(
        _ reader: inout ByteReader
    ) -> (key: UInt32, mark: StoryFeatures.Mark)? {
        guard let bits = reader.read(), let mark = UInt16(exactly: bits & 0xFFFF_FFFF),
            let mark = StoryFeatures.Mark(bits: mark)
        else { return nil }
        return (UInt32(truncatingIfNeeded: bits >> 32), mark)
    }

    /// Gives each entry its features and measures, one behind the other; false when they do not
    /// come out even.
    private static func layOut(_ entries: inout [Entry], features: Int, measures: Int) -> Bool {
        var (feature, measure) = (0, 0)
        for place in entries.indices {
            entries[place].featuresStart = UInt32(truncatingIfNeeded: feature)
            entries[place].measuresStart = UInt32(truncatingIfNeeded: measure)
            feature = entries[place].allRange.upperBound
            measure = entries[place].measuresRange.upperBound
            if feature > features || measure > measures { return false }
        }
        return feature == features && measure == measures
    }
}

extension StoryFeatures.Measure {
    fileprivate init(bits: UInt64) {
        self.init(
            unit: UInt32(truncatingIfNeeded: bits >> 32), figure: UInt32(truncatingIfNeeded: bits))
    }
}
