import FairleadModel

extension KeyTable {
    /// The calendar of an exchange, and what the paper venue does with the account.
    static var hoursKeys: [ConfigurationKey] {
        var keys = KeySection(.runtime, segments("trading_hours"), .restart, .part(\.engine.tradingHours))
        keys.minute("open", \.openMinute, "When a session begins, in New York's time.")
        keys.minute("close", \.closeMinute, "When it ends.")
        keys.minute("early_close", \.earlyCloseMinute, "When it ends on the days of early_closes.")
        keys.custom(
            "holidays",
            .texts(.date, limit: 2000),
            "Days without a session; Saturdays and Sundays have none anyway.",
            get: { dates($0.holidays) },
            set: { $0.setHolidays(days($1)) }
        )
        keys.custom(
            "early_closes",
            .texts(.date, limit: 2000),
            "Days whose session ends at early_close.",
            get: { dates($0.earlyCloses) },
            set: { $0.setEarlyCloses(days($1)) }
        )
        return keys.rows
    }

    static var accountKeys: [ConfigurationKey] {
        var keys = runtimeSection("paper")
        for (name, path) in [
            ("order_latency", \RuntimeConfiguration.paper.orderLatency),
            ("answer_latency", \RuntimeConfiguration.paper.answerLatency),
        ] as [(String, any WritableKeyPath<RuntimeConfiguration, LatencyConfiguration> & Sendable)] {
            keys.latency(name, path)
        }
        keys.key(
            "initial_margin_pct",
            \.paper.initialMargin,
            .fraction,
            "Share of an order's value that must be covered; 0.05 allows twenty times leverage."
        )
        keys.key(
            "maintenance_margin_pct",
            \.paper.maintenanceMargin,
            .share,
            "Share of the positions' value under which equity may not fall, or the venue closes them; 0: never."
        )
        keys.key(
            "liquidation_fee_bps",
            \.paper.liquidationFee,
            .bps(0...1000),
            "What a fill of such a close costs on top of the taker's fee."
        )
        keys.key(
            "funding_interval_min",
            \.paper.fundingInterval,
            .minutes(1...10_080),
            "Between two settlements of funding, counted from midnight UTC."
        )
        return keys.rows
    }

    private static func days(_ texts: [String]) -> [CivilDate] {
        texts.map { text in
            let parts = text.split(separator: "-").compactMap { Int($0) }
            precondition(parts.count == 3, "Invariant: a checked date has three numbers")
            return CivilDate(year: parts[0], month: parts[1], day: parts[2])
        }
    }

    private static func dates(_ days: [Int64]) -> [String] {
        days.map { day in
            let date = CivilDate(daysSinceEpoch: day)
            return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        }
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension KeySection {
    /// A time of the day.
    mutating func minute(
        _ name: String,
        _ path: any WritableKeyPath<Root, Int> & Sendable,
        _ summary: String
    ) {
        custom(
            name,
            .text(.minute),
            summary,
            get: { "\(KeyTable.padded($0[keyPath: path] / 60, 2)):\(KeyTable.padded($0[keyPath: path] % 60, 2))" },
            set: { root, text in root[keyPath: path] = TextRule.minute(text) ?? root[keyPath: path] }
        )
    }
}

extension KeySection where Root == RuntimeConfiguration {
    /// A distribution in place of the even one between the bounds.
    mutating func latency(
        _ name: String,
        _ path: any WritableKeyPath<RuntimeConfiguration, LatencyConfiguration> & Sendable
    ) {
        custom(
            name + ".median_ms",
            .milliseconds(0...60_000),
            "The middle of a log-normal distribution, cut to min_ms and max_ms; 0: even between them.",
            get: { $0[keyPath: path].median },
            set: { $0[keyPath: path].median = $1 }
        )
        custom(
            name + ".p99_ms",
            .milliseconds(0...60_000),
            "What 99 of 100 draws of it stay under; 0: it is the median always.",
            get: { $0[keyPath: path].p99 },
            set: { $0[keyPath: path].p99 = $1 }
        )
        custom(
            name + ".quantiles_ms",
            .milliseconds(0...60_000, limit: 1001),
            "A measured distribution instead: its quantiles at even steps from the 0th to the 100th; empty: none.",
            get: { $0[keyPath: path].quantiles },
            set: { $0[keyPath: path].quantiles = $1 }
        )
    }
}
