internal import ArgumentParser
internal import Dispatch
internal import Fetching
internal import Glibc
internal import Isolation

/// Where the process begins: before anything else is opened.
@main
enum Entrance {
    static func main() {
        occupyStandardDescriptors()
        let command = CommandLine.arguments.dropFirst().first ?? ""
        // Where something is fetched. Here the process has one thread.
        if ["run", "once", "demo", "fetch", "probe"].contains(command) { Fetcher.prepareProcess() }
        if command == "run" {
            DefaultExecutor.moveToOwnQueue()
            for signal in Daemon.signalsHeard { SignalSource.keep(signal) }
        }
        Task {
            await Tamis.main()
            exit(EXIT_SUCCESS)
        }
        dispatchMain()
    }

    /// Where a standard descriptor is closed, its number would go to whatever is opened next, and
    /// what is said would be written there.
    private static func occupyStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is the one that is missing.
            _ = open("/dev/null", O_RDWR)
        }
    }
}

struct Tamis: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tamis",
        abstract: "Watches news feeds and keeps what is new, with a reason for every decision.",
        discussion: """
            Exit codes: 0 done, 1 not there or not right, 3 the daemon is not running, 64 usage, \
            65 bad input, 66 no input, 69 the daemon does not answer, 74 disk, 75 busy, \
            77 forbidden, 78 configuration.
            """,
        version: tamisVersion,
        groupedSubcommands: [
            CommandGroup(
                name: "The daemon",
                subcommands: [
                    Run.self, Once.self, Check.self, ReloadCommand.self, Poll.self, Demo.self,
                ]),
            CommandGroup(
                name: "Asking",
                subcommands: [
                    Status.self, Feeds.self, Articles.self, Show.self, Why.self, New.self,
                    Stories.self, Seeds.self, Requests.self, Export.self,
                ]),
            CommandGroup(
                name: "Tools",
                subcommands: [
                    Sift.self, ReplayCommand.self, MarkCommand.self, ForgetCommand.self,
                    Inspect.self, FetchCommand.self, ProbeCommand.self, Verify.self,
                ]),
        ])
}
