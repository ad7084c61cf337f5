/// `router_quality` of `strategy_config.json`: what executions are measured over, and against.
public struct QualityConfiguration: Hashable, Sendable {
    /// `stats_window.seconds`: what is older drops out of the statistics of a symbol ...
    public var window = TimeSpan.seconds(900)
    /// `stats_window.min_events`: ... while more than so many remain.
    public var minimumEvents = 5
    /// `baseline_bps`: the slippage that drift is measured from.
    public var baseline = Rate.zero

    public init() {}
}
