import ArticleStore
import Foundation
import News
import Testing

@Suite struct ScanSeedsTests {
    private func names(_ scan: SeedScan, _ folder: TemporaryFolder) -> [String] {
        scan.files.map { String($0.path.dropFirst(folder.path.utf8.count + 1)) }
    }

    @Test func kindsAreToldByTheEndOfTheName() throws {
        let folder = try TemporaryFolder()
        for name in [
            "a.txt", "b.MD", "c.html", "d.htm", "e.json", "f.jsonl", "g.pdf", "h", ".hidden.txt",
            ".git/x.txt", "sub/i.txt", "txt",
        ] { try folder.write("x", name) }
        let scan = scanSeeds(at: [folder.path])
        #expect(
            names(scan, folder)
                == ["a.txt", "b.MD", "c.html", "d.htm", "e.json", "f.jsonl", "sub/i.txt"])
        #expect(
            scan.files.map(\.format)
                == [.text, .markdown, .html, .html, .json, .jsonLines, .text])
        #expect(scan.ignored == 3)
        #expect(scan.problems.isEmpty)
        #expect(scan.bytes == 7)
    }

    @Test func linksAreFollowedAndLoopsAreNot() throws {
        let folder = try TemporaryFolder()
        try folder.write("x", "real/a.txt")
        let files = FileManager.default
        try files.createSymbolicLink(
            atPath: "\(folder.path)/real/again", withDestinationPath: folder.path)
        try files.createSymbolicLink(
            atPath: "\(folder.path)/link", withDestinationPath: "\(folder.path)/real")
        try files.createSymbolicLink(
            atPath: "\(folder.path)/dangling.txt", withDestinationPath: "/nowhere")
        let scan = scanSeeds(at: [folder.path, folder.path + "/", "\(folder.path)/link/a.txt"])
        #expect(names(scan, folder) == ["link/a.txt"])
        #expect(
            scan.problems.kept
                == [SeedProblem(path: "\(folder.path)/dangling.txt", reason: .missing)])
        #expect(try scan.files[0].contents(limits: SeedLimits()).bytes == Array("x".utf8))
    }

    @Test func whatIsNamedAndCannotBeTakenIsSaidAndTheRestGoesOn() throws {
        let folder = try TemporaryFolder()
        try folder.write("x", "a.txt")
        try folder.write("x", "photo.jpg")
        let scan = scanSeeds(
            at: ["\(folder.path)/nowhere", "\(folder.path)/photo.jpg", "\(folder.path)/a.txt"])
        #expect(names(scan, folder) == ["a.txt"])
        #expect(scan.problems.kept.map(\.reason) == [.missing, .unknownKind])
        #expect(scan.problems.kept[0].description == "\(folder.path)/nowhere: not there")
    }

    @Test func limitsAreNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write("12345", "a.txt")
        try folder.write("12345", "b.txt")
        try folder.write("12345", "c.jsonl")
        try folder.write("1", "d/e/f.txt")
        func scan(_ limits: SeedLimits) -> SeedScan { scanSeeds(at: [folder.path], limits: limits) }

        let deep = scan(SeedLimits(depthMax: 1))
        #expect(deep.problems.kept.map(\.reason) == [.tooDeep(depthMax: 1)])
        #expect(deep.files.count == 3)
        let many = scan(SeedLimits(filesMax: 2))
        #expect(many.problems.kept.map(\.reason) == [.tooManyFiles(filesMax: 2)])
        #expect(many.files.count == 2)
        let heavy = scan(SeedLimits(bytesMax: 9))
        #expect(heavy.problems.kept.map(\.reason) == [.tooManyBytes(bytesMax: 9)])
        #expect(heavy.files.count == 1)
        let large = scan(SeedLimits(fileBytesMax: 4))
        #expect(large.problems.count == 2, "but JSON Lines are read line by line")
        #expect(names(large, folder) == ["c.jsonl", "d/e/f.txt"])
    }

    @Test func aFileThatChangedSinceTheScanIsNotTaken() throws {
        let folder = try TemporaryFolder()
        try folder.write("before", "a.txt")
        let file = try #require(scanSeeds(at: [folder.path]).files.first)
        try folder.write("after that", "a.txt")
        #expect(throws: SeedProblem(path: file.path, reason: .changedWhileRead)) {
            try file.contents(limits: SeedLimits())
        }
        try FileManager.default.removeItem(atPath: file.path)
        #expect(throws: SeedProblem(path: file.path, reason: .missing)) {
            try file.contents(limits: SeedLimits())
        }
    }
}

@Suite struct SeedDocumentsTests {
    private func read(
        _ text: String, as name: String, fields: SeedFields = SeedFields(),
        limits: SeedLimits = SeedLimits()
    ) throws -> (documents: [SeedDocument], problems: [SeedProblem], digest: Digest) {
        let folder = try TemporaryFolder()
        try folder.write(text, name)
        let file = try #require(scanSeeds(at: [folder.path]).files.first)
        var documents: [SeedDocument] = []
        var problems: [SeedProblem] = []
        let digest = try file.forEachDocument(fields: fields, limits: limits) { result in
            switch result {
            case .success(let document): documents.append(document)
            case .failure(let problem): problems.append(problem)
            }
        }
        return (documents, problems, digest)
    }

    @Test func aBrokenLineIsNamedByItsNumberAndTheOthersGoOn() throws {
        let found = try read(
            """
            \u{FEFF}{"title":"One","text":"First.","url":"https://a.example/","lang":"en"}

            {"title":"Two","text":
            [1,2]
            {"title":"No text","text":""}
            {"headline":"Six","body":"Sixth.","date":20261122,"extra":{"a":[null,true]}}\r
            """, as: "a.jsonl")
        #expect(found.documents.map(\.line) == [1, 6])
        #expect(found.documents.map(\.text) == ["First.", "Sixth."])
        #expect(found.documents[0].url == "https://a.example/")
        #expect(found.documents[0].language == "en")
        #expect(found.documents[1].title == "Six")
        #expect(found.documents[1].published == "20261122")
        #expect(found.problems.map(\.line) == [3, 4, 5])
        #expect(found.problems[0].description.contains("a.jsonl:3: not JSON"))
        #expect(found.problems[2].reason == .noText(names: ["text", "content", "body"]))
    }

    @Test func aJSONFileIsOneObjectOrAnArrayOfThem() throws {
        let one = try read(#"{"text":"Alone."}"#, as: "a.json")
        #expect(one.documents.map(\.text) == ["Alone."])
        #expect(one.documents.map(\.line) == [nil])
        let many = try read(#"[{"text":"A."},7,{"text":"B."}]"#, as: "a.json")
        #expect(many.documents.map(\.line) == [1, 3])
        #expect(many.problems.map(\.line) == [2])
        #expect(try read("[]", as: "a.json").documents.isEmpty)
        #expect(throws: SeedProblem.self) { try read("[{\"text\":", as: "a.json") }
        #expect(throws: SeedProblem.self) { try read("", as: "a.json") }
    }

    @Test func theFieldsAreConfigurable() throws {
        let fields = SeedFields(title: ["Überschrift"], text: ["absent", "inhalt"])
        let found = try read(
            #"{"Überschrift":"T","inhalt":"Text.","text":"not this"}"#, as: "a.jsonl",
            fields: fields)
        #expect(found.documents.map(\.title) == ["T"])
        #expect(found.documents.map(\.text) == ["Text."])
    }

    @Test func aLineBeyondTheLimitIsNamedAndThePieceAfterItIsRead() throws {
        let long = "{\"text\":\"" + String(repeating: "x", count: 3_000_000) + "\"}"
        let found = try read(
            long + "\n{\"text\":\"Short.\"}\n" + long, as: "a.jsonl",
            limits: SeedLimits(lineBytesMax: 1000))
        #expect(found.documents.map(\.text) == ["Short."])
        #expect(found.documents.map(\.line) == [2])
        #expect(found.problems.map(\.line) == [1, 3])
        #expect(
            found.problems[0].reason == .lineTooLong(bytes: long.utf8.count, bytesMax: 1000))
    }

    @Test func theDigestChangesWithTheBytes() throws {
        let base = try read("{\"text\":\"A\"}\n", as: "a.jsonl").digest
        #expect(try read("{\"text\":\"A\"}\n", as: "b.jsonl").digest == base)
        #expect(try read("{\"text\":\"B\"}\n", as: "a.jsonl").digest != base)
        #expect(try read("{\"text\":\"A\"}\n{}", as: "a.jsonl").digest != base)
    }
}
