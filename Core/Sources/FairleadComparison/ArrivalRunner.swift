public import FairleadConfiguration
import FairleadJournal
import FairleadMarketData
public import FairleadModel
public import FairleadNode

/// Runs arrivals of one recording under one arm: each in a node, engine and embedded venue of its own, or several after
/// one another in one account.
public struct ArrivalRunner: Sendable {
    public let recording: Recording
    public let arm: ComparisonArm
    public let plan: ComparisonPlan
    public let configuration: ResolvedConfiguration
    public let quantity: Quantity

    /// Records between two looks whether it is over.
    private static let piece = 64

    public init(
        _ recording: Recording,
        _ arm: ComparisonArm,
        _ plan: ComparisonPlan,
        _ documents: ConfigurationDocuments,
        _ overrides: [ConfigurationOverride] = [],
        isChained: Bool = false
    ) throws(ConfigurationErrors) {
        func resolved(_ more: [ConfigurationOverride] = []) throws(ConfigurationErrors) -> ResolvedConfiguration {
            try plan.configuration(documents, overrides + more, arm, recording, isChained: isChained).get()
        }
        var found = try resolved()
        // A maker leg that is configured to wait longer is completed at the deadline all the same.
        if found.engine.routing.makerTimeout > plan.deadline {
            let deadline = "\(plan.deadline.milliseconds)"
            found = try resolved([ConfigurationOverride(path: "router.maker_timeout_ms", value: deadline)])
        }
        configuration = found
        self.recording = recording
        self.arm = arm
        self.plan = plan
        let instrument = configuration.engine.instruments[Int(recording.instrument.index)]
        quantity = plan.quantity(of: recording, instrument)
    }

    /// One arrival in an account of its own.
    public func run(_ arrival: Arrival) throws(NodeError) -> ArrivalResult {
        let end = arrival.time + plan.deadline + plan.grace
        return try play([arrival], through: end)[0]
    }

    /// Arrivals after one another in one account, from the recording's first window to its end.
    public func chain(_ arrivals: [Arrival]) throws(NodeError) -> [ArrivalResult] {
        try play(arrivals, through: recording.last)
    }

    private func play(_ arrivals: [Arrival], through end: Timestamp) throws(NodeError) -> [ArrivalResult] {
        guard let first = arrivals.first else { return [] }
        let start = recording.starts[first.start]
        var text: [UInt8] = []
        for (index, arrival) in arrivals.enumerated() {
            text += arm.signal(
                id: "arrival-\(index + 1)",
                symbol: recording.symbol,
                side: arrival.side,
                quantity: quantity,
                at: arrival.time
            )
        }
        var setup = NodeSetup(disk: MemoryDisk(), configuration: configuration, clock: VirtualClock(start.time))
        setup.wallTime = start.time
        let watcher = ArrivalWatcher(arrivals, quantity: quantity)
        var backtest = try Backtest(
            setup,
            tape: try feed(start, through: end),
            signals: SignalTape(text),
            watchers: [watcher]
        )
        while !watcher.isOver, try backtest.run(records: Self.piece) {}
        if !watcher.isOver { _ = try backtest.finish() }
        return watcher.results.map { judged($0, through: end) }
    }

    private func feed(_ start: Recording.Start, through end: Timestamp) throws(NodeError) -> TapeFeed {
        var merger = TapeMerger()
        let isAdded = merger.add(WindowTape(recording, start, through: end))
        precondition(isAdded, "Invariant: one tape is not too many")
        do throws(TapeError) {
            return try TapeFeed(merger, digests: [], depth: configuration.runtime.market.depth)
        } catch {
            throw .tape(error)
        }
    }

    /// With the middle at arrival, and what a taker of the rest would have met at the end.
    private func judged(_ result: ArrivalResult, through end: Timestamp) -> ArrivalResult {
        var result = result
        result.middle = recording.middle(at: result.arrival.time) ?? .zero
        let over = result.isClosed ? result.closedAt : min(end, result.arrival.time + plan.deadline)
        if let touch = recording.touch(at: over) {
            result.farTouch = result.arrival.side == .buy ? touch.ask : touch.bid
        }
        return result
    }

    /// Side times the move of the middle after a maker's fill, in bps of its price; nil past the recording's end.
    public func markout(_ fill: ArrivalResult.Fill, _ side: Side, _ horizon: MarkoutHorizon) -> Double? {
        guard let later = recording.middle(at: fill.time + horizon.span) else { return nil }
        return ExecutionCost.markoutBps(side, fill.price, later: later)
    }
}

/// Gathers what the engine tells of each arrival's signal.
final class ArrivalWatcher: BacktestObserver {
    private(set) var results: [ArrivalResult]
    private var open: Int

    init(_ arrivals: [Arrival], quantity: Quantity) {
        results = arrivals.map { ArrivalResult($0, quantity: quantity) }
        open = arrivals.count
    }

    /// Every signal has its end.
    var isOver: Bool { open == 0 }

    func received(_ signal: ReceivedSignal) {
        guard signal.refusal != nil, let index = index(signal.number) else { return }
        results[index].isRefused = true
        close(index, at: .never)
    }

    func played(_ record: MarketRecord) {}

    func noticed(_ notice: Notice, at time: Timestamp) {
        if case .acknowledged(let record) = notice, record.disposition != .accepted, let index = index(record.number) {
            results[index].veto = record.vetoes.primary
            results[index].isRefused = true
            close(index, at: time)
        }
        if case .routed(let decision) = notice, let index = index(decision.number) {
            switch decision.moment {
            case .start:
                results[index].gate = decision.vetoReason
                results[index].startedAsMaker = decision.makerStart
            case .fallback: results[index].fallback = decision.fallbackReason
            case .requote, .end, .slice: break
            }
        }
        if case .armChosen(let decision) = notice, let index = index(decision.number) { results[index].arm = decision }
        if case .fillMeasured(let fill) = notice, let index = index(fill.number) {
            results[index].fills.append(
                ArrivalResult.Fill(
                    price: fill.price,
                    quantity: fill.quantity,
                    liquidity: fill.liquidity,
                    time: time,
                    fee: fill.fee
                )
            )
        }
        if case .parentClosed(let record) = notice, let index = index(record.number) { close(index, at: time) }
    }

    private func index(_ number: SignalNumber) -> Int? {
        let index = Int(clamping: number.value) - 1
        return results.indices.contains(index) ? index : nil
    }

    private func close(_ index: Int, at time: Timestamp) {
        guard !results[index].isClosed else { return }
        results[index].isClosed = true
        if time != .never { results[index].closedAt = time }
        open -= 1
    }
}
