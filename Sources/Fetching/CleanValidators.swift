package import News

/// No validator longer than this is kept or sent.
package let validatorBytesMax = 1024

/// The validators that may stand in a header line: single lines without control characters, at most
/// `validatorBytesMax` bytes. What a hostile server gave must not become a header of its choice.
package func clean(_ validators: Validators) -> Validators {
    Validators(
        etag: validators.etag.flatMap(cleanFieldValue),
        lastModified: validators.lastModified.flatMap(cleanFieldValue))
}

/// `value`, if it is a non-empty single line of at most `validatorBytesMax` bytes.
private func cleanFieldValue(_ value: String) -> String? {
    let isClean = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    return isClean && 1...validatorBytesMax ~= value.utf8.count ? value : nil
}
