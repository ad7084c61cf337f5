public import FairleadMarketData
public import FairleadModel

/// Makes signals for tests and first looks: from a seed alone, at the prices that the tape has at their moments.
///
/// Most are entries of a modest size, some with a take-profit and a stop-loss a few basis points away; some are exits.
/// A small share is wrong on purpose, so that vetoes show: too large, too small, expired, far off the market, a
/// duplicate, not built yet, not even JSON. The same seed, tape and count give the same lines.
public struct SignalGenerator: ~Copyable {
    /// What a line is about, out of a hundred.
    private enum Kind {
        case entry, exit, tooLarge, tooSmall, expired, farLimit, duplicate, notSupported, malformed, otherSymbol
    }

    private var random: DeterministicRandom
    private let seed: UInt64
    private let symbols: [String]
    private var lines: [UInt8] = []
    private var lastID = ""
    private var made = 0

    /// `symbols` are those that signals are made for; others of the instruments are named now and then, so that a
    /// symbol without a market is asked for too.
    public init(seed: UInt64, symbols: [String]) {
        precondition(!symbols.isEmpty, "Invariant: signals are made for at least one symbol")
        self.seed = seed
        self.symbols = symbols
        random = DeterministicRandom(seed: seed)
    }

    /// JSON lines, in the order of their times, over the span from `first` to `last` of the tape.
    ///
    /// `tape` is read to its end. A symbol that the tape has not quoted yet at a signal's moment gets a plain entry.
    public consuming func lines(
        count: Int,
        over span: ClosedRange<Timestamp>,
        tape: consuming TapeMerger,
        instruments: [Instrument]
    ) throws(TapeError) -> [UInt8] {
        let length = span.upperBound - span.lowerBound
        var times: [Timestamp] = []
        for _ in 0..<count {
            let place = random.nextUnit() * 0.96 + 0.01
            times.append(span.lowerBound + TimeSpan(nanoseconds: Int64(Double(length.nanoseconds) * place)))
        }
        times.sort()
        var mids = [Price](repeating: .zero, count: instruments.count)
        var next = try tape.next()
        for time in times {
            while let record = next, record.time <= time {
                if case .quoted(let quote) = record.event, quote.bid.raw > 0, quote.bid < quote.ask {
                    mids[Int(quote.instrument.index)] = Price.middle(quote.bid, quote.ask)
                }
                next = try tape.next()
            }
            append(at: time, mids, instruments)
        }
        return lines
    }

    private mutating func append(at time: Timestamp, _ mids: [Price], _ instruments: [Instrument]) {
        made += 1
        let symbol = symbols[Int(random.next(below: UInt64(symbols.count)))]
        let index = instruments.firstIndex { $0.symbol == symbol }
        let mid = index.map { mids[$0] } ?? .zero
        let tick = index.map { instruments[$0].terms.tick } ?? Price(raw: 1)
        let kind = chooseKind()
        if kind == .malformed {
            lines += Array("{\"schema\": \"fairlead.signal.v1\", \"ts\": \"\(time.text(.milliseconds))\", oops}\n".utf8)
            return
        }
        var json = JSONWriter()
        json.beginObject()
        json.field("schema", "fairlead.signal.v1")
        let id = kind == .duplicate && !lastID.isEmpty ? lastID : "generated-\(seed)-\(made)"
        json.field("signal_id", id)
        json.field("ts", time.text(.milliseconds))
        json.field("strategy", ["alpha", "beta", "gamma"][Int(random.next(below: 3))])
        let others = instruments.map(\.symbol).filter { !symbols.contains($0) }
        json.field("symbol", kind == .otherSymbol ? others.first ?? symbol : symbol)
        let side: Side = random.chance(1, in: 2) ? .buy : .sell
        json.field("side", side == .buy ? "BUY" : "SELL")
        describe(kind, side, at: time, mid, tick, &json)
        json.endObject()
        json.endLine()
        lines += json.bytes
        lastID = id
    }

    private mutating func chooseKind() -> Kind {
        switch random.next(below: 100) {
        case 0..<74: .entry
        case 74..<84: .exit
        case 84..<86: .tooLarge
        case 86..<88: .tooSmall
        case 88..<90: .expired
        case 90..<92: .farLimit
        case 92..<94: .duplicate
        case 94..<96: .notSupported
        case 96..<97: .malformed
        default: .otherSymbol
        }
    }

    private mutating func describe(
        _ kind: Kind,
        _ side: Side,
        at time: Timestamp,
        _ mid: Price,
        _ tick: Price,
        _ json: inout JSONWriter
    ) {
        switch kind {
        case .entry, .duplicate, .otherSymbol, .malformed:
            size("notional", "\(150 + random.next(below: 12) * 75)", &json)
            if kind == .entry { style(side, at: mid, tick, &json) }
        case .exit:
            json.field("intent", "exit")
        case .tooLarge: size("notional", "900000", &json)
        case .tooSmall: size("notional", "3", &json)
        case .expired:
            size("notional", "300", &json)
            json.field("expires_at", (time + -.seconds(1)).text(.milliseconds))
        case .farLimit:
            size("notional", "300", &json)
            limit("limit", side, at: mid, tick, bps: -300, &json)
        case .notSupported:
            size("notional", "300", &json)
            json.key("execution")
            json.beginObject()
            json.field("style", "adaptive")
            json.endObject()
        }
    }

    /// Most entries take the configuration's way; some ask for a taker, or rest at a price of their own.
    private mutating func style(_ side: Side, at mid: Price, _ tick: Price, _ json: inout JSONWriter) {
        switch random.next(below: 100) {
        case 0..<12:
            json.key("execution")
            json.beginObject()
            json.field("style", "taker")
            json.endObject()
        case 12..<18: limit("limit", side, at: mid, tick, bps: 2, &json)
        case 18..<22: limit("post_only", side, at: mid, tick, bps: 1, &json)
        default: break
        }
        guard mid.raw > 0, random.chance(11, in: 20) else { return }
        let reach = Int64(2 + random.next(below: 8))
        let profit = mid.adjusted(by: Rate(bps: reach * side.sign))
        let stop = mid.adjusted(by: Rate(bps: -(reach + 1) * side.sign))
        json.field("take_profit", onTick(profit, tick).description)
        json.field("stop_loss", onTick(stop, tick).description)
    }

    private func size(_ kind: String, _ amount: String, _ json: inout JSONWriter) {
        json.key("size")
        json.beginObject()
        json.field(kind, amount)
        json.endObject()
    }

    /// A limit so many basis points on the passive side of the mid; negative takes.
    private func limit(
        _ type: String,
        _ side: Side,
        at mid: Price,
        _ tick: Price,
        bps: Int64,
        _ json: inout JSONWriter
    ) {
        guard mid.raw > 0 else { return }
        json.field("order_type", type)
        json.field("limit_price", onTick(mid.adjusted(by: Rate(bps: -bps * side.sign)), tick).description)
    }

    private func onTick(_ price: Price, _ tick: Price) -> Price { Price(raw: price.raw - price.raw % tick.raw) }
}
