internal import FairleadModel

/// A record of the engine as a row: the table's columns are `id`, `ts` and those that the walk visits.
///
/// The walk visits every field, so that the record can be made again of its row and is told in the same words as one
/// of the journal. A field that is added to a record gets a column here, in a migration of its own.
protocol HistoryRecord {
    static var table: HistoryTable { get }
    /// What a row is read into.
    static var blank: Self { get }
    var signal: SignalNumber { get }
    mutating func visitColumns(_ walk: inout ColumnWalk)
}

/// Tables of the history, in the order in which they are written and compared.
enum HistoryTable: String, CaseIterable {
    case instruments
    case strategies
    case signals
    case acknowledgements
    case sizings
    case riskRows = "risk_rows"
    case decisions
    case routes
    case orders
    case orderEvents = "order_events"
    case fills
    case parents
    case levels
    case refusals
    case fillMeasures = "fill_measures"
    case markouts
    case shortfalls
    case fundings
    case progress = "parent_progress"
    case trades = "closed_trades"
    case arms = "arm_decisions"
    case riskChanges = "risk_changes"
    case positionDecisions = "position_decisions"

    /// What the rows are told apart and ordered by.
    var key: String {
        switch self {
        case .instruments, .strategies: "handle"
        case .signals: "number"
        case .acknowledgements, .sizings, .riskRows, .decisions, .routes, .orders, .orderEvents, .fills, .parents,
            .levels, .refusals, .fillMeasures, .markouts, .shortfalls, .fundings, .progress, .trades, .arms,
            .riskChanges, .positionDecisions:
            "id"
        }
    }
}

// MARK: - Decisions

extension SignalAcknowledgement: HistoryRecord {
    static let table = HistoryTable.acknowledgements
    static let blank = SignalAcknowledgement(number: .none, disposition: .accepted, source: .file)
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.choice("source", &source)
        walk.symbol("symbol", &instrument)
        walk.choice("disposition", &disposition)
        walk.intent("intent_id", &intent)
        walk.reasons("reasons", &vetoes)
        walk.choice("invalid", orNull: &invalid)
        walk.signal("duplicate_of", &original)
    }
}

extension SizingRecord: HistoryRecord {
    static let table = HistoryTable.sizings
    static let blank = SizingRecord(
        number: .none,
        instrument: .none,
        requested: .wholePosition,
        referencePrice: .zero,
        nav: nil,
        requestedQuantity: .zero,
        sizedQuantity: .zero
    )
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.symbol("symbol", &instrument)
        walk.size("requested_kind", "requested", &requested)
        walk.price("reference_price", orNull: &referencePrice)
        walk.integer("nav", orNull: &nav)
        walk.quantity("requested_quantity", &requestedQuantity)
        walk.quantity("sized_quantity", &sizedQuantity)
        factors.visitColumns(&walk)
    }
}

extension RiskRow: HistoryRecord {
    static let table = HistoryTable.riskRows
    static let blank = RiskRow(
        number: .none,
        rule: .killSwitch,
        status: .passed,
        unit: .flag,
        observed: 0,
        threshold: 0
    )
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.choice("rule", &rule)
        walk.choice("status", &status)
        walk.choice("unit", &unit)
        walk.observation("observed", &observed)
        walk.observation("threshold", &threshold)
        walk.flag("is_override", &isOverride)
    }
}

extension RiskDecision: HistoryRecord {
    static let table = HistoryTable.decisions
    static let blank = RiskDecision(
        number: .none,
        instrument: .none,
        side: .buy,
        isReducing: false,
        vetoes: VetoReasons(),
        sizedQuantity: .zero,
        approvedQuantity: .zero
    )
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.symbol("symbol", &instrument)
        walk.choice("side", &side)
        walk.flag("is_reducing", &isReducing)
        walk.reasons("reasons", &vetoes)
        walk.quantity("sized_quantity", &sizedQuantity)
        walk.quantity("approved_quantity", &approvedQuantity)
    }
}

extension RouteDecision: HistoryRecord {
    static let table = HistoryTable.routes
    static let blank = RouteDecision(
        number: .none,
        intent: .none,
        instrument: .none,
        side: .buy,
        moment: .start,
        policy: RouterPolicy(),
        bid: .zero,
        ask: .zero,
        price: .zero,
        effectivePrice: .zero,
        quantity: .zero,
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
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.intent("intent_id", &intent)
        walk.symbol("symbol", &instrument)
        walk.choice("side", &side)
        walk.choice("moment", &moment)
        walk.choice("routed_as", &routedAs)
        walk.flag("maker_start", &makerStart)
        walk.flag("is_maker_final", &isMakerFinal)
        walk.flag("used_fallback", &usedFallback)
        walk.choice("veto_reason", &vetoReason)
        walk.choice("fallback_reason", &fallbackReason)
        walk.price("price", orNull: &price)
        walk.price("effective_price", orNull: &effectivePrice)
        walk.quantity("quantity", &quantity)
        walk.price("bid", orNull: &bid)
        walk.price("ask", orNull: &ask)
        walk.rate("spread", orNull: &spread)
        walk.span("book_age", &bookAge)
        walk.rate("offset_applied", &offset)
        walk.policy(&policy)
        walk.span("signal_to_decision", &latency.signalToDecision)
        walk.span("decision_to_send", orNull: &latency.decisionToSend)
        walk.span("send_to_ack", orNull: &latency.sendToAcknowledgement)
        walk.span("ack_to_fill", orNull: &latency.acknowledgementToFill)
    }
}

extension ColumnWalk {
    /// How large, in the words of a signal, and the number as its decimal text.
    mutating func size(_ kindName: String, _ name: String, _ value: inout SignalSize) {
        var kind: String?
        var number: String?
        switch value {
        case .quantity(let quantity): (kind, number) = ("quantity", quantity.description)
        case .notional(let money): (kind, number) = ("notional", money.description)
        case .navFraction(let rate): (kind, number) = ("nav_pct", rate.description)
        case .wholePosition: (kind, number) = ("whole_position", nil)
        case .kelly(let share): (kind, number) = ("kelly", share.description)
        }
        text(kindName, &kind)
        text(name, &number)
        guard isReading, fault == nil else { return }
        do throws(DecimalError) {
            switch kind {
            case "quantity": value = .quantity(try Quantity(text: number ?? ""))
            case "notional": value = .notional(try Money(text: number ?? ""))
            case "nav_pct": value = .navFraction(try Rate(text: number ?? ""))
            case "whole_position": value = .wholePosition
            case "kelly": value = .kelly(try Rate(text: number ?? ""))
            default: refuse(kindName, "'\(kind ?? "NULL")' is no kind of size")
            }
        } catch {
            refuse(name, error.name)
        }
    }

    /// A number of a risk row; NULL where there was nothing to observe.
    mutating func observation(_ name: String, _ value: inout Int64) {
        var found = value == RiskRow.missing ? nil : value
        integer(name, orNull: &found)
        value = found ?? RiskRow.missing
    }

    mutating func policy(_ policy: inout RouterPolicy) {
        choice("policy_quality", &policy.quality)
        choice("policy_taker_bias", &policy.takerBias)
        flag("policy_maker_first", &policy.makerFirst)
        choice("policy_regime", &policy.regime)
        flag("policy_regime_assumed", &policy.isRegimeAssumed)
        flag("policy_bootstrap", &policy.isBootstrap)
        flag("policy_overridden", &policy.isOverridden)
        rate("policy_bias", &policy.bias)
        rate("policy_offset", &policy.offset)
        rate("autotune_bias", &policy.tune.bias)
        rate("autotune_offset", &policy.tune.offset)
        flag("autotune_flipped", &policy.tune.isFlipped)
    }
}
