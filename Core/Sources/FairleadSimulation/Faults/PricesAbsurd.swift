import FairleadModel
import FairleadPaper

/// M2: the feed tells prices that are a hundred times too large or too small, or nothing, while the venue trades on
/// at the true ones: quotes, trades and marks, each on its own.
struct PricesAbsurd: Fault {
    var name: String { "absurd_price" }
    var row: String { "M2" }
    var reach: FaultReach { .answers }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 500...30_000)), value: random.next(in: 10...500))
    }

    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard message.isMarket, window.strikes() else { return .pass }
        let manner = window.random.next(below: 3)
        let isOneSided = window.random.chance(1, in: 4)
        func told(_ price: Price) -> Price {
            switch manner {
            case 0: Price(raw: FixedPoint.dividedRoundingDown(Int128(price.raw), by: 100))
            case 1: min(.bound, Price(raw: price.raw * 100))
            default: .zero
            }
        }
        if case .quote(var quote) = message.frame {
            quote.bid = told(quote.bid)
            if !isOneSided { quote.ask = told(quote.ask) }
            return .instead(.quote(quote))
        }
        if case .trade(var trade) = message.frame {
            trade.price = told(trade.price)
            return .instead(.trade(trade))
        }
        if case .mark(var mark) = message.frame {
            mark.price = told(mark.price)
            return .instead(.mark(mark))
        }
        return .pass
    }
}
