/// By what an entry is known in its feed.
package enum NamingRule: String, Hashable, Sendable, Codable {
    /// Its `id`.
    case id
    /// The canonical address that it links to.
    case link
    /// Its title and when it was published.
    case title
    /// All that it says, because it has nothing else.
    case words
}

/// The name of an entry in its feed: what the decision about it is remembered by.
package struct EntryName: Hashable, Sendable {
    package let alias: Alias
    package let rule: NamingRule

    /// The best name that the entry has, always within its own feed, so that the entries of two
    /// feeds never merge by what they claim.
    /// - Parameter doubts: Kinds of names that are not believed here.
    package init(of entry: Entry, in feed: FeedID, doubting doubts: Set<NamingRule> = []) {
        if let id = entry.id, !id.isEmpty, !doubts.contains(.id) {
            alias = Alias(Digest(kind: "entry-id", feed.text, id))
            rule = .id
        } else if let address = entry.address, !doubts.contains(.link) {
            alias = Alias(Digest(kind: "entry-link", feed.text, address))
            rule = .link
        } else if let title = entry.title, !title.isEmpty {
            let published = entry.published?.description ?? ""
            alias = Alias(Digest(kind: "entry-title", feed.text, title, published))
            rule = .title
        } else {
            alias = Alias(Digest(kind: "entry-nameless", feed.text, entry.digest.hexadecimal))
            rule = .words
        }
    }

    /// The names of a document's entries, in their order. An id, or else an address, that stands
    /// for different things in it names none of them.
    /// - Parameter shared: What stands for different things; of these entries unless given. Cost:
    ///   linear.
    package static func names(
        of entries: [Entry], in feed: FeedID, trustingIDs: Bool, shared: SharedNames? = nil
    ) -> [EntryName] {
        let shared = shared ?? SharedNames(in: entries)
        return entries.map { entry in
            var doubts: Set<NamingRule> = trustingIDs && !shared.isShared(id: entry) ? [] : [.id]
            let hasName = entry.id?.isEmpty == false && doubts.isEmpty
            if !hasName, shared.isShared(link: entry) { doubts.insert(.link) }
            return EntryName(of: entry, in: feed, doubting: doubts)
        }
    }
}

/// By what an entry was known again.
package enum Recognition: String, Hashable, Sendable {
    /// Its canonical address.
    case address = "canonical-url"
    /// Its id without the host, its title, and when it was published.
    case path = "entry-path"
    /// Its words, and when it was published.
    case words = "entry-words"
}

/// A name by which an entry is known again when its own name has changed.
package struct OtherName: Hashable, Sendable {
    package let alias: Alias
    package let recognition: Recognition
}

/// The ids and addresses of a document that stand for different entries.
package struct SharedNames: Hashable, Sendable {
    private var ids: Set<String> = []
    private var links: Set<String> = []

    /// Entries alike in address, or without one in title, are one entry said twice. Cost: linear.
    package init(in entries: [Entry]) {
        var titles: [String: Entry] = [:]
        var first: [String: Entry] = [:]
        for entry in entries {
            if let id = entry.id, !id.isEmpty {
                if let other = first[id] {
                    if !entry.isSame(as: other) { ids.insert(id) }
                } else {
                    first[id] = entry
                }
            }
            if let address = entry.address {
                if let other = titles[address] {
                    if other.title != entry.title { links.insert(address) }
                } else {
                    titles[address] = entry
                }
            }
        }
    }

    /// Whether the entry's id stands on another entry too.
    package func isShared(id entry: Entry) -> Bool { entry.id.map { ids.contains($0) } ?? false }
    /// Whether the entry's address does.
    package func isShared(link entry: Entry) -> Bool {
        !links.isEmpty && entry.address.map { links.contains($0) } ?? false
    }
    /// How many ids name different entries.
    package var idsCount: Int { ids.count }
}

extension Entry {
    /// Where it leads, in canonical form; as it is written where that is no web address. Two places
    /// of one page are one address.
    package var address: String? {
        guard let link, !link.isEmpty else { return nil }
        return HTTPURL(link).map { canonicalise($0).text } ?? link
    }

    fileprivate func isSame(as other: Entry) -> Bool {
        guard let link, let otherLink = other.link else { return title == other.title }
        if link == otherLink || title != nil && title == other.title { return true }
        guard let url = HTTPURL(link), let otherURL = HTTPURL(otherLink) else { return false }
        return canonicalise(url) == canonicalise(otherURL)
    }

    /// What is left of an id that is an address when its scheme and host are taken away, or of a
    /// `tag:` when its authority is (RFC 4151); nil for any other id, and for the root of a site.
    /// It outlives a move to another host or scheme.
    package var idWithoutHost: String? {
        guard let id else { return nil }
        if id.hasPrefix("tag:") {
            let parts = id.split(separator: ":", maxSplits: 2)
            return parts.count == 3 ? String(parts[2]) : nil
        }
        guard let url = HTTPURL(id) else { return nil }
        let canonical = canonicalise(url).text.dropFirst("https://".count)
        guard let slash = canonical.firstIndex(of: "/") else { return nil }
        let path = canonical[slash...]
        return path == "/" ? nil : String(path)
    }

    /// Names by which the entry is known again in its feed when its own name has changed: its id
    /// without the host and its title, or its words, each with the time of its publication. Few or
    /// undated words name nothing: the weather is told in the same ones every day; and two blogs of
    /// one collection may well have the same title at the same path.
    /// - Parameter text: What the entry says, without mark-up. Cost: linear.
    package func otherNames(in feed: FeedID, text: String) -> [OtherName] {
        var names: [OtherName] = []
        let titleWords = FoldedText(title ?? "")
        if let path = idWithoutHost, !titleWords.words.isEmpty {
            let digest = Digest(
                kind: "entry-path", feed.text, path, published?.description ?? "",
                titleWords.digest.hexadecimal)
            names.append(OtherName(alias: Alias(digest), recognition: .path))
        }
        let words = FoldedText("\(title ?? "")\n\(text)")
        if words.words.count >= (published == nil ? Self.undatedWordsMin : Self.datedWordsMin) {
            let digest = Digest(
                kind: "entry-words", feed.text, published?.description ?? "",
                words.digest.hexadecimal)
            names.append(OtherName(alias: Alias(digest), recognition: .words))
        }
        return names
    }

    /// The id as it is kept with an article, for people: at most so many bytes.
    package static let idBytesKept = 512

    /// The id, cut to `idBytesKept` between two characters; nil when there is none.
    package var keptID: String? {
        guard let id, !id.isEmpty else { return nil }
        guard id.utf8.count > Self.idBytesKept else { return id }
        var kept = id.prefix(Self.idBytesKept)
        while kept.utf8.count > Self.idBytesKept { kept.removeLast() }
        return String(kept)
    }

    /// Fewer words of an entry with a time of publication do not name it …
    private static let datedWordsMin = 8
    /// … and of one without.
    private static let undatedWordsMin = 60
}
