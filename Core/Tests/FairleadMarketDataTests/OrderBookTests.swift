import CMallocCount
import FairleadMarketData
import FairleadModel
import Testing

/// A book that is told by lines which a trader could read.
private struct BookScript {
    var book = OrderBook(InstrumentHandle(0), levelLimit: 64)
    var tops: [String] = []

    /// `snap 10 | 5@99 4@98 | 1@101` or `diff 8 11 7 | ... | ...` (U, u, pu; `-` for none).
    mutating func play(_ line: String) throws -> BookChange {
        let parts = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.split(separator: " ") }
        let sides = try parts[1...2].map { side in
            try side.map { level in
                let pair = level.split(separator: "@").map(String.init)
                return DepthLevel(price: try Price(text: pair[1]), quantity: try Quantity(text: pair[0]))
            }
        }
        let numbers = parts[0].dropFirst().map { UInt64($0) ?? DepthUpdate.noPrevious }
        let isSnapshot = parts[0][0] == "snap"
        let update = DepthUpdate(
            instrument: InstrumentHandle(0),
            firstID: numbers[0],
            lastID: isSnapshot ? numbers[0] : numbers[1],
            previousID: isSnapshot ? DepthUpdate.noPrevious : numbers[2],
            venueTime: .never,
            bidCount: sides[0].count,
            askCount: sides[1].count,
            isSnapshot: isSnapshot
        )
        var tops: [String] = []
        let change = book.apply(update, ContiguousArray(sides[0] + sides[1])) { tops.append(Self.text($0)) }
        self.tops = tops
        book.checkInvariants()
        return change
    }

    static func text(_ top: BookTop) -> String {
        func side(_ level: DepthLevel?) -> String { level.map { "\($0.quantity)@\($0.price)" } ?? "-" }
        return "\(top.lastID) \(side(top.bid)) \(side(top.ask))"
    }
}

struct OrderBookTests {
    private func check(_ lines: [(String, BookChange, [String])]) throws -> OrderBook {
        var script = BookScript()
        for (line, change, tops) in lines {
            #expect(try script.play(line) == change, "\(line)")
            #expect(script.tops == tops, "\(line)")
        }
        return script.book
    }

    /// Goal: a snapshot takes what waited for it, from the update that overlaps on. Method: updates before and behind
    /// the snapshot, an old one among them, then one that continues.
    @Test func startsFromASnapshotAndWhatWaited() throws {
        let book = try check([
            ("diff 1 4 0 | 1@90 |", .kept, []), ("diff 6 9 4 | 2@99 | 1@101", .kept, []),
            ("diff 12 14 9 | | 3@100.5", .kept, []),
            ("snap 8 | 5@98 | 4@102", .applied, ["8 5@98 4@102", "9 2@99 1@101", "14 2@99 3@100.5"]),
            ("diff 15 20 14 | 0@99 |", .applied, ["20 5@98 3@100.5"]),
        ])
        #expect(book.isSynchronized && book.counts.old == 1 && book.counts.applied == 3 && book.counts.gaps == 0)
        #expect(book.quantity(.sell, at: try Price(text: "102")) == (try Quantity(text: "4")))
        #expect(book.count(.buy) == 1 && book.count(.sell) == 3)
    }

    /// Goal: an update that doesn't continue empties the book, which waits for a snapshot and goes on with it. Method:
    /// a hole in the numbers, updates behind it, then snapshots too old and new enough.
    @Test func aGapEmptiesTheBook() throws {
        let book = try check([
            ("snap 8 | 5@98 | 4@102", .applied, ["8 5@98 4@102"]), ("diff 8 9 7 | 6@98 |", .applied, ["9 6@98 4@102"]),
            ("diff 12 13 11 | 7@98 |", .gap, []), ("diff 14 15 13 | 8@98 |", .kept, []),
            ("snap 10 | 1@97 | 1@103", .gap, ["10 1@97 1@103"]),
            ("snap 14 | 2@97 | 2@103", .applied, ["14 2@97 2@103", "15 8@98 2@103"]),
            ("diff 16 16 15 | |", .applied, ["16 8@98 2@103"]),
        ])
        #expect(book.counts.gaps == 2 && book.counts.snapshots == 3 && book.isSynchronized)
    }

    /// Goal: what is known already changes nothing. Method: an update twice, and snapshots that the book is ahead of.
    @Test func repetitionsChangeNothing() throws {
        let book = try check([
            ("snap 8 | 5@98 | 4@102", .applied, ["8 5@98 4@102"]), ("diff 8 9 7 | 6@98 |", .applied, ["9 6@98 4@102"]),
            ("diff 8 9 7 | 6@98 |", .old, []), ("snap 9 | 1@97 | 1@103", .old, []),
            ("snap 8 | 1@97 | 1@103", .old, []), ("diff 10 10 9 | 0@98 | 0@102", .applied, ["10 - -"]),
        ])
        #expect(book.bestBid == nil && book.counts.old == 3)
    }

    /// Goal: a stream without `pu` is sequenced by `U` (spot). Method: updates of which one overlaps, one continues,
    /// one does not.
    @Test func sequencesWithoutPrevious() throws {
        _ = try check([
            ("snap 8 | 5@98 | 4@102", .applied, ["8 5@98 4@102"]), ("diff 5 7 - | 1@98 |", .old, []),
            ("diff 9 10 - | 6@98 |", .applied, ["10 6@98 4@102"]),
            ("diff 11 12 - | 7@98 |", .applied, ["12 7@98 4@102"]),
            ("diff 14 15 - | 8@98 |", .gap, []),
        ])
    }

    /// Goal: an update right behind a snapshot that is no part of it continues it. Method: the snapshot's number is the
    /// update's last, its previous one, and between the two.
    @Test func overlapsAtItsEdges() throws {
        for line in ["diff 5 8 4", "diff 9 12 8", "diff 20 22 7", "diff 8 8 7"] {
            var script = BookScript()
            _ = try script.play("snap 8 | 5@98 | 4@102")
            #expect(try script.play(line + " | |") == .applied, "\(line)")
        }
        var script = BookScript()
        _ = try script.play("snap 8 | 5@98 | 4@102")
        #expect(try script.play("diff 10 12 9 | |") == .gap)
    }

    /// Goal: what waits has a limit, and a full side keeps the levels at the touch. Method: more updates than there is
    /// room, and more levels than the limit.
    @Test func limitsHold() throws {
        var script = BookScript()
        for number in 1...UInt64(OrderBook.waitingLimit) + 10 {
            #expect(try script.play("diff \(number) \(number) \(number - 1) | |") == .kept)
        }
        #expect(script.book.counts.discarded == UInt64(OrderBook.waitingLimit / 2))
        _ = try script.play("snap 1500 | |")
        #expect(script.book.isSynchronized && script.book.lastID == UInt64(OrderBook.waitingLimit) + 10)
        for number in 1...80 {
            let id = script.book.lastID
            _ = try script.play("diff \(id + 1) \(id + 1) \(id) | 1@\(100 + number) | 1@\(400 - number)")
        }
        #expect(script.book.count(.buy) == 64 && script.book.count(.sell) == 64)
        #expect(script.book.droppedLevels == 32)
        #expect(script.book.level(.buy, 0).price == (try Price(text: "180")))
        #expect(script.book.level(.buy, 63).price == (try Price(text: "117")))
        let id = script.book.lastID
        _ = try script.play("diff \(id + 1) \(id + 1) \(id) | 9@1 |")
        #expect(script.book.quantity(.buy, at: try Price(text: "1")) == .zero)
    }

    /// Goal: the dense book says what a plain dictionary says. Method: 20,000 random updates near and far from the
    /// touch, from a printed seed; both sides compared whole every hundred, the touch after each.
    @Test func equalsADictionary() throws {
        let seed: UInt64 = 0xB00C
        print("order book: 20000 random updates, seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var book = OrderBook(InstrumentHandle(0))
        var plain: [[Int64: Int64]] = [[:], [:]]
        book.apply(Self.update(1, 1, 0, isSnapshot: true), [])
        for number in 2...20_001 as ClosedRange<UInt64> {
            var levels: ContiguousArray<DepthLevel> = []
            for side in 0..<2 {
                for _ in 0..<3 {
                    let distance = random.chance(9, in: 10) ? random.next(below: 20) : random.next(below: 4000)
                    let price = 10_000 + (side == 0 ? -1 : 1) * Int64(distance) - Int64(side == 0 ? 1 : 0)
                    let quantity = random.chance(1, in: 3) ? 0 : Int64(random.next(below: 50)) + 1
                    plain[side][price] = quantity == 0 ? nil : quantity
                    levels.append(DepthLevel(price: Price(raw: price), quantity: Quantity(raw: quantity)))
                }
            }
            #expect(book.apply(Self.update(number, 3, 3), levels) == .applied)
            #expect(book.bestBid?.price.raw == plain[0].keys.max())
            #expect(book.bestAsk?.price.raw == plain[1].keys.min())
            guard number % 100 == 0 else { continue }
            book.checkInvariants()
            for (side, name) in [(0, Side.buy), (1, .sell)] {
                let shown = (0..<book.count(name)).map { book.level(name, $0) }
                #expect(shown.map(\.price.raw) == plain[side].keys.sorted { side == 0 ? $0 > $1 : $0 < $1 })
                #expect(shown.allSatisfy { $0.quantity.raw == plain[side][$0.price.raw] })
            }
        }
        #expect(book.counts.crossed == 0)
    }

    private static func update(_ number: UInt64, _ bids: Int, _ asks: Int, isSnapshot: Bool = false) -> DepthUpdate {
        DepthUpdate(
            instrument: InstrumentHandle(0),
            firstID: number,
            lastID: number,
            previousID: isSnapshot ? DepthUpdate.noPrevious : number - 1,
            venueTime: .never,
            bidCount: isSnapshot ? 0 : bids,
            askCount: isSnapshot ? 0 : asks,
            isSnapshot: isSnapshot
        )
    }

    /// Goal: nothing is allocated per update. Method: allocations of this thread over 10,000 updates that add, change
    /// and remove levels.
    @Test func allocatesNothing() {
        var book = OrderBook(InstrumentHandle(0))
        book.apply(Self.update(1, 0, 0, isSnapshot: true), [])
        let sets: [ContiguousArray<DepthLevel>] = (0..<64).map { set in
            ContiguousArray(
                (0..<20).map { place in
                    let price = Int64(1000 + (place < 10 ? -1 : 1) * (1 + (place * 7 + set * 13) % 200))
                    return DepthLevel(price: Price(raw: price), quantity: Quantity(raw: Int64((set + place) % 4)))
                }
            )
        }
        let before = malloc_count_this_thread()
        for number in 2...10_001 {
            book.apply(Self.update(UInt64(number), 10, 10), sets[number % 64])
        }
        #expect(malloc_count_this_thread() == before)
        #expect(book.counts.applied == 10_000)
        book.checkInvariants()
    }
}
