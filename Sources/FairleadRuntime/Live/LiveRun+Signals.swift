import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode
import NIOCore

/// The file of signals of a run: when it is begun, and how its lines reach the engine.
extension LiveRun {
    /// Of `signalWait`, how long the quotes of every symbol are waited for: one market may be closed for the day.
    private static let quoteWait = Duration.seconds(3)
    private static let look = TimeAmount.milliseconds(50)
    /// A wait that is longer than this is told.
    private static let toldAfter = Duration.seconds(1)

    static func feed(
        _ setup: LiveSetup,
        _ host: EngineHost,
        _ observer: Observer
    ) throws(LiveError) -> SignalFeed? {
        guard let path = setup.signals else { return nil }
        let feed = SignalFeed(path: path) { text, level in
            observer.log(LogLine("signals", text, level: level, at: SystemClock().now))
        } submit: { line, source, done in
            host.loop.execute { give(line, source, host, observer, done) }
        }
        guard let feed else { throw .input("\(path): can't be read") }
        return feed
    }

    /// Lets the feed begin once the engine could trade what it reads: a signal that is vetoed is used up, and the same
    /// one again would be a duplicate. Whatever hinders, it begins after `signalWait`, and its vetoes say why.
    func startFeed() {
        guard let feed else { return }
        let wait = SignalWait(feed: feed, limit: setup.signalWait, since: .now)
        let (host, observer) = (host, observer)
        host.loop.execute { Self.start(wait, host, observer) }
    }

    private struct SignalWait: Sendable {
        let feed: SignalFeed
        let limit: Duration
        let since: ContinuousClock.Instant
        var isTold = false
    }

    private static func start(_ wait: SignalWait, _ host: EngineHost, _ observer: Observer) {
        let age = ContinuousClock.now - wait.since
        let reason = host.signalHindrance(waitsForQuotes: age < min(wait.limit, quoteWait))
        let name = wait.feed.name
        guard let reason else {
            if wait.isTold { observer.log(LogLine("signals", "\(name) is read now", at: SystemClock().now)) }
            return wait.feed.start()
        }
        if age >= wait.limit {
            let text = "\(name) is read after \(wait.limit.components.seconds) s all the same: \(reason)"
            observer.log(LogLine("signals", text, level: .warning, at: SystemClock().now))
            return wait.feed.start()
        }
        var next = wait
        if !wait.isTold, age >= toldAfter {
            let text = "\(name) waits, at most \(wait.limit.components.seconds) s: \(reason)"
            observer.log(LogLine("signals", text, at: SystemClock().now))
            next.isTold = true
        }
        let later = next
        _ = host.loop.scheduleTask(in: look) { start(later, host, observer) }
    }

    /// On the loop: hands a line of a file in. While too many wait it tries again, and what can't be taken is told.
    private static func give(
        _ line: [UInt8],
        _ source: SignalSource,
        _ host: EngineHost,
        _ observer: Observer,
        _ done: @escaping @Sendable (Bool) -> Void
    ) {
        host.submit(signal: line, source: source) { answer in
            switch answer {
            case .acknowledged, .received, .invalid: done(true)
            case .busy:
                guard host.node != nil else { return done(false) }
                _ = host.loop.scheduleTask(in: .milliseconds(20)) { give(line, source, host, observer, done) }
            case .journalUnavailable:
                observer.signalDropped(EngineHost.identity(line), "the journal takes no new signals")
                done(false)
            }
        }
    }
}

extension EngineHost {
    /// Why every entry would be vetoed at this moment, whatever it asks for; nil where none of that is so.
    func signalHindrance(waitsForQuotes: Bool) -> String? {
        if node?.isConnected != true { return "the venue is not connected" }
        if node?.isReconciled != true { return "the venue was not compared yet" }
        let now = node?.readClock() ?? clock.now
        let risk = node?.configuration.engine.risk
        let isNavKnown = node?.withEngine { engine in
            guard engine.nav != nil, engine.navTime.isKnown, !engine.hasNavSourceFailed else { return false }
            return risk.map { now - engine.navTime <= $0.navFreshness } ?? false
        }
        if isNavKnown != true, risk?.failClosedOnNavStale != false { return "NAV is not known yet" }
        let stale = waitsForQuotes ? staleSymbols : []
        return stale.isEmpty ? nil : "the quotes of \(stale.joined(separator: ", ")) are too old"
    }
}
