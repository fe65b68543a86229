internal import FoundationEssentials

/// What leads to a document: its sampled shingles, or its rows of letters.
enum KeyKind { case shingles, letters }

extension Run {
    func rows(_ kind: KeyKind) -> PackedRows { kind == .shingles ? shingles : letters }
}

extension IndexHead {
    func table(_ kind: KeyKind) -> PostingTable { kind == .shingles ? shingles : letters }
}

/// Where the documents of some keys are, looked up in all runs at once.
struct HolderPlaces {
    fileprivate let kind: KeyKind
    let keys: [UInt64]
    /// By key: the slot in the head.
    fileprivate let slots: [UInt64]
    /// By run and key: the first row, or `PackedRows.nowhere`.
    fileprivate var firstRows: [UInt32] = []
}

extension DuplicateIndex {
    /// Finds where the documents of these shingles are. Cost: about 20 ns for one that a run has
    /// not, five times that for one that it has.
    func places(of shingles: [UInt64]) -> HolderPlaces {
        places(of: shingles, .shingles, slots: head.shingles.firstSlots(of: shingles), since: 0)
    }

    /// Finds where the documents are of those of these rows of letters that the head does not show
    /// to say nothing, because too many of its documents have them: most that are common are told
    /// so, without a look at the runs.
    func places(ofTelling rows: [UInt64]) -> HolderPlaces {
        let first = options.firstInWindow(of: end)
        var (telling, slots) = ([UInt64](), [UInt64]())
        telling.reserveCapacity(rows.count)
        slots.reserveCapacity(rows.count)
        for (row, slot) in zip(rows, head.letters.firstSlots(of: rows)) {
            let count = head.letters.count(row, first: slot, since: first)
            if count >= options.letterPostingsMax { continue }
            telling.append(row)
            slots.append(slot)
        }
        return places(of: telling, .letters, slots: slots, since: first)
    }

    /// In the head they are at `slots`, and before `first` they do not matter.
    private func places(
        of keys: [UInt64], _ kind: KeyKind, slots: [UInt64], since first: UInt32
    ) -> HolderPlaces {
        var places = HolderPlaces(kind: kind, keys: keys, slots: slots)
        if runs.isEmpty { return places }
        places.firstRows = Array(repeating: PackedRows.nowhere, count: keys.count * runs.count)
        var room = LookUpRoom(keys: keys.count)
        for place in runs.indices where runs[place].numbers.upperBound > first {
            runs[place].rows(kind).findFirstRows(
                of: keys, runs[place].bytes, in: &places.firstRows, from: place * keys.count,
                room: &room)
        }
        return places
    }

    /// Appends the documents of one of these shingles to `found`, which is empty: the earliest
    /// `postingsMax`, in no order. The same whichever of them are in runs.
    func collectHolders(at index: Int, of places: HolderPlaces, into found: inout [UInt32]) {
        for place in runs.indices { collect(at: index, of: places, inRun: place, into: &found) }
        let first = found.count
        head.shingles.collect(places.keys[index], first: places.slots[index], into: &found)
        leaveOutForgotten(of: &found)
        if found.count < 2 { return }
        if first > 0 || runs.count > 1 { keepEachOnce(&found) }
        if found.count > options.postingsMax {
            found.sort()
            found.removeLast(found.count - options.postingsMax)
        }
    }

    /// Appends the documents in the window that have one of these rows of letters to `found`, which
    /// is empty, in no order. The same whichever of them are in runs.
    /// - Returns: false when they are so many that the row says nothing.
    func collectLatest(at index: Int, of places: HolderPlaces, into found: inout [UInt32]) -> Bool {
        let first = options.firstInWindow(of: end)
        let most = options.letterPostingsMax
        let key = places.keys[index]
        for place in runs.indices.reversed() {
            let row = places.firstRows[place * places.keys.count + index]
            if row == PackedRows.nowhere { continue }
            if runs[place].letters.has(
                most, of: key, from: Int(row), since: first, runs[place].bytes)
            {
                return false
            }
        }
        for place in runs.indices { collect(at: index, of: places, inRun: place, into: &found) }
        head.letters.collect(key, first: places.slots[index], into: &found)
        leaveOutForgotten(of: &found)
        if found.isEmpty { return most > 0 }
        if !runs.isEmpty { keepEachOnce(&found) }
        if first > 0 { found.removeAll { $0 < first } }
        return found.count < most
    }

    @inline(__always)
    private func collect(
        at index: Int, of places: HolderPlaces, inRun place: Int, into found: inout [UInt32]
    ) {
        let first = places.firstRows[place * places.keys.count + index]
        if first == PackedRows.nowhere { return }
        let (bytes, end) = (runs[place].bytes, runs[place].numbers.upperBound)
        runs[place].rows(places.kind).forEachNumber(
            of: places.keys[index], from: Int(first), bytes
        ) { if $0 < end { found.append($0) } }
    }

    /// Whether any document has one of these shingles.
    func isHeld(at index: Int, of places: HolderPlaces) -> Bool {
        if !forgotten.numbers.isEmpty {
            var found: [UInt32] = []
            collectHolders(at: index, of: places, into: &found)
            return !found.isEmpty
        }
        var place = index
        while place < places.firstRows.count {
            if places.firstRows[place] != PackedRows.nowhere { return true }
            place += places.keys.count
        }
        return places.slots[index] != 0
            && head.table(places.kind).contains(places.keys[index])
    }

    @inline(__always)
    private func leaveOutForgotten(of numbers: inout [UInt32]) {
        if forgotten.numbers.isEmpty { return }
        numbers.removeAll { forgotten.numbers.contains($0) }
    }

    /// A revised document may be listed by two runs.
    private func keepEachOnce(_ numbers: inout [UInt32]) {
        var place = 1
        while place < numbers.count, numbers[place - 1] < numbers[place] { place += 1 }
        guard place < numbers.count else { return }
        numbers.sort()
        var kept = 1
        for number in numbers.dropFirst() where number != numbers[kept - 1] {
            numbers[kept] = number
            kept += 1
        }
        numbers.removeLast(numbers.count - kept)
    }
}
