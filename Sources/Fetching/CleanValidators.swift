package import News

/// The validators that may stand in a header line: single lines without control characters, at most
/// `bytesMax` bytes. What a hostile server gave must not become a header of its choice.
package func clean(_ validators: Validators, bytesMax: Int) -> Validators {
    Validators(
        etag: validators.etag.flatMap { cleanFieldValue($0, bytesMax) },
        lastModified: validators.lastModified.flatMap { cleanFieldValue($0, bytesMax) })
}

/// `value`, if it is a non-empty single line of at most `bytesMax` bytes.
private func cleanFieldValue(_ value: String, _ bytesMax: Int) -> String? {
    let count = value.utf8.count
    guard count > 0, count <= bytesMax else { return nil }
    let isPrintable = { (byte: UInt8) in byte >= 0x20 && byte != 0x7F }
    let isClean =
        value.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(isPrintable) }
        ?? value.utf8.allSatisfy(isPrintable)
    return isClean ? value : nil
}
