import FairleadModel

/// The bounds of what waits for the node; each says what happens when it is full.
public struct NodeCapacities: Hashable, Sendable {
    /// Operators' commands. Full: the sender is told.
    public var operators = 256
    /// Signals. Full: the source is told (`queue full`), and it is counted.
    public var signals = 4_096
    /// Bytes of the venue. Full: its transport stops reading until the next pump.
    public var venueBytes = 1 << 20
    /// Trades and bars of an outside market. Full: dropped and counted; quotes and marks never are, since only the
    /// newest of each instrument waits.
    public var trades = 65_536
    /// Notices kept for readers. Full: the oldest are lost to the reader that is so far behind, and counted for it.
    public var notices = 65_536
    /// Answers to signals. Full: the oldest is dropped and counted; the acknowledgement stands in the notices too.
    public var replies = 4_096
    /// Answers to operators. Full: the oldest is dropped and counted; a refusal stands in the notices too.
    public var operatorReplies = 256
    /// Steps of one pump; the rest goes on in the next one, so that the loop's other work is never starved.
    public var stepsPerPump = 20_000
    public init() {}
}

/// A signal's bytes as they came in.
struct SignalInput {
    var bytes: [UInt8]
    var source: SignalSource
    /// The sender's own number, given back with the answer.
    var ticket: UInt64
    var receivedAt: Timestamp
}

struct OperatorInput: BitwiseCopyable {
    var command: OperatorCommand
    /// The sender's own number, given back with the answer; 0 where nobody waits for one.
    var ticket: UInt64 = 0
    var receivedAt: Timestamp
}

/// What an outside market has sent and the engine has not yet seen. A flood is merged: of each instrument the newest
/// quote and the newest mark wait, in the order in which each instrument's first one came.
struct MarketInbox {
    private struct Slot: BitwiseCopyable {
        var quote: Quote?
        var quotedAt = Timestamp.never
        var mark: MarkPrice?
        var markedAt = Timestamp.never
        var isListed = false
    }

    private struct Item: BitwiseCopyable {
        var event: Event
        var receivedAt: Timestamp
    }

    private var slots: ContiguousArray<Slot>
    private var listed: BoundedQueue<UInt16>
    private var others: BoundedQueue<Item>
    /// Quotes and marks that a newer one replaced before the engine saw them.
    private(set) var merged: UInt64 = 0
    /// Trades and bars that found the queue full, and events that are not the market's.
    private(set) var dropped: UInt64 = 0

    init(instruments: Int, trades: Int) {
        slots = ContiguousArray(repeating: Slot(), count: instruments)
        listed = BoundedQueue(capacity: max(1, instruments), blank: 0)
        others = BoundedQueue(capacity: trades, blank: Item(event: .timer, receivedAt: .never))
    }

    var isEmpty: Bool { listed.isEmpty && others.isEmpty }

    /// False when it was dropped.
    mutating func offer(_ event: Event, at now: Timestamp) -> Bool {
        switch event {
        case .quoted(let quote):
            guard Int(quote.instrument.index) < slots.count else { break }
            if slots[Int(quote.instrument.index)].quote != nil { merged += 1 }
            slots[Int(quote.instrument.index)].quote = quote
            slots[Int(quote.instrument.index)].quotedAt = now
            list(quote.instrument)
            return true
        case .marked(let mark):
            guard Int(mark.instrument.index) < slots.count else { break }
            if slots[Int(mark.instrument.index)].mark != nil { merged += 1 }
            slots[Int(mark.instrument.index)].mark = mark
            slots[Int(mark.instrument.index)].markedAt = now
            list(mark.instrument)
            return true
        case .traded, .barReported:
            if others.append(Item(event: event, receivedAt: now)) { return true }
        case .epochOpened, .configured, .timer, .operated, .signalReceived, .signalRefused, .orderAccepted,
            .orderRejected, .orderFilled, .orderCancelled, .orderExpired, .cancelRejected, .orderReplaced,
            .replaceRejected, .orderReported, .orderNotFound, .submitUnanswered, .cancelUnanswered,
            .replaceUnanswered, .egressRefused, .neverSent, .venueConnected, .venueDisconnected, .venueThrottled,
            .venueBanned, .balanceReported, .positionReported, .reconciliationBegan, .reconciliationCompleted,
            .reconciliationFailed, .haltReported,
            .fundingPaid, .riskOrdered, .positionOrdered:
            break
        }
        dropped += 1
        return false
    }

    private mutating func list(_ instrument: InstrumentHandle) {
        if slots[Int(instrument.index)].isListed { return }
        slots[Int(instrument.index)].isListed = true
        let isListed = listed.append(instrument.index)
        precondition(isListed, "Invariant: each instrument is listed once")
    }

    /// Trades first: they are what a quote may be the consequence of.
    mutating func next() -> (event: Event, receivedAt: Timestamp)? {
        if let item = others.popFirst() { return (item.event, item.receivedAt) }
        guard !listed.isEmpty else { return nil }
        let index = Int(listed[0])
        if let mark = slots[index].mark {
            slots[index].mark = nil
            return (.marked(mark), slots[index].markedAt)
        }
        _ = listed.popFirst()
        slots[index].isListed = false
        guard let quote = slots[index].quote else { return next() }
        slots[index].quote = nil
        return (.quoted(quote), slots[index].quotedAt)
    }
}
