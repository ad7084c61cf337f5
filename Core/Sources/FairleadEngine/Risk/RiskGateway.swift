public import FairleadModel

/// SPEC 4's gateway: every row of the table is evaluated on every parent order, none stops the others.
///
/// Pure: it sees a `RiskContext` and the limits, and says a verdict. The rows stand in `RiskGateway+*.swift`, one
/// function each; `outcome` is the table. Entry-only rows are off for orders that reduce exposure.
public enum RiskGateway {
    /// Judges one parent. Writes a `riskRow` for each row that is not off and then one `riskDecided`.
    ///
    /// Where `clampsToLimits` is set and only caps are broken, the quantity is cut to the largest that all caps allow.
    /// Costs a few hundred nanoseconds, allocates nothing, and is the same with any number of open orders.
    public static func decide(
        _ context: RiskContext,
        _ limits: RiskLimits,
        into out: inout Outbox
    ) -> RiskVerdict {
        var measures = RiskMeasures(context, limits, quantity: context.order.quantity)
        if limits.clampsToLimits, !context.order.isReducing {
            clamp(&measures, context, limits, &out)
        }
        let vetoes = evaluate(context, limits, measures, isRecorded: true, into: &out)
        let verdict = verdict(context, limits, measures, vetoes)
        out.notice(
            .riskDecided(
                RiskDecision(
                    number: context.order.number,
                    instrument: context.order.instrument,
                    side: context.order.side,
                    isReducing: context.order.isReducing,
                    vetoes: vetoes,
                    sizedQuantity: context.order.quantity,
                    approvedQuantity: verdict.approvedQuantity
                )
            )
        )
        return verdict
    }

    /// Evaluates all rows. Writes them where `isRecorded`; the clamp asks for the reasons alone.
    ///
    /// Two copies of one walk: where nobody reads the rows, what they observed isn't computed.
    static func evaluate(
        _ context: RiskContext,
        _ limits: RiskLimits,
        _ measures: RiskMeasures,
        isRecorded: Bool,
        into out: inout Outbox
    ) -> VetoReasons {
        guard isRecorded, out.isObserved else {
            var none = OutputSpan<RiskRow>()
            return walk(context, limits, measures, writes: false, &none)
        }
        var told = measures
        told.tell()
        var vetoes = VetoReasons()
        out.riskRows(upTo: rowCount) { rows in
            vetoes = walk(context, limits, told, writes: true, &rows)
        }
        return vetoes
    }

    /// Asks one row, unless it is for entries only and the order reduces.
    @inline(__always)
    private static func ask(
        _ rule: VetoReason,
        _ context: RiskContext,
        _ limits: RiskLimits,
        _ measures: RiskMeasures,
        writes: Bool,
        _ vetoes: inout VetoReasons,
        _ rows: inout OutputSpan<RiskRow>
    ) {
        if context.order.isReducing, rule.isEntryOnly { return }
        #if MUTANTS
            if RuleMutants.rule == rule.rawValue { return }
        #endif
        let outcome = outcome(of: rule, context, limits, measures)
        if outcome.status == .broken { vetoes.insert(rule) }
        guard writes, outcome.status != .off else { return }
        rows.append(
            RiskRow(
                number: context.order.number,
                rule: rule,
                status: outcome.status,
                unit: outcome.unit,
                observed: outcome.observed,
                threshold: outcome.threshold,
                isOverride: context.overridden.contains(rule)
            )
        )
    }

    @inline(__always)
    private static func walk(
        _ context: RiskContext,
        _ limits: RiskLimits,
        _ measures: RiskMeasures,
        writes: Bool,
        _ rows: inout OutputSpan<RiskRow>
    ) -> VetoReasons {
        var vetoes = VetoReasons()
        eachRow { ask($0, context, limits, measures, writes: writes, &vetoes, &rows) }
        return vetoes
    }

    private static let rowCount = VetoReason.allCases.count

    /// The rows in their order, which is that of `VetoReason.allCases`. Each by name instead of a loop: inlined, the
    /// compiler has one rule at each place, and what nobody asks of it goes.
    @inline(__always)
    static func eachRow(_ body: (VetoReason) -> Void) {
        body(.killSwitch)
        body(.notReconciled)
        body(.signalExpired)
        body(.restrictedSymbol)
        body(.notWhitelisted)
        body(.sideBlocked)
        body(.invalidOrder)
        body(.nothingToReduce)
        body(.negativeEdge)
        body(.priceCollar)
        body(.staleMarketData)
        body(.navStale)
        body(.portfolioDrawdownCircuit)
        body(.dayLossLimit)
        body(.weekLossLimit)
        body(.navDrawdownLimit)
        body(.correlationCap)
        body(.varLimit)
        body(.cvarLimit)
        body(.minNotional)
        body(.maxOrderNotional)
        body(.maxOrderQuantity)
        body(.perTradeNav)
        body(.symbolCap)
        body(.tierCap)
        body(.tierBlock)
        body(.portfolioCap)
        body(.leverageExceeded)
        body(.effectiveLeverageExceeded)
        body(.maxConcurrent)
        body(.alreadyInTrade)
        body(.cooldown)
        body(.burstLimit)
        body(.orderRateLimit)
        body(.repeatedExecution)
        body(.selfCross)
        body(.buyingPower)
        body(.unknownOrder)
        body(.duplicateOrder)
        body(.rejectStorm)
        body(.marketClosed)
        body(.noReferencePrice)
        body(.environmentGuard)
        body(.strategyDisabled)
    }

    private static func verdict(
        _ context: RiskContext,
        _ limits: RiskLimits,
        _ measures: RiskMeasures,
        _ vetoes: VetoReasons
    ) -> RiskVerdict {
        let isReducing = context.order.isReducing
        let approved = vetoes.isEmpty ? measures.quantity : .zero
        return RiskVerdict(
            vetoes: vetoes,
            approvedQuantity: approved,
            maximumChildQuantity: isReducing
                ? min(approved, maximumChild(context.terms, limits, at: measures.price)) : approved,
            collar: measures.collar,
            reference: measures.reference,
            cancelsOwnRestingFirst: isReducing && vetoes.isEmpty && crossesOwnOrder(context, measures),
            isResidual: isReducing && isResidual(context, measures)
        )
    }

    /// The table: SPEC 4's rows in SPEC 4's order.
    @inline(__always)
    private static func outcome(
        of rule: VetoReason,
        _ context: RiskContext,
        _ limits: RiskLimits,
        _ measures: RiskMeasures
    ) -> RuleOutcome {
        switch rule {
        case .killSwitch: killSwitch(context, limits)
        case .notReconciled: notReconciled(context)
        case .signalExpired: signalExpired(context)
        case .restrictedSymbol: RuleOutcome(flag: context.symbol.isRestricted)
        case .notWhitelisted: RuleOutcome(flag: !context.symbol.isWhitelisted)
        case .sideBlocked: sideBlocked(context)
        case .invalidOrder: invalidOrder(context, measures)
        case .nothingToReduce: nothingToReduce(context)
        case .negativeEdge: negativeEdge(context)
        case .priceCollar: priceCollar(context, limits, measures)
        case .staleMarketData: staleMarketData(context, limits)
        case .navStale: navStale(context, limits)
        case .portfolioDrawdownCircuit: portfolioDrawdownCircuit(context, limits)
        case .dayLossLimit: loss(context.account.dayLoss, limits.dailyLossLimit)
        case .weekLossLimit: loss(context.account.weekLoss, limits.weeklyLossLimit)
        case .navDrawdownLimit: loss(context.account.drawdown, limits.maximumNavDrawdown)
        case .correlationCap: correlationCap(context, limits, measures)
        case .varLimit:
            tail(context.tails.portfolioEvidence, context.tails.portfolioVar, limits.maximumPortfolioVar, measures)
        case .cvarLimit:
            tail(
                context.tails.positionEvidence,
                context.tails.positionShortfall,
                limits.maximumPositionShortfall,
                measures
            )
        case .minNotional: minNotional(context, limits, measures)
        case .maxOrderNotional: maxOrderNotional(context, limits, measures)
        case .maxOrderQuantity: maxOrderQuantity(context, limits, measures)
        case .perTradeNav: cap(measures.tradeShare, limits.maximumTradeNavFraction)
        case .symbolCap: cap(measures.symbolShare, context.symbol.maximumNavFraction)
        case .tierCap: cap(measures.symbolShare, context.symbol.tierNavFraction)
        case .tierBlock: tierBlock(context)
        case .portfolioCap: cap(measures.grossShare, limits.maximumGrossExposure)
        case .leverageExceeded: cap(measures.tradeShare, leverageCap(context, limits))
        case .effectiveLeverageExceeded: cap(measures.grossShare, limits.maximumEffectiveLeverage)
        case .maxConcurrent: maxConcurrent(context, limits)
        case .alreadyInTrade: alreadyInTrade(context, limits)
        case .cooldown: cooldown(context, limits)
        case .burstLimit: burstLimit(context, limits)
        case .orderRateLimit: orderRateLimit(context, limits)
        case .repeatedExecution: repeatedExecution(context, limits)
        case .selfCross: selfCross(context, measures)
        case .buyingPower: buyingPower(context, measures)
        case .unknownOrder: RuleOutcome(flag: context.trading.hasUnknownOrder)
        case .duplicateOrder: RuleOutcome(flag: context.history.isDuplicateOrder)
        case .rejectStorm: rejectStorm(context, limits)
        case .marketClosed: RuleOutcome(flag: !context.trading.isMarketOpen)
        case .noReferencePrice: RuleOutcome(flag: measures.reference.raw <= 0)
        case .environmentGuard: limits.requiresDryRun ? RuleOutcome(flag: limits.isLive) : .off
        case .strategyDisabled: RuleOutcome(flag: context.trading.isStrategyDisabled)
        }
    }
}
