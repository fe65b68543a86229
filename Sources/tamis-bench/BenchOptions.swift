internal import Foundation

/// What was asked for on the command line.
struct BenchOptions {
    /// What is measured, in this order.
    var benchmarks = Benchmark.allCases
    /// Rounds of every measurement; the median is told.
    var rounds = 3
    /// Smaller inputs and shorter rounds: shows that everything runs, not how fast.
    var isQuick = false
    /// A folder of real documents, read in place of generated ones.
    var files: String?
    /// How many documents are held in the largest measurement of `decide` and `sift`, and by
    /// `index` and `start`.
    var held = 100_000
    /// A Python that has the peer which `decide` is measured beside.
    var peer: String?
    /// A file that names feed documents, one a line.
    var list: String?
    var wantsHelp = false

    static let roundsMax = 1000
    static let heldMax = 10_000_000

    static let help = """
        usage: tamis-bench [--only NAME,…] [--rounds N] [--quick] [--files DIR] [--held N]
                           [--peer PYTHON]
               tamis-bench --bench LIST [--rounds N]

        Measures the working parts of Tamis on generated input, the same at every run, and prints
        one JSON object a line; on a terminal also a table, on standard error.

          --only NAME,…  measure these alone, of:
                         \(Benchmark.allCases.map(\.rawValue).joined(separator: ", "))
          --rounds N     rounds of each measurement, 1…\(roundsMax); the median is told (default 3)
          --quick        smaller inputs and shorter rounds, to see that everything runs
          --files DIR    parse-feed and extract-page read the files of this folder, and of those in
                         it, in place of generated ones; without --only nothing else is measured
          --held N       decide holds so many articles in the end (default 100000; a million takes
                         4 GB for their texts, and minutes); index as many, without their texts;
                         start as many short ones, in a store; sift a stream of as many
          --peer PYTHON  decide also lets this Python run MinHash-LSH of the package rensa on the
                         same texts
          --bench LIST   parse the feed documents that the file LIST names, one path a line, each
                         once a round, and print one JSON array: bytes, entries, fails, wall
                         seconds (s) and CPU seconds (cpu) of each round
          --help         this text

        In each object, `ratio` is the CPU time divided by that of `reference`, a simple thing done
        with the same bytes in the same rounds, and `growth` the CPU time of one document (of one
        byte where documents grow) divided by that of the smaller measurement before it: near 1
        when the cost is linear. `wall_seconds` includes waiting for the disk and for other
        processes. MB are 10⁶ bytes. Stores are made below $TMPDIR, else /tmp, and removed.
        """

    /// - Throws: `UsageMistake` on what it does not know.
    init(arguments: some Sequence<String>) throws {
        var rest = Array(arguments)[...]
        var wasNarrowed = false
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            let name = parts.first ?? ""
            func value() throws -> String {
                if parts.count == 2 { return parts[1] }
                guard let next = rest.popFirst() else {
                    throw UsageMistake("\(name) needs a value")
                }
                return next
            }
            switch name {
            case "--only":
                benchmarks = try Self.benchmarks(named: try value())
                wasNarrowed = true
            case "--rounds": rounds = try Self.number(from: value(), of: name, most: Self.roundsMax)
            case "--held": held = try Self.number(from: value(), of: name, most: Self.heldMax)
            case "--peer": peer = try value()
            case "--files": files = try value()
            case "--bench": list = try value()
            case "--quick" where parts.count == 1: isQuick = true
            case "--help" where parts.count == 1, "-h" where parts.count == 1: wantsHelp = true
            default: throw UsageMistake("unknown argument \(argument)")
            }
        }
        guard files != nil else { return }
        if !wasNarrowed { benchmarks = benchmarks.filter(\.canReadFiles) }
        if let other = benchmarks.first(where: { !$0.canReadFiles }) {
            throw UsageMistake("\(other.rawValue) does not read files")
        }
    }

    private static func benchmarks(named list: String) throws -> [Benchmark] {
        let names = list.split(separator: ",").map(String.init)
        guard !names.isEmpty else { throw UsageMistake("--only needs a name") }
        return try names.map { name in
            guard let benchmark = Benchmark(rawValue: name) else {
                throw UsageMistake("there is no benchmark \(name)")
            }
            return benchmark
        }
    }

    private static func number(from text: String, of name: String, most: Int) throws -> Int {
        guard let number = Int(text), 1...most ~= number else {
            throw UsageMistake("\(name) is a number, 1…\(most), not \(text)")
        }
        return number
    }
}

/// An argument that cannot be followed.
struct UsageMistake: Error {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
