import FairleadModel

extension KeyTable {
    static var twapKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("twap"), .reload, .part(\.engine.twap))
        keys.key("enabled", \.isEnabled, .flag, "Large entries are sliced without being asked to.")
        keys.key("min_notional_usd", \.minimumNotional, .money(isAboveZero: false), "From this notional on.")
        keys.key("slices", \.slices, .count(2...TwapTerms.sliceLimit), "Number of slices.")
        keys.key("interval_s", \.interval, .seconds(1...TwapTerms.intervalLimit), "Time between slices.")
        keys.key(
            "min_child_notional",
            \.minimumChildNotional,
            .money(isAboveZero: false),
            "The smallest child, with the venue's own minimum: fewer slices are made, a smaller rest is carried."
        )
        keys.key(
            "spread_pause_factor",
            \.spreadPauseFactor,
            .ratio(upTo: 100),
            "Nothing is sent at a spread over so many normal ones."
        )
        keys.key("jitter", \.jitter, .share, "Seeded jitter of a slice's beginning, as a share of the interval.")
        keys.key(
            "catch_up_slices",
            \.catchUpSlices,
            .count(0...TwapTerms.sliceLimit),
            "How many slices of average size one slice may make up for, beside its own."
        )
        return keys.rows
    }

    static var bucketKeys: [ConfigurationKey] {
        let scope = KeyScope<SymbolConfiguration>(
            get: { content, index in content.engine.symbols[index] },
            set: { content, index, change in change(&content.engine.symbols[index]) }
        )
        var buckets = KeySection(.strategy, segments("router_quality.buckets"), .reload, scope)
        buckets.limit("*", \.namedBucket, .choice, "The symbol's bucket; left out: by its tier.")
        let spreads = segments("router_quality.normal_spread_bps")
        var keys = KeySection(.strategy, spreads, .reload, .part(\.engine.quality))
        keys.key("a_high", \.normalSpreadHigh, .bps(0...10_000), "Of this bucket; 0: no spread pauses a TWAP.")
        keys.key("b_medium", \.normalSpreadMedium, .bps(0...10_000), "Of this bucket.")
        keys.key("c_low", \.normalSpreadLow, .bps(0...10_000), "Of this bucket.")
        return buckets.rows + keys.rows
    }
}
