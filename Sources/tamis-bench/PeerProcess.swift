internal import Foundation

/// Lets a Python take the texts into an index of MinHash signatures, as data-set makers do: rensa's
/// own defaults of 128 permutations in 32 bands, on rows of five words. Gives the CPU time that the
/// texts behind the first `held` took.
/// - Throws: `PeerFailure` when it cannot be run, has no rensa, or says no number.
func timePeer(_ python: String, _ texts: [String], held: Int) throws -> Timing {
    try withTemporaryFolder { path in
        let file = URL(filePath: path).appending(path: "texts.jsonl")
        let encoder = JSONEncoder()
        var lines = Data()
        for text in texts { lines += try encoder.encode([text]) + Data("\n".utf8) }
        try lines.write(to: file)
        return try timePeer(python, ["-c", script, file.path, String(held)])
    }
}

private func timePeer(_ python: String, _ arguments: [String]) throws -> Timing {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: python)
    process.arguments = arguments
    process.standardOutput = output
    do {
        try process.run()
    } catch {
        throw PeerFailure(python: python)
    }
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let numbers = String(decoding: answer, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard process.terminationStatus == 0, numbers.count == 2, let cpu = Double(numbers[0]),
        let wall = Double(numbers[1])
    else { throw PeerFailure(python: python) }
    return Timing(cpuSeconds: cpu, wallSeconds: wall)
}

/// The peer could not be run.
struct PeerFailure: Error, CustomStringConvertible {
    let python: String
    var description: String { "\(python) could not measure rensa" }
}

private let script = """
    import json, sys, time
    from rensa import RMinHash, RMinHashLSH
    texts = [json.loads(line)[0] for line in open(sys.argv[1], encoding="utf-8")]
    held = int(sys.argv[2])
    lsh = RMinHashLSH(0.5, 128, 32)
    def take(number):
        words = texts[number].lower().split()
        sketch = RMinHash(128, 42)
        sketch.update([" ".join(words[i:i + 5]) for i in range(max(1, len(words) - 4))])
        lsh.query(sketch)
        lsh.insert(number, sketch)
    for number in range(held):
        take(number)
    cpu, wall = time.process_time(), time.monotonic()
    for number in range(held, len(texts)):
        take(number)
    print(time.process_time() - cpu, time.monotonic() - wall)
    """
