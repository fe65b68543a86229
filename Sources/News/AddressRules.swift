/// The rules of `AddressRules.txt`: which parts of an address say how a reader came, or which
/// rendering he wants, and not what is read.
package struct AddressRules: Sendable {
    /// Leading labels of a host, each with its dot.
    package private(set) var labels: [String] = []
    /// Labels that may follow one other label, each with its dot.
    private(set) var innerLabels: [String] = []
    /// Hosts whose addresses hold those of other pages behind one segment of their path …
    private(set) var caches: [String] = []
    /// … or behind a path of their own.
    private(set) var viewers: [Viewer] = []
    /// File names that stand for their folder, each with its slash.
    private(set) var indexes: [String] = []
    /// Ends of a path, with what takes their place.
    private(set) var endings: [Ending] = []
    /// Parameters of a segment, as `;name=`.
    private(set) var matrixParameters: [String] = []
    /// How whole segments begin and end, in lower case.
    private(set) var segments: [Segment] = []
    /// Parameters of the query by their names, in lower case …
    private var parameters: Set<String> = []
    /// … by how those begin …
    private var parameterStarts: [String] = []
    /// … and as `name=value`.
    private var parametersWithValue: Set<String> = []
    /// Lines that are no rule; a test keeps it empty.
    package private(set) var unread: [String] = []

    struct Viewer: Sendable {
        var host: String
        var path: String
    }
    struct Ending: Sendable {
        var text: String
        var replacement: String
    }
    struct Segment: Sendable {
        var start: String
        var end: String
    }

    /// The rules that are built in.
    package static let standard = AddressRules(
        text: String(decoding: PackageResources.AddressRules_txt, as: UTF8.self))

    /// From text in the form of the file.
    package init(text: String) {
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map(String.init)
            if !take(words) { unread.append(String(line)) }
        }
    }

    private mutating func take(_ words: [String]) -> Bool {
        guard words.count >= 2 else { return false }
        let word = words[1]
        switch (words[0], words.count) {
        case ("label", 2): labels.append(word + ".")
        case ("inner", 2): innerLabels.append(word + ".")
        case ("cache", 2): caches.append(word)
        case ("viewer", 2):
            guard let slash = word.firstIndex(of: "/") else { return false }
            viewers.append(Viewer(host: String(word[..<slash]), path: String(word[slash...])))
        case ("index", 2): indexes.append("/" + word)
        case ("ending", 2...3):
            endings.append(Ending(text: word, replacement: words.count == 3 ? words[2] : ""))
        case ("matrix", 2): matrixParameters.append(";\(word)=")
        case ("segment", 3): segments.append(Segment(start: word, end: words[2]))
        case ("parameter", 2): takeParameter(word)
        default: return false
        }
        return true
    }

    private mutating func takeParameter(_ word: String) {
        if word.hasSuffix("*") {
            parameterStarts.append(String(word.dropLast()))
        } else if word.contains("=") {
            parametersWithValue.insert(word)
        } else {
            parameters.insert(word)
        }
    }

    /// Whether a parameter of a query, `name=value` in lower case, says nothing of what is read.
    /// One with an empty value does not.
    package func passesOver(_ parameter: String) -> Bool {
        guard let mark = parameter.firstIndex(of: "=") else {
            return isPassedOver(name: parameter)
        }
        return parameter.index(after: mark) == parameter.endIndex
            || isPassedOver(name: String(parameter[..<mark]))
            || parametersWithValue.contains(parameter)
    }

    private func isPassedOver(name: String) -> Bool {
        parameters.contains(name) || parameterStarts.contains { name.hasPrefix($0) }
    }
}
