import ArticleStore
import Foundation
import TestSupport
import Testing

/// Mapped files take no more memory of the process than they are given, and whoever gives it back
/// loses nothing.
@Suite struct MappedFilesTests {
    private let folder: TemporaryFolder
    private let files: MappedFiles

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/index", withIntermediateDirectories: false)
        files = MappedFiles(ofStore: folder.path)
    }

    private func make(_ name: String, length: Int) throws -> MappedFile {
        let blockLength = 1 << 20
        return try files.write(named: { _ in name }) { write in
            for number in 0..<(length / blockLength) {
                let block = [UInt8](repeating: UInt8(number + 1), count: blockLength)
                try write(block, number * blockLength)
            }
        }
    }

    private func resident(_ name: String) throws -> Int {
        try residentBytes(ofFilesAt: "\(folder.path)/index/runs/\(name)")
    }

    /// Looks at every page.
    private func sum(_ file: MappedFile) -> Int {
        stride(from: 0, to: file.count, by: 4096).reduce(0) { $0 + Int(file.bytes[$1]) }
    }

    @Test func whatIsGivenBackIsThereAgainWhenAsked() throws {
        let file = try make("whole", length: 8 << 20)
        let before = sum(file)
        #expect(try resident("whole") == 8 << 20)
        file.giveBack()
        #expect(try resident("whole") == 0)
        #expect(sum(file) == before)
    }

    @Test func whatWasReadToMakeAFileIsGivenBackOnTheWay() throws {
        let source = try make("source", length: 24 << 20)
        var most = 0
        let copy = try files.write(named: { _ in "copy" }, from: [source]) { write in
            let blockLength = 1 << 20
            for start in stride(from: 0, to: source.count, by: blockLength) {
                let read = source.bytes[start..<(start + blockLength)]
                try write(Array(read), start)
                most = max(most, try resident("source"))
            }
        }
        #expect(sum(copy) == sum(source))
        #expect(most > 0 && most <= 12 << 20, "half of it at most, but \(most) bytes")
    }

    /// What this process has mapped for reading is more than nothing, and less than everything.
    @Test(arguments: [(0, true), (.max, false)])
    func theBoundDecidesWhetherToGiveBack(bytesMax: Int, isTooMuch: Bool) {
        var mapped = ResidentFiles(bytesMax: bytesMax)
        #expect((0..<100).contains { _ in mapped.areTooMuch() } == isTooMuch)
    }
}
