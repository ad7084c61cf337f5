public import FairleadModel

/// What a person decides about a position: whoever traded it, it is ours (`adopt`), goes (`close`), or is nobody's here
/// (`ignore`). Until then nothing is entered in a position that somebody else has traded.
extension Engine {
    mutating func positionOrdered(_ order: PositionOrder, at now: Timestamp, into out: inout Outbox) {
        if let refusal = refusal(of: order, at: now) {
            counters.operatorRefusals += 1
            return decided(order, refusal: refusal, into: &out)
        }
        switch order.action {
        case .adopt: adopt(order, at: now, into: &out)
        case .close: close(order, at: now, into: &out)
        case .ignore:
            decided(order, into: &out)
            externals.decide(order.key, ledger[order.key].isFlat ? .none : .ignored, at: now)
        }
    }

    /// The position is ours in whole; prices take the place of the levels that it had.
    private mutating func adopt(_ order: PositionOrder, at now: Timestamp, into out: inout Outbox) {
        let key = order.key
        guard let signal = levels(of: order) else {
            decided(order, into: &out)
            return externals.decide(key, .none, at: now)
        }
        internalSignals += 1
        decided(order, number: signal.number, into: &out)
        externals.decide(key, .none, at: now)
        exits.removeAll(of: key, into: &out)
        // An exit of a level that is gone would close what the new ones protect.
        endParents(key.instrument, .cancelled, at: now, into: &out) {
            $0.positionSide == key.side && !$0.firing.isNone
        }
        #if MUTANTS
            if Mutant.isOn(.adoptionForgetsItsLevels) { return }
        #endif
        protect(signal, at: now, into: &out)
    }

    /// Registers levels for a position that is there: armed as an entry's are by its fill.
    private mutating func protect(_ signal: SignalTerms, at now: Timestamp, into out: inout Outbox) {
        let key = PositionKey(signal.instrument, signal.positionSide)
        let price = market.price(signal.instrument, exits.source) ?? .zero
        do throws(LevelError) {
            let group = try exits.register(signal, reference: price)
            let entry = ledger[key].averagePrice(multiplier: ledger.multiplier(signal.instrument))
            let present = levelPrice(signal.instrument, at: now) ?? .zero
            exits.entryFilled(group, entry: entry, price: present, into: &out)
            exits.entryEnded(group)
        } catch {
            preconditionFailure("Invariant: levels that were looked at are taken: \(error.name)")
        }
    }

    /// Closes the position as `flatten` does. Where somebody else has traded it, nothing is entered before
    /// it is flat.
    private mutating func close(_ order: PositionOrder, at now: Timestamp, into out: inout Outbox) {
        let key = order.key
        guard let held = ledger[key].quantity.side else {
            decided(order, into: &out)
            return externals.decide(key, .none, at: now)
        }
        // Where other exits have to end first, its signal comes once they have.
        let isFree = holdsExits || !isHeldByExits(key, held.opposite)
        decided(order, number: isFree ? SignalNumber(value: 1 << 63 | internalSignals + 1) : .none, into: &out)
        if externals.isLocked(key) { externals.decide(key, .closing, at: now) }
        flatten(key, at: now, into: &out)
    }

    private func decided(
        _ order: PositionOrder,
        number: SignalNumber = .none,
        refusal: OperatorRefusal? = nil,
        into out: inout Outbox
    ) {
        let isKnown = Int(order.instrument.index) < terms.count
        out.notice(
            .positionDecided(
                PositionDecision(
                    order,
                    quantity: isKnown ? ledger[order.key].quantity : .zero,
                    traded: isKnown ? externals[order.key].traded : .zero,
                    number: number,
                    refusal: refusal
                )
            )
        )
    }

    /// The signal that an order's levels would go by, under the next number of our own; nil where it brings none or
    /// there is no position.
    private func levels(of order: PositionOrder) -> SignalTerms? {
        guard order.hasPrices, let held = ledger[order.key].quantity.side else { return nil }
        let number = SignalNumber(value: 1 << 63 | internalSignals + 1)
        var signal = SignalTerms(
            number: number,
            digest: Digest128(high: UInt64(SignalSource.commandLine.rawValue), low: number.value),
            instrument: order.instrument,
            side: held,
            size: .wholePosition,
            source: .commandLine
        )
        signal.positionSide = order.positionSide
        if order.takeProfit.raw != 0 {
            signal.takeProfits.append(TakeProfitLevel(price: order.takeProfit, fraction: .one))
        }
        signal.stopLoss = order.stopLoss
        return signal
    }

    /// Why an order can't be carried out; nil when it can. Nothing is changed: whoever asks a person looks here first.
    public func refusal(of order: PositionOrder, at now: Timestamp) -> OperatorRefusal? {
        let index = Int(order.instrument.index)
        guard index < terms.count else { return .unknownSymbol }
        guard terms[index].isHedged == (order.positionSide != .both) else { return .sideNotPossible }
        let isFlat = ledger[order.key].isFlat
        let isExternal = externals.isLocked(order.key)
        switch order.action {
        case .adopt:
            if order.hasPrices { return isFlat ? .noPosition : levelRefusal(order) }
            return isExternal ? nil : .nothingToDecide
        case .close: return isFlat && !isExternal ? .nothingToDecide : nil
        case .ignore:
            if isFlat { return isExternal ? nil : .nothingToDecide }
            return isManaged(order.key) ? .positionManaged : nil
        }
    }

    /// What the grid, the market and the table of levels say against an adoption's prices.
    private func levelRefusal(_ order: PositionOrder) -> OperatorRefusal? {
        guard let signal = levels(of: order) else { return .noPosition }
        let grid = terms[Int(order.instrument.index)]
        for price in [order.takeProfit, order.stopLoss] where price.raw != 0 {
            guard price.raw > 0, price <= Price.bound else { return .levelOnWrongSide }
            guard grid.isOnTick(price) else { return .offTick }
        }
        guard let price = market.price(order.instrument, exits.source) else { return .noReferencePrice }
        if exits.defect(signal, reference: price) != nil { return .levelOnWrongSide }
        return exits.roomLeft < signal.levelCount ? .tooManyLevels : nil
    }

    /// A level of ours is at work, or a parent of ours may still trade.
    private func isManaged(_ key: PositionKey) -> Bool {
        if exits.isWatched(key) { return true }
        var slot = parents.firstOpen(key.instrument)
        while slot != .none {
            if parents[slot].key == key { return true }
            slot = parents[slot].next
        }
        return false
    }

    /// Nothing may be entered in the position: more was sent than approved, or somebody else has traded it.
    @inline(__always)
    func isLocked(_ key: PositionKey) -> Bool { guards.isOverSent(key.instrument) || externals.isLocked(key) }

    /// A strategy's signal for a position that a person has said is somebody else's: there is nothing of it to reduce.
    /// A person's own order to close it is carried out.
    @inline(__always)
    func leavesAlone(_ signal: SignalTerms) -> Bool {
        guard !externals.isEmpty else { return false }
        switch signal.source {
        case .exitScanner, .flatten: return false
        case .file, .standardInput, .commandLine, .screener:
            return externals.isIgnored(PositionKey(signal.instrument, signal.positionSide))
        }
    }

    // MARK: - What may be asked

    /// Every position that somebody else has traded and that is not all ours.
    public func forEachExternal(_ body: (PositionKey, ExternalPosition) -> Void) { externals.forEach(body) }
    public func external(_ key: PositionKey) -> ExternalPosition { externals[key] }
    public var externalCount: Int { externals.count }
}

extension PositionOrder {
    @inlinable public var key: PositionKey { PositionKey(instrument, positionSide) }
}
