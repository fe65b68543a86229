/// What the bytes themselves say of their charset, when nobody else does and they are not UTF-8.
///
/// Two-byte charsets are told by their structure and by the characters that every text in them
/// uses; single-byte ones by which half of the table the letters stand in. Windows-1252 is the
/// answer in doubt. Cost: linear in at most `sampleBytesMax` bytes.
func charsetByEvidence(_ body: [UInt8]) -> Charset {
    let sample = body.prefix(sampleBytesMax)
    let candidates: [(charset: Charset, score: Int)] = [
        (.shiftJIS, shiftJISScore(sample)), (.eucJP, eucScore(sample, common: [0xA4, 0xA5])),
        (.gb18030, eucScore(sample, common: 0xB0...0xD7)),
        (.eucKR, eucScore(sample, common: 0xB0...0xC8)), (.big5, big5Score(sample)),
        (.windows1251, cyrillicScore(sample, lowerCase: 0xE0...0xFF)),
        (.koi8r, cyrillicScore(sample, lowerCase: 0xC0...0xDF)),
    ]
    // The first of equals wins: EUC-KR needs more of its own range than Chinese does to be told.
    var best = (charset: Charset.windows1252, score: scoreMin)
    for candidate in candidates where candidate.score > best.score { best = candidate }
    return best.charset
}

private let sampleBytesMax = 65_536
/// Percent of the characters beyond ASCII that must be of the charset's common ones.
private let scoreMin = 60

/// EUC: pairs of A1…FE. Percent of pairs whose lead is common; 0 when a byte stands alone.
private func eucScore(_ bytes: ArraySlice<UInt8>, common: some Collection<UInt8>) -> Int {
    let leads = Set(common)
    return pairScore(
        bytes, isTrail: { 0xA1...0xFE ~= $0 },
        isCommon: { lead, _ in
            leads.contains(lead) || lead == 0xA1 || lead == 0xA3
        }) - (leads.count > 30 ? 2 : leads.count > 2 ? 1 : 0)
}

/// Big5: trails also in ASCII's letters; A4…C6 are the frequently used characters.
private func big5Score(_ bytes: ArraySlice<UInt8>) -> Int {
    var lowTrails = 0
    let score = pairScore(
        bytes, isTrail: { 0x40...0x7E ~= $0 || 0xA1...0xFE ~= $0 },
        isCommon: { lead, trail in
            if trail < 0x80 { lowTrails += 1 }
            return 0xA4...0xC6 ~= lead || lead == 0xA1
        })
    return lowTrails > 0 ? score : 0
}

/// Shift_JIS: kana have the leads 82 and 83.
private func shiftJISScore(_ bytes: ArraySlice<UInt8>) -> Int {
    var kana = 0
    var pairs = 0
    let score = pairScore(
        bytes, leads: { 0x81...0x9F ~= $0 || 0xE0...0xFC ~= $0 },
        isTrail: { $0 >= 0x40 && $0 != 0x7F && $0 <= 0xFC },
        isCommon: { lead, _ in
            pairs += 1
            if lead == 0x82 || lead == 0x83 { kana += 1 }
            return 0x81...0x9F ~= lead
        })
    return kana * 5 > pairs ? score : 0
}

/// Percent of the pairs that are common; 0 when a byte beyond ASCII is in no pair.
private func pairScore(
    _ bytes: ArraySlice<UInt8>, leads: (UInt8) -> Bool = { 0xA1...0xFE ~= $0 },
    isTrail: (UInt8) -> Bool, isCommon: (UInt8, UInt8) -> Bool
) -> Int {
    var pairs = 0
    var common = 0
    var next = bytes.startIndex
    while next < bytes.endIndex {
        let lead = bytes[next]
        next += 1
        if lead < 0x80 { continue }
        guard next < bytes.endIndex else { break }
        guard leads(lead), isTrail(bytes[next]) else { return 0 }
        pairs += 1
        if isCommon(lead, bytes[next]) { common += 1 }
        next += 1
    }
    return pairs >= 4 ? common * 100 / pairs : 0
}

/// Percent of the bytes beyond ASCII that are lower-case Cyrillic letters beside another letter.
private func cyrillicScore(_ bytes: ArraySlice<UInt8>, lowerCase: ClosedRange<UInt8>) -> Int {
    var total = 0
    var inWords = 0
    var previous: UInt8 = 0
    for byte in bytes {
        if byte >= 0x80 {
            total += 1
            if lowerCase ~= byte, previous >= 0xC0 { inWords += 1 }
        }
        previous = byte
    }
    return total >= 4 ? inWords * 100 / total : 0
}
