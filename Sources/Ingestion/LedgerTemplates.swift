internal import ArticleStore
internal import News
internal import PageExtraction

// What recurs on the pages of each host, kept beside the index. Losing it costs nothing but time.

extension Ledger {
    /// The indices of a page's blocks that belong to its host's template; the page is learnt from.
    func recurringBlocks(in prints: BlockPrints, host: String, at now: Instant) -> [Int] {
        let found = templates.recurring(in: prints, host: host, at: now)
        if templates.unsavedPages >= TemplateBook.pagesBetweenSaves { saveTemplates() }
        return found
    }

    func loadTemplates() {
        templates =
            store?.derived(named: TemplateBook.name).flatMap { TemplateBook(bytes: $0) }
            ?? TemplateBook()
    }

    func saveTemplates() {
        guard templates.unsavedPages > 0, let bytes = templates.saved() else { return }
        try? store?.saveDerived(bytes, named: TemplateBook.name)
    }
}
