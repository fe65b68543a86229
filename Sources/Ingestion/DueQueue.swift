internal import News

/// Which feed is due first: a binary heap with a place for each feed, so that a feed's time can be
/// changed or taken out. Ties go by the feed's name. It also knows how many are due in a minute.
///
/// Cost: `set` and `remove` O(log n), `first` and `crowd` O(1).
struct DueQueue: Sendable {
    private struct Place: Sendable {
        var time: Instant
        var id: FeedID

        static func < (a: Place, b: Place) -> Bool {
            a.time == b.time ? a.id < b.id : a.time < b.time
        }
    }

    private var heap: [Place] = []
    private var positions: [FeedID: Int] = [:]
    private var minutes: [Int64: Int] = [:]

    var count: Int { heap.count }

    /// The feed whose time comes first, and that time.
    var first: (id: FeedID, time: Instant)? { heap.first.map { ($0.id, $0.time) } }

    /// How many feeds are due in the minute of that time.
    func crowd(at time: Instant) -> Int { minutes[Self.minute(of: time), default: 0] }

    private static func minute(of time: Instant) -> Int64 { time.millisecondsSince1970 / 60_000 }

    private mutating func count(_ time: Instant, _ change: Int) {
        let minute = Self.minute(of: time)
        let count = minutes[minute, default: 0] + change
        minutes[minute] = count > 0 ? count : nil
    }

    /// Gives a feed its time, whether or not it had one.
    mutating func set(_ id: FeedID, _ time: Instant) {
        let place = Place(time: time, id: id)
        count(time, 1)
        if let position = positions[id] {
            count(heap[position].time, -1)
            heap[position] = place
            settle(position)
        } else {
            heap.append(place)
            positions[id] = heap.count - 1
            settle(heap.count - 1)
        }
    }

    /// Takes a feed out, if it is there.
    mutating func remove(_ id: FeedID) {
        guard let position = positions.removeValue(forKey: id) else { return }
        count(heap[position].time, -1)
        let last = heap.removeLast()
        guard position < heap.count else { return }
        heap[position] = last
        positions[last.id] = position
        settle(position)
    }

    mutating func removeAll() {
        heap = []
        positions = [:]
        minutes = [:]
    }

    private mutating func settle(_ start: Int) {
        var position = start
        while position > 0, heap[position] < heap[(position - 1) / 2] {
            exchange(position, (position - 1) / 2)
            position = (position - 1) / 2
        }
        while true {
            let (left, right) = (2 * position + 1, 2 * position + 2)
            var least = position
            if left < heap.count, heap[left] < heap[least] { least = left }
            if right < heap.count, heap[right] < heap[least] { least = right }
            guard least != position else { return }
            exchange(position, least)
            position = least
        }
    }

    private mutating func exchange(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        positions[heap[a].id] = a
        positions[heap[b].id] = b
    }
}
