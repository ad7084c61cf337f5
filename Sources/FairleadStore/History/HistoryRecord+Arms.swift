internal import FairleadModel

// Which arm an entry was given by expected cost: enough to weigh it afterwards.

extension ArmDecision: HistoryRecord {
    static let table = HistoryTable.arms
    static let blank = ArmDecision()
    var signal: SignalNumber { number }

    mutating func visitColumns(_ walk: inout ColumnWalk) {
        walk.signal("signal", &number)
        walk.intent("intent_id", &intent)
        walk.symbol("symbol", &instrument)
        walk.choice("side", &side)
        walk.choice("chosen", &chosen)
        walk.choice("executed", &executed)
        walk.choice("static_arm", &standing)
        walk.choice("preferred", &preferred)
        walk.choice("reason", &reason)
        walk.flag("is_explored", &isExplored)
        walk.rate("own_share", &features.ownShare)
        walk.small("spread_ticks", &features.spreadTicks)
        walk.choice("regime", &features.regime)
        walk.small("weight", &weight)
        for arm in RouteArm.allCases {
            var cost: Int64? = costs[arm] == Self.noCost ? nil : Int64(costs[arm])
            walk.integer("cost_\(arm.name)", orNull: &cost)
            costs[arm] = cost.map { Int32(clamping: $0) } ?? Self.noCost
        }
        for arm in RouteArm.allCases { walk.small("propensity_\(arm.name)", &propensities[arm]) }
        for arm in RouteArm.allCases { walk.small("fill_\(arm.name)", &fills[arm]) }
        for arm in RouteArm.allCases { walk.small("samples_\(arm.name)", &samples[arm]) }
    }
}

extension ColumnWalk {
    /// A number of 32 bits.
    fileprivate mutating func small(_ name: String, _ value: inout Int32) {
        var wide = Int64(value)
        integer(name, &wide)
        value = Int32(clamping: wide)
    }
}
