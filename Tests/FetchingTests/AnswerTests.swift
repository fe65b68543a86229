import Fetching
import News
import Testing

/// The header of an answer, and what a complete answer means.
struct AnswerTests {
    private func head(_ lines: String...) -> ResponseHead {
        var head = ResponseHead()
        for line in lines { head.take(Array((line + "\r\n").utf8)) }
        return head
    }

    @Test(arguments: ResponseHead.Name.allCases)
    func everyFieldThatIsUsedIsFoundByItsName(name: ResponseHead.Name) {
        #expect(head("HTTP/1.1 200 OK", "\(name.rawValue): 7")[name] == "7")
        #expect(head("HTTP/1.1 200 OK", "\(name.rawValue.uppercased()):7 ")[name] == "7")
        #expect(head("HTTP/1.1 200 OK", "\(name.rawValue)x: 7")[name] == nil)
        #expect(head("HTTP/1.1 200 OK", "q\(name.rawValue.dropFirst()): 7")[name] == nil)
    }

    @Test func fieldsAreFoundCaseAside() {
        let head = head(
            "HTTP/1.1 200 OK", "ETAG:  \"a\" \t", "Cache-Control: a", "cache-control: b",
            "Set-Cookie: c", "no colon", ": no name", "")
        #expect(head.status == 200)
        #expect(head[.etag] == "\"a\"")
        #expect(head.all(.cacheControl) == ["a", "b"])
        #expect(head[.location] == nil)
        #expect(head.isComplete)
    }

    @Test func interimAnswersAreForgottenButCounted() {
        let head = head(
            "HTTP/1.1 103 Early Hints", "ETag: early", "", "HTTP/2 404", "Location: x", "")
        #expect(head.status == 404)
        #expect(head[.etag] == nil)
        #expect(head[.location] == "x")
        #expect(head.bytes == 26 + 13 + 2 + 12 + 13 + 2)
    }

    @Test func trailersChangeNothing() {
        var head = head("HTTP/1.1 200 OK", "ETag: a", "")
        head.take(Array("ETag: b\r\n".utf8))
        head.take(Array("HTTP/1.1 304 Trick\r\n".utf8), isBehindBody: true)
        #expect(head.status == 200)
        #expect(head.all(.etag) == ["a"])
        #expect(head.bytes == 17 + 9 + 2 + 9 + 20)
    }

    @Test(arguments: [" x", "\tETag: a", " "]) func headerBeginsWithALineOfItsOwn(line: String) {
        let complaint = "a line of its header or its trailer is no field"
        #expect(head("HTTP/1.1 200 OK", line).complaint == complaint)
        #expect(
            head("HTTP/1.1 103 x", "Link: a", "", "HTTP/1.1 200 OK", line).complaint == complaint)
        #expect(head("HTTP/1.1 200 OK", "Link: a", line).complaint == nil)
    }

    @Test func valueOutsideUTF8IsDropped() {
        var head = head("HTTP/1.1 200 OK")
        head.take(Array("ETag: ".utf8) + [0xE9, 0x0D, 0x0A])
        #expect(head[.etag] == nil)
    }

    @Test(arguments: [
        "HTTP/banana", "HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 2000 x", "HTTP/1.1 abc", "HTTP/1.1 -20",
        "HTTP/1.1 099 x", "HTTP/9 200 OK", "HTTP/ 200",
    ])
    func unreadableStatusLineIsAComplaint(line: String) {
        let head = head(line, "")
        #expect(head.complaint != nil)
        guard
            case .failure(.malformedAnswer) = readAnswer(
                head: head, body: [1], isConditional: false)
        else {
            Issue.record("\(line) was accepted")
            return
        }
    }

    @Test(arguments: [
        (200, true, false, Answer.body([1])), (203, true, false, .body([1])),
        (200, false, false, .failure(.emptyBody)), (203, false, false, .failure(.emptyBody)),
        (304, false, true, .notModified), (304, false, false, .failure(.status(304))),
        (201, true, false, .failure(.status(201))), (206, true, true, .failure(.status(206))),
        (300, true, false, .failure(.status(300))),
        (301, false, false, .redirect(location: nil, status: 301)),
        (308, true, false, .redirect(location: nil, status: 308)),
        (305, false, false, .failure(.status(305))), (410, true, false, .failure(.status(410))),
        (599, true, false, .failure(.status(599))),
    ])
    func statusAndBodyTellWhatItIs(status: Int, hasBody: Bool, isConditional: Bool, answer: Answer)
    {
        let head = head("HTTP/1.1 \(status)", "")
        #expect(
            readAnswer(head: head, body: hasBody ? [1] : [], isConditional: isConditional) == answer
        )
    }

    @Test func headWithoutAStatusIsNoAnswer() {
        #expect(
            readAnswer(head: ResponseHead(), body: [], isConditional: false)
                == .failure(.malformedAnswer("it has no status line")))
    }

    // MARK: libcurl's results

    private func failure(_ facts: TransferFacts) -> FetchError.Kind? {
        facts.failure(of: ResponseHead(), under: FetchOptions())
    }

    @Test(arguments: [
        (1, FetchError.Kind.malformedAnswer("w")), (6, .unknownHost("h")), (7, .connectionRefused),
        (8, .malformedAnswer("w")), (16, .connectionLost), (18, .connectionLost),
        (27, .headersTooLarge(bytesMax: 10)), (35, .handshake("w")), (52, .connectionLost),
        (56, .connectionLost), (60, .certificate(.expired)), (61, .contentCoding("w")),
        (63, .bodyTooLarge(bytesMax: 20)), (77, .authoritiesUnreadable(path: "ca")),
        (92, .connectionLost),
        (43, .malformedAnswer("a line of its header or its trailer is no field")),
        (2, .engine("w [2]")),
    ])
    func resultOfLibcurlHasAMeaning(code: Int, kind: FetchError.Kind) {
        var limits = FetchOptions()
        var facts = TransferFacts()
        facts.code = code
        facts.words = "w"
        facts.host = "h"
        facts.verification = 10
        facts.bodyBytesMax = 20
        limits.authoritiesFile = "ca"
        limits.headerBytesMax = 10
        #expect(facts.failure(of: ResponseHead(), under: limits) == kind)
    }

    @Test func badChunksAreNoLostConnection() {
        var facts = TransferFacts()
        facts.code = 56
        facts.words = "Illegal or missing hexadecimal sequence in chunked-encoding"
        #expect(failure(facts) == .malformedAnswer(facts.words))
        facts.words = "Recv failure: Connection reset by peer"
        #expect(failure(facts) == .connectionLost)
    }

    @Test(arguments: [
        (["5", "5"], true), (["5, 5"], true), (["5,5", "5,5"], true), (["5", "6"], false),
        (["5, 6"], false), (["5,"], false), (["5", "5, 5"], false),
    ])
    func lengthsMustAgree(values: [String], areEqual: Bool) {
        var head = ResponseHead()
        for line in ["HTTP/1.1 200 OK"] + values.map({ "Content-Length: \($0)" }) {
            head.take(Array("\(line)\r\n".utf8))
        }
        #expect((head.complaint == nil) == areEqual)
    }

    @Test func ownReasonGoesBeforeLibcurls() {
        var facts = TransferFacts()
        facts.code = 23
        facts.stop = .bodyTooLarge(bytesMax: 5)
        #expect(failure(facts) == .bodyTooLarge(bytesMax: 5))
        facts.stop = .enough
        #expect(failure(facts) == nil)
    }

    @Test(arguments: [
        (
            TransferFacts.Stop?.none, FetchError.Phase.connection,
            FetchError.Kind.timedOut(.connection, after: .seconds(10))
        ),
        (.isOutOfTime, .body, .timedOut(.body, after: .seconds(30))),
        (
            .firstByteIsLate(after: .seconds(7)), .handshake,
            .timedOut(.handshake, after: .seconds(7))
        ),
        (.isTooSlow, .firstByte, .timedOut(.firstByte, after: .seconds(5))),
        (.isTooSlow, .body, .tooSlow(bytesPerSecond: 100)),
    ])
    func timeoutNamesThePhaseAndTheLimit(
        stop: TransferFacts.Stop?, phase: FetchError.Phase, kind: FetchError.Kind
    ) {
        var facts = TransferFacts()
        var limits = FetchOptions()
        facts.code = stop == nil ? 28 : 42
        facts.stop = stop
        facts.phase = phase
        limits.timeMax = .seconds(30)
        limits.connectTimeMax = .seconds(10)
        limits.lowSpeedBytesPerSecond = 100
        limits.lowSpeedTimeMax = .seconds(5)
        #expect(facts.failure(of: ResponseHead(), under: limits) == kind)
    }

    @Test func wordsOfTheServerAreMadeReadable() {
        var facts = TransferFacts()
        facts.code = 35
        facts.words = "a\u{1B}[31m\u{202E}b\n" + String(repeating: "x", count: 500)
        #expect(failure(facts) == .handshake("a[31mb" + String(repeating: "x", count: 194)))
        facts.words = "\n"
        #expect(failure(facts) == .handshake("no reason given"))
    }

    @Test(arguments: [
        (FetchError.Kind.status(503), Instant?.none, FetchError.Retry.backOff),
        (.status(429), FetchScene.noon, .after(FetchScene.noon)),
        (.status(404), FetchScene.noon, .backOff), (.status(502), nil, .soon),
        (.status(410), nil, .never), (.cancelled, nil, .soon), (.emptyBody, nil, .backOff),
        (.hostAsksToWait(until: FetchScene.noon), nil, .after(FetchScene.noon)),
        (.unknownHost("x"), nil, .backOff), (.timedOut(.body, after: .seconds(1)), nil, .soon),
    ])
    func failureTellsWhenToRetry(kind: FetchError.Kind, after: Instant?, retry: FetchError.Retry) {
        #expect(FetchError(kind, url: "u", retryAfter: after).retry == retry)
    }

    @Test func sentenceNamesTheRemedyAndTheAddress() {
        let error = FetchError(
            .blockedAddress("10.0.0.1", reason: "a private address"), url: "http://wiki/")
        #expect(
            error.description
                == "the host leads to 10.0.0.1, a private address; to allow it, name the host or a "
                + "prefix of addresses in allowed_private_hosts (http://wiki/)")
    }
}
