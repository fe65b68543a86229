internal import Markup
package import News

/// An entry with its names in its feed.
package struct NamedEntry: Hashable, Sendable {
    package let entry: Entry
    /// By what the decision about it is remembered.
    package let name: EntryName
    /// Its canonical address as a name. Made anew each time: most entries are known before it is
    /// asked for.
    package var address: Alias? {
        entry.link.flatMap { HTTPURL($0) }.map { Alias(of: canonicalise($0)) }
    }
    /// False when other entries of the document stand at its address too.
    package let isAloneAtAddress: Bool
    /// Names by which it is known again when its own has changed; empty until asked for.
    package private(set) var otherNames: [OtherName] = []

    init(_ entry: Entry, name: EntryName, isAloneAtAddress: Bool = true) {
        self.entry = entry
        self.name = name
        self.isAloneAtAddress = isAloneAtAddress
    }

    /// A document's entries, named, in their order. Those that wait from an earlier one are named
    /// as in `document`, where they may stand beside others of the same id.
    /// - Parameter shared: what stands for different things in the document; found unless given.
    package static func all(
        of entries: [Entry], asIn document: [Entry] = [], in feed: FeedID, trustingIDs: Bool,
        shared: SharedNames? = nil
    ) -> [NamedEntry] {
        let shared = shared ?? SharedNames(in: document.isEmpty ? entries : document)
        let all = entries + document
        let names = EntryName.names(of: all, in: feed, trustingIDs: trustingIDs, shared: shared)
        let addresses = all.map(\.address)
        var first: [String: Alias] = [:]
        var crowded: Set<String> = []
        for (address, name) in zip(addresses, names) {
            guard let address else { continue }
            if let other = first.updateValue(name.alias, forKey: address), other != name.alias {
                crowded.insert(address)
            }
        }
        return zip(zip(entries, names), addresses).map { named, address in
            NamedEntry(
                named.0, name: named.1,
                isAloneAtAddress: address.map { !crowded.contains($0) } ?? true)
        }
    }

    /// Finds the other names. Cost: linear in what the entry says.
    package mutating func nameOtherwise(in feed: FeedID) {
        guard name.rule != .words else { return }
        let texts = [entry.summary, entry.content].compactMap { $0 }
            .map { $0.form == .html ? plainText(ofHTML: $0.written) : $0.written }
        otherNames = entry.otherNames(in: feed, text: texts.joined(separator: "\n"))
    }
}
