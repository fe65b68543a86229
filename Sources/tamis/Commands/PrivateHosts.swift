internal import ArgumentParser
internal import Fetching

/// Hosts that a command may go to though they have private addresses, written as in
/// `allowed_private_hosts` of the configuration.
struct PrivateHosts: ParsableArguments {
    @Option(
        name: .customLong("private"),
        help: ArgumentHelp("A host that may have a private address.", valueName: "host"))
    var names: [String] = []

    func allow(in options: inout FetchOptions) throws(Failure) {
        for host in names where !options.allowPrivate(host) {
            throw Failure("--private: \"\(host)\" \(FetchOptions.privateForm)", Exit.usage)
        }
    }
}
