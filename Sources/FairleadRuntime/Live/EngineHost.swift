import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadTransport
import NIOCore

/// Who hears of what the engine did; called on the engine's loop, and must not block it.
protocol EngineObserver: AnyObject, Sendable {
    func take(_ news: EngineNews)
    /// What did not reach a reader. From any thread.
    var losses: ObserverLosses { get }
}

/// What observers lost since the start: trading never waited for them.
struct ObserverLosses: Hashable, Sendable {
    /// Notices that were overwritten, or found too many waiting.
    var notices: UInt64 = 0
    var logLines: UInt64 = 0
    var consoleLines: UInt64 = 0
    /// Of clients that follow and don't read.
    var followerNotices: UInt64 = 0
    /// Lines of an event that came too often within a second.
    var suppressedLines: UInt64 = 0
    /// Signals of a file or standard input that were not taken.
    var signals: UInt64 = 0
    /// Lines of the control socket that were no request; their senders were told why.
    var requests: UInt64 = 0
    /// Clients of the control socket that found no place; they were told why.
    var clients: UInt64 = 0
    /// The newest attempt to write the log failed.
    var isLogFailing = false
}

/// What happened since the observer was told last.
struct EngineNews: Sendable {
    var notices: [NoticeEntry] = []
    /// Notices that were overwritten before they were read.
    var lost: UInt64 = 0
    /// Signals that were given a number, with their senders' ids.
    var signals: [(number: SignalNumber, id: String)] = []
    /// What is wrong with those that were refused, field by field.
    var refusals: [(number: SignalNumber, text: String)] = []
    /// Strategies named for the first time.
    var strategies: [(index: Int, name: String)] = []
    /// Why limits were overridden, by the numbers of the orders.
    var reasons: [(number: UInt64, text: String)] = []
    /// Why there is no connection with the venue, where that is known.
    var venueFaults: [String] = []

    var isEmpty: Bool {
        notices.isEmpty && signals.isEmpty && refusals.isEmpty && strategies.isEmpty && lost == 0
            && venueFaults.isEmpty
    }
}

/// What became of a signal that was handed in.
enum SignalAnswer: Sendable {
    case acknowledged(SignalAcknowledgement)
    case received(SignalNumber)
    case invalid(SignalError, SignalNumber)
    case journalUnavailable
    /// Too many wait; nothing was taken.
    case busy
}

/// The owner of the node: one event loop on which all of the engine runs, venue socket included.
///
/// Everything here happens on the loop, which each entry checks; the kill switch alone is for every thread. Callbacks
/// only append to the node's inbox, and a pump of its own turn does the work.
final class EngineHost: @unchecked Sendable {
    // Unchecked: every property is read and written on the loop alone.
    let loop: any EventLoop
    let killSwitch: KillSwitch
    let clock: any Clock
    let channel: UnixByteChannel?
    /// nil once it was closed.
    var node: Node?
    let observer: any EngineObserver
    /// Written by the replica's thread.
    let publishing = PublishingStatus()
    private var scheduled: Scheduled<Void>?
    private var isPumpQueued = false
    private var cursor: UInt64 = 0
    private var strategiesTold = 2
    private var venueFaultTold: String?
    private var nextTicket: UInt64 = 1
    private var pending: [UInt64: PendingSignal] = [:]
    /// Commands that wait for the engine's word.
    var waitingOrders: [UInt64: PendingOrder] = [:]
    var reconciliations: [PendingReconciliation] = []
    /// Those who wait for a new account, and who makes it; set once, before the first request.
    var resets: [@Sendable (Result<JSONValue, ControlError>) -> Void] = []
    var onReset: @Sendable () -> Void = {}
    let startedAt: Timestamp
    /// By the clock that nobody sets.
    let startedElapsed: TimeSpan

    struct PendingSignal {
        var id: String?
        var answer: @Sendable (SignalAnswer) -> Void
    }

    struct PendingOrder {
        var answer: @Sendable (Result<JSONValue, ControlError>) -> Void
        var result: (EngineHost, OperatorReply) -> JSONValue
    }

    struct PendingReconciliation {
        var divergences: UInt64
        /// By the clock that nobody sets.
        var deadline: TimeSpan
        var answer: @Sendable (JSONValue) -> Void
    }

    init(
        _ node: consuming Node,
        loop: any EventLoop,
        killSwitch: KillSwitch,
        clock: any Clock,
        channel: UnixByteChannel?,
        observer: any EngineObserver
    ) {
        self.loop = loop
        self.killSwitch = killSwitch
        self.clock = clock
        self.channel = channel
        self.observer = observer
        startedAt = clock.now
        startedElapsed = clock.elapsed
        self.node = consume node
    }

    // MARK: - The pump

    /// Asks for a pump soon. From any thread.
    func wake() {
        loop.execute { self.queuePump() }
    }

    /// On the loop: a pump in a turn of its own, however often it is asked for.
    func queuePump() {
        loop.preconditionInEventLoop()
        if isPumpQueued { return }
        isPumpQueued = true
        loop.execute { self.pump() }
    }

    func pump() {
        loop.preconditionInEventLoop()
        isPumpQueued = false
        guard node != nil else { return }
        node?.pump()
        channel?.resume()
        publish()
        schedule()
    }

    private func schedule() {
        scheduled?.cancel()
        scheduled = nil
        guard let next = node?.nextWake else { return }
        if next == .never { return queuePump() }
        if next == .distantFuture { return }
        let delay = node?.wakeDelay() ?? .zero
        scheduled = loop.scheduleTask(in: .nanoseconds(delay.nanoseconds)) { self.pump() }
    }

    // MARK: - What the engine told

    private func publish() {
        var news = EngineNews()
        tellStrategies(&news)
        let answers = takeAnswers(&news)
        news.lost = node?.notices.read(from: &cursor) { news.notices.append($0) } ?? 0
        tellReasons(&news)
        tellVenueFault(&news)
        settle(answers, news.notices)
        settleOrders()
        settleReconciliations(news.notices)
        if !news.isEmpty { observer.take(news) }
    }

    private func tellStrategies(_ news: inout EngineNews) {
        while let name = node?.strategyName(StrategyHandle(index: UInt16(clamping: strategiesTold))) {
            news.strategies.append((strategiesTold, name))
            strategiesTold += 1
        }
    }

    private func tellReasons(_ news: inout EngineNews) {
        for entry in news.notices {
            guard case .riskChanged(let change) = entry.notice, change.kind == .overridden else { continue }
            if let text = node?.overrideReason(change.number) { news.reasons.append((change.number, text)) }
        }
    }

    /// Once for each time that it ends a connection.
    private func tellVenueFault(_ news: inout EngineNews) {
        let fault = node?.venueFault
        defer { venueFaultTold = fault }
        if let fault, fault != venueFaultTold { news.venueFaults.append(fault) }
    }

    private func takeAnswers(_ news: inout EngineNews) -> [(SignalNumber, PendingSignal)] {
        var received: [(SignalNumber, PendingSignal)] = []
        for reply in node?.takeReplies() ?? [] {
            guard let waiting = pending.removeValue(forKey: reply.ticket) else { continue }
            if let id = waiting.id, reply.number != .none { news.signals.append((reply.number, id)) }
            switch reply.outcome {
            case .received: received.append((reply.number, waiting))
            case .invalid(let error):
                news.refusals.append((reply.number, error.description))
                waiting.answer(.invalid(error, reply.number))
            case .journalUnavailable: waiting.answer(.journalUnavailable)
            }
        }
        return received
    }

    /// A signal's acknowledgement comes in the step that took it.
    private func settle(_ received: [(SignalNumber, PendingSignal)], _ notices: [NoticeEntry]) {
        if received.isEmpty { return }
        var acknowledgements: [SignalNumber: SignalAcknowledgement] = [:]
        for entry in notices {
            if case .acknowledged(let record) = entry.notice { acknowledgements[record.number] = record }
        }
        for (number, waiting) in received {
            waiting.answer(acknowledgements[number].map { .acknowledged($0) } ?? .received(number))
        }
    }

    // MARK: - What comes in

    /// Hands a signal to the engine; `answer` is called once, on the loop.
    func submit(
        signal bytes: [UInt8],
        source: SignalSource,
        answer: @escaping @Sendable (SignalAnswer) -> Void
    ) {
        loop.preconditionInEventLoop()
        let ticket = nextTicket
        nextTicket += 1
        guard node?.offer(signal: bytes, source: source, ticket: ticket) == true else { return answer(.busy) }
        pending[ticket] = PendingSignal(id: Self.identity(bytes), answer: answer)
        queuePump()
    }

    /// The sender's id in a line; nil where none can be read.
    static func identity(_ bytes: [UInt8]) -> String? {
        guard bytes.count <= SignalLimits.signal else { return nil }
        do throws(JSONError) {
            guard let id = try JSONParser.parse(bytes)["signal_id"]?.string else { return nil }
            return id.utf8.count <= SignalLimits.signalID ? id : nil
        } catch {
            return nil
        }
    }

    /// False when too many commands wait.
    func offer(_ command: OperatorCommand) -> Bool {
        loop.preconditionInEventLoop()
        return node?.offer(command) ?? false
    }

    /// The ticket of the answer; nil when too many commands wait.
    func offer(ticketed command: OperatorCommand) -> UInt64? {
        loop.preconditionInEventLoop()
        let ticket = nextTicket
        nextTicket += 1
        return node?.offer(command, ticket: ticket) == true ? ticket : nil
    }

    func offer(ticketed order: RiskOrder, reason: String) -> UInt64? {
        loop.preconditionInEventLoop()
        let ticket = nextTicket
        nextTicket += 1
        return node?.offer(order, reason: reason, ticket: ticket) == true ? ticket : nil
    }

    func offer(ticketed order: PositionOrder) -> UInt64? {
        loop.preconditionInEventLoop()
        let ticket = nextTicket
        nextTicket += 1
        return node?.offer(order, ticket: ticket) == true ? ticket : nil
    }

    // MARK: - A new account

    /// Goes on with a new node after `close`. What people engaged stays engaged, and is journaled by the next pump.
    func begin(_ next: consuming Node) {
        loop.preconditionInEventLoop()
        precondition(node == nil, "Invariant: a host has one node at a time")
        node = consume next
        cursor = 0
        strategiesTold = 2
        let engaged = killSwitch.engaged.subtracting(.journal)
        if !engaged.isEmpty { _ = killSwitch.engage(engaged) }
        pump()
    }

    func answerResets(_ outcome: Result<JSONValue, ControlError>) {
        loop.preconditionInEventLoop()
        for answer in resets { answer(outcome) }
        resets = []
    }

    // MARK: - The end

    /// Stops the clockwork and closes the journal. Nothing happens on the loop afterwards.
    func close(wallTime: Timestamp) throws(NodeError) {
        loop.preconditionInEventLoop()
        scheduled?.cancel()
        scheduled = nil
        channel?.close()
        publish()
        for (_, waiting) in pending { waiting.answer(.busy) }
        pending = [:]
        let stopping = ControlError(.stopping, "the engine is stopping")
        for (_, waiting) in waitingOrders { waiting.answer(.failure(stopping)) }
        waitingOrders = [:]
        for waiting in reconciliations { waiting.answer(["is_reconciled": false, "divergences": .integer(0)]) }
        reconciliations = []
        guard let last = node.take() else { return }
        try last.close(status: .finished, wallTime: wallTime)
    }
}

extension EngineHost: ByteChannelOwner {
    func channelOpened() {
        node?.channelOpened()
        queuePump()
    }

    func channelClosed() {
        node?.channelClosed()
        queuePump()
    }

    func channelReceived(_ bytes: Span<UInt8>) -> Bool {
        queuePump()
        return node?.channelReceived(bytes) ?? true
    }
}
