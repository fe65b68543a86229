import Dispatch
import Glibc
import Isolation
import Synchronization
import Testing

/// Counts what arrives on its queue, and wakes whoever waits for the count.
private actor Counter: QueueActor {
    nonisolated let executor: QueueExecutor
    private var count = 0
    private var waiting: (count: Int, continuation: CheckedContinuation<Int, Never>)?
    private var kept: [AnyObject] = []
    private var paused: DescriptorSource?

    init(on executor: QueueExecutor = QueueExecutor(label: "test.counter")) {
        self.executor = executor
    }

    func add() {
        dispatchPrecondition(condition: .onQueue(queue))
        count += 1
        if let waiting, count >= waiting.count {
            self.waiting = nil
            waiting.continuation.resume(returning: count)
        }
    }

    func reached(_ target: Int) async -> Int {
        if count >= target { return count }
        return await withCheckedContinuation { waiting = (target, $0) }
    }

    func startTimer(repeating: Duration?) {
        let timer = QueueTimer(of: self) { $0.add() }
        timer.arm(after: .zero, repeating: repeating)
        kept.append(timer)
    }

    func listen(to number: Int32) {
        kept.append(SignalSource(number, of: self) { $0.add() })
    }

    func watch(_ descriptor: Int32) {
        kept.append(
            DescriptorSource(owning: descriptor, of: self) { counter in
                var byte: UInt8 = 0
                while read(descriptor, &byte, 1) == 1 { counter.add() }
            })
    }

    /// Takes one byte at a time, and pauses after each until `goOn`.
    func watchWithPauses(_ descriptor: Int32) {
        let source = DescriptorSource(owning: descriptor, of: self) { counter in
            var byte: UInt8 = 0
            if read(descriptor, &byte, 1) == 1 { counter.add() }
            counter.paused?.pause()
        }
        paused = source
        kept.append(source)
    }

    func goOn() { paused?.goOn() }

    func letGo() {
        paused = nil
        kept.removeAll()
    }

    func addTwice(of other: Counter) async {
        await other.add()
        await other.add()
    }
}

struct QueueActorTests {
    @Test func actorRunsOnItsQueue() async {
        let counter = Counter()
        await counter.add()
        #expect(await counter.reached(1) == 1)
        counter.queue.sync { counter.assumeIsolated { $0.add() } }
        #expect(await counter.reached(2) == 2)
    }

    @Test func actorsShareAnExecutor() async {
        let executor = QueueExecutor(label: "test.shared")
        let first = Counter(on: executor)
        let second = Counter(on: executor)
        await first.addTwice(of: second)
        #expect(await second.reached(2) == 2)
    }

    @Test func timerRingsOnTheActorsQueue() async {
        let counter = Counter()
        await counter.startTimer(repeating: nil)
        #expect(await counter.reached(1) == 1)
    }

    @Test func repeatingTimerGoesOn() async {
        let counter = Counter()
        await counter.startTimer(repeating: .milliseconds(1))
        #expect(await counter.reached(5) >= 5)
        await counter.letGo()
    }

    @Test func timerDoesNotKeepItsActorAlive() async {
        weak var gone: Counter?
        do {
            let counter = Counter()
            await counter.startTimer(repeating: .seconds(3600))
            gone = counter
        }
        while gone != nil { await Task.yield() }
        #expect(gone == nil)
    }

    @Test func signalArrivesInsteadOfKilling() async {
        let counter = Counter()
        await counter.listen(to: SIGUSR1)
        // The source is armed by Dispatch's own thread: signal until it has been seen.
        let sender = Task {
            while !Task.isCancelled {
                kill(getpid(), SIGUSR1)
                await Task.yield()
            }
        }
        #expect(await counter.reached(3) >= 3)
        sender.cancel()
        await sender.value
    }

    /// Nobody sends a second SIGTERM because the first came early.
    @Test(.timeLimit(.minutes(1))) func aSignalThatComesBeforeItsListenerIsHeard() async {
        SignalSource.keep(SIGUSR2)
        kill(getpid(), SIGUSR2)
        while !SignalSource.hasKept(SIGUSR2) { await Task.yield() }
        let counter = Counter()
        await counter.listen(to: SIGUSR2)
        #expect(await counter.reached(1) == 1)
        #expect(!SignalSource.hasKept(SIGUSR2))
    }

    /// Writes to a pipe until its reading end is closed, as its source's cancel handler does.
    private func reachTheEnd(of end: Int32) async {
        signal(SIGPIPE, SIG_IGN)
        var failure: Int32 = 0
        while failure != EPIPE {
            failure = write(end, [1], 1) == 1 ? 0 : errno
            await Task.yield()
        }
        close(end)
    }

    private func pipeWithoutWaiting() -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        for end in ends { #expect(fcntl(end, F_SETFL, O_NONBLOCK) == 0) }
        return (ends[0], ends[1])
    }

    @Test func descriptorIsReadAndClosedInTheEnd() async {
        let ends = pipeWithoutWaiting()
        let counter = Counter()
        await counter.watch(ends.read)
        #expect(write(ends.write, [1, 2, 3], 3) == 3)
        #expect(await counter.reached(3) == 3)
        await counter.letGo()
        await reachTheEnd(of: ends.write)
    }

    /// Goes so many times to Dispatch and back, by a descriptor.
    private func ring(_ times: Int, on executor: QueueExecutor) async {
        let ends = pipeWithoutWaiting()
        let bell = Counter(on: executor)
        await bell.watch(ends.read)
        for count in 1...times {
            #expect(write(ends.write, [1], 1) == 1)
            #expect(await bell.reached(count) == count)
        }
        await bell.letGo()
        await reachTheEnd(of: ends.write)
    }

    @Test func aPausedDescriptorTellsOnceForEachTimeThatItGoesOn() async {
        let ends = pipeWithoutWaiting()
        let counter = Counter()
        #expect(write(ends.write, [1, 2, 3], 3) == 3)
        await counter.watchWithPauses(ends.read)
        for count in 1...3 {
            #expect(await counter.reached(count) == count)
            // What is told of another descriptor meanwhile would come after what is left in this
            // one: Dispatch looks at both, and both arrive on this queue.
            await ring(10, on: counter.executor)
            #expect(await counter.reached(count) == count, "it pauses")
            await counter.goOn()
        }
        // Nothing is left to read: what comes now is told, and it may be let go while it pauses.
        #expect(write(ends.write, [4], 1) == 1)
        #expect(await counter.reached(4) == 4)
        await counter.letGo()
        await reachTheEnd(of: ends.write)
    }

    /// Work beside the tasks' queue comes after what waited for that queue before it, though its
    /// own queue has the turn.
    @Test func workAfterTasksIsDone() async {
        let executor = QueueExecutor(besideTasks: "test.beside")
        let tasks = QueueExecutor(besideTasks: "test.tasks").queue
        let said = Mutex<[String]>([])
        await withCheckedContinuation { done in
            // While this runs, nothing else does on either queue.
            executor.queue.async {
                tasks.async { said.withLock { $0.append("task") } }
                executor.afterTasks {
                    executor.checkIsolated()
                    said.withLock { $0.append("work") }
                    done.resume()
                }
            }
        }
        #expect(said.withLock { $0 } == ["task", "work"])
    }

    /// An actor whose end is the end of another one, and of the executor that it runs on.
    @Test func actorsMayEndOneInAnother() async {
        for _ in 0..<200 {
            let ended = AsyncStream<Int>.makeStream()
            do {
                var inner: Ending?
                for number in 0..<8 { inner = Ending(number, inner, ended.continuation) }
                await inner?.touch()
            }
            var numbers: [Int] = []
            for await number in ended.stream {
                numbers.append(number)
                if numbers.count == 8 { break }
            }
            #expect(numbers == [7, 6, 5, 4, 3, 2, 1, 0])
        }
    }
}

private actor Ending: QueueActor {
    nonisolated let executor = QueueExecutor(label: "ending")
    private let number: Int
    private var next: Ending?
    private let ended: AsyncStream<Int>.Continuation

    init(_ number: Int, _ next: Ending?, _ ended: AsyncStream<Int>.Continuation) {
        self.number = number
        self.next = next
        self.ended = ended
    }

    func touch() {}

    isolated deinit { ended.yield(number) }
}
