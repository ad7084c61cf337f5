import FairleadConfiguration
import FairleadModel

/// P2: the documents change while it runs: limits far below what is held, other routing, or something that must not
/// be taken: a broken document, half of one, one symbol less. What was before comes back at the end.
struct ConfigurationReload: Fault {
    static let changes: [[String: String]] = [
        ["risk_limits.max_order_notional": "150", "risk_limits.max_gross_exposure_pct": "0.01"],
        ["risk_limits.max_gross_exposure_pct": "0.02", "risk_limits.max_concurrent_positions": "1"],
        [
            "strategy_config.router.maker_timeout_ms": "700", "strategy_config.router.maker_first": "true",
            "strategy_config.router.answer_timeout_ms": "900",
        ],
        [
            "strategy_config.twap.enabled": "true", "strategy_config.twap.min_notional_usd": "60",
            "strategy_config.twap.slices": "9", "strategy_config.twap.interval_s": "2",
            "strategy_config.twap.min_child_notional": "40", "strategy_config.twap.spread_pause_factor": "0.1",
        ],
        // Refused: out of range, unknown, and what needs a restart.
        ["risk_limits.max_gross_exposure_pct": "-1"],
        ["risk_limits.max_order_notional": "many"],
        ["runtime.capacities.orders": "64"],
        ["runtime.journal.segment_bytes": "1048576"],
    ]

    var name: String { "reload" }
    var row: String { "P2" }
    var placements: FaultPlacements { .everywhere }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(
            lasts: .milliseconds(random.next(in: 500...300_000)),
            value: random.next(in: 0...Int64(Self.changes.count))
        )
    }

    func begin(_ window: inout FaultWindow, _ simulation: inout Simulation) {
        if window.fault.value == Int64(Self.changes.count) {
            simulation.reloadHalfWritten(keeping: window.random)
        } else {
            simulation.reload(Self.changes[Int(window.fault.value)])
        }
    }

    func end(_ window: inout FaultWindow, _ simulation: inout Simulation) { simulation.reload([:]) }
}
