import FairleadModel

/// A signal's way in: dedupe, sizing, the risk gateway, and the parent that it becomes. One acknowledgement each.
extension Engine {
    mutating func signalReceived(_ signal: SignalTerms, at now: Timestamp, into out: inout Outbox) {
        counters.signals += 1
        prefetchRows(signal.instrument)
        signals.forget(before: now + -configuration.dedupeWindow)
        if let original = signals.first(signal.digest) {
            counters.duplicates += 1
            #if MUTANTS
                if Mutant.isOn(.duplicateSignalMakesASecondParent) {
                    consider(signal, at: now, into: &out)
                    return
                }
            #endif
            out.notice(
                .acknowledged(
                    SignalAcknowledgement(
                        number: signal.number,
                        disposition: .duplicate,
                        source: signal.source,
                        instrument: signal.instrument,
                        original: original
                    )
                )
            )
            return
        }
        if !signal.number.isInternal {
            // A repetition of what would be forgotten would be taken for new: no entry is worth that. An exit is.
            if signals.isFull, signal.intent == .entry, !signal.reduceOnly {
                return refuseForRoom(signal, .zero, Int64(signals.count), isReducing: false, into: &out)
            }
            signals.insert(signal.digest, signal.number, at: now)
        }
        makeWay(for: signal, at: now, into: &out)
        consider(signal, at: now, into: &out)
    }

    mutating func signalRefused(_ refusal: SignalRefusal, at now: Timestamp, into out: inout Outbox) {
        counters.signals += 1
        counters.invalid += 1
        out.notice(
            .acknowledged(
                SignalAcknowledgement(
                    number: refusal.number,
                    disposition: .invalid,
                    source: refusal.source,
                    invalid: refusal.reason
                )
            )
        )
    }

    /// Sizes a signal, asks the gateway, and sends it on its way. Gives the parent; nil when it was vetoed.
    /// `trigger`: of an order that a level places at the venue, to wait there; zero for every other signal.
    @discardableResult
    mutating func consider(
        _ signal: SignalTerms,
        firing: LevelFiring = .none,
        isStopLoss: Bool = false,
        trigger: Price = .zero,
        at now: Timestamp,
        into out: inout Outbox
    ) -> ParentSlot? {
        let cause = exits.number(of: firing)
        let row = exposure.row(signal.instrument, signal.positionSide)
        let present = trigger.raw > 0 ? row.closable(by: signal.side) : row.reducible(by: signal.side)
        let reducible = leavesAlone(signal) ? .zero : present
        let wantsReduction = signal.intent != .entry || signal.reduceOnly || closesItsSide(signal)
        let sized = size(signal, reducible: reducible, wantsReduction: wantsReduction, at: now, into: &out)
        let closing = wantsReduction ? sized.quantity : min(sized.quantity, reducible)
        guard hasRoom(for: signal, sized, cause, isReducing: wantsReduction, into: &out) else { return nil }
        let (reduceVerdict, openVerdict) = verdicts(
            signal,
            sized,
            closing: closing,
            wantsReduction: wantsReduction,
            trigger: trigger,
            at: now,
            into: &out
        )
        // A flip is an exit plus a vetted entry: a vetoed entry doesn't hold the exit back.
        let first = reduceVerdict ?? openVerdict
        guard let verdict = first, verdict.isApproved else {
            veto(signal, first?.vetoes ?? VetoReasons(), cause, into: &out)
            return nil
        }
        let reduceQuantity = reduceVerdict?.approvedQuantity ?? .zero
        let openQuantity = openVerdict?.approvedQuantity ?? .zero
        guard reduceQuantity.raw + openQuantity.raw > 0 else {
            veto(signal, residual(signal, verdict, into: &out), cause, into: &out)
            return nil
        }
        let levels = register(signal, isOpening: openQuantity.raw > 0, verdict)
        return accept(
            signal,
            reduce: reduceQuantity,
            open: openQuantity,
            asked: sized.quantity.subtracting(closing),
            verdict,
            levels: levels,
            firing: firing,
            cause: cause,
            isStopLoss: isStopLoss,
            trigger: trigger,
            at: now,
            into: &out
        )
    }

    /// What the gateway says of the part that reduces and of the part that opens; nil for a part that there isn't.
    private mutating func verdicts(
        _ signal: SignalTerms,
        _ sized: SizedOrder,
        closing: Quantity,
        wantsReduction: Bool,
        trigger: Price,
        at now: Timestamp,
        into out: inout Outbox
    ) -> (reduce: RiskVerdict?, open: RiskVerdict?) {
        let opening = sized.quantity.subtracting(closing)
        var reduceVerdict: RiskVerdict?
        if wantsReduction || closing.raw > 0 {
            reduceVerdict = decide(
                signal,
                sized,
                quantity: closing,
                isReducing: true,
                wantsReduction: wantsReduction,
                trigger: trigger,
                at: now,
                into: &out
            )
        }
        var openVerdict: RiskVerdict?
        if reduceVerdict == nil || opening.raw > 0 && reduceVerdict?.isApproved == true {
            openVerdict = decide(
                signal,
                sized,
                quantity: opening,
                isReducing: false,
                closingBefore: closing,
                at: now,
                into: &out
            )
        }
        return (reduceVerdict, openVerdict)
    }

    /// Entries leave an eighth of the tables to exits; where even that is used up, whatever comes is refused by name.
    private mutating func hasRoom(
        for signal: SignalTerms,
        _ sized: SizedOrder,
        _ cause: SignalNumber,
        isReducing: Bool,
        into out: inout Outbox
    ) -> Bool {
        if parents.roomLeft > 0, orders.roomLeft > 0 { return true }
        let capacity = Int64(min(parents.capacity, orders.capacity))
        refuseForRoom(signal, sized.quantity, capacity, cause, isReducing: isReducing, into: &out)
        return false
    }

    /// A table is full: the signal is refused by a row and a decision of its own, with an alarm.
    private mutating func refuseForRoom(
        _ signal: SignalTerms,
        _ sized: Quantity,
        _ capacity: Int64,
        _ cause: SignalNumber = .none,
        isReducing: Bool,
        into out: inout Outbox
    ) {
        out.notice(.alarm(Alarm(.capacity, instrument: signal.instrument, value: capacity)))
        var vetoes = VetoReasons()
        vetoes.insert(.orderRateLimit)
        out.notice(
            .riskRow(
                RiskRow(
                    number: signal.number,
                    rule: .orderRateLimit,
                    status: .broken,
                    unit: .count,
                    observed: capacity,
                    threshold: capacity
                )
            )
        )
        out.notice(
            .riskDecided(
                RiskDecision(
                    number: signal.number,
                    instrument: signal.instrument,
                    side: signal.side,
                    isReducing: isReducing,
                    vetoes: vetoes,
                    sizedQuantity: sized,
                    approvedQuantity: .zero
                )
            )
        )
        veto(signal, vetoes, cause, into: &out)
    }

    /// Gives a signal's protective levels their rows. The gateway has looked: they are sound, and there is room.
    private mutating func register(_ signal: SignalTerms, isOpening: Bool, _ verdict: RiskVerdict) -> LevelGroup {
        guard isOpening, bringsLevels(signal) else { return LevelGroup.none }
        do throws(LevelError) {
            return try exits.register(signal, reference: verdict.reference)
        } catch {
            preconditionFailure("Invariant: levels that the gateway passed are taken: \(error.name)")
        }
    }

    /// In hedge mode a sell of LONG and a buy of SHORT can only close.
    private func closesItsSide(_ signal: SignalTerms) -> Bool {
        switch signal.positionSide {
        case .both: false
        case .long: signal.side == .sell
        case .short: signal.side == .buy
        }
    }

    /// What is left of a position is too small for its venue: it stays, marked.
    private func residual(_ signal: SignalTerms, _ verdict: RiskVerdict, into out: inout Outbox) -> VetoReasons {
        if verdict.isResidual { out.notice(.alarm(Alarm(.residual, instrument: signal.instrument))) }
        var vetoes = VetoReasons()
        vetoes.insert(.nothingToReduce)
        return vetoes
    }

    private mutating func decide(
        _ signal: SignalTerms,
        _ sized: SizedOrder,
        quantity: Quantity,
        isReducing: Bool,
        wantsReduction: Bool = false,
        trigger: Price = .zero,
        closingBefore: Quantity = .zero,
        at now: Timestamp,
        into out: inout Outbox
    ) -> RiskVerdict {
        let instrument = signal.instrument
        var context = RiskContext(
            order: OrderFacts(
                number: signal.number,
                instrument: instrument,
                side: signal.side,
                positionSide: signal.positionSide,
                type: signal.orderType,
                isReducing: isReducing,
                wantsReduction: wantsReduction,
                quantity: quantity,
                requestedQuantity: sized.requestedQuantity,
                shortfall: sized.shortfall,
                edgeBasis: sized.factors.basis,
                edge: sized.factors.fraction,
                limitPrice: signal.limitPrice,
                trigger: trigger,
                expiresAt: signal.expiresAt,
                now: now,
                levelCount: isReducing ? 0 : signal.levelCount,
                levelDefect: isReducing ? nil : levelDefect(signal, at: now)
            ),
            terms: terms[Int(instrument.index)],
            symbol: symbols[Int(instrument.index)]
        )
        if guards.isDisabled(instrument, .buy) { context.symbol.isBuyBlocked = true }
        if guards.isDisabled(instrument, .sell) { context.symbol.isSellBlocked = true }
        context.market = marketFacts(instrument)
        let ownBest = ownOppositeBest(instrument, signal.side)
        context.exposure = exposure.facts(instrument, signal.positionSide, ownOppositeBest: ownBest)
        if trigger.raw > 0 { context.exposure.row.forgetClosing() }
        if isReducing, leavesAlone(signal) { context.exposure.row.position = .zero }
        if closingBefore.raw > 0 {
            // The exit leg of a flip goes first.
            switch signal.side {
            case .buy: context.exposure.row.closingBuys += closingBefore
            case .sell: context.exposure.row.closingSells += closingBefore
            }
        }
        context.account = accountFacts(at: now)
        context.trading = tradingFacts(PositionKey(instrument, signal.positionSide), at: now)
        context.trading.isStrategyDisabled = switches.isDisabled(signal.strategy)
        // What reduces is judged by the configured limits, whatever a person has set for a while.
        if isReducing || overrides.isEmpty {
            return judge(&context, signal, closing: closingBefore, into: &out)
        }
        return judgeOverridden(&context, signal, closing: closingBefore, into: &out)
    }

    /// By the limits that hold for this entry now. They stand in `limits` for this one decision: nobody is handed a
    /// copy.
    @inline(never)
    private mutating func judgeOverridden(
        _ context: inout RiskContext,
        _ signal: SignalTerms,
        closing: Quantity,
        into out: inout Outbox
    ) -> RiskVerdict {
        let configured = limits
        defer { limits = configured }
        context.overridden = overrides.apply(
            to: &limits,
            &context.symbol,
            of: signal.instrument,
            signal.strategy,
            at: context.order.now
        )
        return judge(&context, signal, closing: closing, into: &out)
    }

    private mutating func judge(
        _ context: inout RiskContext,
        _ signal: SignalTerms,
        closing: Quantity,
        into out: inout Outbox
    ) -> RiskVerdict {
        context.history = guards.facts(
            signal.instrument,
            side: signal.side,
            quantity: context.order.quantity,
            limitPrice: signal.limitPrice,
            rates: rates.counts(at: context.order.now),
            at: context.order.now,
            limits
        )
        if !context.order.isReducing { addPortfolio(to: &context, closing: closing) }
        return RiskGateway.decide(context, limits, into: &out)
    }

    /// Most signals bring no level, and no look at them.
    @inline(__always)
    private func bringsLevels(_ signal: SignalTerms) -> Bool { signal.levelCount > 0 || !signal.stop.isNone }

    @inline(__always)
    private func levelDefect(_ signal: SignalTerms, at now: Timestamp) -> LevelDefect? {
        guard bringsLevels(signal) else { return nil }
        let maximumAge = limits.maximumQuoteAge(of: terms[Int(signal.instrument.index)].assetClass)
        let reference = marketFacts(signal.instrument).reference(for: signal.side, at: now, maximumAge: maximumAge)
        return exits.defect(signal, reference: reference)
    }

    @inline(__always)
    private func accountFacts(at now: Timestamp) -> AccountFacts {
        var facts = AccountFacts()
        facts.nav = losses.nav
        facts.navTime = losses.navTime
        facts.isNavSourceFailed = isNavSourceFailed
        facts.drawdown = losses.drawdown
        facts.isCircuitLatched = losses.isCircuitLatched
        facts.dayLoss = losses.dayLoss(at: now)
        facts.weekLoss = losses.weekLoss(at: now)
        facts.available = availableFunds
        return facts
    }

    @inline(__always)
    private func tradingFacts(_ key: PositionKey, at now: Timestamp) -> TradingFacts {
        let instrument = key.instrument
        var facts = TradingFacts()
        facts.state = state
        facts.riskMode = stance.mode
        facts.isFrozen = isFrozen
        facts.isReconciled = venue.isReconciled
        facts.isMarketOpen = !isClosed(instrument, at: now)
        facts.reducesEvenUnreconciled = true
        facts.isOverSent = isLocked(key)
        facts.hasUnknownOrder = unresolved[Int(instrument.index)] + buried[Int(instrument.index)] > 0
        facts.tableRowsLeft = min(parents.roomLeft - parents.capacity / 8, orders.roomLeft - orders.capacity / 8)
        facts.levelRowsLeft = exits.roomLeft
        facts.restrictedUntil = max(venue.throttledUntil, venue.bannedUntil)
        return facts
    }

    private mutating func veto(
        _ signal: SignalTerms,
        _ vetoes: VetoReasons,
        _ cause: SignalNumber,
        into out: inout Outbox
    ) {
        counters.vetoed += 1
        out.notice(
            .acknowledged(
                SignalAcknowledgement(
                    number: signal.number,
                    disposition: .vetoed,
                    source: signal.source,
                    instrument: signal.instrument,
                    vetoes: vetoes,
                    cause: cause
                )
            )
        )
    }

    private mutating func accept(
        _ signal: SignalTerms,
        reduce: Quantity,
        open: Quantity,
        asked: Quantity,
        _ verdict: RiskVerdict,
        levels: LevelGroup,
        firing: LevelFiring,
        cause: SignalNumber,
        isStopLoss: Bool,
        trigger: Price,
        at now: Timestamp,
        into out: inout Outbox
    ) -> ParentSlot {
        counters.accepted += 1
        parentCounter += 1
        var parent = Parent()
        parent.intent = IntentID(epoch: epoch, parent: parentCounter)
        parent.approved = reduce + open
        parent.reduceQuantity = reduce
        parent.reservedClosing = reduce
        parent.reservedOpening = open
        parent.maximumChild = verdict.maximumChildQuantity.raw > 0 ? verdict.maximumChildQuantity : parent.approved
        if open.raw > 0 { parent.maximumChild = max(parent.maximumChild, open) }
        parent.describe(signal)
        parent.levels = levels
        parent.firing = firing
        parent.isStopLoss = isStopLoss
        if trigger.raw > 0 { parent.native = .waiting }
        parent.acceptedAt = now
        let book = marketBook(signal.instrument, at: now)
        parent.arrival = book.mid ?? verdict.reference
        parent.released = parent.approved
        let slot = parents.insert(parent)
        measureDecision(slot, signal, at: now)
        reserve(slot)
        // A clamp hides no repetition: what is compared is what was asked for.
        if open.raw > 0 { noteEntry(signal, parent.intent, asked, at: now) }
        let accepted = SignalAcknowledgement(
            number: signal.number,
            disposition: .accepted,
            source: signal.source,
            instrument: signal.instrument,
            intent: parent.intent,
            cause: cause
        )
        out.notice(.acknowledged(accepted))
        // What waits at the venue is handed out by itself (`placeNative`), and is in nobody's way.
        if trigger.raw > 0 {
            exits.nativeCount += 1
            return slot
        }
        if mayBeSliced(signal) { planSchedule(slot, signal, at: now, into: &out) }
        if verdict.cancelsOwnRestingFirst, !isClosed(signal.instrument, at: now) {
            clearOwn(slot, at: now, into: &out)
        } else {
            route(slot, at: now, into: &out)
        }
        return slot
    }

    private mutating func noteEntry(_ signal: SignalTerms, _ intent: IntentID, _ asked: Quantity, at now: Timestamp) {
        guards.entryApproved(
            signal.instrument,
            intent,
            side: signal.side,
            quantity: asked,
            limitPrice: signal.limitPrice,
            at: now
        )
    }

    private mutating func reserve(_ slot: ParentSlot) {
        let (instrument, positionSide, side) = (
            parents[slot].instrument, parents[slot].positionSide, parents[slot].side
        )
        let (closing, opening) = (parents[slot].reservedClosing, parents[slot].reservedOpening)
        if parents[slot].native == .waiting {
            exposure.protect(instrument, positionSide, side: side, quantity: closing)
            return
        }
        if closing.raw > 0 {
            exposure.reserve(instrument, positionSide, side: side, quantity: closing, isClosing: true)
        }
        if opening.raw > 0 {
            exposure.reserve(instrument, positionSide, side: side, quantity: opening, isClosing: false)
        }
    }

    /// An exit cancels our own orders that it would trade against, and waits until they are gone: two seconds at most,
    /// and not at all for one of which nothing is known (RELIABILITY 4.6). A stop-loss must not hang on an answer that
    /// may never come; the exit only reduces, and its cancels leave before it.
    mutating func clearOwn(_ slot: ParentSlot, at now: Timestamp, into out: inout Outbox) {
        let parent = parents[slot]
        parents[slot].stage = .clearing
        let isBlocked = cancelOwn(against: slot, at: now, into: &out)
        guard isBlocked, now - parent.acceptedAt < Self.clearingLimit else { return route(slot, at: now, into: &out) }
        // Cancels never wait long; the exit looks again, and goes as soon as the way is free.
        deadlines.set(parentOwner(slot), at: now + Self.clearingRetryAfter)
    }

    /// Cancels our own resting orders that an exit's next order would trade against; what rests beyond its bound is in
    /// nobody's way. True while one of them, known to live, has no outcome yet.
    @discardableResult
    mutating func cancelOwn(against slot: ParentSlot, at now: Timestamp, into out: inout Outbox) -> Bool {
        let (instrument, side) = (parents[slot].instrument, parents[slot].side)
        guard ownOppositeBest(instrument, side).raw > 0 else { return false }
        let reach = reach(of: slot, at: now)
        var isBlocked = false
        var order = orders.firstLive(instrument)
        while order != .none {
            let row = orders[order]
            if row.side != side, row.isResting, row.isWithin(reach) {
                endOrder(order, .cancelled, at: now, into: &out)
                isBlocked = isBlocked || row.state != .pendingUnknown
            }
            order = row.next
        }
        return isBlocked
    }

    /// Ends the parent of an order, or the order alone where its parent has ended.
    mutating func endOrder(
        _ order: OrderSlot,
        _ outcome: ParentOutcome,
        at now: Timestamp,
        into out: inout Outbox
    ) {
        let slot = orders[order].parent
        if parents[slot].isOpen, parents[slot].child == order {
            requestEnd(slot, outcome, at: now, into: &out)
        } else {
            requestCancel(order, at: now, into: &out)
        }
    }
}

extension Parent {
    /// Takes over what the signal says.
    mutating func describe(_ signal: SignalTerms) {
        number = signal.number
        limitPrice = signal.limitPrice
        makerPrice = signal.makerPrice
        makerQuantity = signal.makerQuantity
        makerFirst = signal.makerFirst
        expiresAt = signal.expiresAt
        instrument = signal.instrument
        strategy = signal.strategy
        source = signal.source
        side = signal.side
        positionSide = signal.positionSide
        orderType = signal.orderType
        timeInForce = signal.timeInForce
        style = signal.style
    }
}
