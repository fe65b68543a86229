internal import ArgumentParser
internal import Deduplication
internal import Ingestion

/// Thresholds given on the command line, by their names in the configuration.
struct Thresholds: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            """
            A threshold of the configuration's section [deciding]: near_duplicate_min, excerpt_min \
            or story_min with a value, 0.01…1.
            """, valueName: "name=value"))
    var settings: [String] = []

    func applied(to options: DecisionOptions) throws -> DecisionOptions {
        var options = options
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let value = Double(parts[1]), options.set(parts[0], to: value)
            else {
                let names = DecisionOptions.thresholdNames.joined(separator: ", ")
                throw Failure(
                    "--set \(setting): no threshold with a value of 0.01 to 1; there are \(names)",
                    Exit.usage)
            }
        }
        return options
    }
}
