/// A value that stands apart from what holds it: eight bytes there, whatever its size, and copies
/// share it. For values that are large, and either rare or the same in many places.
struct Shared<Value: Hashable & Sendable>: Hashable, Sendable {
    private final class Storage: Sendable {
        let value: Value

        init(_ value: Value) { self.value = value }
    }

    private let storage: Storage

    init(_ value: Value) { storage = Storage(value) }

    var value: Value { storage.value }

    static func == (a: Shared, b: Shared) -> Bool {
        a.storage === b.storage || a.value == b.value
    }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
