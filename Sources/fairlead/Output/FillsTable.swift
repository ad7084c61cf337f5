import FairleadModel
import FairleadNode
import FairleadStore

/// Fills as comma-separated values (RFC 4180): a header, a row a fill, every number exact.
enum FillsTable {
    static let header = [
        "time", "symbol", "side", "position_side", "price", "quantity", "notional", "fee", "fee_asset", "liquidity",
        "realized_pnl", "client_order_id", "intent_id", "signal", "signal_id", "strategy", "execution_id",
        "venue_order_id", "venue_time", "arrival_price", "intended_price", "is_late", "is_external",
    ]

    /// Lines that end with CR LF.
    static func text(_ found: FoundFills, _ instruments: [Instrument], feeAsset: String) -> String {
        var lines = [header.joined(separator: ",")]
        for row in found.rows {
            guard case .filled(let fill) = row.entry.notice else { continue }
            lines.append(cells(row, fill, found, instruments, feeAsset).joined(separator: ","))
        }
        return lines.map { $0 + "\r\n" }.joined()
    }

    private static func cells(
        _ row: StoredFill,
        _ fill: FillRecord,
        _ found: FoundFills,
        _ instruments: [Instrument],
        _ feeAsset: String
    ) -> [String] {
        let execution = fill.execution
        let index = Int(execution.instrument.index)
        let notional =
            index < instruments.count
            ? instruments[index].terms.notional(execution.price, execution.quantity).description : ""
        return [
            row.entry.time.text(.nanoseconds), cell(found.names.symbol(of: execution.instrument) ?? ""),
            execution.side.name, execution.positionSide.name, execution.price.description,
            execution.quantity.description, notional, DecimalText.text(raw: execution.fee), cell(feeAsset),
            execution.liquidity.name, DecimalText.text(raw: fill.realized), execution.id.description,
            execution.id.intent.description, fill.number.description, cell(row.signalID ?? ""),
            cell(row.strategy ?? ""), number(execution.executionID.value), number(fill.venueOrderID.value),
            execution.venueTime.isKnown ? execution.venueTime.text(.nanoseconds) : "",
            fill.arrival == .zero ? "" : fill.arrival.description,
            fill.intended == .zero ? "" : fill.intended.description, "\(fill.isLate)", "\(fill.isExternal)",
        ]
    }

    private static func number(_ value: UInt64) -> String { value == 0 ? "" : String(value) }

    /// A text from outside: quoted where it must be, and marked as text where a spreadsheet would compute it.
    static func cell(_ text: String) -> String {
        let starts = ["=", "+", "-", "@", "\t", "\r"]
        let safe = starts.contains { text.hasPrefix($0) } ? "'" + text : text
        let mustQuote = safe.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
        return mustQuote ? "\"" + safe.replacing("\"", with: "\"\"") + "\"" : safe
    }
}
