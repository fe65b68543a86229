/// Bytes that neither change nor move while this is held: a mapped file, or memory. Numbers in them
/// are little-endian, and stand anywhere.
///
/// The only pointer of this target. A span would do as well where it can be kept for as long as it
/// is used; but each look-up asks several files in turn, and taking a span from Foundation's `Data`
/// takes longer than the look-up. Every read is checked against the length, and beyond it there are
/// zeros. It is `Sendable` unchecked because nobody writes to what it leads to.
@safe
package final class RunBytes: @unchecked Sendable {
    private let start: UnsafeRawPointer
    package let count: Int
    /// Gives the bytes back when it goes; nil for memory of our own.
    package let owner: AnyObject?

    /// Bytes that stay as long as `owner` does.
    package init?(_ bytes: UnsafeRawBufferPointer, heldBy owner: AnyObject) {
        guard let start = bytes.baseAddress else { return nil }
        unsafe self.start = start
        count = bytes.count
        self.owner = owner
    }

    /// A copy of these bytes.
    package init(copying bytes: [UInt8]) {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 8)
        unsafe bytes.withUnsafeBytes { from in
            if let source = from.baseAddress {
                unsafe memory.copyMemory(from: source, byteCount: from.count)
            }
        }
        unsafe start = UnsafeRawPointer(memory)
        count = bytes.count
        owner = nil
    }

    deinit {
        if owner == nil { unsafe start.deallocate() }
    }

    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        guard offset >= 0, offset <= count &- 8 else { return 0 }
        return UInt64(
            littleEndian: unsafe start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    func half(at offset: Int) -> UInt32 {
        guard offset >= 0, offset <= count &- 4 else { return 0 }
        return UInt32(
            littleEndian: unsafe start.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        guard offset >= 0, offset < count else { return 0 }
        return unsafe start.load(fromByteOffset: offset, as: UInt8.self)
    }
}
