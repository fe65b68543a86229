internal import News

/// How much of two texts runs in step, letter by letter, for copies whose words are damaged because
/// a machine read them from paper.
///
/// Letters are compared by their looks. Rows of eight that stand once in each text are anchors; the
/// longest chain of them that is in order in both is followed, and the stretch between two
/// neighbours counts when it is short and about as long in either text. Damage leaves such anchors
/// everywhere, and under the anchors letters that look alike and are not the same. Two reports of
/// one event share quotations, but what stands between these has another length in each, and their
/// words are spelt the same.
struct LetterAlignment: Sendable {
    /// Shares of our and their letters that run in step.
    let ours: Double
    let theirs: Double
    /// Of the figures that stand in the same place in both, the share that is not the same: damage
    /// spoils letters and figures alike, a form filled in anew has other figures throughout.
    let otherFigures: Double

    /// Single letters in step that are not the same, for each letter in step: what a machine
    /// misreads. Editors replace words and leave next to none of these.
    let misread: Double
    /// How many letters are misread.
    let misreads: Int
    var mutual: Double { min(ours, theirs) }
    var overlap: Double { max(ours, theirs) }

    /// Letters between two anchors that may count.
    private static let stretchMax = 64
    /// Share of the pairs of letters of a stretch that damage leaves.
    private static let keptMin = 0.35

    init(_ first: LetterRows, _ second: LetterRows) {
        let chain = Self.chain(first.anchors(in: second))
        let stretches = Self.stretchesInStep(chain, first.letters, second.letters)
        let (inOurs, inTheirs) = Self.lettersInStep(stretches)
        ours = Double(inOurs) / Double(max(first.letters.count, 1))
        theirs = Double(inTheirs) / Double(max(second.letters.count, 1))
        otherFigures = Self.otherFigures(stretches, first.written, second.written)
        misreads = Self.misreads(chain, first.written, second.written)
        misread = inOurs == 0 ? 0 : Double(misreads) / Double(inOurs)
    }

    /// The longest part in which both places rise (patience sorting; Fredman 1975).
    private static func chain(
        _ anchors: [(ours: Int, theirs: Int)]
    ) -> [(ours: Int, theirs: Int)] {
        var tops: [Int] = []
        var before = Array(repeating: -1, count: anchors.count)
        for (index, anchor) in anchors.enumerated() {
            var low = 0
            var high = tops.count
            while low < high {
                let middle = (low + high) / 2
                if anchors[tops[middle]].theirs < anchor.theirs {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            if low > 0 { before[index] = tops[low - 1] }
            if low == tops.count { tops.append(index) } else { tops[low] = index }
        }
        var chain: [(ours: Int, theirs: Int)] = []
        var next = tops.last ?? -1
        while next >= 0 {
            chain.append(anchors[next])
            next = before[next]
        }
        return chain.reversed()
    }

    /// Letters that are written otherwise under the anchors, where they look alike, and single ones
    /// between two anchors.
    private static func misreads(
        _ chain: [(ours: Int, theirs: Int)], _ ours: [UInt8], _ theirs: [UInt8]
    ) -> Int {
        var count = 0
        var counted = 0
        for (index, anchor) in chain.enumerated() {
            for offset in max(0, counted - anchor.ours)..<LetterRows.length
            where isMisread(ours[anchor.ours + offset], theirs[anchor.theirs + offset]) {
                count += 1
            }
            counted = anchor.ours + LetterRows.length
            guard index + 1 < chain.count else { break }
            let next = chain[index + 1]
            if next.ours == counted + 1, next.theirs == anchor.theirs + LetterRows.length + 1,
                isMisread(ours[counted], theirs[next.theirs - 1])
            {
                count += 1
            }
        }
        return count
    }

    /// Of two letters in one place: other vowels may be another form of the word, and other digits
    /// another figure.
    private static func isMisread(_ a: UInt8, _ b: UInt8) -> Bool {
        guard a != b, !(isDigit(a) && isDigit(b)) else { return false }
        return !(isVowel(a) && isVowel(b))
    }

    private static func isVowel(_ letter: UInt8) -> Bool {
        letter == UInt8(ascii: "a") || letter == UInt8(ascii: "e") || letter == UInt8(ascii: "o")
    }

    private static func lettersInStep(_ stretches: [Stretch]) -> (ours: Int, theirs: Int) {
        guard !stretches.isEmpty else { return (0, 0) }
        return stretches.reduce((LetterRows.length, LetterRows.length)) { sum, stretch in
            (sum.0 + stretch.ours.count, sum.1 + stretch.theirs.count)
        }
    }

    /// From one anchor to the next, in both.
    private struct Stretch {
        var ours: Range<Int>
        var theirs: Range<Int>

        var isUnbroken: Bool { ours.count == 1 && theirs.count == 1 }
    }

    /// The stretches in step: short, of about one length, and damaged rather than replaced.
    private static func stretchesInStep(
        _ chain: [(ours: Int, theirs: Int)], _ ours: [UInt8], _ theirs: [UInt8]
    ) -> [Stretch] {
        zip(chain, chain.dropFirst()).compactMap { one, next in
            let stretch = Stretch(
                ours: one.ours..<next.ours, theirs: one.theirs..<next.theirs)
            let lengths = (stretch.ours.count, stretch.theirs.count)
            guard max(lengths.0, lengths.1) <= stretchMax,
                abs(lengths.0 - lengths.1) <= max(2, lengths.0 / 8),
                isDamagedOnly(stretch, ours, theirs)
            else { return nil }
            return stretch
        }
    }

    /// Whether enough pairs of letters behind the first anchor are still about where they were.
    private static func isDamagedOnly(
        _ stretch: Stretch, _ ours: [UInt8], _ theirs: [UInt8]
    ) -> Bool {
        let inner = stretch.ours.dropFirst(LetterRows.length)
        guard inner.count > 3 else { return true }
        let reach = 2 + abs(stretch.ours.count - stretch.theirs.count)
        var kept = 0
        for place in inner {
            let middle = place - stretch.ours.lowerBound + stretch.theirs.lowerBound
            let first = max(0, middle - reach)
            let last = min(theirs.count - 2, middle + reach)
            guard first <= last, place + 1 < ours.count else { continue }
            for other in first...last
            where theirs[other] == ours[place] && theirs[other + 1] == ours[place + 1] {
                kept += 1
                break
            }
        }
        return Double(kept) >= keptMin * Double(inner.count)
    }

    /// Compares the digits of stretches in step: each that has some counts once.
    private static func otherFigures(
        _ stretches: [Stretch], _ ours: [UInt8], _ theirs: [UInt8]
    ) -> Double {
        var equal = 0
        var other = 0
        for stretch in stretches {
            let place = stretch.ours.lowerBound
            if stretch.isUnbroken {
                // An unbroken row: a figure counts where it starts.
                let before = place > 0 ? ours[place - 1] : 0
                if isDigit(ours[place]), !isDigit(before) { equal += 1 }
                continue
            }
            let mine = ours[stretch.ours].filter(isDigit)
            let its = theirs[stretch.theirs].filter(isDigit)
            if mine.isEmpty || its.isEmpty { continue }
            if isSameFigure(mine, its) { equal += 1 } else { other += 1 }
        }
        return other < 2 ? 0 : Double(other) / Double(equal + other)
    }

    /// Whether one may be the other with a digit lost or misread.
    private static func isSameFigure(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a != b else { return true }
        // Longest common subsequence; stretches are short.
        var row = Array(repeating: 0, count: b.count + 1)
        for digit in a {
            var diagonal = 0
            for (index, other) in b.enumerated() {
                let above = row[index + 1]
                row[index + 1] = digit == other ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return 3 * (row.last ?? 0) >= 2 * max(a.count, b.count)
    }

    private static func isDigit(_ letter: UInt8) -> Bool { 0x30...0x39 ~= letter }
}

/// The letters of a text without the spaces between words, and every row of eight of them, with
/// where it stands: a flat table.
struct LetterRows: Sendable {
    /// By their looks: letters that a machine takes for each other are one.
    let letters: [UInt8]
    /// As they are written.
    let written: [UInt8]
    /// By place.
    private let rows: [UInt64]
    /// The place of a row plus one; negative for a row that stands more than once; 0 free.
    private let slots: [Int16]
    private let shift: UInt64

    /// Letters in a row, packed into 64 bits.
    static let length = 8
    /// Texts with fewer letters are not aligned.
    private static let lettersMin = 80
    /// Letters that are looked at; the rest of a longer text is not. Their places fit into a slot.
    private static let lettersMax = 2000

    /// nil for a text too short to be told apart from others by its letters.
    init?(_ text: FoldedText) {
        var letters: [UInt8] = []
        var written: [UInt8] = []
        var rows: [UInt64] = []
        let most = min(text.folded.count, Self.lettersMax)
        letters.reserveCapacity(most)
        written.reserveCapacity(most)
        rows.reserveCapacity(most)
        var row: UInt64 = 0
        let looks = letterLooks
        for letter in text.folded where letter != 0x20 {
            let look = looks[Int(letter)]
            written.append(letter)
            letters.append(look)
            row = row << 8 | UInt64(look)
            if letters.count >= Self.length { rows.append(row) }
            if letters.count == Self.lettersMax { break }
        }
        guard letters.count >= Self.lettersMin else { return nil }
        var capacity = 64
        while capacity < rows.count * 2 { capacity *= 2 }
        self.letters = letters
        self.written = written
        let shift = UInt64(64 - capacity.trailingZeroBitCount)
        var slots = Array(repeating: Int16(0), count: capacity)
        for (place, row) in rows.enumerated() {
            let slot = Self.slot(of: row, slots, rows, shift)
            slots[slot] = slots[slot] == 0 ? Int16(clamping: place + 1) : -abs(slots[slot])
        }
        (self.rows, self.slots, self.shift) = (rows, slots, shift)
    }

    /// Where the row is, or belongs.
    @inline(__always)
    private static func slot(
        of row: UInt64, _ slots: [Int16], _ rows: [UInt64], _ shift: UInt64
    ) -> Int {
        var slot = Int(truncatingIfNeeded: (row &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while slots[slot] != 0, rows[Int(abs(slots[slot])) - 1] != row {
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    /// The place plus one; not above 0 for a row that stands nowhere, or more than once.
    @inline(__always)
    private func onlyPlace(of row: UInt64) -> Int16 {
        slots[Self.slot(of: row, slots, rows, shift)]
    }

    /// Places of the rows that stand once in each text, in our order.
    func anchors(in other: LetterRows) -> [(ours: Int, theirs: Int)] {
        var anchors: [(ours: Int, theirs: Int)] = []
        for (place, row) in rows.enumerated() {
            let there = other.onlyPlace(of: row)
            if there > 0, onlyPlace(of: row) > 0 { anchors.append((place, Int(there) - 1)) }
        }
        return anchors
    }
}
