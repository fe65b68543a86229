internal import Foundation
internal import News

/// Hosts that asked to be left alone, kept from one start to the next.
struct HeldHosts: Codable, Sendable {
    static let name = "holds.json"
    /// Hosts and the instants until which they want no requests.
    var until: [String: Instant]

    var bytes: [UInt8] { (try? JSONEncoder().encode(self)).map { Array($0) } ?? [] }

    init(_ until: [String: Instant]) { self.until = until }

    /// nil when the bytes are something else.
    init?(bytes: [UInt8]) {
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = read
    }
}
