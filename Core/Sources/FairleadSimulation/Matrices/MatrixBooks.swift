import FairleadEngine
import FairleadModel
import FairleadPaper

/// Positions and cash to the last unit, from either side: what a run that was never interrupted holds after the same
/// executions, which is what the venue's own ledger is.
struct MatrixBooks: Hashable, CustomStringConvertible {
    struct Row: Hashable {
        var quantity: SignedQuantity
        var cost: Money
        var realised: Money
        var fees: Money
    }

    var rows: [Row] = []
    var cash: Int64

    init(_ server: borrowing PaperServer) {
        cash = server.venue.ledger.cash.raw8
        for position in server.venue.ledger.positions {
            rows.append(
                Row(
                    quantity: position.quantity,
                    cost: position.cost,
                    realised: position.realised,
                    fees: Money(raw8: position.fees)
                )
            )
        }
    }

    init(_ engine: borrowing Engine, _ instruments: Int) {
        cash = engine.cash?.raw8 ?? 0
        for index in 0..<instruments {
            for side in PositionSide.allCases {
                let position = engine.position(PositionKey(InstrumentHandle(index), side))
                rows.append(
                    Row(
                        quantity: position.quantity,
                        cost: position.cost,
                        realised: position.realized,
                        fees: position.fees
                    )
                )
            }
        }
    }

    var description: String {
        let texts = rows.filter { $0 != Row(quantity: .zero, cost: .zero, realised: .zero, fees: .zero) }.map {
            "\($0.quantity.raw) cost \($0.cost.raw) realised \($0.realised.raw) fees \($0.fees.raw)"
        }
        return (texts + ["cash \(cash)"]).joined(separator: ", ")
    }
}

/// What a run came to, ids and times left out: two runs whose venue saw the same must agree on all of it.
struct MatrixOutcome: Hashable {
    struct Fill: Hashable {
        var side: Side
        var price: Price
        var quantity: Quantity
        var fee: Int64
        var liquidity: Liquidity
    }

    /// What the venue saw.
    var history: [Fill] = []
    var books: MatrixBooks
    /// Filled, by signal.
    var filled: [Digest128: Int64]
    var state: TradingState
    var protection: [Protection] = []
}

extension MatrixWorld {
    func outcome() -> MatrixOutcome? {
        let books = MatrixBooks(server)
        guard let state = withEngine({ $0.tradingState }) else { return nil }
        var outcome = MatrixOutcome(books: books, filled: judge.filled, state: state)
        for offset in 0..<server.venue.ledger.executionCount {
            let execution = server.venue.ledger.execution(at: offset).execution
            outcome.history.append(
                MatrixOutcome.Fill(
                    side: execution.side,
                    price: execution.price,
                    quantity: execution.quantity,
                    fee: execution.fee,
                    liquidity: execution.liquidity
                )
            )
        }
        let key = PositionKey(Self.bitcoin, .both)
        if let protection = withEngine({ $0.protection(of: key) }) { outcome.protection = [protection] }
        return outcome
    }
}
