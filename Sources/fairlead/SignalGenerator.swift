import FairleadMarketData
import FairleadModel
import FairleadNode

/// Signals of many kinds from a seed, for tests and rehearsals: entries and exits, three ways to give a size, every
/// style, take-profits and stop-losses, and some that risk will refuse.
struct SignalGenerator {
    /// Where the market was: what levels and limits are placed by.
    struct Mark {
        var time: Timestamp
        var instrument: Int
        var price: Price
    }

    private let instruments: [Instrument]
    private let seed: UInt64
    private var random: DeterministicRandom
    /// In the order of time; empty where no tape was given: then no signal has a price or a level.
    var prices: [Mark] = []
    /// `never`: signals carry no time.
    var start = Timestamp.never
    var span = TimeSpan.minutes(60)

    init(seed: UInt64, instruments: [Instrument]) {
        self.seed = seed
        self.instruments = instruments
        random = DeterministicRandom(seed: seed)
    }

    /// One trade price of each symbol a second, from the tapes.
    static func prices(of tapes: [String], instruments: [Instrument]) throws -> [Mark] {
        var marks: [Mark] = []
        var last = [Timestamp](repeating: .never, count: instruments.count)
        do throws(NodeError) {
            var feed = try Tapes.open(tapes, instruments)
            while let record = try take(&feed) {
                guard case .traded(let trade) = record.event else { continue }
                let index = Int(trade.instrument.index)
                guard record.time - last[index] >= .seconds(1) else { continue }
                last[index] = record.time
                marks.append(Mark(time: record.time, instrument: index, price: trade.price))
            }
        } catch {
            throw CommandFailure(.invalidInput, "\(error)")
        }
        guard !marks.isEmpty else { throw CommandFailure(.invalidInput, "the tapes hold no trade of these symbols") }
        return marks
    }

    private static func take(_ feed: inout TapeFeed) throws(NodeError) -> TapeRecord? {
        do throws(TapeError) { return try feed.take() } catch { throw .tape(error) }
    }

    mutating func lines(_ count: Int) -> [String] {
        let skipped = prices.isEmpty ? 0 : prices.count / 20
        return (0..<count).map { index in
            var mark: Mark?
            var time = start
            if !prices.isEmpty {
                // The first and last twentieth stay free, so that indicators are warm and orders end.
                let room = max(1, prices.count - 2 * skipped)
                let place = prices[min(prices.count - 1, skipped + index * room / count)]
                (mark, time) = (place, place.time)
            } else if start.isKnown {
                time = start + TimeSpan(nanoseconds: span.nanoseconds / Int64(count) * Int64(index))
            }
            return line(index, mark, time)
        }
    }

    private mutating func line(_ index: Int, _ mark: Mark?, _ time: Timestamp) -> String {
        let place = mark?.instrument ?? Int(random.next(below: UInt64(instruments.count)))
        let instrument = instruments[place]
        let side: Side = random.chance(1, in: 2) ? .buy : .sell
        var fields: [JSONMember] = [
            JSONMember("schema", .string(SignalDecoder.schema)),
            JSONMember("signal_id", .string("gen-\(seed)-\(index + 1)")),
        ]
        if time.isKnown { fields.append(JSONMember("ts", .string(time.text(.nanoseconds)))) }
        fields.append(JSONMember("strategy", .string(["alpha", "beta", "gamma"][Int(random.next(below: 3))])))
        fields.append(JSONMember("symbol", .string(instrument.symbol)))
        fields.append(JSONMember("side", .string(side.name)))
        let kind = random.next(below: 100)
        if kind < 60 {
            entry(side, instrument, mark, &fields)
        } else if kind < 78 {
            fields.append(JSONMember("intent", random.chance(1, in: 2) ? "flatten" : "exit"))
        } else {
            refused(kind - 78, side, instrument, mark, time, &fields)
        }
        return JSONWriter.text(of: .object(fields))
    }

    private mutating func entry(_ side: Side, _ instrument: Instrument, _ mark: Mark?, _ fields: inout [JSONMember]) {
        fields.append(JSONMember("intent", "entry"))
        fields.append(JSONMember("size", size(instrument, mark)))
        switch random.next(below: 10) {
        case 0...4: fields.append(JSONMember("execution", ["style": "maker_first"]))
        case 5...6: fields.append(JSONMember("execution", ["style": "taker"]))
        case 7:
            guard let mark else { break }
            let limit = away(mark.price, side, bps: Int64(random.next(below: 4)), instrument, isBetter: true)
            fields.append(JSONMember("order_type", random.chance(1, in: 2) ? "limit" : "post_only"))
            fields.append(JSONMember("limit_price", .decimal(limit)))
            fields.append(JSONMember("execution", ["style": "taker"]))
            fields.removeLast()
        default: fields.append(JSONMember("execution", ["style": "auto"]))
        }
        guard let mark, random.chance(7, in: 10) else { return }
        let stop = away(mark.price, side, bps: 8 + Int64(random.next(below: 30)), instrument, isBetter: true)
        let first = away(mark.price, side, bps: 6 + Int64(random.next(below: 15)), instrument, isBetter: false)
        fields.append(JSONMember("stop_loss", .decimal(stop)))
        if random.chance(1, in: 3) {
            let second = away(mark.price, side, bps: 25 + Int64(random.next(below: 20)), instrument, isBetter: false)
            fields.append(
                JSONMember(
                    "take_profit",
                    [
                        ["price": .decimal(first), "fraction": "0.5"],
                        ["price": .decimal(second), "fraction": "0.5"],
                    ]
                )
            )
        } else {
            fields.append(JSONMember("take_profit", .decimal(first)))
        }
    }

    private mutating func size(_ instrument: Instrument, _ mark: Mark?) -> JSONValue {
        switch random.next(below: mark == nil ? 2 : 3) {
        case 0: return ["notional": .string(String(150 + random.next(below: 1_500)))]
        case 1: return ["nav_pct": .string("0.0\(1 + random.next(below: 4))")]
        default:
            guard let mark, mark.price.raw > 0 else { return ["notional": "300"] }
            let dollars = Int128(200 + random.next(below: 1_200))
            let units = dollars * Int128(FixedPoint.one) * Int128(FixedPoint.one) / Int128(mark.price.raw)
            let lots = max(Int128(instrument.terms.minimumQuantity.raw), units)
            return ["quantity": .decimal(instrument.terms.roundedDown(Quantity(raw: Int64(lots))))]
        }
    }

    /// What risk refuses, each by a reason of its own.
    private mutating func refused(
        _ kind: UInt64,
        _ side: Side,
        _ instrument: Instrument,
        _ mark: Mark?,
        _ time: Timestamp,
        _ fields: inout [JSONMember]
    ) {
        switch kind % 8 {
        case 0: fields.append(JSONMember("size", ["notional": "25000"]))
        case 1: fields.append(JSONMember("size", ["nav_pct": "0.9"]))
        case 2:
            fields.append(JSONMember("size", ["notional": "300"]))
            let expiry = time.isKnown ? time + -TimeSpan.seconds(1) : Timestamp(nanoseconds: 1_000_000_000)
            fields.append(JSONMember("expires_at", .string(expiry.text(.nanoseconds))))
        case 3:
            fields.append(JSONMember("size", ["notional": "300"]))
            fields.append(JSONMember("order_type", "limit"))
            let price = mark?.price ?? Price(raw: 1_000 * FixedPoint.one)
            fields.append(JSONMember("limit_price", .decimal(away(price, side, bps: 600, instrument, isBetter: false))))
        case 4: fields.append(JSONMember("size", ["notional": "3"]))
        case 5:
            fields.append(JSONMember("intent", "reduce"))
            fields.append(JSONMember("size", ["quantity": .decimal(instrument.terms.minimumQuantity)]))
        case 6:
            fields.append(JSONMember("size", ["notional": "300"]))
            fields.append(JSONMember("trailing_stop", ["percent": "0.01"]))
        default: fields.append(JSONMember("size", ["kelly": "0.5"]))
        }
    }

    /// A price so many bps away, on the tick: below the market for a buy's better side, above for its worse.
    private func away(_ price: Price, _ side: Side, bps: Int64, _ instrument: Instrument, isBetter: Bool) -> Price {
        let isUp = (side == .buy) != isBetter
        return instrument.terms.roundedDown(price.adjusted(by: Rate(bps: isUp ? bps : -bps)))
    }
}
