internal import ArticleStore
package import News
package import PageExtraction

// What recurs on the pages of each host, kept beside the index. Losing it costs nothing but time.

extension Ledger {
    /// The indices of a page's blocks that belong to its host's template; the page is learnt from.
    /// With them what was learnt by now, when it is time to save it: it is made into bytes by
    /// whoever asked, on a lane.
    package func recurringBlocks(
        in prints: BlockPrints, host: String, at now: Instant
    ) -> (indices: [Int], toSave: TemplateBook?) {
        let found = templates.recurring(in: prints, host: host, at: now)
        if let hosts = templates.takeNoticeOfFullness() { report(.templatesFull(hosts: hosts)) }
        return (found, templates.toSave(beyond: TemplateBook.pagesBetweenSaves))
    }

    func loadTemplates() {
        templates =
            store?.derived(named: TemplateBook.name).flatMap { TemplateBook(bytes: $0) }
            ?? TemplateBook()
    }

    func saveTemplates() {
        if let book = templates.toSave(beyond: 0) { save(templates: book.bytes) }
    }

    /// Puts the bytes of a book in the place of those before, whole or not at all. Without a store
    /// they are written another time.
    func save(templates bytes: [UInt8]?) {
        guard let store else { return }
        guard let bytes else {
            report(.templatesUnsaved(reason: "they cannot be written as JSON"))
            return
        }
        do {
            try store.saveDerived(bytes, named: TemplateBook.name)
        } catch {
            report(.templatesUnsaved(reason: error.description))
        }
    }
}
