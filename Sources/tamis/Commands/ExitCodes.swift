internal import ArgumentParser
internal import ArticleStore
internal import ControlAPI
internal import Glibc
internal import Ingestion

/// How commands end, for scripts: sysexits.h, and 3 where the daemon is not running, as the Linux
/// Standard Base has it for status commands. `tamis help` and the README list them.
enum Exit {
    /// What was asked for is not there, or not right: no such article, a damaged store.
    static let no = ExitCode(1)
    static let notRunning = ExitCode(3)
    static let usage = ExitCode(EX_USAGE)
    /// A document that cannot be read as what it should be.
    static let badInput = ExitCode(EX_DATAERR)
    static let noInput = ExitCode(EX_NOINPUT)
    /// The daemon is there and did not answer as it should.
    static let unavailable = ExitCode(EX_UNAVAILABLE)
    static let disk = ExitCode(EX_IOERR)
    /// Somebody else is at it: another daemon holds the store or the socket.
    static let busy = ExitCode(EX_TEMPFAIL)
    static let forbidden = ExitCode(EX_NOPERM)
    static let configuration = ExitCode(EX_CONFIG)
}

/// An error that a command ends with: its sentence on standard error, its exit code.
struct Failure: Error {
    let sentence: String
    let code: ExitCode

    init(_ sentence: String, _ code: ExitCode) {
        self.sentence = sentence
        self.code = code
    }

    init(_ error: ConfigurationMistakes) {
        self.init(error.description, Exit.configuration)
    }

    init(_ error: ControlError) {
        let code =
            switch error {
            case .notRunning: Exit.notRunning
            case .permissionDenied: Exit.forbidden
            case .refused(let problem): Self.code(of: problem)
            case .alreadyRunning, .addressInUse: Exit.busy
            case .pathTooLong, .notASocket, .unknownUser, .unknownGroup, .notLoopback,
                .badDescriptor:
                Exit.configuration
            case .system, .unexpectedAnswer, .connectionLost, .fellBehind, .timedOut:
                Exit.unavailable
            }
        self.init(error.description, code)
    }

    init(_ error: StoreError) {
        let code =
            switch error {
            case .locked: Exit.busy
            case .wrongOwner, .wrongMode, .readOnly: Exit.forbidden
            case .notAStore: Exit.noInput
            case .newerFormat: Exit.badInput
            default: Exit.disk
            }
        self.init(error.description, code)
    }

    init(_ error: SiftError) {
        let code =
            switch error {
            case .otherInput, .changedByHand: Exit.badInput
            case .lost: Exit.usage
            case .unreadable: Exit.disk
            }
        self.init(error.description, code)
    }

    init(_ error: LedgerError) {
        switch error {
        case .store(let error): self.init(error)
        case .closed: self.init(error.description, Exit.disk)
        }
    }

    /// The same question has the same code, whether the daemon or the files were asked.
    private static func code(of problem: ControlProblem) -> ExitCode {
        switch problem.status {
        case 400: Exit.usage
        case 404, 409: Exit.no
        case 422: Exit.configuration
        default: Exit.unavailable
        }
    }

    /// Any error, by what it is.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as ConfigurationMistakes: self.init(error)
        case let error as ControlError: self.init(error)
        case let error as ControlProblem:
            self.init(error.description, Self.code(of: error))
        case let error as StoreError: self.init(error)
        case let error as LedgerError: self.init(error)
        case let error as SiftError: self.init(error)
        case IngestorError.store(let error): self.init(error)
        case DaemonError.service(.store(let error)): self.init(error)
        case DaemonError.socket(let error): self.init(error)
        case OutputError.nobodyReads: self.init("", ExitCode.success)
        case let error as OutputError: self.init(error.description, Exit.disk)
        default: self.init("\(error)", Exit.no)
        }
    }
}

/// Runs a command's work and ends it the documented way: one clear sentence, one exit code.
func reporting(_ work: () async throws -> Void) async throws {
    do {
        try await work()
    } catch let code as ExitCode {
        throw code
    } catch {
        let failure = Failure(error)
        for line in failure.sentence.split(separator: "\n") {
            Terminal.complain(visible(String(line)))
        }
        throw failure.code
    }
}
