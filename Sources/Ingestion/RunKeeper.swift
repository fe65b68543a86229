package import ArticleStore
package import Deduplication
internal import FoundationEssentials

/// Keeps what an index learnt long ago in files, so that its memory stays small.
package struct RunKeeper: Sendable {
    private let files: MappedFiles
    /// Whether the files have names, by which they can be read again.
    private let isKept: Bool
    /// Documents that are learnt before they become a run.
    package let headMax: Int

    /// In the store at that path.
    package init(
        ofStore path: String, calls: FileSystemCalls = .real,
        headMax: Int = DuplicateIndex.headMax
    ) {
        files = MappedFiles(ofStore: path, calls: calls)
        isKept = true
        self.headMax = headMax
    }

    /// In files that nobody finds again.
    package init(headMax: Int = DuplicateIndex.headMax) {
        files = MappedFiles(passingIn: Self.passingFolder)
        isKept = false
        self.headMax = headMax
    }

    /// Where files are that nobody finds again: where `TMPDIR` says, else in `/var/tmp`, which is
    /// on a disk where `/tmp` often is not.
    static var passingFolder: String {
        passingFolder(for: FileManager.default.temporaryDirectory.path(percentEncoded: false))
    }

    /// `temporary`: the folder of the system for temporary files, `/tmp` where nothing names one.
    package static func passingFolder(for temporary: String) -> String {
        temporary == "/tmp" || temporary == "/tmp/" ? "/var/tmp" : temporary
    }

    // MARK: Making

    /// Makes a run of the head.
    func makeRun(of index: inout DuplicateIndex) throws {
        let run = try write { try index.writeHead(to: $0) }
        index.replaceHead(by: run)
    }

    /// Makes one run of several, without the rows of the documents `forgotten`. The files of those
    /// stay.
    /// - Throws: `RunDamage` when the disk gives other bytes than it was given.
    func merge(_ runs: [Run], options: DecisionOptions, forgotten: Set<UInt32>) throws -> Run {
        if isKept {
            for run in runs where !isSound(run) { throw RunDamage(name: run.name) }
        }
        return try write(from: runs.compactMap(\.file)) {
            try mergeRuns(runs, options: options, forgotten: forgotten, to: $0)
        }
    }

    /// Makes few runs of many, here and now.
    func mergeAll(of index: inout DuplicateIndex) throws {
        while true {
            let runs = index.nextMerge
            if runs.isEmpty { return }
            let merged = try merge(
                runs, options: index.options, forgotten: index.forgottenNumbers)
            index.replaceRuns(runs, by: merged)
        }
    }

    /// Makes runs of what is too much, here and now. Cost: now and then seconds, when much is held;
    /// shared out about 20 µs a document.
    package func settle(_ index: inout DuplicateIndex) throws {
        guard index.isHeadFull(headMax: headMax) else { return }
        try makeRun(of: &index)
        try mergeAll(of: &index)
    }

    private func write(
        from sources: [MappedFile] = [], _ make: (_ sink: @escaping RunSink) throws -> Void
    ) throws -> Run {
        var run: Run?
        _ = try files.write(
            named: { file in
                run = Self.run(file)
                return run?.name
            }, from: sources, make)
        guard let run else { throw RunDamage(name: "a new run") }
        return run
    }

    /// Gives back the memory that the files of runs take of this process.
    package static func giveBack(_ runs: [Run]) { for run in runs { run.file?.giveBack() } }

    // MARK: Finding again

    /// The run in the file of that name; nil when there is none.
    package func open(_ name: String) -> Run? { files.open(name).flatMap { Self.run($0) } }

    /// The same, read whole before it is mapped; nil when the disk gives other bytes than it was
    /// given, or none.
    func openReading(_ name: String) -> Run? {
        guard let check = read(name), let run = open(name) else { return nil }
        return check.isOf(run) ? run : nil
    }

    private func isSound(_ run: Run) -> Bool { read(run.name)?.isOf(run) ?? false }

    private func read(_ name: String) -> RunCheck? {
        var check = RunCheck()
        return (try? files.readWhole(name) { check.add($0) }).map { check }
    }

    /// How many runs are as they were written, and the names of those that are not.
    /// - Throws: `StoreError` when the folder cannot be listed. Cost: reads them all.
    package func check() throws(StoreError) -> (sound: Int, damaged: [String]) {
        var (sound, damaged) = (0, [String]())
        for name in try files.names(beginning: Run.namePrefix) {
            if let run = openReading(name), run.name == name {
                sound += 1
            } else {
                damaged.append(name)
            }
        }
        // One that was merged meanwhile is gone.
        let left = try Set(files.names(beginning: Run.namePrefix))
        return (sound, damaged.filter(left.contains))
    }

    private static func run(_ file: MappedFile) -> Run? {
        RunBytes(file.bytes, heldBy: file).flatMap { Run($0) }
    }

    // MARK: Use

    /// Notes that the runs are used from now on.
    /// - Returns: whether the last use ended well.
    func beginUse() throws(StoreError) -> Bool { try files.beginUse() }

    func endUse() throws(StoreError) { try files.endUse() }

    /// Removes the files of runs but these. Nothing must be written meanwhile.
    package func removeAll(except runs: [Run]) throws(StoreError) {
        try files.removeAll(beginning: Run.namePrefix, except: Set(runs.map(\.name)))
    }
}

extension Run {
    /// What it is read from, when that is a file.
    fileprivate var file: MappedFile? { bytes.owner as? MappedFile }
}

/// A part of the index that is not as it was written. The index is derived: it is made anew.
struct RunDamage: Error, CustomStringConvertible {
    let name: String

    var description: String { "\(name) of the index is damaged" }
}
