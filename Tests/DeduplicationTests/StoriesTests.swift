import Deduplication
import News
import Testing

@Suite struct StoriesTests {
    @Test(arguments: [(Texts.fireHere, Texts.fireThere), (Texts.fireThere, Texts.fireHere)])
    func oneEventInTwoNewsroomsIsOneStory(first: String, second: String) {
        var (desk, start) = Desk.holding(first)
        let verdict = desk.take(
            article(second, at: "https://deux.test/b", seen: march(1, hours: 6)))
        #expect(verdict.kind == .new)
        let story = verdict.story
        #expect(story?.id == StoryID(startedBy: start.id) && story?.nearest?.id == start.id)
        #expect((story?.score ?? 0) >= 1.5 * desk.options.storyThreshold)
        #expect(story?.shared.contains("Perrault") == true)
    }

    /// Texts stand on the disk, and the nearest of a story is asked for at every turn.
    @Test func noTextIsReadTwice() {
        let (desk, start) = Desk.holding(Texts.fireHere)
        let second = article(Texts.fireThere, at: "https://deux.test/b")
        var read: [ArticleID] = []
        let verdict = desk.index.verdict(
            on: second, Fingerprint(of: second, options: desk.options),
            text: { id in
                read.append(id)
                return desk.held[id]
            })
        #expect(verdict.story?.nearest?.id == start.id)
        #expect(read == [start.id])
    }

    @Test(arguments: [
        (Texts.earthquakeNorth, Texts.earthquakeEast), (Texts.fundingLumio, Texts.fundingBraise),
        (Texts.fundingBraise, Texts.fundingLumio),
    ])
    func twoEventsOfOneKindAreTwoStories(first: String, second: String) {
        var (desk, _) = Desk.holding(first)
        let other = article(second, at: "https://deux.test/b", seen: march(1, hours: 20))
        let verdict = desk.take(other)
        #expect(verdict.kind == .new)
        #expect(verdict.story?.id == StoryID(startedBy: other.id))
        #expect(verdict.story?.runnerUp?.lostBecause.isEmpty == false)
    }

    private static let robbery = """
        Deux hommes armés et masqués ont attaqué mardi matin une bijouterie de Valcourt, avant de \
        prendre la fuite à moto avec des montres et des colliers. La bijouterie, située rue \
        Gambetta, venait d’ouvrir ses portes. Son gérant, Armand Tessier, a été menacé mais n’est \
        pas blessé. Une vendeuse, choquée, a été conduite à l’hôpital. Le commissaire Loubet a \
        lancé un appel à témoins, et les enquêteurs étudient les images des caméras du quartier.
        """
    /// The same words in another order, of another town.
    private static let robberyElsewhere = """
        Une bijouterie de Port-Lannec a été attaquée mardi matin : masqués, armés, deux hommes ont \
        menacé Yvonne Kerdrel, gérante de la bijouterie de la rue Surcouf, et pris des colliers, \
        des montres, puis la fuite, à moto. Choquée mais pas blessée, la vendeuse est à l’hôpital. \
        Caméras et images du quartier sont étudiées par les enquêteurs ; l’appel à témoins du \
        commissaire Mazurier est lancé.
        """

    /// What happens everywhere is told in the same words everywhere; the names tell it apart.
    @Test func sameWordsWithOtherNamesAreAnotherStory() {
        var (desk, start) = Desk.holding(Self.robbery)
        let other = article(Self.robberyElsewhere, at: "https://deux.test/b")
        let verdict = desk.verdict(on: other)
        #expect(verdict.story?.id == StoryID(startedBy: other.id))
        #expect(verdict.story?.runnerUp?.lostBecause == "other names, and hardly one in common")
        // Without their names the two would be one.
        let masked = article(
            ["Port-Lannec", "Yvonne Kerdrel", "Surcouf", "Mazurier"].reduce(
                Self.robberyElsewhere
            ) { $0.replacing($1, with: "elle") }, at: "https://deux.test/c")
        #expect(desk.verdict(on: masked).story?.id == StoryID(startedBy: start.id))
        let late = """
            Le gérant de la bijouterie Tessier, à Valcourt, a reconnu mercredi l’un des hommes qui \
            l’avaient attaqué rue Gambetta. Le suspect, arrêté par les équipes du commissaire \
            Loubet, nie. Armand Tessier a retrouvé onze de ses montres.
            """
        let joined = desk.take(article(late, at: "https://trois.test/c", seen: march(2)))
        #expect(joined.story?.id == StoryID(startedBy: start.id))
    }

    /// An article that tells of two stories belongs to one; those after it to their own.
    @Test func aLateBridgeDoesNotFuseTwoStories() {
        var (desk, fire) = Desk.holding(Texts.fireHere)
        let robbery = article(Self.robbery, at: "https://un.test/r")
        desk.take(robbery)
        desk.take(article(Texts.fireThere, at: "https://deux.test/a", seen: march(1, hours: 4)))
        let both = """
            Le préfet Antoine Delcourt a réuni mercredi les services de l’État après une semaine \
            noire : l’incendie de l’usine Tissandière, à Corbigny-sur-Arve, où Solange Perrault \
            espère reprendre la production, et l’attaque de la bijouterie d’Armand Tessier, rue \
            Gambetta à Valcourt, sur laquelle le commissaire Loubet poursuit son enquête.
            """
        let bridge = desk.take(article(both, at: "https://trois.test/b", seen: march(2)))
        #expect(bridge.story?.id == StoryID(startedBy: fire.id) || bridge.story?.nearest == nil)
        let ofTheFire = """
            Corbigny-sur-Arve : la Tissandière rouvrira au printemps, promet Solange Perrault. Les \
            260 salariés toucheront leur salaire d’ici là, a confirmé Antoine Delcourt.
            """
        let ofTheRobbery = """
            Le commissaire Loubet a annoncé l’arrestation d’un troisième homme dans l’affaire de \
            la bijouterie de la rue Gambetta, à Valcourt. Armand Tessier rouvre samedi.
            """
        let ashes = desk.take(
            article(ofTheFire, at: "https://quatre.test/f", seen: march(2, hours: 5)))
        let arrest = desk.take(
            article(ofTheRobbery, at: "https://quatre.test/r", seen: march(2, hours: 6)))
        #expect(ashes.story?.id == StoryID(startedBy: fire.id))
        #expect(arrest.story?.id == StoryID(startedBy: robbery.id))
    }

    @Test func unrelatedArticlesNeverMeet() {
        let texts = [
            Texts.bridge, Texts.observatory, Texts.fireHere, Texts.earthquakeNorth,
            Texts.fundingLumio,
        ]
        for first in texts {
            for second in texts where second != first {
                var (desk, _) = Desk.holding(first)
                let verdict = desk.take(article(second, at: "https://deux.test/b"))
                #expect(verdict.story?.nearest == nil)
                #expect((verdict.story?.runnerUp?.score ?? 0) < desk.options.storyThreshold / 2)
            }
        }
    }

    @Test func storiesFadeAndEnd() {
        var scores: [Double] = []
        for days in [0, 2, 13] {
            var (desk, _) = Desk.holding(Texts.fireHere)
            let later = article(Texts.fireThere, at: "https://deux.test/b", seen: march(1 + days))
            let story = desk.take(later).story
            scores.append(story?.nearest == nil ? story?.runnerUp?.score ?? 0 : story?.score ?? 0)
        }
        #expect(scores[0] > scores[1] && scores[1] > scores[2] && scores[2] > 0)
        var (desk, _) = Desk.holding(Texts.fireHere)
        let verdict = desk.take(
            article(Texts.fireThere, at: "https://deux.test/b", seen: march(16)))
        #expect(verdict.story?.nearest == nil && verdict.story?.runnerUp == nil)
    }

    @Test func copiesInheritTheStoryOfTheirSource() {
        var (desk, start) = Desk.holding(Texts.fireHere)
        let second = article(Texts.fireThere, at: "https://deux.test/b")
        desk.take(second)
        let copy = Texts.fireThere.replacing("patronne", with: "directrice")
        let late = desk.take(article(copy, at: "https://trois.test/c", seen: march(25)))
        #expect(late.kind == .nearDuplicate && late.of?.id == second.id)
        #expect(late.story?.id == StoryID(startedBy: start.id))
    }

    /// An edited copy says that somebody still works on it; the same words once more say nothing.
    @Test(arguments: [("directrice", true), ("patronne", false)])
    func editedCopiesKeepAStoryAlive(word: String, isAlive: Bool) {
        var (desk, source) = Desk.holding(Texts.fireThere)
        let again = Texts.fireThere.replacing("patronne", with: word)
        let copy = desk.take(article(again, at: "https://deux.test/b", seen: march(10)))
        #expect(copy.kind == (isAlive ? .nearDuplicate : .duplicate) && copy.of?.id == source.id)
        let late = desk.verdict(
            on: article(Texts.fireHere, at: "https://trois.test/c", seen: march(18)))
        let story = late.story?.nearest == nil ? late.story?.runnerUp?.id : late.story?.id
        #expect(story == (isAlive ? StoryID(startedBy: source.id) : nil))
    }

    @Test func seedsFindTheirStoriesWithoutVerdict() {
        var desk = Desk()
        let first = article(Texts.fireHere, at: "https://un.test/a")
        let second = article(Texts.fireThere, at: "https://deux.test/b")
        for seed in [first, second] {
            desk.held[seed.id] = seed
            desk.index.insertSeed(seed, fingerprint: nil)
        }
        let copy = article(
            Texts.fireThere.replacing("patronne", with: "directrice"), at: "https://trois.test/c")
        let verdict = desk.take(copy)
        #expect(verdict.kind == .nearDuplicate && verdict.of?.id == second.id)
        #expect(verdict.story?.id == StoryID(startedBy: first.id))
    }

    @Test func featuresOutsideTheWindowAreDropped() {
        var options = DecisionOptions()
        options.storyPruningMin = 20
        var (pruned, whole) = (Desk(options: options), Desk())
        let old = article(Texts.fireHere, at: "https://un.test/a")
        let texts = [Texts.bridge, Texts.observatory, Texts.earthquakeNorth, Texts.fundingLumio]
        for desk in [0, 1] {
            var one = desk == 0 ? pruned : whole
            one.take(old)
            for (number, text) in texts.enumerated() {
                one.take(
                    article(text, at: "https://un.test/\(number)", seen: march(31, hours: number)))
            }
            if desk == 0 { pruned = one } else { whole = one }
        }
        #expect(pruned.index.serialised().count < whole.index.serialised().count)
        let today = article(Texts.earthquakeEast, at: "https://un.test/x", seen: march(31))
        #expect(pruned.verdict(on: today) == whole.verdict(on: today))
    }

    /// An article of one long story: its names, and words that no other article has.
    private func report(_ day: Int, of names: String) -> Article {
        var random = SeededGenerator(seed: UInt64(names.count * 100 + day))
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let words = (0..<14).map { _ in
            String((0..<9).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
        }
        return article(
            "\(words.joined(separator: " ")) \(names)",
            at: "https://un.test/\(names.count)/\(day)", seen: march(day))
    }

    /// A story that goes on outlives the lists of its features: they lead to the latest.
    @Test(arguments: [1, 2, 3, 5, 64])
    func featuresLeadToTheLatestArticles(listed: Int) {
        var options = DecisionOptions()
        options.postingsMax = listed
        var desk = Desk(options: options)
        let names = "À Corbigny Solange Perrault et Antoine Delcourt, Tissandière, AtmoArve"
        for day in 1...31 {
            let verdict = desk.take(report(day, of: names))
            #expect(verdict.kind == .new)
            let yesterday = report(day - 1, of: names).id
            #expect(verdict.story?.nearest?.id == (day == 1 ? nil : yesterday), "day \(day)")
            #expect(verdict.story?.id == StoryID(startedBy: report(1, of: names).id))
        }
    }

    /// Of many articles inside the window the latest are remembered, and a saved index remembers
    /// the same.
    @Test func onlySoManyArticlesAreRememberedForStories() throws {
        var options = DecisionOptions()
        options.storyDocumentsMax = 10
        var (few, all) = (Desk(options: options), Desk())
        let texts = [Texts.fireHere, Texts.bridge, Texts.observatory]
        for (number, text) in texts.enumerated() {
            few.take(article(text, at: "https://un.test/\(number)"))
            all.take(article(text, at: "https://un.test/\(number)"))
        }
        for number in 0..<17 {
            few.take(report(2, of: String(repeating: "Nom", count: number + 1)))
            all.take(report(2, of: String(repeating: "Nom", count: number + 1)))
        }
        let last = article(Texts.earthquakeNorth, at: "https://un.test/q")
        few.take(last)
        few.index = try #require(
            DuplicateIndex(serialised: few.index.serialised(), options: options))
        #expect(few.index.serialised().count < all.index.serialised().count)
        let late = article(Texts.fireThere, at: "https://deux.test/b")
        #expect(few.verdict(on: late).story?.nearest == nil)
        let first = article(Texts.fireHere, at: "https://un.test/0")
        #expect(all.verdict(on: late).story?.nearest?.id == first.id)
        let again = article(
            Texts.earthquakeNorth.replacing("Sunday", with: "Monday"), at: "https://deux.test/c")
        #expect(few.verdict(on: again).story?.nearest?.id == last.id)
    }

    /// When the table of counts is full, it makes room: words that become common later are told
    /// from rare ones all the same.
    @Test func whatBecomesCommonIsCountedInAFullTable() {
        var options = DecisionOptions()
        options.countedFeaturesMax = 2000
        var desk = Desk(options: options)
        var random = SeededGenerator(seed: 11)
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        func notice(_ number: Int, _ refrain: String) -> Article {
            let words = (0..<14).map { _ in
                String((0..<9).map { _ in letters[Int.random(in: 0..<26, using: &random)] })
            }
            return article(
                "\(words.joined(separator: " ")) \(refrain)", at: "https://un.test/\(number)",
                seen: march(31))
        }
        for number in 0..<120 { desk.take(notice(number, "")) }
        let refrain = "correspondance dépêches rédaction actualités lecteurs abonnements"
        let first = desk.take(notice(120, refrain))
        let second = desk.take(notice(121, refrain))
        #expect(first.story?.nearest == nil && second.story?.id == first.story?.id)
        for number in 122..<270 { desk.take(notice(number, refrain)) }
        #expect(desk.verdict(on: notice(270, refrain)).story?.nearest == nil)
    }

    /// Without spaces between words, pairs of characters are what two reports share.
    @Test func chineseReportsMeetByTheirWords() {
        let flood = "青川县昨夜暴雨引发山洪，三座桥梁被冲毁，两千名居民已经转移到学校。县长李文海说，救援队正在清理道路。"
        let again = "山洪过后，青川县的学校里住满了转移的居民。县长李文海表示，被冲毁的桥梁将在一个月内重建。"
        let game = "北岭队昨晚以二比一战胜东港队，获得本届联赛冠军。门将赵明在加时赛中扑出点球，球迷彻夜庆祝。"
        var (desk, start) = Desk.holding(flood)
        let second = desk.take(article(again, at: "https://deux.test/b"))
        #expect(second.story?.id == StoryID(startedBy: start.id))
        let other = article(game, at: "https://trois.test/c")
        #expect(desk.take(other).story?.id == StoryID(startedBy: other.id))
    }

    /// Scripts agree about the consonants of names, not about their vowels or beginnings.
    @Test(arguments: [
        ("ka", "მერმა ბერტრან კალმისტომ ტარსენბურგში კარპელენის ხიდი გახსნა."),
        ("ar", "افتتح العمدة برتران كالميستو جسر كاربيلين في تارسنبورغ."),
        ("ko", "베르트란 칼미스토 시장이 타르센부르크에서 카르펠렌 다리를 열었다."),
        ("el", "Ο δήμαρχος Καλμίστο άνοιξε τη γέφυρα Καρπέλεν στο Ταρσενμπουργκ."),
        ("uk", "Мер Бертран Калмісто відкрив у Тарсенбурзі міст Карпелен."),
    ])
    func reportsInOtherScriptsMeetByTheirNames(language: String, text: String) {
        var start = article(
            "Yesterday mayor Bertran Kalmisto opened the Karpelen bridge in Tarsenburg.",
            at: "https://un.test/a")
        start.language = "en"
        var desk = Desk()
        desk.take(start)
        var second = article(text, at: "https://deux.test/b")
        second.language = language
        #expect(desk.verdict(on: second).story?.id == StoryID(startedBy: start.id))
        var other = article(
            "Demain, la cheffe Violette Sauvage ouvre son bistrot à Hyères.",
            at: "https://trois.test/c")
        other.language = "fr"
        #expect(desk.verdict(on: other).story?.nearest == nil)
    }
}
