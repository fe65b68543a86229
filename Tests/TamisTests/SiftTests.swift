internal import Foundation
internal import Testing

/// A stream of documents against a seed corpus, without a daemon.
struct SiftTests {
    private let folder: TemporaryFolder
    private let seed: String

    init() throws {
        folder = try TemporaryFolder()
        let paragraphs = Self.paragraphs.map {
            $0.replacing("Brenn Gate", with: "[Brenn Gate](https://gate.example/)")
                .replacing("eleven years", with: "**eleven years**")
        }
        seed = try folder.write(
            "# The canal that runs uphill\n\n" + paragraphs.joined(separator: "\n\n"),
            to: "seeds/canal.md")
        try folder.write(
            """
            # Bees on the signal box

            When the railway closed the signal box at Aldermere, nobody told the bees. They had
            moved into the roof the summer before, and the last signalman fed them sugar through
            the winter from the tin that had held his sandwiches. A schoolteacher tends the hive
            today, and sells the honey at the level crossing to drivers who wait for the one
            train of the morning.
            """, to: "seeds/bees.md")
    }

    @Test func variantsOfASeedAreRecognised() async throws {
        let documents = [
            document("copy", Self.paragraphs.map { $0.uppercased() }),
            document("edited", edited()), document("half", [firstHalf]),
            document("other", [Self.other]),
        ]
        let outcome = try await sift(documents)
        #expect(outcome.ending == .exit(0), "\(outcome.errors)")
        let answers = try outcome.jsonLines()
        #expect(answers.map(\.["id"].string) == ["copy", "edited", "half", "other"])
        #expect(
            answers.map(\.["verdict"].string)
                == ["duplicate", "nearDuplicate", "nearDuplicate", "new"])
        for answer in answers.prefix(3) {
            #expect(answer["of"].string == seed)
            #expect(answer["held"].string == "seed")
            #expect(answer["evidence"]["rule"].string?.isEmpty == false)
        }
        #expect(answers[0]["evidence"]["keys"].elements.isEmpty == false)
        for answer in answers[1...2] {
            #expect(answer["evidence"]["shared"].elements.isEmpty == false)
            let scores = answer["evidence"]["scores"].elements
            #expect(scores.contains { ($0["threshold"].double ?? 2) <= ($0["value"].double ?? 0) })
        }
        #expect(answers[3]["of"] == .null)
    }

    @Test(arguments: ["near_duplicate_min=1", "deciding.near_duplicate_min=1"])
    func thresholdsMayBeSet(setting: String) async throws {
        let input = document("edited", edited())
        let seeds = "\(folder.path)/seeds"
        let outcome = try await tamis("sift", "--seeds", seeds, "--set", setting, input: input)
        #expect(try outcome.jsonLines().map(\.["verdict"].string) == ["excerpt"])
    }

    @Test func documentsAreComparedWithThoseBeforeThem() async throws {
        let outcome = try await sift([
            document("first", [Self.other]), document("again", [Self.other]),
        ])
        let answers = try outcome.jsonLines()
        #expect(answers.map(\.["verdict"].string) == ["new", "duplicate"])
        #expect(answers[1]["of"].string == "first")
        #expect(answers[1]["held"].string == "stream")
    }

    @Test func brokenLineIsNamedAndTheOthersAreDecided() async throws {
        let outcome = try await sift([
            document("a", [Self.other]), "{\"id\": \"b\"", "", "[1, 2]", "{\"text\": \"no id\"}",
            document("c", [Self.other]),
        ])
        #expect(outcome.ending == .exit(65))
        #expect(try outcome.jsonLines().map(\.["id"].string) == ["a", "c"])
        let lines = outcome.errors.split(separator: "\n")
        #expect(
            lines == [2, 4, 5].map { "tamis: line \($0) is no document: id and text are needed" })
    }

    @Test func seedThatCannotBeReadIsNamedAndSkipped() async throws {
        try folder.write("{\"title\": \"no text\"}", to: "seeds/broken.json")
        let outcome = try await sift([document("copy", Self.paragraphs)])
        #expect(outcome.ending == .exit(0))
        #expect(outcome.errors.contains("broken.json"))
        #expect(try outcome.jsonLines()[0]["verdict"].string == "duplicate")
    }

    @Test func anyNumberOfCoresGivesTheSameBytes() async throws {
        let input = stream(1_300).joined(separator: "\n")
        let one = try await tamis("sift", "--cores", "1", input: input)
        let many = try await tamis("sift", "--cores", "5", input: input)
        #expect(one.ending == .exit(0) && one.output == many.output)
        #expect(try one.jsonLines().count == 1_300)
    }

    @Test func runThatWasEndedGoesOnWhereItStopped() async throws {
        let input = stream(700).joined(separator: "\n")
        let whole = try await tamis("sift", input: input)
        let kept = "\(folder.path)/kept"
        let answers = "\(folder.path)/answers"
        func run(_ input: String) async throws -> Outcome {
            try await tamis("sift", "--keep", kept, "--output", answers, input: input)
        }
        // As after a kill in the middle of a line of the answers.
        _ = try await run(stream(700).prefix(600).joined(separator: "\n"))
        let written = try Data(contentsOf: URL(fileURLWithPath: answers))
        try written.prefix(written.count * 2 / 3).write(to: URL(fileURLWithPath: answers))
        let resumed = try await run(input)
        #expect(resumed.ending == .exit(0))
        #expect(resumed.errors.contains("documents are answered; going on behind them"))
        #expect(try String(contentsOfFile: answers, encoding: .utf8) == whole.output)
        // Without what was kept nobody can go on.
        let refused = try await tamis("sift", "--output", answers, input: input)
        #expect(refused.ending == .exit(64))
        try FileManager.default.removeItem(atPath: kept)
        let lost = try await run(input)
        #expect(lost.ending == .exit(64) && lost.errors.contains("keeps 0"), "\(lost.errors)")
        #expect(try String(contentsOfFile: answers, encoding: .utf8) == whole.output)
    }

    @Test func goingOnRemembersTheTimeOfTheLastDatedDocument() async throws {
        let dated = document("dated", [Self.paragraphs[0]], time: "2020-01-03T06:00:00Z")
        let both = [dated, document("undated", [Self.paragraphs[1]], time: nil)]
            .joined(separator: "\n")
        func run(_ input: String) async throws -> String {
            let answers = "\(folder.path)/answers"
            let outcome = try await tamis(
                "sift", "--keep", "\(folder.path)/kept", "--output", answers, input: input)
            #expect(outcome.ending == .exit(0), "\(outcome.errors)")
            return try String(contentsOfFile: answers, encoding: .utf8)
        }
        _ = try await run(dated)
        let whole = try await tamis("sift", input: both)
        let story = try whole.jsonLines().map(\.["story"].string)
        #expect(story.count == 2 && story[0] == story[1])
        #expect(try await run(both) == whole.output)
    }

    @Test(arguments: ["a = 1\n", "{\"id\": \"a\", \"text\": \"b\"}\n", "no line end", "{}"])
    func fileWithAnythingElseIsLeftAsItIs(content: String) async throws {
        let path = try folder.write(content, to: "other")
        let outcome = try await tamis(
            "sift", "--keep", "\(folder.path)/kept", "--output", path,
            input: document("a", [Self.other]))
        #expect(outcome.ending == .exit(64) && outcome.output.isEmpty)
        #expect(outcome.errors.contains("something else than answers in line 1"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
    }

    @Test func lineThatIsTooLongIsNamed() async throws {
        let long = document("long", [String(repeating: "a", count: 64 << 20)])
        let outcome = try await sift([document("a", [Self.other]), long, document("b", ["c d"])])
        #expect(outcome.ending == .exit(65))
        #expect(try outcome.jsonLines().map(\.["id"].string) == ["a", "b"])
        #expect(outcome.errors == "tamis: line 2 is no document: it is longer than 64 MiB\n")
    }

    @Test func foldersAreReadFileByFile() async throws {
        try folder.write(document("in a file", [Self.other]), to: "in/b.jsonl")
        try folder.write(
            "# The canal\n\n" + Self.paragraphs.joined(separator: "\n\n"), to: "in/a.md")
        let outcome = try await tamis("sift", "\(folder.path)/in")
        #expect(outcome.ending == .exit(0), "\(outcome.errors)")
        #expect(
            try outcome.jsonLines().map(\.["id"].string) == ["\(folder.path)/in/a.md", "in a file"])
        let missing = try await tamis("sift", "\(folder.path)/nowhere")
        #expect(missing.ending == .exit(66))
    }

    /// Documents of which some are copies, with other lengths.
    private func stream(_ count: Int) -> [String] {
        (0..<count).map { number in
            let paragraph = Self.paragraphs[number % 4]
            let own = "Number \(number % 611) of the report speaks of lock \(number % 97)."
            return document("d\(number)", [own, paragraph].shuffledBy(number))
        }
    }

    // MARK: -

    private func sift(_ lines: [String]) async throws -> Outcome {
        try await tamis(
            "sift", "--seeds", "\(folder.path)/seeds", input: lines.joined(separator: "\n"))
    }

    private func document(
        _ id: String, _ paragraphs: [String], time: String? = "2026-05-04T10:00:00Z"
    ) -> String {
        let text = paragraphs.joined(separator: "\\n\\n").replacing("\n", with: "\\n")
        let time = time.map { "\"\($0)\"" } ?? "null"
        return "{\"id\": \"\(id)\", \"time\": \(time), "
            + "\"title\": \"The canal\", \"text\": \"\(text)\", \"lang\": \"en\"}"
    }

    /// Three of a hundred words are others.
    private func edited() -> [String] {
        var count = 0
        return Self.paragraphs.map { paragraph in
            paragraph.split { $0 == " " || $0 == "\n" }.map { word in
                count += 1
                return count % 33 == 20 ? "otherwise" : String(word)
            }.joined(separator: " ")
        }
    }

    private var firstHalf: String {
        let words = Self.paragraphs.joined(separator: " ").split { $0 == " " || $0 == "\n" }
        return words.prefix(words.count / 2).joined(separator: " ")
    }

    private static let paragraphs = [
        """
        For eleven years the engineers of Brenn Gate were asked the same question by every visitor
        who leaned over the railing: why does the water climb. It does not, of course. The canal
        falls four metres between the upper lock and the mill, but the valley beside it falls
        faster, and an eye that trusts the hillside believes the canal to rise.
        """,
        """
        The survey of last autumn settled the matter with a string, a bucket and two patient
        children. They walked the towpath from end to end, noted the height of every milestone,
        and drew the profile on the wall of the lock house, where it can still be seen. Visitors
        look at the drawing, nod, go outside and lean over the railing again.
        """,
        """
        Now the council wants to sell the illusion. A bench has been ordered, and a board with an
        arrow that points the wrong way on purpose. The lock keeper has asked for a second board,
        on which the truth is printed in letters of the same size, because he is tired of being
        called a liar by people in good shoes.
        """,
        """
        Whether the boards will stand side by side is to be decided in March. Until then the water
        goes down, as it has since the first spade, and the ducks that live on it go up and down
        as they please without asking anybody which is which.
        """,
    ]

    private static let other = """
        A baker in Tullow has been fined for keeping his oven lit through the night of the eclipse,
        when the village had agreed to leave every light out so that the astronomers on the common
        could see the corona. He says that bread does not wait for the moon, and has offered the
        astronomers a loaf each.
        """
}

extension [String] {
    fileprivate func shuffledBy(_ number: Int) -> [String] {
        number.isMultiple(of: 3) ? reversed() : self
    }
}
