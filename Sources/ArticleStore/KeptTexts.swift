/// Which of an article's texts are kept at hand: the first, because copies are made of it, and the
/// last few.
package enum KeptTexts {
    /// Of the texts before the latest.
    package static let earlierMax = 4
    /// Of all.
    static let allMax = earlierMax + 1

    /// Leaves out of the places where texts stand, the oldest first, what is neither the first nor
    /// one of the last: at most `most` stay.
    static func shorten<Place>(_ places: inout [Place], most: Int) {
        guard places.count > most else { return }
        places.removeSubrange(1..<(places.count - most + 1))
    }
}
