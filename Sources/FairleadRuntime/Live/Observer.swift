import FairleadModel
import FairleadNode
import FairleadTransport
import NIOCore
import Synchronization

/// Where a run's news becomes lines: the log, the terminal, the clients that follow, and the newest fills.
///
/// Lives on the control loop. The engine's loop only hands batches over; when more than `backlogLimit` notices wait
/// here, the newest batch is dropped and counted: trading never waits for a reader.
final class Observer: EngineObserver, @unchecked Sendable {
    // Unchecked: all but the atomics is read and written on the control loop alone.
    static let backlogLimit = 65_536

    let loop: any EventLoop
    private let runID: String
    private let file: LineSink
    private let console: LineSink?
    private let isHuman: Bool
    private let isColored: Bool
    private var names: RunNames
    private var followers: [ObjectIdentifier: Follower] = [:]
    private var fills: [[UInt8]] = []
    private let missed = Atomic<UInt64>(0)
    private let backlog = Atomic<Int>(0)
    private let lost = Atomic<UInt64>(0)
    private var limiter = LogLimiter()
    private let suppressed = Atomic<UInt64>(0)
    private let signalsDropped = Atomic<UInt64>(0)
    private let requestsRefused = Atomic<UInt64>(0)
    private let clientsRefused = Atomic<UInt64>(0)
    private var isReportDue = false

    /// A client that follows, and how many notices it has lost since it last took one.
    private struct Follower {
        let connection: LineConnection
        var dropped: UInt64 = 0
    }

    init(
        loop: any EventLoop,
        runID: String,
        instruments: [Instrument],
        file: LineSink,
        console: LineSink?,
        isHuman: Bool,
        isColored: Bool
    ) {
        self.loop = loop
        self.runID = runID
        self.file = file
        self.console = console
        self.isHuman = isHuman
        self.isColored = isColored
        names = RunNames(instruments)
    }

    var losses: ObserverLosses {
        ObserverLosses(
            notices: lost.load(ordering: .relaxed),
            logLines: file.dropped,
            consoleLines: console?.dropped ?? 0,
            followerNotices: missed.load(ordering: .relaxed),
            suppressedLines: suppressed.load(ordering: .relaxed),
            signals: signalsDropped.load(ordering: .relaxed),
            requests: requestsRefused.load(ordering: .relaxed),
            clients: clientsRefused.load(ordering: .relaxed),
            isLogFailing: file.isFailing
        )
    }

    // MARK: - News

    func take(_ news: EngineNews) {
        let count = news.notices.count + 1
        var news = news
        if backlog.load(ordering: .relaxed) + count > Self.backlogLimit {
            // Names are kept whatever happens: they are few, and bounded by the engine.
            lost.wrappingAdd(UInt64(news.notices.count), ordering: .relaxed)
            news.notices = []
        }
        let kept = news
        backlog.wrappingAdd(count, ordering: .relaxed)
        loop.execute {
            self.show(kept)
            self.backlog.wrappingSubtract(count, ordering: .relaxed)
        }
    }

    private func show(_ news: EngineNews) {
        for strategy in news.strategies { names.setStrategy(strategy.index, strategy.name) }
        for signal in news.signals { names.add(signal: signal.number, signal.id) }
        for reason in news.reasons { names.setReason(reason.number, reason.text) }
        if news.lost > 0 { lost.wrappingAdd(news.lost, ordering: .relaxed) }
        for refusal in news.refusals { names.setRefusal(refusal.number, refusal.text) }
        for fault in news.venueFaults {
            write(LogLine("venue", "not connected: \(fault)", level: .warning, at: SystemClock().now))
        }
        for entry in news.notices {
            if let line = LogLine(entry, names: names) { write(line) }
            tell(entry)
        }
    }

    /// What an earlier run of the journal named. From any thread.
    func recall(_ earlier: RunNames) {
        loop.execute { self.names.inherit(earlier) }
    }

    /// A line of the runtime's own. From any thread.
    func log(_ line: LogLine) {
        loop.execute { self.write(line) }
    }

    /// A signal of a file was not taken. From any thread.
    func signalDropped(_ id: String?, _ reason: String) {
        signalsDropped.wrappingAdd(1, ordering: .relaxed)
        var line = LogLine("signal_dropped", reason, level: .warning, at: SystemClock().now)
        line.signal = id
        log(line)
    }

    /// A line of the control socket was no request. From any thread.
    func requestRefused() { requestsRefused.wrappingAdd(1, ordering: .relaxed) }

    /// A client of the control socket found no place. From any thread.
    func clientRefused(_ reason: String) {
        clientsRefused.wrappingAdd(1, ordering: .relaxed)
        log(LogLine("client_refused", reason, level: .warning, at: SystemClock().now))
    }

    private func write(_ line: LogLine) {
        limiter.take(line, at: SystemClock().now).forEach(put)
        let count = limiter.suppressed
        if count == suppressed.load(ordering: .relaxed) { return }
        suppressed.store(count, ordering: .relaxed)
        scheduleReport()
    }

    private func scheduleReport() {
        if isReportDue { return }
        isReportDue = true
        _ = loop.scheduleTask(in: .seconds(1)) { self.report() }
    }

    /// Tells what was suppressed, once its second is over; before the end all of it.
    func report(isLast: Bool = false) {
        isReportDue = false
        limiter.reports(at: SystemClock().now, isLast: isLast).forEach(put)
        if limiter.hasUntold { scheduleReport() }
    }

    private func put(_ line: LogLine) {
        let json = line.json(runID: runID)
        file.append(json)
        guard let console else { return }
        console.append(isHuman ? line.human(isColored: isColored) : json)
    }

    // MARK: - Followers

    private func tell(_ entry: NoticeEntry) {
        var isFill = false
        if case .filled = entry.notice { isFill = true }
        guard isFill || !followers.isEmpty else { return }
        var writer = JSONWriter()
        NoticeText.write(
            entry.notice,
            RecordStamp(sequence: entry.sequence, time: entry.time),
            names: names,
            to: &writer
        )
        let text = writer.bytes
        if isFill {
            if fills.count >= ControlRequest.fillLimit { fills.removeFirst() }
            fills.append(text)
        }
        for key in followers.keys { send(text, to: key) }
    }

    private func send(_ text: [UInt8], to key: ObjectIdentifier) {
        guard let follower = followers[key] else { return }
        guard follower.connection.isWritable else {
            followers[key]?.dropped += 1
            missed.wrappingAdd(1, ordering: .relaxed)
            return
        }
        if follower.dropped > 0 {
            follower.connection.send(Array("{\"dropped\":\(follower.dropped)}".utf8))
            followers[key]?.dropped = 0
        }
        follower.connection.send(Array("{\"notice\":".utf8) + text + [UInt8(ascii: "}")])
    }

    func follow(_ connection: LineConnection) {
        followers[ObjectIdentifier(connection)] = Follower(connection: connection)
    }

    func unfollow(_ connection: LineConnection) { followers[ObjectIdentifier(connection)] = nil }

    /// A new account begins: the fills of the old one are no longer this run's.
    func forgetFills() { loop.execute { self.fills = [] } }

    /// The newest fills, oldest first, as JSON texts.
    func newestFills(_ limit: Int) -> [[UInt8]] { Array(fills.suffix(limit)) }
}
