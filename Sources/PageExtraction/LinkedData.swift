internal import Markup

/// What a page's JSON-LD says of its article (schema.org `Article` and its kinds).
struct LinkedData: Sendable {
    var headline: String?
    var published: String?
    var modified: String?
    var authors: [String] = []
    var publisher: String?
    var image: String?
    var language: String?
    var summary: String?
    /// `articleBody`, by paragraphs.
    var body: [String] = []
    /// `isAccessibleForFree`; nil when it is not said.
    var isFree: Bool?
    /// The types of all objects at the top, in lower case: what the page is about.
    var types: Set<String> = []

    /// Reads every `application/ld+json` script among `scripts`; the object that is most of an
    /// article wins.
    init(_ tree: HTMLTree, scripts: [HTMLTree.Node]) {
        var objects: [LooseJSON] = []
        for node in scripts {
            guard let type = tree.attribute(.type, of: node),
                type.lowercased().hasPrefix("application/ld+json")
            else { continue }
            for child in tree.children(of: node) where objects.count < Self.objectsMax {
                if let value = LooseJSON(tree.rawText(of: child)) {
                    Self.collect(value, into: &objects)
                }
            }
        }
        for object in objects { types.formUnion(Self.types(of: object)) }
        let named = Dictionary(
            objects.compactMap { object in object["@id"]?.text.map { ($0, object) } },
            uniquingKeysWith: { first, _ in first })
        var best: (object: LooseJSON, score: Int)?
        for object in objects {
            let score = Self.score(of: object)
            if score > best?.score ?? 0 { best = (object, score) }
        }
        if let best { read(best.object, named: named) }
    }

    private static let objectsMax = 200

    /// The objects at the top, in `@graph`, and where a page names its main entity.
    private static func collect(_ value: LooseJSON, into objects: inout [LooseJSON]) {
        var waiting = [value]
        while let next = waiting.popLast(), objects.count < objectsMax {
            switch next {
            case .array(let values): waiting += values.reversed()
            case .object:
                objects.append(next)
                for name in ["@graph", "mainEntity", "mainEntityOfPage", "hasPart"] {
                    if let inner = next[name], inner.text == nil { waiting.append(inner) }
                }
            default: break
            }
        }
    }

    private static func types(of object: LooseJSON) -> [String] {
        (object["@type"]?.list ?? []).compactMap { $0.text?.lowercased() }
    }

    private static func score(of object: LooseJSON) -> Int {
        let types = types(of: object)
        let isArticle = types.contains {
            $0.hasSuffix("article") || $0.hasSuffix("blogposting") || $0.hasSuffix("report")
                || $0.hasSuffix("posting")
        }
        if isArticle {
            let fields = ["headline", "datePublished", "author", "articleBody"]
            return 10 + fields.filter { object[$0] != nil }.count
        }
        return types.contains("webpage") && object["datePublished"] != nil ? 1 : 0
    }

    private mutating func read(_ object: LooseJSON, named: [String: LooseJSON]) {
        func text(_ value: LooseJSON?) -> String? {
            guard let text = value?.text else { return nil }
            let plain = plainText(ofHTML: text)
            return plain.isEmpty ? nil : plain
        }
        func name(_ value: LooseJSON) -> String? {
            let whole = value["name"] == nil ? value["@id"]?.text.flatMap { named[$0] } : nil
            let object = whole ?? value
            return text(object["name"]?.list.first) ?? text(object)
        }
        headline = text(object["headline"]) ?? text(object["name"])
        published = text(object["datePublished"]) ?? text(object["dateCreated"])
        modified = text(object["dateModified"])
        authors = (object["author"] ?? object["creator"])?.list.compactMap(name) ?? []
        publisher = object["publisher"]?.list.compactMap(name).first
        if let first = (object["image"] ?? object["thumbnailUrl"])?.list.first {
            let whole = first["url"] == nil ? first["@id"]?.text.flatMap { named[$0] } : nil
            image = first.text ?? (whole ?? first)["url"]?.list.first?.text
        }
        language = text(object["inLanguage"]?.list.first)
        summary = text(object["description"])
        let lines = object["articleBody"]?.text?.split(whereSeparator: \.isNewline) ?? []
        body = lines.map { plainText(ofHTML: String($0)) }.filter { !$0.isEmpty }
        switch object["isAccessibleForFree"] {
        case .bool(let value): isFree = value
        case .string(let word): isFree = word.lowercased() != "false"
        default: break
        }
    }
}
