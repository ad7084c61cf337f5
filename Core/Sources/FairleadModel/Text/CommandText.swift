/// Commands as JSON objects, for who watches an adapter: the shape of `NoticeText`, with `command` as the first key.
public enum CommandText {
    public static let version = 1

    /// Writes one object.
    public static func write(
        _ command: Command,
        _ stamp: RecordStamp,
        names: some NameTable,
        to writer: inout JSONWriter
    ) {
        writer.begin("command", command.name, version: version, stamp)
        switch command {
        case .submit(let order): order.writeFields(&writer, names)
        case .cancel(let order): order.writeFields(&writer, names)
        case .replace(let order): order.writeFields(&writer, names)
        case .query(let order): order.writeFields(&writer, names)
        case .reconcile(let request):
            writer.field("venue", request.venue.name)
            writer.field("executions_after", number: request.executionsAfter.value)
        case .reconnect(let venue): writer.field("venue", venue.name)
        }
        writer.endObject()
    }
}

extension Command {
    public var name: String {
        switch self {
        case .submit: "submit"
        case .cancel: "cancel"
        case .replace: "replace"
        case .query: "query"
        case .reconcile: "reconcile"
        case .reconnect: "reconnect"
        }
    }
}

/// The canonical `OrderRequest`.
extension OrderSubmission: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(signal: number, names)
        writer.field(order: id)
        writer.field(place: instrument, names)
        writer.field("side", side)
        writer.field("position_side", positionSide)
        writer.field("order_type", type)
        writer.field("time_in_force", timeInForce)
        writer.field("price", orNull: price)
        writer.field("quantity", quantity)
        writer.field("approved_quantity", approved)
        writer.field("collar", orNull: collar)
        writer.field("reduce_only", reduceOnly)
        writer.field("is_increasing", isIncreasing)
        writer.field("valid_until", validUntil)
        writer.field("expires_at", expiresAt)
        guard !condition.isNone else { return }
        writer.field("condition", condition.kind)
        writer.field("trigger_price", condition.trigger)
        writer.field("trigger_by", condition.reference)
        writer.field("oca_group", Int(condition.group))
    }
}

extension OrderCancellation: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(order: id)
        writer.field("venue_order_id", number: venueOrderID.value)
        writer.field(place: instrument, names)
    }
}

extension OrderAmendment: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(order: id)
        writer.field("venue_order_id", number: venueOrderID.value)
        writer.field(place: instrument, names)
        writer.field("side", side)
        writer.field("price", orNull: price)
        writer.field("quantity", quantity)
        writer.field("approved_quantity", approved)
        writer.field("collar", orNull: collar)
        writer.field("is_increasing", isIncreasing)
        writer.field("valid_until", validUntil)
        if trigger.raw > 0 { writer.field("trigger_price", trigger) }
    }
}

extension OrderQuery: RecordFields {
    func writeFields(_ writer: inout JSONWriter, _ names: some NameTable) {
        writer.field(order: id)
        writer.field(place: instrument, names)
    }
}
