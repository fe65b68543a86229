internal import News

/// What is held, wherever it is: what the head says comes first, then the runs, the newest first.
extension DuplicateIndex {
    /// Beyond the number of the last document.
    var end: UInt32 { head.end }

    /// Which run a document was written to; only for those before the head.
    @inline(__always)
    private func place(of number: UInt32) -> Int {
        var place = runs.count - 1
        while place > 0, runs[place].numbers.lowerBound > number { place -= 1 }
        return place
    }

    func document(_ number: UInt32) -> HeldDocument {
        if number >= head.first { return head.documents[Int(number - head.first)] }
        if let changed = head.changed[number] { return changed }
        let home = place(of: number)
        for place in stride(from: runs.count - 1, to: home, by: -1) {
            if let index = runs[place].changedIndex(of: number) {
                return runs[place].changedDocument(
                    at: index, original: runs[home].family(of: number))
            }
        }
        return runs[home].document(number)
    }

    /// Its id, which never changes.
    func id(of number: UInt32) -> ArticleID {
        number >= head.first
            ? head.documents[Int(number - head.first)].id : runs[place(of: number)].id(of: number)
    }

    /// The document that it was decided to be a copy of, or itself; never changes either.
    func family(of number: UInt32) -> UInt32 {
        if number >= head.first { return head.documents[Int(number - head.first)].original }
        // No document is a copy of a later one.
        return min(runs[place(of: number)].family(of: number), number)
    }

    /// The story that it belongs to.
    func story(of number: UInt32) -> StoryID {
        switch document(number).founder {
        case .document(let founder):
            StoryID(startedBy: id(of: founder < end ? founder : number))
        case .stranger(let id): StoryID(startedBy: id)
        }
    }

    mutating func change(_ number: UInt32, _ change: (inout HeldDocument) -> Void) {
        if number >= head.first {
            change(&head.documents[Int(number - head.first)])
        } else {
            var document = document(number)
            change(&document)
            head.changed[number] = document
        }
    }

    // MARK: Names and contents

    /// The document of that id.
    func number(of id: ArticleID) -> UInt32? {
        if let number = head.numbers[id] { return number }
        for run in runs.reversed() {
            if let number = run.number(of: id) { return number }
        }
        return nil
    }

    /// What a name leads to; nil for one that was never seen.
    func target(of alias: Alias) -> AliasTarget? {
        if let target = head.aliases[alias.digest.high] { return target }
        for run in runs.reversed() {
            if let target = run.target(of: alias) { return target }
        }
        return nil
    }

    /// The held document that a name leads to.
    func number(of alias: Alias) -> UInt32? {
        switch target(of: alias)?.article {
        case .document(let number): number
        // It may have come since.
        case .stranger(let id): number(of: id)
        case nil: nil
        }
    }

    /// The earliest of the documents that have, or had, that content.
    func holder(ofContent hash: Digest) -> UInt32? {
        var earliest = head.contents[hash]
        for run in runs {
            run.forEachHolder(ofContent: hash) { number in
                if isForgotten(number) { return }
                if let held = earliest, !isEarlier(number, than: held) { return }
                earliest = number
            }
        }
        return earliest
    }

    /// Who an id stands for: a document, where it is one's.
    func reference(to id: ArticleID) -> HeldReference {
        number(of: id).map { .document($0) } ?? .stranger(id)
    }
}
