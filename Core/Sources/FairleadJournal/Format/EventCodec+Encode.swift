internal import FairleadModel

extension EventCodec {
    /// Stores the event's number, which the caller knows, and its fields. Needs room for `maximumByteCount` bytes;
    /// allocates nothing.
    @inline(__always) static func encode(_ event: borrowing Event, _ kind: EventKind, _ sink: inout ByteSink) {
        sink.put(kind.rawValue)
        switch copy event {
        case .configured, .timer, .signalReceived: break
        case .epochOpened(let epoch): sink.put(epoch.number)
        case .operated(let order): encode(order, &sink)
        case .quoted(let quote): encode(quote, &sink)
        case .traded(let trade): encode(trade, &sink)
        case .marked(let mark): encode(mark, &sink)
        case .barReported(let bar): encode(bar, &sink)
        case .signalRefused(let refusal): encode(refusal, &sink)
        case .orderAccepted(let acceptance): encode(acceptance, &sink)
        case .orderRejected(let rejection), .cancelRejected(let rejection), .replaceRejected(let rejection):
            encode(rejection, &sink)
        case .orderFilled(let execution): encode(execution, &sink)
        case .orderCancelled(let end), .orderExpired(let end): encode(end, &sink)
        case .orderReplaced(let replacement): encode(replacement, &sink)
        case .orderReported(let report): encode(report, &sink)
        case .orderNotFound(let absence): encode(absence, &sink)
        case .submitUnanswered(let id), .cancelUnanswered(let id), .replaceUnanswered(let id), .neverSent(let id):
            sink.put(id)
        case .egressRefused(let refusal):
            sink.put(refusal.id)
            sink.put(refusal.reason.rawValue)
        case .venueConnected(let connection):
            sink.put(connection.venueTime)
            sink.put(connection.session)
            sink.put(connection.venue.index)
        case .venueDisconnected(let venue), .reconciliationBegan(let venue), .reconciliationFailed(let venue):
            sink.put(venue.index)
        case .venueThrottled(let restriction), .venueBanned(let restriction):
            sink.put(restriction.until)
            sink.put(restriction.venue.index)
        case .balanceReported(let report): encode(report, &sink)
        case .positionReported(let report): encode(report, &sink)
        case .reconciliationCompleted(let report): encode(report, &sink)
        case .haltReported(let report):
            sink.put(report.instrument)
            sink.put(UInt8(report.isHalted ? 1 : 0))
        case .fundingPaid(let payment): encode(payment, &sink)
        case .riskOrdered(let order): encode(order, &sink)
        case .positionOrdered(let order): encode(order, &sink)
        }
    }

    @inline(__always) private static func encode(_ order: OperatorCommand, _ sink: inout ByteSink) {
        sink.put(order.order)
        sink.put(order.price)
        sink.put(order.quantity)
        sink.put(order.instrument)
        sink.put(order.action.rawValue)
    }

    @inline(__always) private static func encode(_ order: RiskOrder, _ sink: inout ByteSink) {
        sink.put(order.number)
        sink.put(order.value)
        sink.put(order.until)
        sink.put(order.author)
        sink.put(order.instrument)
        sink.put(order.strategy.index)
        sink.put(order.limit.rawValue)
        sink.put(order.action.rawValue)
    }

    @inline(__always) private static func encode(_ order: PositionOrder, _ sink: inout ByteSink) {
        sink.put(order.takeProfit)
        sink.put(order.stopLoss)
        sink.put(order.author)
        sink.put(order.instrument)
        sink.put(order.positionSide.rawValue)
        sink.put(order.action.rawValue)
    }

    @inline(__always) private static func encode(_ quote: Quote, _ sink: inout ByteSink) {
        sink.put(quote.bid)
        sink.put(quote.bidQuantity)
        sink.put(quote.ask)
        sink.put(quote.askQuantity)
        sink.put(quote.venueTime)
        sink.put(quote.instrument)
    }

    @inline(__always) private static func encode(_ trade: Trade, _ sink: inout ByteSink) {
        sink.put(trade.price)
        sink.put(trade.quantity)
        sink.put(trade.venueTime)
        sink.put(trade.instrument)
        sink.put(trade.aggressor.rawValue)
    }

    @inline(__always) private static func encode(_ mark: MarkPrice, _ sink: inout ByteSink) {
        sink.put(mark.price)
        sink.put(mark.venueTime)
        sink.put(mark.instrument)
    }

    @inline(__always) private static func encode(_ bar: BarReport, _ sink: inout ByteSink) {
        sink.put(bar.openTime)
        sink.put(bar.open)
        sink.put(bar.high)
        sink.put(bar.low)
        sink.put(bar.close)
        sink.put(bar.volume)
        sink.put(bar.instrument)
    }

    @inline(__always) private static func encode(_ refusal: SignalRefusal, _ sink: inout ByteSink) {
        sink.put(refusal.number.value)
        sink.put(refusal.source.rawValue)
        sink.put(refusal.reason.rawValue)
    }

    @inline(__always) private static func encode(_ acceptance: OrderAcceptance, _ sink: inout ByteSink) {
        sink.put(acceptance.id)
        sink.put(acceptance.venueOrderID.value)
        sink.put(acceptance.venueTime)
    }

    @inline(__always) private static func encode(_ rejection: OrderRejection, _ sink: inout ByteSink) {
        sink.put(rejection.id)
        sink.put(rejection.venueTime)
        sink.put(rejection.reason.rawValue)
    }

    @inline(__always) private static func encode(_ execution: Execution, _ sink: inout ByteSink) {
        sink.put(execution.id)
        sink.put(execution.executionID.value)
        sink.put(execution.price)
        sink.put(execution.quantity)
        sink.put(execution.fee)
        sink.put(execution.venueTime)
        sink.put(execution.instrument)
        sink.put(execution.side.rawValue)
        sink.put(execution.positionSide.rawValue)
        sink.put(Field.byte(execution.liquidity, execution.origin))
    }

    @inline(__always) private static func encode(_ payment: FundingPayment, _ sink: inout ByteSink) {
        sink.put(payment.id.value)
        sink.put(payment.quantity.raw)
        sink.put(payment.mark)
        sink.put(payment.rate)
        sink.put(payment.amount)
        sink.put(payment.venueTime)
        sink.put(payment.instrument)
        sink.put(payment.positionSide.rawValue)
    }

    @inline(__always) private static func encode(_ end: OrderEnd, _ sink: inout ByteSink) {
        sink.put(end.id)
        sink.put(end.cumulativeFilled)
        sink.put(end.venueTime)
        sink.put(end.reason.rawValue)
    }

    @inline(__always) private static func encode(_ replacement: OrderReplacement, _ sink: inout ByteSink) {
        sink.put(replacement.id)
        sink.put(replacement.price)
        sink.put(replacement.quantity)
        sink.put(replacement.venueTime)
    }

    @inline(__always) private static func encode(_ report: OrderReport, _ sink: inout ByteSink) {
        sink.put(report.id)
        sink.put(report.venueOrderID.value)
        sink.put(report.price)
        sink.put(report.quantity)
        sink.put(report.filled)
        sink.put(report.venueTime)
        sink.put(report.instrument)
        sink.put(report.side.rawValue)
        sink.put(report.state.rawValue)
    }

    @inline(__always) private static func encode(_ absence: OrderAbsence, _ sink: inout ByteSink) {
        sink.put(absence.id)
        sink.put(absence.venueTime)
        sink.put(absence.ledgerSequence)
        sink.put(absence.session)
    }

    @inline(__always) private static func encode(_ report: BalanceReport, _ sink: inout ByteSink) {
        sink.put(report.cash)
        sink.put(report.available)
        sink.put(report.venueTime)
        sink.put(report.venue.index)
    }

    @inline(__always) private static func encode(_ report: PositionReport, _ sink: inout ByteSink) {
        sink.put(report.quantity.raw)
        sink.put(report.averagePrice)
        sink.put(report.venueTime)
        sink.put(report.instrument)
        sink.put(report.positionSide.rawValue)
    }

    @inline(__always) private static func encode(_ report: ReconciliationReport, _ sink: inout ByteSink) {
        sink.put(report.venueTime)
        sink.put(report.ledgerSequence)
        sink.put(report.session)
        sink.put(report.venue.index)
    }
}
