internal import FairleadModel

/// Where an instrument stands in its exchange's day.
enum PaperPhase: UInt8, BitwiseCopyable {
    /// Orders meet the market.
    case continuous = 0
    /// Between two sessions: orders are queued, nothing fills.
    case closed = 1
    /// The session has begun and nothing has traded yet: orders are queued for the first trade.
    case opening = 2
}

/// One instrument's day, and whether somebody has stopped its trading.
struct PaperSession: BitwiseCopyable {
    var phase = PaperPhase.continuous
    /// Stopped by the venue's word, whatever the calendar says.
    var isHalted = false
    /// When the phase ends by itself.
    var until = Timestamp.distantFuture
    /// The end of the session that it is in.
    var close = Timestamp.distantFuture

    /// Nothing fills.
    var isStopped: Bool { isHalted || phase != .continuous }
}

/// What the venue does at times of its own: funding, and the beginnings and ends of sessions.
struct PaperCalendar {
    var sessions: ContiguousArray<PaperSession>
    var nextFunding = Timestamp.distantFuture
    /// The earliest of all of them: what the venue compares its time with.
    var next = Timestamp.distantFuture
    /// False until the venue's first moment, from which the times are counted; true at once where there are none.
    var isStarted: Bool
    let hasFunding: Bool
    let hasSessions: Bool

    init(_ instruments: [Instrument]) {
        sessions = ContiguousArray(repeating: PaperSession(), count: instruments.count)
        hasFunding = instruments.contains { $0.fundingRate != .zero }
        hasSessions = instruments.contains { $0.hours == .sessions }
        isStarted = !hasFunding && !hasSessions
    }

    mutating func findNext() {
        next = nextFunding
        guard hasSessions else { return }
        for index in sessions.indices { next = min(next, sessions[index].until) }
    }
}

extension PaperVenue {
    /// The venue's first moment: sessions are where the calendar has them, and the next funding is the first.
    mutating func startCalendar(at now: Timestamp) {
        guard now.isKnown else { return }
        calendar.isStarted = true
        if calendar.hasFunding { calendar.nextFunding = Self.multiple(of: fundingInterval, after: now) }
        for index in instruments.indices where instruments[index].hours == .sessions {
            let session = hours.session(from: now)
            calendar.sessions[index].phase = .closed
            calendar.sessions[index].until = session?.open ?? now + Self.calendarPatience
            if let session, session.contains(now) {
                calendar.sessions[index].phase = .continuous
                calendar.sessions[index].until = session.close
                calendar.sessions[index].close = session.close
            }
            books[index].isHalted = calendar.sessions[index].isStopped
        }
        haltChanges += 1
        calendar.findNext()
    }

    /// Where the calendar knows no session it is asked again so much later.
    static var calendarPatience: TimeSpan { .hours(24) }

    /// The first whole multiple of a span that is later than a moment, counted from 1970.
    static func multiple(of span: TimeSpan, after time: Timestamp) -> Timestamp {
        let count = FixedPoint.floorDivide(Int128(time.nanoseconds), by: Int128(span.nanoseconds)) + 1
        return Timestamp(nanoseconds: Int64(clamping: count * Int128(span.nanoseconds)))
    }

    /// Does what is due now, and finds what is next.
    mutating func keepCalendar() {
        if calendar.nextFunding <= time {
            settleFunding(nil, of: calendar.nextFunding)
            calendar.nextFunding = calendar.nextFunding + fundingInterval
        }
        if calendar.hasSessions {
            for index in calendar.sessions.indices where calendar.sessions[index].until <= time { turnPhase(index) }
        }
        calendar.findNext()
    }

    // MARK: Funding

    /// Every position of an instrument with a rate pays or receives, at the mark. Without any price nothing is known of
    /// its value, and nothing is paid. `asked` stands for the instruments' own rates.
    mutating func settleFunding(_ asked: Rate?, of moment: Timestamp) {
        for index in ledger.positions.indices where ledger.positions[index].quantity.raw != 0 {
            let rate = asked ?? instruments[index / 3].fundingRate
            let mark = books[index / 3].reference
            guard rate != .zero, mark > .zero, let side = PositionSide(rawValue: UInt8(index % 3)) else { continue }
            let quantity = ledger.positions[index].quantity
            let payment = FundingPayment(
                id: ExecutionID(value: ledger.nextSequence()),
                instrument: InstrumentHandle(index / 3),
                positionSide: side,
                quantity: quantity,
                mark: mark,
                rate: rate,
                amount: FundingPayment.amount(quantity, at: mark, rate: rate, multiplier: terms[index / 3].multiplier),
                venueTime: moment
            )
            ledger.book(payment)
            for client in clients.indices { answer(.funded(payment), to: clients[client].number) }
        }
    }
}
