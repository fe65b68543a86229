import ArticleStore
import Foundation
import News
import Testing

@Suite struct RequestLogTests {
    private func note(_ number: Int) -> RequestNote {
        RequestNote(
            at: Samples.morning.adding(.seconds(number)), host: "host\(number % 3).example",
            url: "https://host\(number % 3).example/\(number)", purpose: "feed", isSent: true,
            rule: "a configured feed", conditions: ["If-None-Match: \"\(number)\""],
            status: 200, outcome: "status 200")
    }

    private func read(_ folder: TemporaryFolder) throws -> [RequestNote] {
        var notes: [RequestNote] = []
        try RequestLog.forEachNote(at: folder.path) { notes.append($0) }
        return notes
    }

    /// Lines of before `conditions` was written.
    @Test func olderLinesAreRead() throws {
        let folder = try TemporaryFolder()
        let log = RequestLog(at: folder.path, bytesMax: 1 << 20)
        try log.append([note(1)])
        let path = "\(folder.path)/requests/requests.jsonl"
        let line = try String(contentsOfFile: path, encoding: .utf8)
        let older = line.replacing(#""conditions":["If-None-Match: \"1\""],"#, with: "")
        #expect(older.count < line.count)
        try older.write(toFile: path, atomically: false, encoding: .utf8)
        let read = try read(folder)
        #expect(read.map(\.isConditional) == [true])
        #expect(read.map(\.conditions) == [[]])
    }

    @Test func whatWasWrittenIsRead() throws {
        let folder = try TemporaryFolder()
        #expect(try read(folder).isEmpty)
        let log = RequestLog(at: folder.path, bytesMax: 1 << 20)
        let notes = (0..<500).map { note($0) }
        try log.append(Array(notes[..<200]))
        try log.append(Array(notes[200...]))
        #expect(try read(folder) == notes)
    }

    @Test func itStaysWithinItsBoundAndKeepsTheLatest() throws {
        let folder = try TemporaryFolder()
        let log = RequestLog(at: folder.path, bytesMax: 20_000)
        for number in 0..<1000 { try log.append([note(number)]) }
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/requests")
        let bytes = try names.reduce(0) {
            $0 + (try Data(contentsOf: URL(filePath: "\(folder.path)/requests/\($1)")).count)
        }
        #expect(names.count == 2 && bytes <= 20_000)
        let notes = try read(folder)
        #expect(notes.last == (note(999)))
        #expect(notes == (1000 - notes.count..<1000).map { note($0) }, "none is missing")
    }

    @Test func aLineThatIsCutOffCostsItselfAlone() throws {
        let folder = try TemporaryFolder()
        let log = RequestLog(at: folder.path, bytesMax: 1 << 20)
        try log.append([note(1)])
        let path = URL(filePath: "\(folder.path)/requests/requests.jsonl")
        let whole = try Data(contentsOf: path)
        try (whole + whole.prefix(30) + Data("\n".utf8)).write(to: path)
        try log.append([note(2)])
        #expect(try read(folder) == [note(1), note(2)])
    }
}
