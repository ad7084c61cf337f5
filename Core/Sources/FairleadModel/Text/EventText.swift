/// Journaled events as JSON objects, for `journal tail` and `journal export`: the shape of `NoticeText`, with `fact` as
/// the first key, so that what the engine was told is never mistaken for what it told.
public enum EventText {
    public static let version = 1

    /// Writes one object.
    public static func write(_ event: Event, _ stamp: RecordStamp, names: some NameTable, to writer: inout JSONWriter) {
        writer.begin("fact", event.name, version: version, stamp)
        writeFields(of: event, &writer, names)
        writer.endObject()
    }

    private static func writeFields(of event: Event, _ writer: inout JSONWriter, _ names: some NameTable) {
        switch event {
        case .epochOpened(let epoch): writer.field("epoch", epoch.number)
        case .configured, .timer, .signalReceived: break
        case .operated(let command): command.writeFields(&writer, names)
        case .riskOrdered(let order): order.writeFields(&writer, names)
        case .positionOrdered(let order): order.writeFields(&writer, names)
        case .quoted(let quote): quote.writeFields(&writer, names)
        case .traded(let trade): trade.writeFields(&writer, names)
        case .marked(let mark): mark.writeFields(&writer, names)
        case .barReported(let bar): bar.writeFields(&writer, names)
        case .signalRefused(let refusal): refusal.writeFields(&writer, names)
        case .orderAccepted(let acceptance): acceptance.writeFields(&writer, names)
        case .orderRejected(let rejection), .cancelRejected(let rejection), .replaceRejected(let rejection):
            rejection.writeFields(&writer, names)
        case .orderFilled(let execution): execution.writeFields(&writer, names)
        case .orderCancelled(let end), .orderExpired(let end): end.writeFields(&writer, names)
        case .orderReplaced(let replacement): replacement.writeFields(&writer, names)
        case .orderReported(let report): report.writeFields(&writer, names)
        case .orderNotFound(let absence): absence.writeFields(&writer, names)
        case .submitUnanswered(let id), .cancelUnanswered(let id), .replaceUnanswered(let id), .neverSent(let id):
            writer.field(order: id)
        case .egressRefused(let refused):
            writer.field(order: refused.id)
            writer.field("reason", refused.reason)
        case .venueConnected(let connection): connection.writeFields(&writer, names)
        case .venueDisconnected(let venue), .reconciliationBegan(let venue), .reconciliationFailed(let venue):
            writer.field("venue", venue.name)
        case .venueThrottled(let restriction), .venueBanned(let restriction):
            writer.field("venue", restriction.venue.name)
            writer.field("until", restriction.until)
        case .balanceReported(let report): report.writeFields(&writer, names)
        case .positionReported(let report): report.writeFields(&writer, names)
        case .reconciliationCompleted(let report): report.writeFields(&writer, names)
        case .haltReported(let report):
            writer.field(symbol: report.instrument, names)
            writer.field("is_halted", report.isHalted)
        case .fundingPaid(let payment): payment.writeFields(&writer, names)
        }
    }
}

extension Event {
    /// The fact's name on every surface.
    public var name: String {
        switch self {
        case .epochOpened: "epoch_opened"
        case .configured: "configured"
        case .timer: "timer"
        case .operated: "operated"
        case .riskOrdered: "risk_ordered"
        case .positionOrdered: "position_ordered"
        case .quoted: "quoted"
        case .traded: "traded"
        case .marked: "marked"
        case .barReported: "bar_reported"
        case .signalReceived: "signal_received"
        case .signalRefused: "signal_refused"
        case .orderAccepted: "order_accepted"
        case .orderRejected: "order_rejected"
        case .orderFilled: "order_filled"
        case .orderCancelled: "order_cancelled"
        case .orderExpired: "order_expired"
        case .cancelRejected: "cancel_rejected"
        case .orderReplaced: "order_replaced"
        case .replaceRejected: "replace_rejected"
        case .orderReported: "order_reported"
        case .orderNotFound: "order_not_found"
        case .submitUnanswered: "submit_unanswered"
        case .cancelUnanswered: "cancel_unanswered"
        case .replaceUnanswered: "replace_unanswered"
        case .egressRefused: "egress_refused"
        case .neverSent: "never_sent"
        case .venueConnected: "venue_connected"
        case .venueDisconnected: "venue_disconnected"
        case .venueThrottled: "venue_throttled"
        case .venueBanned: "venue_banned"
        case .balanceReported: "balance_reported"
        case .positionReported: "position_reported"
        case .reconciliationBegan: "reconciliation_began"
        case .reconciliationCompleted: "reconciliation_completed"
        case .reconciliationFailed: "reconciliation_failed"
        case .haltReported: "halt_reported"
        case .fundingPaid: "funding_paid"
        }
    }
}
