/// How long something takes, by a clock that nobody sets: for lengths, never for dates.
///
/// The clock runs on while the machine sleeps.
package struct Stopwatch: Sendable {
    private let start = ContinuousClock.now

    /// Runs from now on.
    package init() {}

    /// Since it started; never negative.
    package var elapsed: Duration { ContinuousClock.now - start }
}
