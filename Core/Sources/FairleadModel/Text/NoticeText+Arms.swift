// Which arm an entry was given by expected cost, and how likely each was.

extension RouteArm: NamedChoice {}
extension AdaptiveReason: NamedChoice {}

extension ArmDecision: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field("intent_id", intent)
        writer.field(place: instrument, names)
        writer.field("side", side)
        writer.field("chosen", chosen)
        writer.field("executed", executed)
        writer.field("static_arm", standing)
        writer.field("preferred", preferred)
        writer.field("reason", reason)
        writer.field("is_explored", isExplored)
        writer.field("propensity", Self.share(propensities[chosen]))
        writer.field("weight", Self.share(weight))
        writer.key("features")
        writer.beginObject()
        writer.field("own_share", features.ownShare.double)
        writer.field("spread_ticks", Int64(features.spreadTicks))
        writer.field("regime", features.regime)
        writer.field("cell", Int64(features.cell))
        writer.endObject()
        writer.key("arms")
        writer.beginArray()
        for arm in RouteArm.allCases {
            writer.beginObject()
            writer.field("arm", arm)
            writer.field("cost_bps", costs[arm] == Self.noCost ? nil : Double(costs[arm]) / 10_000)
            writer.field("fill_probability", costs[arm] == Self.noCost ? nil : Self.share(fills[arm]))
            writer.field("propensity", Self.share(propensities[arm]))
            writer.field("samples", Int64(samples[arm]))
            writer.endObject()
        }
        writer.endArray()
    }

    private static func share(_ raw: Int32) -> Double { Double(raw) / Double(FixedPoint.one) }
}
