import FairleadMarketData
import FairleadModel

/// M1: nothing happens in the market for minutes: one quote stands, at the venue as in its feed.
struct MarketStuck: Fault {
    var name: String { "stuck_market" }
    var row: String { "M1" }
    var reach: FaultReach { .market }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...300_000)), value: random.next(in: 0...3))
    }

    func seen(_ event: Event, _ window: inout FaultWindow, at now: Timestamp) -> Event? {
        guard let instrument = event.marketInstrument else { return event }
        // One of the three, or all.
        return window.fault.value == 3 || Int64(instrument.index) == window.fault.value ? nil : event
    }
}

/// M1: books that can't be: crossed, locked, empty, one-sided, without size.
struct BookBroken: Fault {
    var name: String { "broken_book" }
    var row: String { "M1" }
    var reach: FaultReach { .market }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 500...60_000)), value: random.next(in: 50...1_000))
    }

    func seen(_ event: Event, _ window: inout FaultWindow, at now: Timestamp) -> Event? {
        guard case .quoted(var quote) = event, window.strikes() else { return event }
        switch window.random.next(below: 7) {
        case 0: swap(&quote.bid, &quote.ask)
        case 1: quote.bid = quote.ask
        case 2:
            quote.bid = .zero
            quote.bidQuantity = .zero
        case 3:
            quote.ask = .zero
            quote.askQuantity = .zero
        case 4:
            (quote.bid, quote.ask) = (.zero, .zero)
            (quote.bidQuantity, quote.askQuantity) = (.zero, .zero)
        case 5: quote.bidQuantity = .zero
        default: quote.askQuantity = .zero
        }
        return .quoted(quote)
    }
}

/// M1: changes of books and snapshots are lost, so that the venue gives books up and finds them again.
struct BookGap: Fault {
    var name: String { "book_gap" }
    var row: String { "M1" }
    var reach: FaultReach { .market }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...120_000)), value: random.next(in: 20...900))
    }

    func loses(_ update: DepthUpdate, _ window: inout FaultWindow) -> Bool { window.strikes() }
}

/// O2: no more than a few lots stand at the touch and trade at a time: orders fill in many small pieces.
struct SmallPieces: Fault {
    var name: String { "small_pieces" }
    var row: String { "O2" }
    var reach: FaultReach { .market }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 10_000...600_000)), value: random.next(in: 1...5))
    }

    func seen(_ event: Event, _ window: inout FaultWindow, at now: Timestamp) -> Event? {
        guard let instrument = event.marketInstrument else { return event }
        let most = Quantity(raw: window.terms[Int(instrument.index)].lot.raw * window.fault.value)
        if case .quoted(var quote) = event {
            quote.bidQuantity = min(quote.bidQuantity, most)
            quote.askQuantity = min(quote.askQuantity, most)
            return .quoted(quote)
        }
        if case .traded(var trade) = event {
            trade.quantity = min(trade.quantity, most)
            return .traded(trade)
        }
        return event
    }
}

extension Event {
    /// Of a market event.
    var marketInstrument: InstrumentHandle? {
        switch self {
        case .quoted(let quote): quote.instrument
        case .traded(let trade): trade.instrument
        case .marked(let mark): mark.instrument
        case .epochOpened, .configured, .timer, .operated, .barReported, .signalReceived, .signalRefused,
            .orderAccepted, .orderRejected, .orderFilled, .orderCancelled, .orderExpired, .cancelRejected,
            .orderReplaced, .replaceRejected, .orderReported, .orderNotFound, .submitUnanswered, .cancelUnanswered,
            .replaceUnanswered, .egressRefused, .neverSent, .venueConnected, .venueDisconnected, .venueThrottled,
            .venueBanned, .balanceReported, .positionReported, .reconciliationBegan, .reconciliationCompleted,
            .reconciliationFailed, .haltReported,
            .fundingPaid, .riskOrdered, .positionOrdered:
            nil
        }
    }
}
