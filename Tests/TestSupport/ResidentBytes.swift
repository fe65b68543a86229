import Foundation

/// How many bytes of the files whose paths begin so this process has mapped and in memory:
/// proc(5), `smaps`.
package func residentBytes(ofFilesAt path: String) throws -> Int {
    var isOfFile = false
    var kilobytes = 0
    // Other ways of reading a file stop where it is as long as it says, which is nowhere.
    let maps = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps")).readToEnd()
    for line in String(decoding: maps ?? Data(), as: UTF8.self).split(separator: "\n") {
        let fields = line.split(separator: " ", omittingEmptySubsequences: true)
        if fields.first?.hasSuffix(":") != true {
            isOfFile = fields.count > 5 && fields[5].hasPrefix(path)
        } else if isOfFile, fields.first == "Rss:", fields.count > 1 {
            kilobytes += Int(fields[1]) ?? 0
        }
    }
    return kilobytes * 1024
}
