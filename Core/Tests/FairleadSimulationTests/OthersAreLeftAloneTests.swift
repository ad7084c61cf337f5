import FairleadEngine
import FairleadModel
import Testing

@testable import FairleadSimulation

/// S-32 by hand: what was told, and the order that must not follow.
@Suite struct OthersAreLeftAloneTests {
    private static let instrument = InstrumentHandle(0)

    private func fill(isExternal: Bool) -> Notice {
        .filled(
            FillRecord(
                execution: Execution(
                    id: .none,
                    executionID: ExecutionID(value: 1),
                    instrument: Self.instrument,
                    side: .buy,
                    positionSide: .both,
                    price: Price(raw: 100 * FixedPoint.one),
                    quantity: Quantity(raw: FixedPoint.one),
                    fee: 0,
                    liquidity: .taker,
                    venueTime: .never
                ),
                number: .none,
                venueOrderID: .none,
                arrival: .zero,
                intended: .zero,
                realized: 0,
                isLate: false,
                isExternal: isExternal
            )
        )
    }

    private func position(_ lots: Int64) -> Notice {
        .positionChanged(
            PositionRecord(
                instrument: Self.instrument,
                positionSide: .both,
                quantity: SignedQuantity(raw: lots),
                averagePrice: .zero,
                mark: .zero,
                realized: 0,
                unrealized: nil,
                fees: 0,
                funding: 0
            )
        )
    }

    private func decision(_ action: PositionAction, _ lots: Int64, _ refusal: OperatorRefusal? = nil) -> Notice {
        let order = PositionOrder(action, instrument: Self.instrument)
        return .positionDecided(
            PositionDecision(order, quantity: SignedQuantity(raw: lots), traded: .zero, refusal: refusal)
        )
    }

    private func order(
        _ reduceOnly: Bool,
        _ number: UInt64 = 1,
        of place: InstrumentHandle = Self.instrument
    ) -> Notice {
        .orderChanged(
            OrderChange(
                id: .none,
                number: SignalNumber(value: number),
                venueOrderID: .none,
                instrument: place,
                side: .buy,
                positionSide: .both,
                type: .market,
                timeInForce: .ioc,
                price: .zero,
                quantity: Quantity(raw: FixedPoint.one),
                filled: .zero,
                from: .created,
                to: .submitted,
                reduceOnly: reduceOnly,
                venueTime: .never
            )
        )
    }

    private enum May { case all, reduce, nothing }

    /// What may leave after these notices: an entry, an exit of a signal, an exit of a person in every case.
    private func expect(_ may: May, after notices: [Notice]) throws {
        func judge(_ last: Notice) throws {
            let rule = OthersAreLeftAlone()
            for notice in notices { try rule.judge(notice) }
            try rule.judge(last)
        }
        func refuses(_ last: Notice) { #expect(throws: Violation.self) { try judge(last) } }
        try judge(order(true, 1 << 63))
        try judge(order(false, of: InstrumentHandle(1)))
        if may == .all { try judge(order(false)) } else { refuses(order(false)) }
        if may == .nothing { refuses(order(true)) } else { try judge(order(true)) }
    }

    /// Goal: the rule follows each step that locks or frees a position, and tells what leaves in one that is locked.
    /// Method: each story, then an entry, an exit of a signal and one of a person.
    @Test func whatIsLockedIsKnownByWhatIsTold() throws {
        let traded = [fill(isExternal: true), position(5)]
        let alarm = Notice.alarm(Alarm(.externalFill, instrument: Self.instrument, value: 1))
        try expect(.all, after: [fill(isExternal: false), position(5)])
        try expect(.reduce, after: traded)
        try expect(.reduce, after: traded + [position(0)])
        try expect(.reduce, after: traded + [decision(.adopt, 5, .nothingToDecide)])
        try expect(.all, after: traded + [decision(.adopt, 5)])
        try expect(.reduce, after: traded + [decision(.close, 5)])
        try expect(.all, after: traded + [decision(.close, 5), position(0)])
        try expect(.all, after: traded + [position(0), decision(.close, 0)])
        try expect(.all, after: [decision(.close, 5)])
        let again = [decision(.close, 5), alarm, fill(isExternal: true)]
        try expect(.reduce, after: traded + again + [position(3), position(0)])
        try expect(.all, after: traded + again + [position(0)])
        let ignored = traded + [decision(.ignore, 5)]
        try expect(.nothing, after: ignored)
        try expect(.nothing, after: ignored + [alarm, fill(isExternal: true), position(9)])
        try expect(.nothing, after: ignored + [fill(isExternal: false), position(4)])
        try expect(.reduce, after: ignored + [alarm, fill(isExternal: false), position(4)])
        try expect(.all, after: ignored + [position(0)])
        try expect(.all, after: traded + [decision(.ignore, 0)])
    }
}
