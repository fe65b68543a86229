/// A person's word on whether two articles are one: it binds every later decision about them.
package struct Mark: Hashable, Sendable, Codable {
    /// What the person said.
    package enum Relation: String, Sendable, Codable, CaseIterable {
        /// The later of the two is a copy of the other.
        case same
        /// Neither is a copy of the other.
        case different
        /// Whatever was said before does not hold any longer.
        case clear
    }

    package var id: ArticleID
    package var other: ArticleID
    package var relation: Relation

    package init(id: ArticleID, other: ArticleID, relation: Relation) {
        self.id = id
        self.other = other
        self.relation = relation
    }
}

/// All marks that hold: of two marks on one pair, the last.
package struct Marks: Hashable, Sendable {
    private struct Pair: Hashable, Sendable {
        var first: ArticleID
        var second: ArticleID

        init(_ a: ArticleID, _ b: ArticleID) { (first, second) = a < b ? (a, b) : (b, a) }
    }

    private var relations: [Pair: Mark.Relation] = [:]
    private var partners: [ArticleID: Set<ArticleID>] = [:]

    package init(_ marks: some Sequence<Mark> = []) {
        for mark in marks { note(mark) }
    }

    package var isEmpty: Bool { relations.isEmpty }

    /// The latest mark on two articles holds; one of an article on itself says nothing.
    package mutating func note(_ mark: Mark) {
        guard mark.id != mark.other else { return }
        let pair = Pair(mark.id, mark.other)
        for (one, other) in [(mark.id, mark.other), (mark.other, mark.id)] {
            if mark.relation == .clear {
                partners[one]?.remove(other)
                if partners[one]?.isEmpty == true { partners[one] = nil }
            } else {
                partners[one, default: []].insert(other)
            }
        }
        relations[pair] = mark.relation == .clear ? nil : mark.relation
    }

    /// What was said of the article and others, by the others' ids.
    package func of(_ id: ArticleID) -> [Mark] {
        (partners[id] ?? []).sorted().compactMap { other in
            relations[Pair(id, other)].map { Mark(id: id, other: other, relation: $0) }
        }
    }

    /// Every mark that holds, each once.
    package var all: [Mark] {
        relations.map { Mark(id: $0.key.first, other: $0.key.second, relation: $0.value) }
            .sorted { ($0.id, $0.other) < ($1.id, $1.other) }
    }
}
