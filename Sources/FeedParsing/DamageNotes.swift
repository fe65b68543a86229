/// What was wrong with a document and was mended, as sentences for people: each once, and no more
/// than a limit.
struct DamageNotes {
    private(set) var sentences: [String] = []
    private let max: Int

    init(max: Int) { self.max = max }

    mutating func note(_ sentence: String) {
        if sentences.count < max, !sentences.contains(sentence) { sentences.append(sentence) }
    }

    /// Notes that some addresses were too much for the book.
    mutating func note(_ addresses: AddressBook) {
        if addresses.isFull { note("the addresses are too long in all; some stayed relative") }
    }
}
