extension Instrument {
    /// The version of the format.
    public static let schema = "fairlead.instrument.v1"

    /// The instrument as a canonical value; what the venue does not have is null.
    public var json: JSONValue {
        [
            "schema": .string(Self.schema), "venue": .string(terms.venue.name), "symbol": .string(symbol),
            "asset_class": .string(terms.assetClass.name), "tick": .decimal(terms.tick), "lot": .decimal(terms.lot),
            "min_quantity": .decimal(terms.minimumQuantity), "max_quantity": .decimal(terms.maximumQuantity),
            "min_notional": terms.minimumNotional == .zero ? .null : .decimal(terms.minimumNotional),
            "multiplier": .integer(terms.multiplier),
            "percent_price_ratio": terms.percentPrice == .zero ? .null : .number(terms.percentPrice.description),
            "maker_fee_bps": Self.bps(terms.makerFee), "taker_fee_bps": Self.bps(terms.takerFee),
            "reduce_only_exempt": .bool(terms.reduceOnlyExemptFromMinimum), "is_hedged": .bool(terms.isHedged),
            "origin": .string(origin),
        ]
    }

    /// A fee in basis points, exactly.
    private static func bps(_ fee: Rate) -> JSONValue { .number(Rate(raw: fee.raw * 10_000).description) }
}
