internal import Foundation
internal import Glibc

// tamis-bench measures the parts of Tamis that do the work, each beside a reference that does the
// least that could be done with the same bytes. It judges nothing: no figure makes it fail.

/// Says it on standard error and ends with one of the codes of sysexits.h.
func giveUp(_ sentence: String, _ code: Int32) -> Never {
    try? FileHandle.standardError.write(contentsOf: Data("tamis-bench: \(sentence)\n".utf8))
    exit(code)
}

// A reader who leaves must not keep the temporary store from being removed.
signal(SIGPIPE, SIG_IGN)

do {
    let options = try BenchOptions(arguments: CommandLine.arguments.dropFirst())
    if options.wantsHelp {
        print(BenchOptions.help)
        exit(0)
    }
    if let list = options.list {
        try ListedFeeds(list: list).measure(rounds: options.rounds)
        exit(0)
    }
    let bench = Bench(options: options)
    for benchmark in options.benchmarks { try benchmark.run(in: bench) }
    bench.showTable()
} catch let mistake as UsageMistake {
    giveUp("\(mistake.sentence) (see --help)", EX_USAGE)
} catch let unreadable as UnreadableFolder {
    giveUp(unreadable.sentence, EX_NOINPUT)
} catch {
    giveUp("\(error)", EX_IOERR)
}
