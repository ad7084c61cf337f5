import FairleadModel
import Testing

@testable import FairleadEngine

@Suite struct ExternalPositionsTests {
    private let key = PositionKey(InstrumentHandle(1), .long)
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    private func lots(_ count: Int64) -> SignedQuantity { SignedQuantity(raw: count * 100_000) }

    /// A table whose one row is in this state, after a trade of two lots (none, where a person began it).
    private func table(_ state: ExternalState) -> ExternalPositions {
        var table = ExternalPositions(instruments: 2)
        if state != .none {
            table.traded(key, lots(2), isFlat: false, at: now)
            table.decide(key, state, at: now + .seconds(1))
        }
        return table
    }

    /// Goal: what somebody else trades waits for a person, but where a person has said that it is not ours, and where
    /// the trade itself closes what was to be closed. Method: each state, traded to a position and to flat.
    @Test(
        arguments: [
            (ExternalState.none, ExternalState.undecided, ExternalState.undecided),
            (.undecided, .undecided, .undecided), (.closing, .undecided, .closing), (.ignored, .ignored, .ignored),
        ]
    )
    func aTradeOfSomebodyElse(_ before: ExternalState, _ open: ExternalState, _ flat: ExternalState) {
        for (isFlat, expected) in [(false, open), (true, flat)] {
            var table = table(before)
            table.traded(key, lots(-3), isFlat: isFlat, at: now + .seconds(5))
            #expect(table[key].state == expected)
            #expect(table[key].traded == lots(before == .none ? -3 : -1))
            #expect(table[key].since == (before == .none ? now + .seconds(5) : now))
            #expect(table.count == 1)
            table.checkInvariants()
        }
    }

    /// Goal: a flat position ends a close and what is left alone, and decides nothing that waits for a person. Method:
    /// each state, flattened.
    @Test(
        arguments: [
            (ExternalState.none, ExternalState.none), (.undecided, .undecided), (.closing, .none), (.ignored, .none),
        ]
    )
    func flat(_ before: ExternalState, _ after: ExternalState) {
        var table = table(before)
        table.flattened(key)
        #expect(table[key].state == after)
        #expect(table.isLocked(key) == (after != .none))
        table.checkInvariants()
    }

    /// Goal: an order of ours that fills in what is left alone mixes it, and nowhere else. Method: each state.
    @Test(arguments: ExternalState.allCases) func ownFill(_ before: ExternalState) {
        var table = table(before)
        let isMixed = table.mixed(key)
        #expect(isMixed == (before == .ignored))
        #expect(table[key].state == (before == .ignored ? .undecided : before))
    }

    /// Goal: a lock is of one key: the other side and the other instrument are free; every row is walked. Method: two
    /// rows of six.
    @Test func keysAreApart() {
        var table = table(.undecided)
        let other = PositionKey(InstrumentHandle(0), .both)
        #expect(!table.isLocked(other) && !table.isLocked(PositionKey(InstrumentHandle(1), .short)))
        table.decide(other, .ignored, at: now)
        #expect(table.isIgnored(other) && !table.isIgnored(key))
        var seen: [PositionKey: ExternalState] = [:]
        table.forEach { seen[$0] = $1.state }
        #expect(seen == [key: .undecided, other: .ignored])
        table.decide(key, .none, at: now)
        table.decide(other, .none, at: now)
        #expect(table.isEmpty && table[key] == ExternalPosition())
    }

    /// Goal: a snapshot brings the table back, and takes away what was there before. Method: written, and read into one
    /// that holds something else.
    @Test func snapshot() {
        var written = table(.closing)
        var writer = VisitedWords()
        written.visitState(&writer)
        var read = ExternalPositions(instruments: 2)
        read.traded(PositionKey(InstrumentHandle(0), .both), lots(9), isFlat: false, at: now)
        var reader = VisitedWords(reading: writer.words)
        read.visitState(&reader)
        #expect(reader.isAtEnd)
        #expect(read[key] == written[key])
        #expect(read.count == 1)
        read.checkInvariants()
    }
}
