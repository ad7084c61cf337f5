import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadStore
import Foundation

/// Writes a history of so many orders through the writer, as a replica would, and measures what it costs and how long
/// the answers take. `fairlead-history-bench [ORDERS] [FILE]`; docs/HISTORY.md has figures.
@main enum Main {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let count = arguments.first.flatMap { Int($0) } ?? 1_000_000
        let given = arguments.dropFirst().first
        let path = given ?? NSTemporaryDirectory() + "fairlead-history-bench.sqlite"
        try HistoryRebuild.remove(path)
        let load = OrderLoad()
        let seconds = try load.write(count, to: path)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        let bytes = size?.intValue ?? 0
        print("orders \(count), rows \(load.rows), \(bytes >> 20) MiB, \(bytes / max(1, count)) bytes an order")
        print("written in \(rounded(seconds)) s, \(Int(Double(load.rows) / seconds)) rows a second")
        try Questions(path, load).ask()
        if given == nil { try HistoryRebuild.remove(path) }
    }
}

/// Two digits after the point.
func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

/// Orders as the engine tells them: a signal, its decision with twelve rows, a route, the order's life, its fill.
final class OrderLoad {
    static let start = Timestamp(milliseconds: 1_723_075_200_000)
    private(set) var rows = 0
    private let configuration: ResolvedConfiguration
    private var names: RunNames
    private(set) var lastOrder = ClientOrderID.none
    private(set) var end = OrderLoad.start

    init() {
        switch ConfigurationDecoder.resolve(InitialDocuments.documents) {
        case .success(let found): configuration = found
        case .failure(let errors): preconditionFailure("Invariant: the initial documents are valid: \(errors)")
        }
        names = RunNames(configuration.engine.instruments)
    }

    /// The order of a number from 0.
    static func order(_ number: Int) -> ClientOrderID {
        ClientOrderID(
            epoch: Epoch(number: 1),
            parent: UInt32(number + 1),
            leg: .taker,
            slice: 0,
            attempt: 0,
            slot: UInt32(number % 4096)
        )
    }

    func write(_ count: Int, to path: String) throws -> Double {
        let writer = HistoryWriter(path: path)
        let engine = Engine(configuration: configuration.engine)
        writer.open(JournalIdentity(id: JournalID(high: 1, low: 2), durableThrough: .max))
        writer.begins(
            at: ReplicaPlace(sequence: 1, time: Self.start, isWhole: true, configuration: configuration),
            names: names
        )
        let started = ContinuousClock.now
        for number in 0..<count {
            let sequence = UInt64(number) + 2
            end = Self.start + .milliseconds(Int64(number) * 250)
            for notice in notices(number) {
                writer.take(.notice(NoticeEntry(sequence: sequence, time: end, notice: notice)), names: names)
                rows += 1
            }
            if number % 500 == 499 || number == count - 1 {
                let moment = ReplicaMoment(sequence: sequence, time: end, configuration: configuration)
                writer.reached(moment, engine: engine, names: names)
            }
        }
        if let fault = writer.health.fault { throw BenchFault(fault) }
        lastOrder = Self.order(count - 1)
        let span = ContinuousClock.now - started
        return Double(span.components.seconds) + Double(span.components.attoseconds) / 1e18
    }

    private func notices(_ number: Int) -> [Notice] {
        let id = Self.order(number)
        let signal = SignalNumber(value: UInt64(number) + 1)
        let instrument = InstrumentHandle(number % 3)
        let side: Side = number % 2 == 0 ? .buy : .sell
        let (price, quantity) = (Price(raw: 6_180_020_000_000), Quantity(raw: 10_000_000))
        var found: [Notice] = [
            .acknowledged(
                SignalAcknowledgement(
                    number: signal,
                    disposition: .accepted,
                    source: .file,
                    instrument: instrument,
                    intent: id.intent
                )
            )
        ]
        for rule in VetoReason.allCases.prefix(12) {
            found.append(
                .riskRow(
                    RiskRow(number: signal, rule: rule, status: .passed, unit: .money, observed: 5, threshold: 90)
                )
            )
        }
        found.append(
            .riskDecided(
                RiskDecision(
                    number: signal,
                    instrument: instrument,
                    side: side,
                    isReducing: false,
                    vetoes: VetoReasons(),
                    sizedQuantity: quantity,
                    approvedQuantity: quantity
                )
            )
        )
        found += life(id, signal, instrument, side, price, quantity)
        return found
    }

    private func life(
        _ id: ClientOrderID,
        _ signal: SignalNumber,
        _ instrument: InstrumentHandle,
        _ side: Side,
        _ price: Price,
        _ quantity: Quantity
    ) -> [Notice] {
        let states: [(OrderState, OrderState)] = [(.created, .submitted), (.submitted, .working), (.working, .filled)]
        var found = states.map { from, to in
            Notice.orderChanged(
                OrderChange(
                    id: id,
                    number: signal,
                    venueOrderID: VenueOrderID(value: signal.value),
                    instrument: instrument,
                    side: side,
                    positionSide: .both,
                    type: .marketableLimit,
                    timeInForce: .ioc,
                    price: price,
                    quantity: quantity,
                    filled: to == .filled ? quantity : .zero,
                    from: from,
                    to: to,
                    reduceOnly: false,
                    venueTime: end
                )
            )
        }
        let execution = Execution(
            id: id,
            executionID: ExecutionID(value: signal.value),
            instrument: instrument,
            side: side,
            positionSide: .both,
            price: price,
            quantity: quantity,
            fee: 309_001,
            liquidity: .taker,
            venueTime: end
        )
        found.append(
            .filled(
                FillRecord(
                    execution: execution,
                    number: signal,
                    venueOrderID: VenueOrderID(value: signal.value),
                    arrival: price,
                    intended: price,
                    realized: 0,
                    isLate: false,
                    isExternal: false
                )
            )
        )
        return found
    }
}

struct BenchFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// What a person asks, each many times.
struct Questions {
    private let path: String
    private let load: OrderLoad

    init(_ path: String, _ load: OrderLoad) {
        self.path = path
        self.load = load
    }

    func ask() throws {
        try measure("open", 50) { _ in _ = try HistoryReader(path: path) }
        let reader = try HistoryReader(path: path)
        let count = max(1, load.rows / 18)
        var random = DeterministicRandom(seed: 1)
        try measure("why, by order", 1_000) { _ in
            let intent = OrderLoad.order(Int(random.next(below: UInt64(count)))).intent
            guard let signal = try reader.signal(intent: intent) else { throw BenchFault("\(intent) is not there") }
            let rows = try reader.story(of: signal).entries.count
            if rows != 18 { throw BenchFault("\(signal): \(rows) rows") }
        }
        try measure("fills, newest 20", 500) { _ in _ = try reader.fills(HistoryFilter(limit: 20)) }
        try measure("fills of a symbol, 100", 500) { _ in
            _ = try reader.fills(HistoryFilter(symbol: "ETHUSDT", limit: 100))
        }
        let since = load.end + .minutes(-10)
        try measure("fills since ten minutes", 200) { _ in
            _ = try reader.fills(HistoryFilter(since: since, limit: 5_000))
        }
        try measure("orders, newest 20", 500) { _ in _ = try reader.orders(HistoryFilter(limit: 20)) }
        try measure("orders of a symbol, 100", 500) { _ in
            _ = try reader.orders(HistoryFilter(symbol: "BTCUSDT", limit: 100))
        }
        try measure("all fills of the newest 100,000", 3) { _ in _ = try reader.fills(HistoryFilter(limit: 100_000)) }
    }

    private func measure(_ name: String, _ times: Int, _ body: (Int) throws -> Void) throws {
        var spans: [Double] = []
        for turn in 0..<times {
            let started = ContinuousClock.now
            try body(turn)
            let span = ContinuousClock.now - started
            spans.append(Double(span.components.seconds) * 1e3 + Double(span.components.attoseconds) / 1e15)
        }
        spans.sort()
        let high = spans[min(spans.count - 1, spans.count * 99 / 100)]
        print("\(name): p50 \(rounded(spans[spans.count / 2])) ms, p99 \(rounded(high)) ms")
    }
}
