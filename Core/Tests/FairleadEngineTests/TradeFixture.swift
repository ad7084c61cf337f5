import FairleadModel

@testable import FairleadEngine

/// A closed trade of 100 that came to `rate` of it.
func closedTrade(
    _ rate: Double,
    instrument: Int = 0,
    strategy: UInt16 = 0,
    fees: Double = 0,
    openedAt: Timestamp = Timestamp(milliseconds: 1_723_075_200_000),
    closedAt: Timestamp = Timestamp(milliseconds: 1_723_075_200_000)
) -> ClosedTrade {
    let exact = Int64((rate * 1e8).rounded())
    return ClosedTrade(
        instrument: InstrumentHandle(instrument),
        strategy: StrategyHandle(index: strategy),
        side: .buy,
        exit: .signal,
        openedAt: openedAt,
        closedAt: closedAt,
        quantity: quantity(1),
        entryNotional: raw8(100),
        profit: exact * 100,
        fees: raw8(fees),
        funding: 0,
        profitRate: Rate(raw: exact)
    )
}

/// What trades of these returns come to.
func tally(_ rates: [Double]) -> TradeTally {
    var tally = TradeTally()
    for rate in rates { tally.add(closedTrade(rate)) }
    return tally
}

/// `count` times the same.
func times(_ count: Int, _ rate: Double) -> [Double] { Array(repeating: rate, count: count) }

extension EngineBench {
    var trades: [ClosedTrade] {
        allNotices.compactMap { if case .tradeClosed(let trade) = $0 { trade } else { nil } }
    }

    var sizings: [SizingRecord] {
        allNotices.compactMap { if case .sized(let record) = $0 { record } else { nil } }
    }
}
