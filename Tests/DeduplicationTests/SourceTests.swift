import Deduplication
import News
import Testing

/// Which of the texts that share something is named as the source, and what is no source.
@Suite struct SourceTests {
    private static let bridge = Texts.bridge.split(separator: "\n\n").map(String.init)
    private static let observatory = Texts.observatory.split(separator: "\n\n").map(String.init)

    private func text(_ paragraphs: String...) -> String {
        paragraphs.joined(separator: "\n\n")
    }

    @Test func theCopyThatIsMuchMoreAlikeIsNamed() {
        var (desk, original) = Desk.holding(Texts.bridge)
        let edition = text(Self.bridge[0], Self.bridge[1], Self.bridge[2], Self.observatory[0])
        let edited = article(edition, at: "https://deux.test/b", seen: march(2))
        #expect(desk.take(edited).of?.id == original.id)
        let again = edition.replacing("onze mois", with: "dix mois")
        let verdict = desk.take(article(again, at: "https://trois.test/c", seen: march(3)))
        #expect(verdict.kind == .nearDuplicate && verdict.of?.id == edited.id)
        let first = verdict.evidence.runnersUp.first
        #expect(first?.reference.id == original.id)
        #expect(first?.lostBecause == "is the winner's original, and less alike")
        // It is of the original's family all the same.
        let whole = Texts.bridge.replacing("onze mois", with: "dix mois")
        let late = desk.take(article(whole, at: "https://quatre.test/d", seen: march(4)))
        #expect(late.kind == .nearDuplicate && late.of?.id == original.id)
    }

    @Test func whatStandsInItWholeIsNamedBeforeAPartOfSomethingLonger() {
        var desk = Desk()
        let long = article(
            text(Texts.bridge, Texts.earthquakeNorth, Texts.fireHere), at: "https://un.test/a")
        let short = article(Self.observatory[1], at: "https://un.test/b")
        desk.take(long)
        desk.take(short)
        let both = text(Self.bridge[1], Self.observatory[1], Self.bridge[2], Texts.fundingLumio)
        let verdict = desk.take(article(both, at: "https://deux.test/c"))
        #expect(verdict.kind == .excerpt && verdict.of?.id == short.id)
        #expect(verdict.evidence.runnersUp.contains { $0.reference.id == long.id })
    }

    @Test func aTeaserIsNotNamedForWhatItsArticleGave() {
        var (desk, original) = Desk.holding(Texts.bridge)
        let teaser = article(Self.bridge[0] + " …", at: "https://deux.test/b", seen: march(2))
        #expect(desk.take(teaser).kind == .excerpt)
        let review = text(Self.bridge[0], Texts.earthquakeNorth, Texts.fundingLumio)
        let verdict = desk.take(article(review, at: "https://trois.test/c", seen: march(3)))
        #expect(verdict.kind == .excerpt && verdict.of?.id == original.id)
    }

    @Test(arguments: [
        ("", Verdict.Kind.nearDuplicate), (" …", .excerpt), ("...", .excerpt),
        (" [...] Lire la suite", .excerpt), ("… Read the whole story", .excerpt),
        ("… C’est du moins ce que disait hier la mairie.", .nearDuplicate), (" ..", .nearDuplicate),
    ])
    func textThatAnnouncesMoreIsATeaser(ending: String, kind: Verdict.Kind) {
        var (desk, original) = Desk.holding(Texts.bridge)
        let half = text(Self.bridge[0], Self.bridge[1])
        let verdict = desk.take(article(half + ending, at: "https://deux.test/b"))
        #expect(verdict.kind == kind && verdict.of?.id == original.id, "\(ending)")
    }

    @Test(arguments: [
        ("", Verdict.Kind.nearDuplicate), (" Suite demain dans ces pages.", .excerpt),
    ])
    func cutToMoreThanAThirdIsACopyWhereNothingIsAdded(ending: String, kind: Verdict.Kind) {
        let whole = text(Texts.bridge, Texts.fireHere)
        var (desk, original) = Desk.holding(whole)
        let words = whole.split(separator: " ")
        let part = words.prefix(words.count * 38 / 100).joined(separator: " ")
        let verdict = desk.take(article(part + ending, at: "https://deux.test/b"))
        #expect(verdict.kind == kind && verdict.of?.id == original.id)
    }

    @Test func whatIsLongerThanAnyOutletsLineIsAPassage() {
        let tail = text(Texts.bridge, Self.observatory[0])
        let words = FoldedText(tail).words.count
        #expect(words > DecisionOptions().closingWordsMax)
        var (desk, first) = Desk.holding(text(Texts.fireHere, Texts.fundingLumio, tail))
        let other = text(
            Texts.earthquakeNorth, Texts.earthquakeEast, Texts.fundingBraise, Self.observatory[2],
            tail)
        let verdict = desk.take(article(other, at: "https://deux.test/b"))
        #expect(verdict.kind != .new && verdict.of?.id == first.id)
    }

    @Test func repeatedWordsAreNoQuotation() {
        let rule = "margin: 0 0 4px 0; -moz-margin: 0 0 4px 0; -o-margin: 0 0 4px 0; "
        let sheet = [".menu", ".foot", ".side"].map { $0 + " { " + rule + rule + "}" }
            .joined(separator: "\n")
        #expect(FoldedText(sheet).words.count > DecisionOptions().quotationWords)
        let body = text(Texts.bridge, Texts.fireHere, Texts.fundingLumio)
        var (desk, _) = Desk.holding(sheet + "\n" + body)
        let others = text(Texts.observatory, Texts.earthquakeNorth, Texts.earthquakeEast)
        let verdict = desk.take(article(sheet + "\n" + others, at: "https://deux.test/b"))
        #expect(verdict.kind == .new)
    }

    @Test func formIsOneOnlyWhereAnotherFillsItIn() {
        var (desk, held) = Desk.holding(Texts.forecast("Lille", [2, 30, 24, 74]))
        // Ends with the same line, and has figures and names of its own.
        let regatta = """
            À Brest, 12 voiliers et 48 marins de 9 pays ont pris le départ de la Ronde des Caps, \
            longue de 640 milles. Yvon Le Bihan est parti en tête devant Marta Solberg. Retrouvez \
            chaque matin nos prévisions heure par heure et les vigilances en cours.
            """
        desk.take(article(regatta, at: "https://un.test/b"))
        let next = article(Texts.forecast("Lille", [5, 21, 60, 15]), at: "https://un.test/c")
        let verdict = desk.verdict(on: next)
        #expect(verdict.kind == .excerpt && verdict.of?.id == held.id)
        // Where another place has the same form, its figures are all that is told.
        desk.take(article(Texts.forecast("Brest", [9, 17, 33, 40]), at: "https://un.test/d"))
        #expect(desk.verdict(on: next).kind == .new)
    }
}

/// Scripts without spaces, where a character counts as a word.
extension SourceTests {
    private static let dam = [
        "周一清晨，青石河上游的旧水坝出现裂缝，下游三个村庄的一千八百名居民被连夜转移到县城的学校和体育馆。",
        "水利局局长马立新在新闻发布会上表示，坝体左侧的裂缝长约十二米，工程人员正在用沙袋和钢板加固。",
        "气象台预计未来两天仍有大雨，如果水位再升高半米，将不得不打开泄洪闸门，淹没部分农田。",
        "村民孙桂兰说，她只来得及带走身份证和两只母鸡，家里的粮食和家具全都留在了老屋里。",
        "这座水坝建于一九六八年，去年秋天曾经通过安全检查，当时的报告没有提到任何问题。",
        "省政府已经派出专家组调查原因，并承诺在一个月之内公布结果，同时补偿受灾农户的损失。",
    ]
    private static let opera = [
        "海边新落成的歌剧院昨晚迎来首场演出，一千二百个座位在三小时内全部售完。",
        "指挥家罗伯特·金说，大厅的回声比他指挥过的任何一座剧院都要清澈。",
        "票价从八十元到六百元不等，学生可以在开演前一小时购买半价余票。",
        "建筑师把屋顶设计成贝壳的形状，夜里灯光亮起时在海面上投下长长的倒影。",
    ]

    @Test func sentencesOfTwoTextsInCharactersAreNoCopy() {
        let (dam, opera) = (Self.dam, Self.opera)
        var (desk, held) = Desk.holding(dam.joined())
        let woven = [dam[0], opera[0], dam[1], opera[1], dam[3], opera[2], dam[5], opera[3]]
        let verdict = desk.take(article(woven.joined(), at: "https://deux.test/b"))
        #expect(verdict.kind == .excerpt && verdict.of?.id == held.id)
        let mutual = verdict.evidence.scores.filter {
            $0.name == "containment" || $0.name == "coverage"
        }.map(\.value).min()
        #expect((mutual ?? 0) >= DecisionOptions().copyContainment)
    }

    @Test func editedTextInCharactersIsANearDuplicate() {
        var (desk, held) = Desk.holding(Self.dam.joined())
        let edited = Self.dam.joined()
            .replacing("旧水坝", with: "老堤坝").replacing("沙袋和钢板", with: "石块")
            .replacing("两只母鸡", with: "几件衣服").replacing("一个月", with: "三周")
        let verdict = desk.take(article(edited, at: "https://deux.test/b"))
        #expect(verdict.kind == .nearDuplicate && verdict.of?.id == held.id)
        let asked = verdict.evidence.scores.first { $0.name == "containment" }?.threshold ?? 0
        #expect(asked > DecisionOptions().copyContainment)
    }
}
