import FairleadModel

extension RandomRecords {
    mutating func armDecision() -> ArmDecision {
        var decision = ArmDecision(
            number: number(),
            intent: id().intent,
            instrument: instrument(),
            side: choice(),
            standing: choice(),
            features: ArmFeatures(
                ownShare: Rate(raw: Int64(word() % 100_000_001)),
                spreadTicks: Int32(clamping: Int64(word() % 1_000)),
                regime: choice()
            )
        )
        decision.chosen = choice()
        decision.executed = choice()
        decision.preferred = choice()
        decision.reason = choice()
        decision.isExplored = flag()
        decision.weight = small()
        for arm in RouteArm.allCases {
            decision.propensities[arm] = small()
            decision.costs[arm] = flag() ? ArmDecision.noCost : small() - 50_000_000
            decision.fills[arm] = small()
            decision.samples[arm] = small()
        }
        return decision
    }

    private mutating func small() -> Int32 { Int32(clamping: Int64(word() % 100_000_001)) }
}
