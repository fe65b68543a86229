internal import ArgumentParser
internal import Fetching
internal import Foundation
internal import Ingestion
internal import News
internal import PageExtraction

/// Fetches one page as the daemon would, politely and never from a private address, and shows what
/// was made of it.
struct FetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch one page and print what its text is.",
        discussion: """
            Follows robots.txt and the limits of the daemon. Ends with 1 when the page cannot be \
            had, with 65 when it is no page.
            """)

    @Argument(help: "The page's address, http or https.")
    var url: String
    @Option(help: ArgumentHelp("Take limits and proxy from this file.", valueName: "file"))
    var config: String?
    @OptionGroup var privateHosts: PrivateHosts
    @Flag(name: .long, help: "Print JSON instead of text for people.")
    var json = false

    func validate() throws {
        guard HTTPURL(url) != nil else {
            throw ValidationError("\(url) is no http or https address")
        }
    }

    func run() async throws {
        try await reporting {
            guard let address = HTTPURL(url) else { throw Exit.usage }
            let terminal = Terminal.ofProcess()
            let result = read(try await answer(from: address))
            if json { try printJSON(PageInspection(result), to: terminal) }
            switch result {
            case .failure(let error): throw Failure(error.description, Exit.badInput)
            case .success(let page) where !json:
                for line in page.lines(for: terminal) { try terminal.line(line) }
            case .success: break
            }
        }
    }

    private func answer(from address: HTTPURL) async throws(Failure) -> FetchResponse {
        let fetcher = Fetcher(options: try options(), now: Clock.system.now)
        let result: Result<FetchResponse, FetchError>
        do throws(FetchError) {
            result = .success(try await fetcher.fetch(FetchRequest(url: address, purpose: .page)))
        } catch {
            result = .failure(error)
        }
        await fetcher.shutDown()
        switch result {
        case .success(let response): return response
        case .failure(let error): throw Failure(error.description, Exit.no)
        }
    }

    private func options() throws(Failure) -> FetchOptions {
        var options = FetchOptions()
        if let config {
            do throws(ConfigurationMistakes) {
                options = try Configuration.read(config).ingestion.fetching
            } catch {
                throw Failure(error)
            }
        }
        try privateHosts.allow(in: &options)
        return options
    }

    private func read(_ response: FetchResponse) -> Result<Extraction, PageError> {
        var bytes: [UInt8] = []
        if case .body(let body) = response.content { bytes = body }
        do throws(PageError) {
            return .success(
                try readPage(
                    bytes, from: response.finalURL, declared: response.contentType,
                    limits: PageLimits()))
        } catch {
            return .failure(error)
        }
    }
}
