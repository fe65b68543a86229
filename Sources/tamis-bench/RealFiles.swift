internal import Foundation

/// A folder of documents that cannot be read.
struct UnreadableFolder: Error {
    let sentence: String
}

/// The plain files of a folder and of the folders in it, in the order of their paths; hidden ones,
/// empty ones and those above `bytesMax` are passed over.
/// - Throws: `UnreadableFolder`, also when nothing is there.
func realFiles(in folder: String, bytesMax: Int = 8 << 20) throws -> [[UInt8]] {
    guard
        let walk = FileManager.default.enumerator(
            at: URL(filePath: folder), includingPropertiesForKeys: [.isRegularFileKey],
            options: [.skipsHiddenFiles])
    else { throw UnreadableFolder(sentence: "\(folder) cannot be read") }
    var paths: [String] = []
    while let url = walk.nextObject() as? URL {
        let values = try? url.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
        guard values?.isRegularFile == true, 1...bytesMax ~= values?.fileSize ?? 0 else { continue }
        paths.append(url.path(percentEncoded: false))
    }
    let files = paths.sorted().compactMap { path in
        FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }
    guard !files.isEmpty else {
        throw UnreadableFolder(sentence: "\(folder) holds no file that can be read")
    }
    return files
}
