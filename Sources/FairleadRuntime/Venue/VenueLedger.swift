public import FairleadConfiguration
public import FairleadModel
import FairleadPaper
import Foundation

/// The ledger of a paper venue in a process of its own, read from its journal: what the venue itself knows to be true.
/// Also while the venue runs.
public enum VenueLedger {
    /// Executions (those that are kept), positions, cash and open orders as JSON.
    public static func read(_ configuration: ResolvedConfiguration, home: String) throws(LiveError) -> JSONValue {
        let instruments = configuration.engine.instruments
        var venue = PaperVenue(
            configuration: PaperVenueConfiguration(
                instruments: instruments,
                paper: configuration.runtime.paper,
                hours: configuration.engine.tradingHours
            )
        )
        let path = HomePaths.under(home, "venue.journal")
        guard FileManager.default.fileExists(atPath: path) else {
            throw .absent("\(path): there is no venue's journal")
        }
        do {
            try VenueJournal(home: home, configuration: configuration.hash.description).restore(&venue)
        } catch {
            throw .place("\(error)")
        }
        var positions: [JSONValue] = []
        venue.forEachPosition { report in
            guard report.quantity.raw != 0 else { return }
            positions.append([
                "symbol": .string(instruments[Int(report.instrument.index)].symbol),
                "quantity": .string(report.quantity.description),
                "average_price": .string(report.averagePrice.description),
            ])
        }
        var executions: [JSONValue] = []
        for offset in 0..<venue.ledger.executionCount {
            executions.append(row(venue.ledger.execution(at: offset).execution, instruments))
        }
        return [
            "environment": "paper",
            "cash": .string(venue.ledger.cash.description),
            "fees": .string(DecimalText.text(raw: venue.ledger.fees)),
            "funding": .string(DecimalText.text(raw: venue.ledger.funding)),
            "open_orders": .number("\(venue.liveOrderCount)"),
            "positions": .array(positions),
            "executions": .array(executions),
        ]
    }

    private static func row(_ execution: Execution, _ instruments: [Instrument]) -> JSONValue {
        [
            "execution_id": .number("\(execution.executionID.value)"),
            "client_order_id": .string(execution.id.description),
            "symbol": .string(instruments[Int(execution.instrument.index)].symbol),
            "side": execution.side == .buy ? "BUY" : "SELL",
            "quantity": .string(execution.quantity.description),
            "price": .string(execution.price.description),
            "liquidity": execution.liquidity == .maker ? "maker" : "taker",
        ]
    }
}
