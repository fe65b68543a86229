internal import Foundation
internal import Glibc
internal import Synchronization

/// What a piece of work cost.
struct Timing {
    /// User and system time of all threads of this process.
    var cpuSeconds: Double
    /// With all waiting, for the disk and for other processes.
    var wallSeconds: Double

    static func / (timing: Timing, times: Int) -> Timing {
        Timing(
            cpuSeconds: timing.cpuSeconds / Double(times),
            wallSeconds: timing.wallSeconds / Double(times))
    }
}

/// The time and memory of this process, as the kernel counts them.
enum ProcessClock {
    static var cpuSeconds: Double { seconds(of: CLOCK_PROCESS_CPUTIME_ID) }
    static var wallSeconds: Double { seconds(of: CLOCK_MONOTONIC) }

    private static func seconds(of clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Lets the peak of memory begin anew from what is resident now (proc(5), `clear_refs`): that
    /// includes what was freed and not yet given back. Where the kernel refuses, the peak stays
    /// that of the whole run.
    static func forgetPeakMemory() {
        try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    }

    /// The bytes that are resident now and are no file's.
    static var anonymousMemoryBytes: Int { status("RssAnon:") ?? 0 }

    /// The bytes of mapped files that are resident now.
    static var mappedMemoryBytes: Int { status("RssFile:") ?? 0 }

    /// A figure of proc(5), `status`, in bytes.
    private static func status(_ name: String) -> Int? {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        let field = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
        return field.flatMap { Int($0) }.map { $0 * 1024 }
    }

    /// The most bytes that were resident at once.
    static var peakMemoryBytes: Int {
        if let peak = status("VmHWM:") { return peak }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }
}

/// Times one piece of work.
func time(_ work: () throws -> Int) rethrows -> Timing {
    let (cpu, wall) = (ProcessClock.cpuSeconds, ProcessClock.wallSeconds)
    keep(try work())
    return Timing(
        cpuSeconds: ProcessClock.cpuSeconds - cpu, wallSeconds: ProcessClock.wallSeconds - wall)
}

/// Times work by repeating it until it has taken `secondsMin` of CPU time; gives the mean of the
/// last, longest series. The series before it warm the caches.
func timeRepeatedly(secondsMin: Double, _ work: () throws -> Int) rethrows -> Timing {
    let repeatsMax = 1_000_000
    var repeats = 1
    while true {
        let series = try time {
            var sum = 0
            for _ in 0..<repeats { sum &+= try work() }
            return sum
        }
        if series.cpuSeconds >= secondsMin || repeats >= repeatsMax { return series / repeats }
        let wanted = secondsMin * 1.2 / max(series.cpuSeconds / Double(repeats), 1e-9)
        repeats = max(repeats * 2, Int(min(wanted, Double(repeatsMax))))
    }
}

/// The middle one, or the mean of the two in the middle; 0 of none.
func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// Takes note of a result, so that the compiler cannot leave out the work that gave it.
func keep(_ result: Int) { kept.wrappingAdd(result, ordering: .relaxed) }

private let kept = Atomic<Int>(0)
