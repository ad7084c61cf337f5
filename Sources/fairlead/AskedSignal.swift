import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadRuntime
import FairleadStore

/// What a signal asked for, as its records in the journal say: the terms, and `meta` as it was carried through.
struct AskedSignal {
    let number: SignalNumber
    private var meta = "{}"
    private var terms: (value: SignalTerms, sequence: UInt64, time: Timestamp)?

    init(_ number: SignalNumber) { self.number = number }

    /// As the history has it.
    init(_ number: SignalNumber, _ story: SignalStory) {
        self.number = number
        meta = story.meta ?? "{}"
        terms = story.terms.map { ($0, story.stamp.sequence, story.stamp.time) }
    }

    /// Keeps the record where it is the signal's.
    mutating func note(_ record: JournalRecord) {
        switch record.body {
        case .text(let text):
            if text.kind == .meta, text.key == number.value { meta = text.text }
        case .signalTerms(let found):
            if found.number == number { terms = (found, record.sequence, record.time) }
        case .event, .configuration, .marketReference, .manifest, .snapshotMark, .seal, .note: break
        }
    }

    /// The row `signal_received`, every key there and null where the signal did not say; nil where the journal has no
    /// terms: of a refused signal, and of the engine's own.
    func json(_ names: RunNames) -> JSONValue? {
        guard let (terms, sequence, time) = terms else { return nil }
        return [
            "event": "signal_received", "version": .integer(NoticeText.version), "sequence": .integer(sequence),
            "ts": .string(time.text(.nanoseconds)), "signal": .string(number.description),
            "signal_id": names.signalID(of: number).map { .string($0) } ?? .null,
            "received_by": .string(terms.source.name), "strategy": .string(names.name(of: terms.strategy) ?? ""),
            "symbol": .string(names.symbol(of: terms.instrument) ?? ""), "side": .string(terms.side.name),
            "position_side": .string(terms.positionSide.name), "intent": .string(terms.intent.name),
            "reduce_only": .bool(terms.reduceOnly), "size": Self.size(terms.size),
            "confidence": .decimal(terms.confidence), "order_type": .string(terms.orderType.name),
            "limit_price": Self.price(terms.limitPrice), "time_in_force": .string(terms.timeInForce.name),
            "signal_ts": Self.time(terms.time), "expires_at": Self.time(terms.expiresAt),
            "style": .string(terms.style.name), "twap": Self.twap(terms),
            "algorithm": Self.algorithm(terms),
            "maker_first": terms.makerFirst.map { .bool($0) } ?? .null,
            "maker_price": Self.price(terms.makerPrice),
            "maker_qty": terms.makerQuantity == .zero ? .null : .decimal(terms.makerQuantity),
            "take_profit": Self.levels(terms.takeProfits), "stop_loss": Self.price(terms.stopLoss),
            "meta": metaValue,
        ]
    }

    private static func price(_ price: Price) -> JSONValue { price == .zero ? .null : .decimal(price) }

    private static func time(_ time: Timestamp) -> JSONValue {
        time.isKnown ? .string(time.text(.milliseconds)) : .null
    }

    private static func size(_ size: SignalSize) -> JSONValue {
        switch size {
        case .quantity(let quantity): ["quantity": .decimal(quantity)]
        case .notional(let money): ["notional": .decimal(money)]
        case .navFraction(let rate): ["nav_pct": .decimal(rate)]
        case .wholePosition: .null
        case .kelly(let share): ["kelly": .decimal(share)]
        }
    }

    /// What a TWAP was asked to be; null where the signal did not say.
    private static func twap(_ terms: SignalTerms) -> JSONValue {
        guard terms.style == .twap else { return .null }
        return [
            "slices": terms.twap.slices > 0 ? .integer(Int64(terms.twap.slices)) : .null,
            "interval_ms": terms.twap.interval.map { .integer($0.milliseconds) } ?? .null,
            "jitter": terms.twap.jitterShare.map { .decimal($0) } ?? .null,
        ]
    }

    /// What a VWAP, a POV or an iceberg was asked to be, slices and jitter included; null where the signal did not say.
    private static func algorithm(_ terms: SignalTerms) -> JSONValue {
        guard terms.style.isScheduled, terms.style != .twap else { return .null }
        let asked = terms.algorithm
        return [
            "slices": terms.twap.slices > 0 ? .integer(Int64(terms.twap.slices)) : .null,
            "jitter": terms.twap.jitterShare.map { .decimal($0) } ?? .null,
            "duration_ms": asked.duration.map { .integer($0.milliseconds) } ?? .null,
            "participation_rate": asked.participationRate.map { .decimal($0) } ?? .null,
            "display_qty": asked.display.raw > 0 ? .decimal(asked.display) : .null,
        ]
    }

    private static func levels(_ levels: TakeProfitLevels) -> JSONValue {
        .array(
            (0..<Int(levels.count)).map {
                ["price": .decimal(levels[$0].price), "fraction": .decimal(levels[$0].fraction)]
            }
        )
    }

    private var metaValue: JSONValue {
        do throws(JSONError) { return try JSONParser.parse(Array(meta.utf8)) } catch {
            // What the journal has is shown as it stands.
            return .string(meta)
        }
    }
}
