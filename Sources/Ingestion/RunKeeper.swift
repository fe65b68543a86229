package import ArticleStore
package import Deduplication
internal import FoundationEssentials

/// Keeps what an index learnt long ago in files, so that its memory stays small.
package struct RunKeeper: Sendable {
    private let files: MappedFiles
    /// Documents that are learnt before they become a run.
    package let headMax: Int

    /// In the store at that path.
    package init(
        ofStore path: String, calls: FileSystemCalls = .real,
        headMax: Int = DuplicateIndex.headMax
    ) {
        files = MappedFiles(ofStore: path, calls: calls)
        self.headMax = headMax
    }

    /// In files that nobody finds again.
    package init(headMax: Int = DuplicateIndex.headMax) {
        let folder = FileManager.default.temporaryDirectory.path
        files = MappedFiles(passingIn: folder)
        self.headMax = headMax
    }

    /// Makes a run of the head.
    func makeRun(of index: inout DuplicateIndex) throws {
        let head = index
        index.replaceHead(by: try write { try head.writeHead(to: $0) })
    }

    /// Makes one run of several. The files of those stay.
    /// - Throws: `RunDamage` when the disk gives other bytes than it was given.
    func merge(_ runs: [Run], options: DecisionOptions) throws -> Run {
        for run in runs where !run.isSound { throw RunDamage(name: run.name) }
        return try write { try mergeRuns(runs, options: options, to: $0) }
    }

    /// Makes runs of what is too much, here and now. Cost: now and then seconds, when much is held;
    /// shared out about 10 µs a document.
    package func settle(_ index: inout DuplicateIndex) throws {
        guard index.isHeadFull(headMax: headMax) else { return }
        try makeRun(of: &index)
        while true {
            let runs = index.nextMerge
            if runs.isEmpty { return }
            index.replaceRuns(by: try merge(runs, options: index.options))
        }
    }

    private func write(
        _ make: (_ sink: @escaping ([UInt8]) throws -> Void) throws -> Void
    ) throws -> Run {
        var run: Run?
        _ = try files.write(
            named: { file in
                run = Self.run(file)
                return run?.name
            }, make)
        guard let run else { throw RunDamage(name: "a new run") }
        return run
    }

    /// The run in the file of that name; nil when there is none.
    package func open(_ name: String) -> Run? { files.open(name).flatMap { Self.run($0) } }

    /// How many runs are as they were written, and the names of those that are not. Cost: reads
    /// them all.
    package func check() -> (sound: Int, damaged: [String]) {
        var (sound, damaged) = (0, [String]())
        for name in (try? files.names()) ?? [] {
            // One that was merged meanwhile is gone.
            guard let file = files.open(name) else { continue }
            if let run = Self.run(file), run.name == name, run.isSound {
                sound += 1
            } else {
                damaged.append(name)
            }
        }
        return (sound, damaged)
    }

    private static func run(_ file: MappedFile) -> Run? {
        RunBytes(file.bytes, heldBy: file).flatMap { Run($0) }
    }

    /// Removes the files of runs that are none of these.
    func removeAll(except runs: [Run]) {
        try? files.removeAll(except: Set(runs.map(\.name)))
    }
}

/// A part of the index that is not as it was written. The index is derived: it is made anew.
struct RunDamage: Error, CustomStringConvertible {
    let name: String

    var description: String { "\(name) of the index is damaged" }
}
