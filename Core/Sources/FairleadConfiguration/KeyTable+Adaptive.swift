import FairleadModel

extension KeyTable {
    /// `router.adaptive`: the route by expected cost, and its guard rails.
    static var adaptiveKeys: [ConfigurationKey] {
        var keys = KeySection(.strategy, segments("router.adaptive"), .reload, .part(\.engine.adaptive))
        keys.key(
            "mode",
            \.mode,
            .choice,
            "off: the static policy routes; shadow: decides, learns and tells only; live: routes."
        )
        keys.key("is_default", \.isDefault, .flag, "Market signals that name no route are routed by expected cost.")
        keys.key("symbols", \.symbols, .texts(.line, limit: 1000), "Symbols that may be so routed; * is all.")
        keys.key(
            "exploration",
            \.exploration,
            .exploration,
            "The largest share of a symbol's decisions that try an arm for what it teaches."
        )
        keys.key(
            "regret_budget",
            \.regretBudget,
            .money(isAboveZero: false),
            "What a UTC day's tries may be expected to cost over the best arm, in the quote currency."
        )
        keys.key(
            "min_samples",
            \.minimumSamples,
            .count(1...1_000_000),
            "Orders of a symbol that an estimate must rest on before an arm replaces the static one."
        )
        keys.key("hysteresis_bps", \.hysteresis, .bps(0...100), "How much cheaper another arm must be to be preferred.")
        keys.key(
            "weight_step",
            \.weightStep,
            .fraction,
            "How far the share of orders that leave the static arm moves at a decision."
        )
        keys.key("offset_step_bps", \.offsetStep, .bps(0...100), "How much deeper than its last quote a symbol quotes.")
        keys.key("max_offset_bps", \.maximumOffset, .bps(0...100), "How far behind its touch an arm quotes, at most.")
        keys.key(
            "deeper_ticks",
            \.deeperTicks,
            .count(1...1000),
            "How many ticks behind the touch the deeper arms quote."
        )
        keys.key(
            "short_timeout_ms",
            \.shortTimeout,
            .milliseconds(1...86_400_000),
            "How long the short arms rest; never longer than router.maker_timeout_ms."
        )
        keys.key("half_life_hours", \.halfLife, .hours(1...8760), "Evidence counts half after this time.")
        keys.key("prior_weight", \.priorWeight, .count(1...10_000), "Orders that what is assumed beforehand counts as.")
        keys.key(
            "alarm_pause_s",
            \.alarmPause,
            .seconds(1...604_800),
            "How long a symbol is left to the static policy after an alarm of its costs."
        )
        keys.key("seed", \.seed, .count(0...1_000_000_000), "What the draws are seeded with.")
        return keys.rows
    }
}
