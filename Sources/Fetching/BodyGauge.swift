internal import Synchronization

/// Bytes of all bodies in memory, kept as they come and go: nobody need add them up.
///
/// A body that came in whole is still there until it is read, and with many at once that takes
/// longer than fetching them: it counts until then (`BodyHold`).
final class BodyGauge: Sendable {
    private let all = Atomic<Int>(0)

    var bytes: Int { all.load(ordering: .relaxed) }

    func add(_ bytes: Int) { all.add(bytes, ordering: .relaxed) }

    func remove(_ bytes: Int) { all.subtract(bytes, ordering: .relaxed) }
}

/// That somebody holds a body that came in whole: it counts as long as this is kept.
final class BodyHold: Sendable {
    /// Smaller bodies do not matter, and most are.
    static let bytesMin = 64 << 10

    private let gauge: BodyGauge
    private let bytes: Int

    init?(of bytes: Int, on gauge: BodyGauge) {
        guard bytes >= Self.bytesMin else { return nil }
        self.gauge = gauge
        self.bytes = bytes
        gauge.add(bytes)
    }

    deinit { gauge.remove(bytes) }
}
