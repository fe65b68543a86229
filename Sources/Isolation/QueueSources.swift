internal import Dispatch
internal import Glibc
internal import Synchronization

/// One timer of an actor, on the actor's own queue.
///
/// Kept by the actor that it wakes; released with it, and it does not keep the actor alive.
/// Time is monotonic: a changed wall clock neither hastens nor delays it.
package final class QueueTimer {
    private let source: any DispatchSourceTimer

    /// A timer that rings `owner`; silent until armed.
    package init<Owner: QueueActor>(
        of owner: Owner, ring: @escaping @Sendable (isolated Owner) -> Void
    ) {
        source = DispatchSource.makeTimerSource(queue: owner.queue)
        source.setEventHandler { @Sendable [weak owner] in
            owner?.assumeIsolated { ring($0) }
        }
        source.activate()
    }

    /// Rings once after `delay` (at once when it is zero or less), forgetting what was armed
    /// before; and from then on every `interval` when there is one.
    package func arm(after delay: Duration, repeating interval: Duration? = nil) {
        source.schedule(
            deadline: .now() + dispatchInterval(delay),
            repeating: interval.map(dispatchInterval) ?? .never,
            leeway: .milliseconds(1))
    }

    /// Rings no more until armed again. A ring already on its way may still arrive.
    package func disarm() {
        source.schedule(deadline: .distantFuture)
    }

    deinit { source.cancel() }
}

/// One POSIX signal, delivered to an actor on its own queue.
///
/// The signal's default disposition is set aside for the rest of the process's life, also after
/// this value has gone: a late SIGTERM must not kill a daemon that is closing its store. An early
/// one is not lost: Dispatch begins to watch a moment after it was told to, and what comes before
/// is kept until then.
package final class SignalSource {
    private let source: any DispatchSourceSignal

    /// Keeps a signal, from now on, for the first who listens to it.
    package static func keep(_ number: Int32) {
        // Made before it is used where nothing may be made: see signal-safety(7).
        _ = keptSignals.load(ordering: .relaxed)
        signal(number) { keptSignals.bitwiseOr(1 << UInt64($0 & 63), ordering: .relaxed) }
    }

    /// Whether one has come that nobody has heard of.
    package static func hasKept(_ number: Int32) -> Bool {
        keptSignals.load(ordering: .relaxed) & (1 << UInt64(number & 63)) != 0
    }

    private static func takeKept(_ number: Int32) -> Bool {
        let bit: UInt64 = 1 << UInt64(number & 63)
        return keptSignals.bitwiseAnd(~bit, ordering: .relaxed).oldValue & bit != 0
    }

    /// Listens from now on. Several signals before the actor gets to run count as one.
    package init<Owner: QueueActor>(
        _ number: Int32, of owner: Owner, arrived: @escaping @Sendable (isolated Owner) -> Void
    ) {
        Self.keep(number)
        source = DispatchSource.makeSignalSource(signal: number, queue: owner.queue)
        source.setRegistrationHandler { @Sendable [weak owner] in
            guard Self.takeKept(number) else { return }
            owner?.assumeIsolated { arrived($0) }
        }
        source.setEventHandler { @Sendable [weak owner] in
            owner?.assumeIsolated { arrived($0) }
        }
        source.activate()
    }

    deinit { source.cancel() }
}

/// Signals that came and were told to nobody yet, a bit each.
private let keptSignals = Atomic<UInt64>(0)

/// A descriptor that can be read without blocking, told to an actor on its own queue.
///
/// Owns the descriptor: closes it once Dispatch has let go of it. Each time that Dispatch begins to
/// watch costs two wake-ups of another thread: whoever is about to look by himself, pauses it.
package final class DescriptorSource {
    private let source: any DispatchSourceRead
    private var isPaused = false

    /// Calls `readable` whenever there is something to read, until this value is released.
    package init<Owner: QueueActor>(
        owning descriptor: Int32, of owner: Owner,
        readable: @escaping @Sendable (isolated Owner) -> Void
    ) {
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: owner.queue)
        source.setEventHandler { @Sendable [weak owner] in
            owner?.assumeIsolated { readable($0) }
        }
        // Closing earlier could hand the number to another file while Dispatch still watches it.
        source.setCancelHandler { @Sendable in close(descriptor) }
        source.activate()
    }

    /// Tells nothing until it goes on, but for what is on its way already.
    package func pause() {
        guard !isPaused else { return }
        isPaused = true
        source.suspend()
    }

    /// Tells again, at once when there is something to read.
    package func goOn() {
        guard isPaused else { return }
        isPaused = false
        source.resume()
    }

    deinit {
        source.cancel()
        // One that is released while it is suspended is a trap, and its descriptor stays open.
        if isPaused { source.resume() }
    }
}

/// Dispatch counts nanoseconds in an `Int`: anything beyond 100 years is never.
private func dispatchInterval(_ duration: Duration) -> DispatchTimeInterval {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return .nanoseconds(0) }
    guard seconds < 3_153_600_000 else { return .never }
    return .nanoseconds(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
}
