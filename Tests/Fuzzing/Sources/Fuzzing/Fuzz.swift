internal import Glibc
internal import Synchronization

/// Runs libFuzzer (llvm.org/docs/LibFuzzer.html) with the arguments of this process.
/// - Parameter brokenPromise: reads one input; what it broke in a sentence, or nil. A sentence is
///   a finding, as a trap, a time-out or too much memory is.
/// - Returns: The status to exit with.
package func fuzz(_ brokenPromise: @escaping @Sendable ([UInt8]) -> String?) -> CInt {
    target.withLock { $0 = Target(brokenPromise: brokenPromise) }
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    return runDriver(&count, &arguments) { start, count in
        let input = [UInt8](UnsafeBufferPointer(start: start, count: count))
        if let sentence = target.withLock({ $0 })?.brokenPromise(input) {
            let line = Array("broken promise: \(sentence)\n".utf8)
            _ = write(2, line, line.count)
            abort()
        }
        return 0
    }
}

/// Set before the driver starts: its function can capture nothing.
private let target = Mutex<Target?>(nil)

/// A function that stood alone in a generic would be wrapped once more whenever it is taken out.
private struct Target: Sendable {
    let brokenPromise: @Sendable ([UInt8]) -> String?
}

/// libFuzzer as a library: `FuzzerInterface.h` of its sources.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
