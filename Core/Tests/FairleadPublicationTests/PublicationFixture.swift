import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadSchema
import Foundation
import Testing

@testable import FairleadPublication

enum PublicationFixture {
    static let start = Timestamp(milliseconds: 1_723_075_200_000)
    static let software = SoftwareIdentity(version: "0.0.0", build: "test")
    static let journal = JournalIdentity(id: JournalID(high: 1, low: 2), durableThrough: .max)

    static func configuration(_ changes: [String: String] = [:]) throws -> ResolvedConfiguration {
        var values = [
            "runtime.capacities.orders": "512", "runtime.capacities.parents": "512",
            "runtime.capacities.signals": "4096", "runtime.capacities.executions": "4096",
            "runtime.capacities.levels": "512", "runtime.journal.segment_bytes": "2097152",
            "runtime.market.synthetic.backfill_bars": "60",
        ]
        for (path, value) in changes { values[path] = value }
        let overrides = values.sorted { $0.key < $1.key }.map { ConfigurationOverride(path: $0.key, value: $0.value) }
        return try ConfigurationDecoder.resolve(InitialDocuments.documents, overrides: overrides).get()
    }

    static func moment(_ sequence: UInt64, _ configuration: ResolvedConfiguration) -> ReplicaMoment {
        ReplicaMoment(sequence: sequence, time: start + .seconds(Int64(sequence)), configuration: configuration)
    }

    static func place(_ configuration: ResolvedConfiguration) -> ReplicaPlace {
        ReplicaPlace(sequence: 0, time: .never, isWhole: true, configuration: configuration)
    }

    static func signal(_ id: String, symbol: String = "BTCUSDT", more: String = "") -> [UInt8] {
        let text = """
            {"schema":"fairlead.signal.v1","signal_id":"\(id)","symbol":"\(symbol)","side":"BUY",\
            "size":{"notional":"300"},"order_type":"market"\(more)}
            """
        return Array(text.utf8)
    }

    // MARK: - Notices

    static func notice(_ log: ExecutionLog, _ number: UInt64) -> Notice {
        let instrument = InstrumentHandle(0)
        let id = ClientOrderID(
            epoch: Epoch(number: 1),
            parent: UInt32(number),
            leg: .direct,
            slice: 0,
            attempt: 0,
            slot: 1
        )
        switch log {
        case .routeDecisions, .routerMetrics:
            return .routed(route(number, log == .routerMetrics ? .end : .start))
        case .routerHealth: return .policyComputed(PolicyRecord(instrument: instrument, policy: RouterPolicy()))
        case .orderEvents: return .orderChanged(change(id, number))
        case .fills:
            let execution = Execution(
                id: id,
                executionID: ExecutionID(value: number),
                instrument: instrument,
                side: .buy,
                positionSide: .both,
                price: Price(raw: 100),
                quantity: Quantity(raw: 100),
                fee: 1,
                liquidity: .taker,
                venueTime: start
            )
            return .filled(
                FillRecord(
                    execution: execution,
                    number: SignalNumber(value: number),
                    venueOrderID: .none,
                    arrival: .zero,
                    intended: .zero,
                    realized: 0,
                    isLate: false,
                    isExternal: false
                )
            )
        case .riskVetoes:
            var vetoes = VetoReasons()
            vetoes.insert(.symbolCap)
            return .riskDecided(
                RiskDecision(
                    number: SignalNumber(value: number),
                    instrument: instrument,
                    side: .buy,
                    isReducing: false,
                    vetoes: vetoes,
                    sizedQuantity: Quantity(raw: 1),
                    approvedQuantity: .zero
                )
            )
        }
    }

    static func change(
        _ id: ClientOrderID,
        _ number: UInt64,
        from: OrderState = .created,
        to: OrderState = .submitted
    ) -> OrderChange {
        OrderChange(
            id: id,
            number: SignalNumber(value: number),
            venueOrderID: .none,
            instrument: InstrumentHandle(0),
            side: .buy,
            positionSide: .both,
            type: .market,
            timeInForce: .ioc,
            price: .zero,
            quantity: Quantity(raw: 1),
            filled: .zero,
            from: from,
            to: to,
            reduceOnly: false,
            venueTime: start
        )
    }

    private static func route(_ number: UInt64, _ moment: RouteMoment) -> RouteDecision {
        RouteDecision(
            number: SignalNumber(value: number),
            intent: .none,
            instrument: InstrumentHandle(0),
            side: .buy,
            moment: moment,
            policy: RouterPolicy(),
            bid: .zero,
            ask: .zero,
            price: .zero,
            effectivePrice: .zero,
            quantity: Quantity(raw: 1),
            spread: nil,
            bookAge: .zero,
            offset: .zero,
            latency: RouteLatency(signalToDecision: .zero),
            makerStart: false,
            isMakerFinal: false,
            usedFallback: false,
            routedAs: .taker,
            vetoReason: .none,
            fallbackReason: .none
        )
    }

    // MARK: - Files

    static func files(_ disk: MemoryDisk) throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try disk.list() where name.hasSuffix(".json") || name.hasSuffix(".jsonl") {
            files[name] = String(decoding: try disk.readAll(name, limit: 1 << 30), as: UTF8.self)
        }
        return files
    }

    static func document(_ disk: MemoryDisk, _ file: StateFile) throws -> JSONValue {
        try JSONParser.parse(try disk.readAll(file.fileName, limit: 1 << 30))
    }

    /// The repository's root.
    static let root: URL = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root
    }()

    static func schema(_ file: StateFile) throws -> JSONSchema {
        let path = root.appending(path: "schemas/state/\(file.schemaName)")
        return JSONSchema(try JSONParser.parse(Array(try Data(contentsOf: path))))
    }
}
