/// One mistake in a configuration file, with the place and what to do.
struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    let file: String
    /// From 1; nil when no line is to blame (a key that is missing, a file that cannot be read).
    let line: Int?
    /// The key meant, as a path: `feed[2].url`; nil when the file as a whole is meant.
    let key: String?
    let sentence: String

    /// `tamis.toml:14: feed[2].url: …`
    var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return "\(place): " + (key.map { "\($0): " } ?? "") + sentence
    }
}
