import ControlAPI
import News
import Testing

@Suite struct EventTests {
    private func event(_ seq: UInt64) -> ControlEvent {
        .article(
            ArticleSummary(
                of: Record(
                    seq: seq, stored: FakeDaemon.noon,
                    body: .article(
                        FakeDaemon.article("t", "one two", in: "a"), FakeDaemon.verdict(.new)))))
    }

    @Test func eventsComeInOrderWithTheirSeqAsID() async throws {
        let served = try Served()
        defer { served.stop() }
        let reader = try RawConnection(unixSocket: served.folder("s"))
        await reader.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(
            try await reader.read(until: "retry: 3000\n\n")?.contains("text/event-stream") == true)
        served.server.publish(event(41))
        served.server.publish(.state(.stopping))
        let text = try #require(try await reader.read(until: "\"stopping\"}\n\n"))
        #expect(text.contains("id: 41\nevent: article\ndata: {"))
        #expect(text.contains("event: state\ndata: {\"state\":\"stopping\"}\n\n"))
        #expect(served.server.eventReaderCount == 1)
    }

    @Test func clientReadsEveryKindOfEvent() async throws {
        let reached = Gate()
        var daemon = FakeDaemon()
        daemon.records = []
        daemon.beforePage = { reached.open() }
        let served = try Served(daemon)
        defer { served.stop() }
        let sent: [ControlEvent] = [
            event(1), .feed(FakeDaemon.feeds[0]), .state(.storeUnavailable),
            .reload(Reload(at: FakeDaemon.noon, isApplied: false, problems: ["line 3"])),
        ]
        var events = served.client.events(after: 0).makeAsyncIterator()
        await reached.pass()
        for event in sent { served.server.publish(event) }
        for event in sent { #expect(try await events.next() == event) }
        served.server.stop()
        await #expect(throws: ControlError.connectionLost) { try await events.next() }
    }

    /// A record that is committed while the reader catches up comes once, and in its place.
    @Test(arguments: [0, 1, 3] as [UInt64])
    func resumedReaderSeesEachRecordOnce(_ after: UInt64) async throws {
        let (asked, go) = (Gate(), Gate())
        var daemon = FakeDaemon()
        daemon.beforePage = {
            asked.open()
            await go.pass()
        }
        let served = try Served(daemon)
        defer { served.stop() }
        var events = served.client.events(after: after).makeAsyncIterator()
        await asked.pass()
        // The store's page will hold 4 too.
        served.server.publish(event(4))
        served.server.publish(event(5))
        go.open()
        var seqs: [UInt64?] = []
        while seqs.last != 5 { seqs.append(try await events.next()?.seq) }
        #expect(seqs == ((after + 1)...5).map { $0 })
    }

    @Test func readerThatCatchesUpTooSlowlyIsHungUpOn() async throws {
        let (asked, go) = (Gate(), Gate())
        var daemon = FakeDaemon()
        daemon.beforePage = {
            asked.open()
            await go.pass()
        }
        let served = try Served(daemon)
        defer { served.stop() }
        let reader = try RawConnection(unixSocket: served.folder("s"))
        await reader.send("GET /events?after=0 HTTP/1.1\r\nHost: x\r\n\r\n")
        await asked.pass()
        // One more than may wait.
        for seq in 5...2005 { served.server.publish(event(UInt64(seq))) }
        #expect(try await !reader.readToEnd().contains("id: "))
        go.open()
    }

    @Test func clientThatReadsTooSlowlyIsTold() async throws {
        let served = try Served(limits: HTTPLimits(streamBytesMax: 1 << 30))
        defer { served.stop() }
        let events = served.client.events()
        while served.server.eventReaderCount == 0 { await Task.yield() }
        for _ in 0...ControlClient.eventsBufferedMax { served.server.publish(event(1)) }
        while served.server.eventReaderCount > 0 { await Task.yield() }
        var count = 0
        await #expect(throws: ControlError.fellBehind) {
            for try await _ in events { count += 1 }
        }
        #expect(count == ControlClient.eventsBufferedMax)
    }

    @Test func eventWithoutEndIsRefused() async throws {
        let folder = try TemporaryFolder()
        let listener = HTTPListener(limits: HTTPLimits(streamBytesMax: 1 << 30)) { _ in
            HTTPAnswer(
                body: .stream(heartbeat: []) { stream in
                    stream.send(Array("data: ".utf8) + [UInt8](repeating: 97, count: 2 << 20))
                })
        }
        defer { listener.stop() }
        try listener.listen(on: .unixSocket(UnixSocketOptions(path: folder("s"))))
        var events = ControlClient(socketPath: folder("s")).events().makeAsyncIterator()
        let error = await #expect(throws: ControlError.self) { try await events.next() }
        #expect(error?.description.contains("no end") == true)
    }

    @Test func lastEventIDGoesBeforeTheAddress() async throws {
        let served = try Served()
        defer { served.stop() }
        let reader = try RawConnection(unixSocket: served.folder("s"))
        await reader.send("GET /events?after=0 HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 3\r\n\r\n")
        let text = try #require(try await reader.read(until: "id: 4\n"))
        #expect(!text.contains("id: 1\n") && !text.contains("id: 3\n"))
    }

    @Test func failingReplayHangsUpSoThatTheReaderComesAgain() async throws {
        var daemon = FakeDaemon()
        daemon.storeProblem = ControlProblem(status: 503, detail: "not now")
        let served = try Served(daemon)
        defer { served.stop() }
        var events = served.client.events(after: 1).makeAsyncIterator()
        await #expect(throws: ControlError.connectionLost) { try await events.next() }
    }

    @Test func idleStreamBeats() async throws {
        let served = try Served(limits: HTTPLimits(heartbeatInterval: .milliseconds(5)))
        defer { served.stop() }
        let reader = try RawConnection(unixSocket: served.folder("s"))
        await reader.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in 0..<2 { #expect(try await reader.read(until: ": still here\n\n") != nil) }
    }

    @Test func slowReaderIsDroppedAndOthersAreNot() async throws {
        let served = try Served(limits: HTTPLimits(streamBytesMax: 50_000))
        defer { served.stop() }
        let slow = try RawConnection(unixSocket: served.folder("s"))
        await slow.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await slow.read(until: "retry: 3000\n\n") != nil)
        let quick = try RawConnection(unixSocket: served.folder("s"))
        await quick.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await quick.read(until: "retry: 3000\n\n") != nil)
        var seq: UInt64 = 0
        while served.server.eventReaderCount == 2, seq < 1_000_000 {
            seq += 1
            served.server.publish(event(seq))
            #expect(try await quick.read(until: "id: \(seq)\n") != nil)
        }
        #expect(seq < 1_000_000)
        await slow.waitForHangUp()
        served.server.publish(event(seq + 1))
        #expect(try await quick.read(until: "id: \(seq + 1)\n") != nil)
    }

    @Test func readerThatLeavesIsForgotten() async throws {
        let served = try Served(limits: HTTPLimits(heartbeatInterval: .milliseconds(5)))
        defer { served.stop() }
        var reader: RawConnection? = try RawConnection(unixSocket: served.folder("s"))
        await reader?.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await reader?.read(until: "retry: 3000\n\n") != nil)
        #expect(served.server.eventReaderCount == 1)
        reader = nil
        while served.server.eventReaderCount > 0 { await Task.yield() }
        #expect(served.server.eventReaderCount == 0)
    }
}
