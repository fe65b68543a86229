internal import Foundation

/// A host's name in the letters that the domain name system knows: labels of other scripts as
/// `xn--…` (RFC 5890; RFC 3492), compatible characters as those that they stand for (full-width
/// letters, ideographic full stops). A name that cannot be brought to them stays as it is.
/// Idempotent. Cost: linear, for names in ASCII one look.
package func asciiName(ofHost host: String) -> String {
    guard host.utf8.contains(where: { $0 >= 0x80 }) else { return host }
    let dots: Set<Unicode.Scalar> = ["\u{3002}", "\u{FF0E}", "\u{FF61}"]
    var plain = String.UnicodeScalarView()
    for scalar in host.unicodeScalars { plain.append(dots.contains(scalar) ? "." : scalar) }
    let mapped = String(plain).precomposedStringWithCompatibilityMapping.lowercased()
        .precomposedStringWithCanonicalMapping
    var labels: [String] = []
    for label in mapped.split(separator: ".", omittingEmptySubsequences: false) {
        guard !label.isEmpty, let name = asciiLabel(of: String(label)) else { return host }
        labels.append(name)
    }
    let name = labels.joined(separator: ".")
    return name.utf8.count <= 253 ? name : host
}

private func asciiLabel(of label: String) -> String? {
    if label.utf8.allSatisfy({ $0 < 0x80 }) {
        let isName = label.utf8.allSatisfy {
            isLetter($0) || 0x30...0x39 ~= $0 || $0 == 0x2D || $0 == 0x5F
        }
        return isName ? label : nil
    }
    return punycode(label.unicodeScalars.map(\.value)).map { "xn--" + $0 }
}

/// RFC 3492, section 6.3; nil for a label that grows longer than 63 bytes.
private func punycode(_ scalars: [UInt32]) -> String? {
    let labelBytesMax = 63
    guard scalars.count <= labelBytesMax else { return nil }
    var output = scalars.filter { $0 < 0x80 }.map { UInt8(truncatingIfNeeded: $0) }
    guard output.allSatisfy({ isLetter($0) || 0x30...0x39 ~= $0 || $0 == 0x2D || $0 == 0x5F })
    else { return nil }
    let basicCount = output.count
    if basicCount > 0 { output.append(UInt8(ascii: "-")) }
    // No more than 63 scalars below 2^21: nothing here comes near an overflow of 64 bits.
    var (limit, delta, bias, done) = (128, 0, 72, basicCount)
    while done < scalars.count {
        guard let next = scalars.lazy.map({ Int($0) }).filter({ $0 >= limit }).min() else {
            return nil
        }
        delta += (next - limit) * (done + 1)
        limit = next
        for scalar in scalars.map({ Int($0) }) {
            if scalar < limit { delta += 1 }
            guard scalar == limit else { continue }
            appendVariableLength(delta, bias: bias, to: &output)
            bias = adapted(delta, points: done + 1, isFirst: done == basicCount)
            delta = 0
            done += 1
        }
        delta += 1
        limit += 1
    }
    guard output.count + 4 <= labelBytesMax else { return nil }
    return String(decoding: output, as: UTF8.self)
}

private func appendVariableLength(_ delta: Int, bias: Int, to output: inout [UInt8]) {
    let digits = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    var (rest, position) = (delta, 36)
    while true {
        let threshold = min(max(position - bias, 1), 26)
        guard rest >= threshold else { break }
        output.append(digits[threshold + (rest - threshold) % (36 - threshold)])
        rest = (rest - threshold) / (36 - threshold)
        position += 36
    }
    output.append(digits[rest])
}

/// RFC 3492, section 6.1.
private func adapted(_ delta: Int, points: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / points
    var position = 0
    while delta > 35 * 26 / 2 {
        delta /= 35
        position += 36
    }
    return position + 36 * delta / (delta + 38)
}
