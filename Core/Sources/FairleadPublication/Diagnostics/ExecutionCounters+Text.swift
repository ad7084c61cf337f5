import FairleadModel

extension ExecutionCounters {
    /// Errors of components that had any; the newest by its name.
    static func json(_ errors: [ErrorRow]) -> JSONValue {
        .object(
            zip(ErrorComponent.allCases, errors).compactMap { component, row in
                guard row.count > 0 else { return nil }
                var members = [
                    JSONMember("count", .integer(row.count)), JSONMember("last_error", .string(row.last)),
                ]
                members.append("last_error_ts", row.lastTime)
                return JSONMember(component.rawValue, .object(members))
            }
        )
    }

    // MARK: - The checkpoint

    /// All of it, to go on from after a restart.
    var checkpoint: JSONValue {
        ["symbols": .array(symbols.map(\.checkpoint)), "errors": .array(general.map(\.checkpoint))]
    }

    /// nil for anything that is not a whole checkpoint of this build.
    init?(checkpoint value: JSONValue) {
        self.init()
        guard let rows = value["symbols"]?.array, let errors = ErrorRow.rows(checkpoint: value["errors"]) else {
            return nil
        }
        general = errors
        for row in rows {
            guard let symbol = SymbolRow(checkpoint: row) else { return nil }
            symbols.append(symbol)
        }
    }
}

extension ExecutionCounters.ErrorRow {
    fileprivate var checkpoint: JSONValue { [.integer(count), .string(last), .time(lastTime)] }

    fileprivate init?(checkpoint value: JSONValue) {
        guard let count = value[0]?.count, let last = value[1]?.string, let time = value[2]?.time else { return nil }
        self.init(count: count, last: last, lastTime: time)
    }

    fileprivate static func rows(checkpoint value: JSONValue?) -> [ExecutionCounters.ErrorRow]? {
        guard let rows = value?.array?.compactMap({ ExecutionCounters.ErrorRow(checkpoint: $0) }),
            rows.count == ErrorComponent.allCases.count
        else { return nil }
        return rows
    }
}

extension ExecutionCounters.SymbolRow {
    fileprivate var checkpoint: JSONValue {
        [.integer(fallbacks), route.checkpoint, .array(errors.map(\.checkpoint)), sizing.checkpoint]
    }

    fileprivate init?(checkpoint value: JSONValue) {
        guard let fallbacks = value[0]?.count,
            let route = value[1].flatMap({ ExecutionCounters.RouteRow(checkpoint: $0) }),
            let errors = ExecutionCounters.ErrorRow.rows(checkpoint: value[2]),
            let sizing = value[3].flatMap({ ExecutionCounters.SizingRow(checkpoint: $0) })
        else { return nil }
        self.init(fallbacks: fallbacks, route: route, sizing: sizing, errors: errors)
    }
}

extension ExecutionCounters.RouteRow {
    fileprivate var checkpoint: JSONValue {
        [
            .time(time), .array([moment, routedAs, vetoReason, fallbackReason].map { .string($0) }),
            .array([offsetSuggested, offsetApplied].map { .integer($0.raw) }),
        ]
    }

    fileprivate init?(checkpoint value: JSONValue) {
        guard let time = value[0]?.time, let texts = value[1]?.array?.compactMap(\.string), texts.count == 4,
            let offsets = value[2]?.array?.compactMap(\.integer), offsets.count == 2
        else { return nil }
        self.init(
            time: time,
            moment: texts[0],
            routedAs: texts[1],
            vetoReason: texts[2],
            fallbackReason: texts[3],
            offsetSuggested: Rate(raw: offsets[0]),
            offsetApplied: Rate(raw: offsets[1])
        )
    }
}

extension ExecutionCounters.SizingRow {
    fileprivate var checkpoint: JSONValue {
        let rates = [
            factors.fraction, factors.winRate, factors.payoff, factors.confidenceFactor, factors.multiplier,
            factors.correlationLoad, factors.regimeMultiplier, factors.navFraction,
        ]
        return [
            .time(time), .array([requested.raw, sized.raw, reference.raw].map { .integer($0) }),
            .array(rates.map { .integer($0.raw) }), .integer(factors.trades),
            .array([factors.basis.rawValue, factors.clamps.bits].map { .integer($0) }),
            factors.regime.map { .integer($0.rawValue) } ?? .null,
        ]
    }

    fileprivate init?(checkpoint value: JSONValue) {
        guard let time = value[0]?.time, let sizes = value[1]?.array?.compactMap(\.integer), sizes.count == 3,
            sizes.allSatisfy({ $0 >= 0 }), let rates = value[2]?.array?.compactMap(\.integer), rates.count == 8,
            let trades = value[3]?.integer.flatMap({ UInt32(exactly: $0) }),
            let small = value[4]?.array?.compactMap({ $0.integer.flatMap { UInt8(exactly: $0) } }), small.count == 2,
            let basis = SizingBasis(rawValue: small[0]), let regime = value[5]
        else { return nil }
        self.init(
            time: time,
            requested: Quantity(raw: sizes[0]),
            sized: Quantity(raw: sizes[1]),
            reference: Price(raw: sizes[2])
        )
        (factors.fraction, factors.winRate) = (Rate(raw: rates[0]), Rate(raw: rates[1]))
        (factors.payoff, factors.confidenceFactor) = (Rate(raw: rates[2]), Rate(raw: rates[3]))
        (factors.multiplier, factors.correlationLoad) = (Rate(raw: rates[4]), Rate(raw: rates[5]))
        (factors.regimeMultiplier, factors.navFraction) = (Rate(raw: rates[6]), Rate(raw: rates[7]))
        (factors.trades, factors.basis) = (trades, basis)
        factors.clamps = SizingClamps(bits: small[1])
        if regime.isNull { return }
        guard let known = regime.integer.flatMap({ UInt8(exactly: $0) }).flatMap({ SizingRegime(rawValue: $0) }) else {
            return nil
        }
        factors.regime = known
    }
}
