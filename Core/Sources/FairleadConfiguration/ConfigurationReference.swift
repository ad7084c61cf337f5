/// The table of all keys as a page for people: `config/README.md`.
public enum ConfigurationReference {
    /// Markdown, a table a document.
    public static var text: String {
        var lines = [introduction]
        for document in ConfigurationDocument.allCases {
            lines += ["", "## \(document.fileName)", ""]
            lines.append("| key | type and range | default | changes | status | meaning |")
            lines.append("|---|---|---|---|---|---|")
            for key in KeyTable.keys where key.document == document { lines.append(row(key)) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let introduction = """
        # Configuration

        Three documents. This page is made from the table in `Core/Sources/FairleadConfiguration`; a test holds both
        together. Unknown keys are errors. A value comes from, in this order: a flag, a variable
        `FAIRLEAD__SECTION__KEY`, the file, the default. Lists in variables are split at commas; instruments stand in
        the file only (a flag names their keys by symbol, `instruments.BTCUSDT.taker_fee_bps`, or `*` for each):

            FAIRLEAD__ROUTER__MAX_SPREAD_BPS=12
            FAIRLEAD__RISK_LIMITS__PRICE_COLLAR_BPS=50
            FAIRLEAD__SYMBOLS__BTCUSDT__MAX_NAV_PCT=0.2

        `_pct` values are fractions (0.10 is 10 %). A limit that is left out is off. *Changes* says whether a running
        engine takes a new value (reload, on SIGHUP, all or nothing) or refuses it (restart). Keys marked *later* are
        kept without effect, with a warning; *refused* marks limits that are not enforced yet.

        Names of the source systems are accepted with a warning:

        | name | in | is read as |
        |---|---|---|
        | `router_max_spread_bps` | strategy_config | `router.max_spread_bps` |
        | `router_offset_spread_clamp_bps` | strategy_config | `router.offset_spread_clamp_bps` |
        | `global` | risk_limits | its keys stand in the document itself |
        | `per_symbol` | risk_limits | `symbols` |
        | `trade_equity_nav_pct` | risk_limits | `max_trade_nav_pct` |
        | `drawdown_alert_pct` | risk_limits | `dd_bands.warn` |
        | `symbol_notional_share_cap_pct` | risk_limits | `symbols.SYM.max_nav_pct` of one symbol, or of all |
        | `reset_timezone` | risk_limits | nothing: it must be UTC |

        So are their variables (1 and 0 are true and false):

        | variable | is read as |
        |---|---|
        | `ROUTER_AUTOTUNE_V6_APPLY_ENABLED` | `autotune.apply_enabled` |
        | `ALLOW_MAKER_FLIP` | `autotune.allow_maker_flip` |
        | `MAX_BIAS_DELTA` | `autotune.max_bias_delta` |
        | `MAX_OFFSET_STEP_BPS` | `autotune.max_offset_step_bps` |
        | `MAX_OFFSET_ABS_BPS` | `autotune.max_offset_abs_bps` |
        """

    private static func row(_ key: ConfigurationKey) -> String {
        let byDefault: String
        if key.isRequired {
            byDefault = "must be given"
        } else if let value = KeyDefaults.value(of: key), value != .groups([]) {
            byDefault = "`\(value.text)`"
        } else if case .texts(.symbol, _) = key.kind {
            byDefault = key.path == "universe" ? "all" : "none"
        } else if case .groups = key.kind {
            byDefault = "none"
        } else {
            byDefault = key.status == .enforced ? (key.path.hasPrefix("router.overrides") ? "computed" : "off") : ""
        }
        let cells = ["`\(key.path)`", key.kind.summary, byDefault, key.change.rawValue, key.status.name, key.summary]
        return "| " + cells.joined(separator: " | ") + " |"
    }
}
