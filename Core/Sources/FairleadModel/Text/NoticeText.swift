/// Notices as JSON objects: the canonical events of logs, `--json` and streams.
///
/// Each has `event`, `version`, `sequence` and `ts` first; money, prices and quantities are decimal strings, ratios and
/// basis points numbers, times ISO 8601, and a key is always there (null where nothing is known). The canonical ones
/// have schemas: `order_lifecycle`, `execution_fill`, `position_snapshot`, `pnl_snapshot`, `route_decision`,
/// `risk_decision`; `order_request` is the command `submit`, `instrument` is `Instrument.json`. `schemas/examples` has
/// one of each.
public enum NoticeText {
    /// The version of every event's format.
    public static let version = 1

    /// Writes one object. Nothing is appended after it; `JSONWriter.endLine` makes it a line.
    public static func write(
        _ notice: Notice,
        _ stamp: RecordStamp,
        names: some NameTable,
        to writer: inout JSONWriter
    ) {
        writer.begin("event", notice.name, version: version, stamp)
        writeFields(of: notice, &writer, names)
        writer.endObject()
    }

    private static func writeFields(of notice: Notice, _ writer: inout JSONWriter, _ names: some NameTable) {
        switch notice {
        case .acknowledged(let record): record.writeFields(&writer, names)
        case .sized(let record): record.writeFields(&writer, names)
        case .riskRow(let record): record.writeFields(&writer, names)
        case .riskDecided(let record): record.writeFields(&writer, names)
        case .routed(let record): record.writeFields(&writer, names)
        case .armChosen(let record): record.writeFields(&writer, names)
        case .orderChanged(let record): record.writeFields(&writer, names)
        case .filled(let record): record.writeFields(&writer, names)
        case .positionChanged(let record): record.writeFields(&writer, names)
        case .profitMeasured(let record): record.writeFields(&writer, names)
        case .parentClosed(let record): record.writeFields(&writer, names)
        case .levelChanged(let record): record.writeFields(&writer, names)
        case .tradingStateChanged(let record): record.writeFields(&writer, names)
        case .riskModeChanged(let record): record.writeFields(&writer, names)
        case .divergence(let record): record.writeFields(&writer, names)
        case .operatorRefused(let record): record.writeFields(&writer, names)
        case .alarm(let record): record.writeFields(&writer, names)
        case .venueChanged(let record): record.writeFields(&writer, names)
        case .policyComputed(let record): record.writeFields(&writer, names)
        case .barClosed(let record): record.writeFields(&writer, names)
        case .fillMeasured(let record): record.writeFields(&writer, names)
        case .markoutMeasured(let record): record.writeFields(&writer, names)
        case .shortfallMeasured(let record): record.writeFields(&writer, names)
        case .funded(let record): record.writeFields(&writer, names)
        case .progressed(let record): record.writeFields(&writer, names)
        case .tradeClosed(let record): record.writeFields(&writer, names)
        case .riskChanged(let record): record.writeFields(&writer, names)
        case .positionDecided(let record): record.writeFields(&writer, names)
        }
    }
}

extension Notice {
    /// The event's name on every surface.
    public var name: String {
        switch self {
        case .acknowledged: "signal_acknowledged"
        case .sized: "sizing"
        case .riskRow: "risk_row"
        case .riskDecided: "risk_decision"
        case .routed: "route_decision"
        case .armChosen: "arm_decision"
        case .orderChanged: "order_lifecycle"
        case .filled: "execution_fill"
        case .positionChanged: "position_snapshot"
        case .profitMeasured: "pnl_snapshot"
        case .parentClosed: "parent_closed"
        case .levelChanged: "level_changed"
        case .tradingStateChanged: "trading_state_changed"
        case .riskModeChanged: "risk_mode_changed"
        case .divergence: "divergence"
        case .operatorRefused: "operator_refused"
        case .alarm: "alarm"
        case .venueChanged: "venue_changed"
        case .policyComputed: "router_policy"
        case .barClosed: "bar_closed"
        case .fillMeasured: "fill_measured"
        case .markoutMeasured: "markout_measured"
        case .shortfallMeasured: "shortfall_measured"
        case .funded: "funding_booked"
        case .progressed: "parent_progress"
        case .tradeClosed: "trade_closed"
        case .riskChanged: "risk_changed"
        case .positionDecided: "position_decided"
        }
    }
}
