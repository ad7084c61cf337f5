import FairleadModel

extension ConfigurationDecoder {
    /// The rules between keys of the paper venue's account, its delays and the calendar.
    mutating func judgeAccount() {
        let paper = content.runtime.paper
        judge(paper.orderLatency, "paper.order_latency")
        judge(paper.answerLatency, "paper.answer_latency")
        require(
            paper.maintenanceMargin < paper.initialMargin,
            .runtime,
            "paper.maintenance_margin_pct",
            "must be under initial_margin_pct \(paper.initialMargin)",
            also: [(.runtime, "paper.initial_margin_pct")]
        )
        let hours = content.engine.tradingHours
        require(
            hours.openMinute < hours.closeMinute,
            .runtime,
            "trading_hours.close",
            "must be after open",
            also: [(.runtime, "trading_hours.open")]
        )
        require(
            hours.openMinute < hours.earlyCloseMinute && hours.earlyCloseMinute <= hours.closeMinute,
            .runtime,
            "trading_hours.early_close",
            "must be after open, and not after close",
            also: [(.runtime, "trading_hours.open"), (.runtime, "trading_hours.close")]
        )
    }

    private mutating func judge(_ latency: LatencyConfiguration, _ path: String) {
        require(
            latency.minimum <= latency.maximum,
            .runtime,
            path + ".max_ms",
            "must be at least min_ms",
            also: [(.runtime, path + ".min_ms")]
        )
        require(
            latency.median == .zero || latency.median >= latency.minimum && latency.median <= latency.maximum,
            .runtime,
            path + ".median_ms",
            "must be within min_ms and max_ms, or 0 for none",
            also: [(.runtime, path + ".min_ms"), (.runtime, path + ".max_ms")]
        )
        require(
            latency.p99 == .zero || latency.median > .zero && latency.p99 >= latency.median,
            .runtime,
            path + ".p99_ms",
            "must be at least median_ms, which must be given, or 0 for none",
            also: [(.runtime, path + ".median_ms")]
        )
        require(
            latency.quantiles.count != 1,
            .runtime,
            path + ".quantiles_ms",
            "must hold at least two numbers, or none"
        )
        require(
            latency.quantiles.isEmpty || latency.median == .zero,
            .runtime,
            path + ".quantiles_ms",
            "leaves no place for median_ms; leave one of the two out",
            also: [(.runtime, path + ".median_ms")]
        )
    }
}
