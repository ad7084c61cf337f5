internal import FairleadModel

/// A signal as it was received: what its text records and its terms say. A refused one has no terms.
struct StoredSignal {
    var number: SignalNumber
    var sequence: UInt64 = 0
    var time = Timestamp.never
    var signalID: String?
    var terms: SignalTerms?
    /// The sender's, as it was given; nil where it gave none.
    var meta: String?
    /// What was wrong with it.
    var refusal: String?

    init(_ number: SignalNumber) { self.number = number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        var key = number.column
        walk.integer("number", &key)
        number = SignalNumber(column: key)
        var place = Int64(clamping: sequence)
        walk.integer("sequence", &place)
        sequence = UInt64(clamping: place)
        walk.integer("ts", &time.nanoseconds)
        walk.text("signal_id", &signalID)
        visitTerms(&walk)
        walk.text("meta", &meta)
        walk.text("refusal", &refusal)
    }

    /// NULL in each column where there are no terms: `source` tells which.
    private mutating func visitTerms(_ walk: inout ColumnWalk) {
        var source = terms?.source
        walk.choice("source", orNull: &source)
        guard var found = terms ?? (walk.isWriting ? nil : Self.blank) else {
            return walk.skip(Self.termColumns)
        }
        if walk.isReading, source == nil {
            walk.skip(Self.termColumns)
            return terms = nil
        }
        found.source = source ?? found.source
        found.number = number
        Self.visit(&found, &walk)
        terms = found
    }

    private static let blank = SignalTerms(
        number: .none,
        digest: .none,
        instrument: .none,
        side: .buy,
        size: .wholePosition
    )

    private static let termColumns = HistoryRows.columns { walk in
        var terms = blank
        visit(&terms, &walk)
    }.count

    static let columns = HistoryRows.columns { walk in
        var blank = StoredSignal(.none)
        blank.visitColumns(&walk)
    }

    /// Every field but the digest, which is made of the id.
    private static func visit(_ terms: inout SignalTerms, _ walk: inout ColumnWalk) {
        walk.strategy("strategy", &terms.strategy)
        walk.symbol("symbol", &terms.instrument)
        walk.choice("side", &terms.side)
        walk.choice("position_side", &terms.positionSide)
        walk.choice("intent", &terms.intent)
        walk.flag("reduce_only", &terms.reduceOnly)
        walk.size("size_kind", "size", &terms.size)
        walk.rate("confidence", &terms.confidence)
        walk.choice("order_type", &terms.orderType)
        walk.price("limit_price", orNull: &terms.limitPrice)
        walk.choice("time_in_force", &terms.timeInForce)
        walk.time("signal_ts", &terms.time)
        walk.time("expires_ts", &terms.expiresAt, none: .distantFuture)
        walk.choice("style", &terms.style)
        walk.flag("maker_first", orNull: &terms.makerFirst)
        walk.price("maker_price", orNull: &terms.makerPrice)
        walk.quantity("maker_quantity", orNull: &terms.makerQuantity)
        walk.levels("take_profits", &terms.takeProfits)
        walk.price("stop_loss", orNull: &terms.stopLoss)
        walk.stop("stop_terms", &terms.stop)
        walk.count("twap_slices", orNull: &terms.twap.slices, none: 0)
        walk.count("twap_interval_ms", orNull: &terms.twap.intervalMilliseconds, none: 0)
        walk.count("twap_jitter", orNull: &terms.twap.jitter, none: TwapTerms.jitterAbsent)
        walk.count("participation", orNull: &terms.algorithm.participation, none: 0)
        walk.count("duration_ms", orNull: &terms.algorithm.durationMilliseconds, none: 0)
        walk.quantity("display_quantity", orNull: &terms.algorithm.display)
    }
}

extension ColumnWalk {
    mutating func flag(_ name: String, orNull value: inout Bool?) {
        var number: Int64? = value.map { $0 ? 1 : 0 }
        integer(name, orNull: &number)
        value = number.map { $0 != 0 }
    }

    /// `price:fraction` of each level, between spaces; NULL for none.
    mutating func levels(_ name: String, _ value: inout TakeProfitLevels) {
        var parts: [String] = []
        for index in 0..<Int(value.count) {
            let level = value[index]
            parts.append("\(level.price.description):\(level.fraction.description)")
        }
        var written = parts.isEmpty ? nil : parts.joined(separator: " ")
        text(name, &written)
        guard isReading else { return }
        var found = TakeProfitLevels()
        for part in (written ?? "").split(separator: " ") {
            let pair = part.split(separator: ":")
            guard pair.count == 2, found.count < TakeProfitLevels.limit else {
                return refuse(name, "'\(part)' is no level")
            }
            do throws(DecimalError) {
                found.append(TakeProfitLevel(price: try Price(text: pair[0]), fraction: try Rate(text: pair[1])))
            } catch {
                return refuse(name, error.name)
            }
        }
        value = found
    }
}
