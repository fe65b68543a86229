import News
import PageExtraction
import Testing

/// Dates are read where texts carry them, so they are tested through `extractText`.
@Suite struct WrittenDatesTests {
    private static let prose =
        "Le conseil municipal a voté hier soir la rénovation de la vieille halle du marché."

    private func read(_ text: String) -> Extraction {
        extractText(text, dialect: .plain, from: nil)
    }

    @Test(arguments: [
        (" date 2025-01 ", "2025-01-01"), ("date: 2025-01-21 ", "2025-01-21"),
        ("2025-01-21 ", "2025-01-21"), ("2025/01/21 — ", "2025-01-21"), ("2025-01 ", "2025-01-01"),
        ("2025-01-21T23:30:00+01:00 ", "2025-01-21"), ("[", nil),
        ("Publié le 21 janvier 2025 — ", "2025-01-21"),
        ("Publié le 1er février 2025 à 10h32 | ", "2025-02-01"),
        ("Publié le mardi 21 janvier 2025 ", "2025-01-21"),
        ("Mis en ligne le 21/01/2025 à 10:32 - ", "2025-01-21"),
        ("Published: January 21, 2025 ", "2025-01-21"),
        ("Posted on Jan. 21st, 2025 at 10:32 am — ", "2025-01-21"),
        ("21 janvier 2025 — ", "2025-01-21"), ("January 21, 2025 | ", "2025-01-21"),
        ("Veröffentlicht am 21. Januar 2025 – ", "2025-01-21"),
        ("Publicado el 21 de enero de 2025 — ", "2025-01-21"),
        ("Pubblicato il 21 gennaio 2025 — ", "2025-01-21"),
        ("Gepubliceerd op 21 januari 2025 — ", "2025-01-21"),
        ("date janvier 2025 ", "2025-01-01"), ("date 12/31/2024 ", "2024-12-31"),
    ])
    func dateGluedToTheFirstLineIsPublished(before: String, day: String?) {
        let extraction = read(before + Self.prose + "\n\n" + Self.prose)
        #expect(extraction.published?.day == day)
        if day != nil { #expect(extraction.blocks.first?.text == Self.prose) }
    }

    @Test(arguments: [
        "Le 21 janvier 2025, le conseil a voté la rénovation de la halle du marché.",
        "21 janvier 2025 le conseil a voté la rénovation de la halle du marché.",
        "January 21, 2025, was the day on which the county closed the old bridge.",
        "Publié le 21 janvier 2025, le rapport du conseil chiffre les travaux.",
        "2025 sera l’année de la halle, promet la maire de la ville.",
        "2010-12 saw a boom in covered markets all over the country.",
        "2025-26 season opens on Saturday with eight matches.",
        "Date limite : 21 janvier 2025 pour les inscriptions au marché.",
        "2025-13-41 is no day of any calendar that we know.",
        "Mai 1968 a changé la ville pour toujours, dit-on ici.",
    ])
    func dateInsideASentenceStays(text: String) {
        let extraction = read(text + "\n\n" + Self.prose)
        #expect(extraction.published == nil)
        #expect(extraction.blocks.first?.text == text)
    }

    @Test func dateLineBeneathTheTitleIsTaken() {
        let extraction = read(
            "La halle rouvre\n\nMis à jour le 22 janvier 2025\n\n21 janvier 2025\n\n" + Self.prose)
        #expect(extraction.title == "La halle rouvre")
        #expect(extraction.published?.day == "2025-01-21")
        #expect(extraction.updated?.day == "2025-01-22")
        #expect(extraction.dropped.map(\.reason) == ["date-line", "date-line"])
        #expect(extraction.blocks.map(\.text) == [Self.prose])
    }

    @Test func instantWithAZoneIsKeptWhole() {
        let extraction = read("2025-01-21T23:30:00-05:00 " + Self.prose)
        #expect(extraction.published?.description == "2025-01-22T04:30:00Z")
    }
}
