import FairleadModel

/// Signals of several kinds from a seed for a market that is not known before: entries of two kinds of size, every
/// style, exits, and some that will be refused. Without prices, so without limits and levels; `--data` gives those.
struct RehearsalSignals {
    private let instruments: [Instrument]
    private let seed: UInt64
    private var random: DeterministicRandom
    /// `never`: signals carry no time.
    var start = Timestamp.never
    var span = TimeSpan.minutes(60)

    init(seed: UInt64, instruments: [Instrument]) {
        precondition(!instruments.isEmpty, "Invariant: signals are made for at least one symbol")
        self.instruments = instruments
        self.seed = seed
        random = DeterministicRandom(seed: seed)
    }

    mutating func lines(_ count: Int) -> [String] {
        (0..<count).map { index in
            let step = TimeSpan(nanoseconds: span.nanoseconds / Int64(count) * Int64(index))
            return line(index, start.isKnown ? start + step : start)
        }
    }

    private mutating func line(_ index: Int, _ time: Timestamp) -> String {
        let instrument = instruments[Int(random.next(below: UInt64(instruments.count)))]
        let side: Side = random.chance(1, in: 2) ? .buy : .sell
        var fields: [JSONMember] = [
            JSONMember("schema", .string(SignalDecoder.schema)),
            JSONMember("signal_id", .string("generated-\(seed)-\(index + 1)")),
        ]
        if time.isKnown { fields.append(JSONMember("ts", .string(time.text(.nanoseconds)))) }
        let strategies = ["alpha", "beta", "gamma"]
        fields.append(JSONMember("strategy", .string(strategies[Int(random.next(below: 3))])))
        fields.append(JSONMember("symbol", .string(instrument.symbol)))
        fields.append(JSONMember("side", .string(side.name)))
        let kind = random.next(below: 100)
        if kind < 65 {
            entry(&fields)
        } else if kind < 80 {
            fields.append(JSONMember("intent", random.chance(1, in: 2) ? "flatten" : "exit"))
        } else {
            refused(kind - 80, time, instrument, &fields)
        }
        return JSONWriter.text(of: .object(fields))
    }

    private mutating func entry(_ fields: inout [JSONMember]) {
        fields.append(JSONMember("intent", "entry"))
        let size: JSONValue =
            random.chance(2, in: 3)
            ? ["notional": .string(String(150 + random.next(below: 1_500)))]
            : ["nav_pct": .string("0.0\(1 + random.next(below: 4))")]
        fields.append(JSONMember("size", size))
        let styles = ["auto", "maker_first", "maker_first", "taker"]
        fields.append(JSONMember("execution", ["style": .string(styles[Int(random.next(below: 4))])]))
    }

    /// What is refused, each by a reason of its own.
    private mutating func refused(
        _ kind: UInt64,
        _ time: Timestamp,
        _ instrument: Instrument,
        _ fields: inout [JSONMember]
    ) {
        switch kind % 6 {
        case 0: fields.append(JSONMember("size", ["notional": "25000"]))
        case 1: fields.append(JSONMember("size", ["nav_pct": "0.9"]))
        case 2:
            fields.append(JSONMember("size", ["notional": "300"]))
            let expiry = time.isKnown ? time + -TimeSpan.seconds(1) : Timestamp(nanoseconds: 1_000_000_000)
            fields.append(JSONMember("expires_at", .string(expiry.text(.nanoseconds))))
        case 3: fields.append(JSONMember("size", ["notional": "3"]))
        case 4:
            fields.append(JSONMember("intent", "reduce"))
            fields.append(JSONMember("size", ["quantity": .decimal(instrument.terms.minimumQuantity)]))
        default: fields.append(JSONMember("size", ["lots": "5"]))
        }
    }
}
