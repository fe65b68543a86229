internal import Synchronization

/// Bytes of all bodies in memory, kept as they come and go: nobody need add them up.
///
/// A body that came in whole is still there until it is read, and with many at once that takes
/// longer than fetching them: it counts until then (`BodyHold`).
final class BodyGauge: Sendable {
    private let comingIn = Atomic<Int>(0)
    private let unread = Atomic<Int>(0)

    /// Whether more comes in than there is room for beside what waits to be read. That leaves half
    /// of `bytesMax` at least: what one has sent must not end what another sends.
    func isBeyond(_ bytesMax: Int) -> Bool {
        let unread = unread.load(ordering: .relaxed)
        return comingIn.load(ordering: .relaxed) > max(bytesMax - unread, bytesMax / 2)
    }

    func came(_ bytes: Int) { comingIn.add(bytes, ordering: .relaxed) }

    func ended(_ bytes: Int) { comingIn.subtract(bytes, ordering: .relaxed) }

    fileprivate func hold(_ bytes: Int) { unread.add(bytes, ordering: .relaxed) }

    fileprivate func letGo(_ bytes: Int) { unread.subtract(bytes, ordering: .relaxed) }
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
        gauge.hold(bytes)
    }

    deinit { gauge.letGo(bytes) }
}
