/// Start and end tags: how they are read, and how they are matched.
extension XMLTokenizer {
    /// nil when the tag is passed over: it is cut off by the end, or nested too deeply.
    mutating func readStartTag() -> Token? {
        let start = position
        let next = bytes.span.endOfName(from: start + 1)
        let nameRange = start + 1..<next
        if !attributes.isEmpty { attributes.removeAll(keepingCapacity: true) }
        let isBare = byte(at: next) == UInt8(ascii: ">")
        guard let end = isBare ? next + 1 : readAttributes(from: next, tagStart: start) else {
            damage.insert(.truncated)
            position = bytes.count
            return nil
        }
        position = end
        name = tables.names.id(of: bytes, nameRange)
        range = start..<end
        isEmptyElement =
            byte(at: end - 1) == UInt8(ascii: ">") && byte(at: end - 2) == UInt8(ascii: "/")
        guard open.count < limits.depthMax else {
            damage.insert(.tooDeep)
            if !isEmptyElement { passedOver[name, default: 0] += 1 }
            return nil
        }
        let mark = bindings.mark
        if !attributes.isEmpty { bindNamespaces() }
        open.append(OpenElement(name: name, bindings: mark))
        count(name, by: 1)
        if isEmptyElement { endsDue = 1 }
        return .startTag
    }

    /// The index after the tag's `>`; nil when the document ends first.
    private mutating func readAttributes(from start: Int, tagStart: Int) -> Int? {
        let bytes = bytes
        var next = start
        while next < bytes.count {
            switch bytes[next] {
            case UInt8(ascii: ">"): return next + 1
            case UInt8(ascii: "<"):
                damage.insert(.malformedTag)
                return next
            case UInt8(ascii: "/"), UInt8(ascii: "="): next += 1
            case let byte where isXMLSpace(byte): next += 1
            default: next = readAttribute(at: next, tagStart: tagStart)
            }
        }
        return nil
    }

    /// Keeps the attribute at `start`, when there is room, and gives the index after it.
    private mutating func readAttribute(at start: Int, tagStart: Int) -> Int {
        let bytes = bytes
        var next = bytes.span.endOfAttributeName(from: start)
        let nameRange = start..<next
        while next < bytes.count, isXMLSpace(bytes[next]) { next += 1 }
        var value = nameRange.upperBound..<nameRange.upperBound
        if byte(at: next) == UInt8(ascii: "=") {
            next += 1
            while next < bytes.count, isXMLSpace(bytes[next]) { next += 1 }
            let quote = byte(at: next)
            if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                next += 1
                let first = next
                next = bytes.span.firstIndex(of: quote, from: next, to: bytes.count)
                value = first..<next
                if next < bytes.count { next += 1 }
            } else {
                damage.insert(.malformedTag)
                value = unquotedValue(from: next)
                next = value.upperBound
            }
        } else {
            damage.insert(.malformedTag)
            next = nameRange.upperBound
        }
        keep(nameRange, value, tagStart: tagStart)
        return max(next, start + 1)
    }

    private mutating func unquotedValue(from start: Int) -> Range<Int> {
        var next = start
        while next < bytes.count, bytes[next] != UInt8(ascii: ">"),
            bytes[next] != UInt8(ascii: "<"),
            !isXMLSpace(bytes[next])
        {
            if bytes[next] == UInt8(ascii: "/"), byte(at: next + 1) == UInt8(ascii: ">") { break }
            next += 1
        }
        return start..<next
    }

    private mutating func keep(_ nameRange: Range<Int>, _ value: Range<Int>, tagStart: Int) {
        guard attributes.count < limits.attributesMax else {
            damage.insert(.tooManyAttributes)
            return
        }
        guard value.upperBound - tagStart <= limits.tagBytesMax else {
            damage.insert(.tagTooLong)
            return
        }
        attributes.append(Attribute(name: tables.names.id(of: bytes, nameRange), value: value))
    }

    // MARK: - End tags

    /// Reads an end tag and finds how many elements it closes. False when it closes none.
    mutating func readEndTag() -> Bool {
        let start = position
        var next = bytes.span.endOfName(from: start + 2)
        let nameRange = start + 2..<next
        while next < bytes.count, bytes[next] != UInt8(ascii: ">"), bytes[next] != UInt8(ascii: "<")
        {
            next += 1
        }
        guard next < bytes.count else {
            damage.insert(.truncated)
            position = bytes.count
            return false
        }
        let isClosed = bytes[next] == UInt8(ascii: ">")
        if !isClosed { damage.insert(.malformedTag) }
        position = isClosed ? next + 1 : next
        range = start..<position
        return close(tables.names.id(of: bytes, nameRange))
    }

    private mutating func close(_ closed: XMLNameID) -> Bool {
        if !passedOver.isEmpty, let deeper = passedOver[closed] {
            passedOver[closed] = deeper > 1 ? deeper - 1 : nil
            return false
        }
        if let innermost = open.last, innermost.name == closed {
            if !passedOver.isEmpty { passedOver.removeAll() }
            endsDue = 1
            return true
        }
        guard isOpen(closed), let index = open.lastIndex(where: { $0.name == closed }) else {
            damage.insert(.mismatchedTag)
            return false
        }
        passedOver.removeAll()
        endsDue = open.count - index
        if endsDue > 1 { damage.insert(.mismatchedTag) }
        return true
    }

    /// Gives the end tag of the innermost open element.
    mutating func closeInnermost() -> Token {
        endsDue -= 1
        guard let element = open.popLast() else {
            endsDue = 0
            return .end
        }
        name = element.name
        count(element.name, by: -1)
        bindings.unbind(to: element.bindings)
        range = position..<position
        if !attributes.isEmpty { attributes.removeAll(keepingCapacity: true) }
        isEmptyElement = false
        return .endTag
    }

    /// Closes, without end tags, the elements between the current start tag's own and the outermost
    /// `kept`: what a caller does when the element at hand cannot stand in those.
    package mutating func closeElements(keeping kept: Int) {
        guard kept >= 0, open.count > kept + 1, let current = open.popLast() else { return }
        var moved = current
        moved.bindings = open[kept].bindings
        for element in open[kept...] { count(element.name, by: -1) }
        open.removeSubrange(kept...)
        open.append(moved)
        damage.insert(.mismatchedTag)
    }

    private mutating func isOpen(_ name: XMLNameID) -> Bool {
        name.index < openCounts.count && openCounts[name.index] > 0
    }

    private mutating func count(_ name: XMLNameID, by step: Int32) {
        while name.index >= openCounts.count { openCounts.append(0) }
        openCounts[name.index] &+= step
    }
}

extension Span<UInt8> {
    /// Where the tag's name that starts at `start` ends.
    fileprivate func endOfName(from start: Int) -> Int {
        var next = start
        while next < count, !isTagBreak(self[next]) { next &+= 1 }
        return next
    }

    fileprivate func endOfAttributeName(from start: Int) -> Int {
        var next = start
        while next < count, !isTagBreak(self[next]), self[next] != UInt8(ascii: "=") { next &+= 1 }
        return next
    }
}

/// What ends a name in a tag: white space, `/`, `<`, `>`. All are below 64: a bit each.
@inline(__always)
private func isTagBreak(_ byte: UInt8) -> Bool {
    byte < 64 && tagBreaks >> UInt64(byte) & 1 == 1
}

private let tagBreaks: UInt64 =
    1 << 0x09 | 1 << 0x0A | 1 << 0x0C | 1 << 0x0D | 1 << 0x20 | 1 << 0x2F | 1 << 0x3C | 1 << 0x3E
