internal import Foundation
internal import Testing

/// The executable under test, which stands beside the test bundle.
enum Program {
    static let path: String = {
        let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: bundle ?? "/").deletingLastPathComponent().appending(path: "tamis")
            .path
    }()

    /// What a child sees of the environment: little, and nothing that leads it to a real daemon.
    static let environment: [String: String] = {
        let kept = ["PATH", "HOME", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"]
        return ProcessInfo.processInfo.environment.filter { kept.contains($0.key) }
            .merging(["LANG": "C.UTF-8"]) { _, new in new }
    }()

    static func start(
        _ arguments: [String], input: String = "", environment: [String: String] = [:],
        output: ChildProcess.Output = .kept
    ) throws -> ChildProcess {
        try ChildProcess(
            path, arguments, input: Array(input.utf8),
            environment: Self.environment.merging(environment) { _, new in new }, output: output)
    }
}

/// What a command said and how it ended.
struct Outcome: Sendable {
    let ending: ChildProcess.Ending
    let output: String
    let errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// Standard output as one JSON value.
    func json(sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
        try JSON(parsing: output, sourceLocation: sourceLocation)
    }

    /// Standard output as JSON lines.
    func jsonLines(sourceLocation: SourceLocation = #_sourceLocation) throws -> [JSON] {
        try lines.map { try JSON(parsing: $0, sourceLocation: sourceLocation) }
    }
}

/// Runs `tamis` with these arguments to its end.
func tamis(
    _ arguments: String..., input: String = "", environment: [String: String] = [:],
    output: ChildProcess.Output = .kept
) async throws -> Outcome {
    let child = try Program.start(
        arguments, input: input, environment: environment, output: output)
    let ending = try await child.end()
    return Outcome(
        ending: ending, output: String(decoding: child.output, as: UTF8.self),
        errors: child.errors)
}

/// Any JSON value, as a reader sees it who knows nothing of the types behind it.
enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(parsing text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let value = try? JSONSerialization.jsonObject(
            with: Data(text.utf8), options: .fragmentsAllowed)
        self.init(
            try #require(value, "not JSON: \(text.prefix(400))", sourceLocation: sourceLocation))
    }

    private init(_ value: Any) {
        switch value {
        case let text as String: self = .string(text)
        case let elements as [Any]: self = .array(elements.map { JSON($0) })
        case let members as [String: Any]: self = .object(members.mapValues { JSON($0) })
        case let number as NSNumber:
            let isBool = String(cString: number.objCType) == "c"
            self = isBool ? .bool(number.boolValue) : .number(number.doubleValue)
        default: self = .null
        }
    }

    subscript(key: String) -> JSON {
        if case .object(let members) = self { members[key] ?? .null } else { .null }
    }
    subscript(index: Int) -> JSON {
        elements.indices.contains(index) ? elements[index] : .null
    }
    var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
    var keys: Set<String> { if case .object(let members) = self { Set(members.keys) } else { [] } }
    var string: String? { if case .string(let text) = self { text } else { nil } }
    var integer: Int? { if case .number(let number) = self { Int(exactly: number) } else { nil } }
    var double: Double? { if case .number(let number) = self { number } else { nil } }
    var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
}

/// A new folder with a short name, which goes away with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "tamis-\(String(UInt32.random(in: .min ... .max), radix: 36))")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func url(_ name: String) -> URL { URL(filePath: "\(path)/\(name)") }

    /// Writes a file, with the folders that it needs, and gives back its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try write(Data(text.utf8), to: name)
    }

    @discardableResult
    func write(_ data: Data, to name: String) throws -> String {
        let file = url(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file.path
    }
}
