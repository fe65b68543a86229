/// Text that was UTF-8, was read as windows-1252 and then encoded once more, as it was meant: `â€™`
/// was `’`, `Ã©` was `é`. nil when the text is no such thing.
///
/// The evidence must leave no doubt: the text has characters beyond ASCII, all of them are of
/// windows-1252, and as bytes of it they make well-formed UTF-8, of three bytes at least. Words of
/// no language do that by chance; a text about wrong encodings may well show one letter of two
/// bytes. Cost: linear.
package func undoingDoubleEncoding(_ text: String) -> String? {
    guard text.utf8Span.span.mayBeDoublyEncoded else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        guard let byte = windows1252Byte(of: scalar.value) else { return nil }
        bytes.append(byte)
    }
    guard bytes.count(where: { $0 >= 0x80 }) >= 3 else { return nil }
    let reading = UTF8Reading(bytes, isXML: true)
    return reading.replaced == 0 ? string(reading.bytes, reading.bytes.indices) : nil
}

extension Span<UInt8> {
    /// Whether the leads of sequences stand here as characters: `Â`…`ô` are C3 82 … C3 B4.
    fileprivate var mayBeDoublyEncoded: Bool {
        var index = 0
        while true {
            index = firstIndex(of: 0xC3, from: index, to: count)
            if index + 1 >= count { return false }
            if 0x82...0xB4 ~= self[index + 1] { return true }
            index += 1
        }
    }
}

private func windows1252Byte(of scalar: UInt32) -> UInt8? {
    switch scalar {
    case 0..<0x80, 0xA0...0xFF: return UInt8(truncatingIfNeeded: scalar)
    default:
        guard let index = windows1252C1.firstIndex(of: UInt16(truncatingIfNeeded: scalar)),
            scalar <= 0xFFFF
        else { return nil }
        return UInt8(truncatingIfNeeded: 0x80 + index)
    }
}
