import FairleadModel

/// Funding: cash that a position pays or receives at fixed times, without a trade.
extension Engine {
    /// Books a payment once, however often it is told, by a listing too.
    mutating func fundingPaid(_ payment: FundingPayment, at now: Timestamp, into out: inout Outbox) {
        guard executions.insert(payment.id, payment.instrument, at: now) else {
            counters.repeatedFills += 1
            return
        }
        ledger.book(payment, at: now)
        let key = PositionKey(payment.instrument, payment.positionSide)
        trades.funded(key, paid: Money(raw8: payment.amount))
        out.notice(.funded(FundingRecord(payment: payment, total: ledger[key].funding.raw8)))
        noticePosition(key, into: &out)
    }
}
