import FairleadModel
public import FairleadNode

extension LogLine {
    /// The line of a notice; nil for those that a log leaves out (risk rows, sizes, bars, policies: `why` tells them).
    public init?(_ entry: NoticeEntry, names: RunNames) {
        switch entry.notice {
        case .acknowledged(let record): self = Self.acknowledged(record, entry, names)
        case .routed(let record):
            // The parent's own line tells its end.
            guard record.moment != .end else { return nil }
            self = Self.routed(record, entry, names)
        case .armChosen(let record): self = Self.armChosen(record, entry, names)
        case .orderChanged(let record):
            guard let line = Self.orderChanged(record, entry, names) else { return nil }
            self = line
        case .filled(let record): self = Self.filled(record, entry, names)
        case .positionChanged(let record): self = Self.positionChanged(record, entry, names)
        case .parentClosed(let record): self = Self.parentClosed(record, entry, names)
        case .levelChanged(let record):
            guard let line = Self.levelChanged(record, entry, names) else { return nil }
            self = line
        case .tradingStateChanged(let record): self = Self.stateChanged(record, entry)
        case .riskModeChanged(let record): self = Self.riskModeChanged(record, entry)
        case .divergence(let record): self = Self.divergence(record, entry, names)
        case .operatorRefused(let record): self = Self.operatorRefused(record, entry, names)
        case .alarm(let record): self = Self.alarm(record, entry, names)
        case .venueChanged(let record):
            self.init("venue", "\(record.venue.name) \(record.condition.name)", at: entry.time)
            symbol = names.symbol(of: record.instrument)
            switch record.condition {
            case .disconnected, .banned, .halted: level = .warning
            case .connected, .reconciled, .throttled, .resumed: break
            }
        case .funded(let record): self = Self.funded(record, entry, names)
        case .progressed(let record): self = Self.progressed(record, entry, names)
        case .tradeClosed(let record): self = Self.tradeClosed(record, entry, names)
        case .riskChanged(let record): self = Self.riskChanged(record, entry, names)
        case .positionDecided(let record): self = Self.positionDecided(record, entry, names)
        case .sized, .riskRow, .riskDecided, .policyComputed, .barClosed, .profitMeasured: return nil
        case .fillMeasured, .markoutMeasured, .shortfallMeasured: return nil
        }
        sequence = entry.sequence
    }

    private static func acknowledged(_ record: SignalAcknowledgement, _ entry: NoticeEntry, _ names: RunNames)
        -> LogLine
    {
        var line = LogLine(record.disposition.name, "", at: entry.time)
        line.symbol = names.symbol(of: record.instrument)
        line.signal = names.label(of: record.number)
        switch record.disposition {
        case .accepted:
            line.message = "signal of \(record.source.name): \(record.intent)"
        case .vetoed:
            let reasons = record.vetoes.all.map(\.name)
            line.reason = reasons.first
            line.message = "signal of \(record.source.name): \(reasons.joined(separator: ", "))"
        case .duplicate:
            line.message = "seen before as \(names.label(of: record.original) ?? "an older signal")"
        case .invalid:
            line.level = .warning
            line.reason = record.invalid?.name
            let reason = names.refusal(of: record.number) ?? record.invalid?.name ?? "invalid"
            line.message = "signal of \(record.source.name) refused: \(reason)"
        }
        if record.source == .screener || record.source == .exitScanner || record.source == .flatten { return line }
        if let signal = line.signal { line.message += "  \(signal)" }
        return line
    }

    private static func routed(_ record: RouteDecision, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        let price = record.price == .zero ? "at market" : "@ \(record.price)"
        var text = "\(record.side.name) \(record.quantity) \(price) as \(record.routedAs.name)"
        if record.price == .zero, record.routedAs != .market {
            // Only a market order goes out without a price: this one waits, or is refused, as its next line says.
            text = "\(record.side.name) \(record.quantity) not sent: \(record.vetoReason.name)"
        } else if record.usedFallback {
            text += ", fallback: \(record.fallbackReason.name)"
        } else if record.vetoReason != .none {
            text += ", not maker: \(record.vetoReason.name)"
        }
        var line = LogLine("routed", text, at: entry.time)
        line.symbol = names.symbol(of: record.instrument)
        line.signal = names.label(of: record.number)
        return line
    }

    private static func armChosen(_ record: ArmDecision, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        func cost(_ arm: RouteArm) -> String {
            record.costs[arm] == ArmDecision.noCost ? "none" : "\(Rate(raw: Int64(record.costs[arm])).inBps) bps"
        }
        var text = "\(record.side.name) \(record.executed.name), expected \(cost(record.executed))"
        text += ", statically \(record.standing.name) at \(cost(record.standing))"
        if record.chosen != record.executed { text += ", chosen \(record.chosen.name) at \(cost(record.chosen))" }
        if record.isExplored { text += ", a try" }
        text += ", drawn by \(Rate(raw: Int64(record.propensities[record.chosen])))"
        var line = LogLine("arm", text, at: entry.time)
        line.symbol = names.symbol(of: record.instrument)
        line.signal = names.label(of: record.number)
        line.reason = record.reason == .none ? nil : record.reason.name
        return line
    }

    private static func progressed(_ record: ProgressRecord, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        var text = record.algorithm == .auto ? "" : "\(record.algorithm.name) "
        if record.slices > 0 { text += "slice \(record.slice) of \(record.slices), " }
        if record.event == .flatCurve { text += "too little volume history, equal slices, " }
        text += "\(record.side.name) \(record.filled) of \(record.approved) filled, \(record.due) due"
        if record.carried > .zero { text += ", \(record.carried) carried" }
        if record.until.isKnown, record.event != .paused { text += ", until \(record.until.text(.milliseconds))" }
        var line = LogLine(record.event.name, "\(text)  \(record.intent)", at: entry.time)
        line.symbol = names.symbol(of: record.instrument)
        line.signal = names.label(of: record.number)
        return line
    }

    private static func orderChanged(_ record: OrderChange, _ entry: NoticeEntry, _ names: RunNames) -> LogLine? {
        var line = LogLine(record.to.name, "", at: entry.time)
        line.symbol = names.symbol(of: record.instrument)
        line.signal = names.label(of: record.number)
        line.order = record.id.description
        let order = "\(record.side.name) \(record.quantity)"
        switch record.to {
        case .created, .submitted, .accepted, .pendingCancel, .pendingReplace, .partiallyFilled, .filled: return nil
        case .working: line.message = "\(order) @ \(record.price)"
        case .pendingUnknown:
            line.level = .warning
            line.event = "unknown"
            line.message = "\(order): no answer; asking the venue  \(record.id)"
        case .cancelled, .expired:
            line.reason = record.endReason.name
            line.message = "\(order), filled \(record.filled)"
            if !record.endReason.name.isEmpty { line.message += " (\(record.endReason.name))" }
        case .rejected:
            line.level = .warning
            line.reason = record.rejectReason?.name
            line.message = "\(order): \(record.rejectReason?.name ?? "no reason given")"
        }
        return line
    }

    private static func filled(_ record: FillRecord, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        let execution = record.execution
        var text = "\(execution.side.name) \(execution.quantity) @ \(execution.price) \(execution.liquidity.name)"
        text += ", fee \(DecimalText.text(raw: execution.fee))"
        if record.realized != 0 { text += ", realised \(DecimalText.text(raw: record.realized))" }
        if record.isLate { text += ", late" }
        if record.isExternal { text += ", not ours" }
        if execution.origin != .order { text += ", \(execution.origin.name) by the venue" }
        var line = LogLine("fill", text, at: entry.time)
        line.symbol = names.symbol(of: execution.instrument)
        line.signal = names.label(of: record.number)
        line.order = execution.id.isNone ? nil : execution.id.description
        return line
    }

    private static func positionChanged(_ record: PositionRecord, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        let text =
            record.quantity == .zero
            ? "flat, realised \(DecimalText.text(raw: record.realized)), fees \(DecimalText.text(raw: record.fees))"
            : "\(record.quantity) @ \(record.averagePrice), unrealised "
                + (record.unrealized.map { DecimalText.text(raw: $0) } ?? "unknown")
        var line = LogLine("position", text, at: entry.time)
        line.symbol = names.symbol(of: record.instrument)
        return line
    }

    private static func funded(_ record: FundingRecord, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        let payment = record.payment
        let verb = payment.amount < 0 ? "received" : "paid"
        let amount = DecimalText.text(raw: Int64(clamping: payment.amount.magnitude))
        let text =
            "\(verb) \(amount) on \(payment.quantity) @ \(payment.mark), rate \(payment.rate)"
            + ", paid in all \(DecimalText.text(raw: record.total))"
        var line = LogLine("funding", text, at: entry.time)
        line.symbol = names.symbol(of: payment.instrument)
        return line
    }

    private static func tradeClosed(_ record: ClosedTrade, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        var text = "\(record.side == .buy ? "long" : "short") \(record.quantity), \(record.exit.name)"
        text += ", net \(DecimalText.text(raw: record.profit)), return \(record.profitRate)"
        var line = LogLine("trade", text, at: entry.time)
        line.symbol = names.symbol(of: record.instrument)
        line.signal = names.label(of: record.number)
        return line
    }

    private static func parentClosed(_ record: ParentRecord, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        var text = "\(record.side.name) \(record.filled) of \(record.approved)"
        if record.averagePrice != .zero { text += " @ \(record.averagePrice)" }
        text += ", \(record.outcome.name) as \(record.routedAs.name)"
        if !record.fallbackReason.name.isEmpty { text += " (\(record.fallbackReason.name))" }
        text += ", fees \(DecimalText.text(raw: record.fees))  \(record.intent)"
        var line = LogLine("closed", text, at: entry.time)
        line.symbol = names.symbol(of: record.instrument)
        line.signal = names.label(of: record.number)
        return line
    }

    private static func levelChanged(_ record: LevelRecord, _ entry: NoticeEntry, _ names: RunNames) -> LogLine? {
        // A stop that trails has no price of its own until the market gives it one.
        let price = record.price == .zero ? ", trailing" : " @ \(record.price)"
        var text = "\(record.kind.name) \(record.event.name)\(price)"
        switch record.event {
        case .fired, .refired, .escalated: text += ", crossed by \(record.trigger)"
        case .adjusted: text += ", at a price of \(record.trigger)"
        case .registered: break
        case .rearmed, .removed: return nil
        }
        var line = LogLine("level", text, at: entry.time)
        line.symbol = names.symbol(of: record.instrument)
        line.signal = names.label(of: record.number)
        return line
    }

    private static func stateChanged(_ record: TradingStateRecord, _ entry: NoticeEntry) -> LogLine {
        var text = "\(record.from.name) -> \(record.to.name): \(record.cause.name)"
        if record.isFrozen { text += ", frozen" }
        let level: LogLevel = record.to == .active ? .info : .warning
        var line = LogLine("state", text, level: level, at: entry.time)
        line.reason = record.cause.name
        return line
    }

    private static func riskModeChanged(_ record: RiskModeRecord, _ entry: NoticeEntry) -> LogLine {
        var text = "\(record.from.name) -> \(record.to.name), drawdown \(record.drawdownTo.name)"
        if let drawdown = record.drawdown { text += " at \(drawdown)" }
        if record.isNavStale { text += ", NAV is stale" }
        if record.isRouterPoor { text += ", router quality is poor" }
        var line = LogLine("risk_mode", text, at: entry.time)
        if record.to.rawValue > record.from.rawValue { line.level = .warning }
        return line
    }

    private static func divergence(_ record: DivergenceRecord, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        var line = LogLine(
            "divergence",
            "ours \(record.ours), the venue's \(record.venue)",
            level: .warning,
            at: entry.time
        )
        line.symbol = names.symbol(of: record.instrument)
        return line
    }

    private static func operatorRefused(_ record: OperatorRefused, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        let order = record.order.isNone ? "" : "  \(record.order)"
        let text = "\(record.action.name): \(record.reason.explanation)\(order)"
        var line = LogLine("refused", text, level: .warning, at: entry.time)
        line.symbol = names.symbol(of: record.instrument)
        line.signal = names.label(of: record.number)
        line.order = record.order.isNone ? nil : record.order.description
        line.reason = record.reason.name
        return line
    }

    /// What the number of an alarm is, in its unit; empty where it has none to tell.
    private static func value(of alarm: Alarm) -> String {
        switch alarm.kind {
        case .overfill, .externalFill, .lateFill, .venueClosed, .divergence, .exitFailed, .residual, .navJump:
            alarm.value == 0 ? "" : DecimalText.text(raw: alarm.value)
        case .unknownOrderEscalated: "for \(alarm.value) ms"
        case .capacity: "of \(alarm.value)"
        case .unknownOrder, .rejectStorm, .repeatedExecution, .overSend, .venueDisconnected, .exitUnbounded,
            .outOfOrder:
            ""
        }
    }

    private static func alarm(_ record: Alarm, _ entry: NoticeEntry, _ names: RunNames) -> LogLine {
        let order = record.order.isNone ? "" : "  \(record.order)"
        let value = value(of: record)
        let text = "\(record.kind.name)\(value.isEmpty ? "" : " \(value)")\(order)"
        var line = LogLine("alarm", text, level: .error, at: entry.time)
        line.symbol = names.symbol(of: record.instrument)
        line.order = record.order.isNone ? nil : record.order.description
        line.reason = record.kind.name
        return line
    }
}
