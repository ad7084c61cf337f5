import FairleadMarketData
import FairleadModel
import FairleadPaper
import Testing

/// A market of whole ticks and lots, made from a seed, and a second account of what its venue may do.
private struct RandomBook {
    var random: DeterministicRandom
    /// Displayed lots by tick, bids and asks.
    var levels: [[Int64: Int64]] = [[:], [:]]
    var number: UInt64 = 100
    /// What our orders took of a level since it changed last.
    var taken: [[Int64: Int64]] = [[:], [:]]
    /// The book lost updates and waits for a snapshot; orders then meet `touch`.
    var isLost = true
    var touch = [DepthLevel?](repeating: nil, count: 2)
    /// What was taken of the quoted touch since it changed last.
    var touchTaken = [Int64](repeating: 0, count: 2)

    static let tick: Int64 = 10_000_000
    static let lot: Int64 = 100_000

    init(seed: UInt64) {
        random = DeterministicRandom(seed: seed)
        for step: Int64 in 1...8 {
            levels[0][1_000 - step] = random.next(in: 1...50)
            levels[1][1_000 + step] = random.next(in: 1...50)
        }
    }

    func best(_ side: Int) -> Int64? { side == 0 ? levels[0].keys.max() : levels[1].keys.min() }

    private func level(_ tick: Int64, _ lots: Int64) -> DepthLevel {
        DepthLevel(price: Price(raw: tick * Self.tick), quantity: Quantity(raw: lots * Self.lot))
    }

    private func sorted(_ side: Int) -> [DepthLevel] {
        let ticks = levels[side].keys.sorted { side == 0 ? $0 > $1 : $0 < $1 }
        return ticks.map { level($0, levels[side][$0] ?? 0) }
    }

    /// One to four levels change near the touch; sides never cross.
    mutating func change() -> (bids: [DepthLevel], asks: [DepthLevel]) {
        var changed: [[DepthLevel]] = [[], []]
        for _ in 0...random.next(in: 0...3) {
            let side = Int(random.next(below: 2))
            let other = best(1 - side) ?? (side == 0 ? 1_001 : 999)
            let distance = random.next(in: 1...9)
            let tick = side == 0 ? other - distance : other + distance
            guard !changed[side].contains(where: { $0.price.raw == tick * Self.tick }) else { continue }
            let lots = random.chance(1, in: 3) ? 0 : random.next(in: 1...50)
            levels[side][tick] = lots == 0 ? nil : lots
            taken[side][tick] = nil
            changed[side].append(level(tick, lots))
        }
        return (changed[0], changed[1])
    }

    mutating func snapshot() -> (bids: [DepthLevel], asks: [DepthLevel]) { (sorted(0), sorted(1)) }

    /// The touch of the present book as a quote.
    mutating func quote() -> Quote {
        for side in 0...1 {
            let present = sorted(side).first
            if present != touch[side] { touchTaken[side] = 0 }
            touch[side] = present
        }
        return Quote(
            instrument: bitcoin,
            bid: touch[0]?.price ?? .zero,
            bidQuantity: touch[0]?.quantity ?? .zero,
            ask: touch[1]?.price ?? .zero,
            askQuantity: touch[1]?.quantity ?? .zero,
            venueTime: .never
        )
    }

    /// A take of ours at a level: no more than it displays, all our takes since its last change together.
    mutating func take(_ execution: Execution) -> Bool {
        let side = execution.side == .buy ? 1 : 0
        let lots = execution.quantity.raw / Self.lot
        if isLost {
            touchTaken[side] += lots
            guard let level = touch[side], level.price == execution.price else { return false }
            return touchTaken[side] * Self.lot <= level.quantity.raw
        }
        let tick = execution.price.raw / Self.tick
        taken[side][tick, default: 0] += lots
        return taken[side][tick] ?? 0 <= levels[side][tick] ?? 0
    }
}

/// Random books, quotes, trades and orders, against what must hold whatever comes.
struct PaperDepthPropertyTests {
    private struct Life: ~Copyable {
        var book: RandomBook
        var venue: PaperVenue
        var parent: UInt32 = 0
        var ahead: [UInt32: Quantity] = [:]
        var makers = 0
        var takers = 0
        var gaps = 0

        init(seed: UInt64, _ model: PaperQueueModel) {
            book = RandomBook(seed: seed)
            venue = PaperVenue(configuration: PaperDepthPropertyTests.configuration(model))
            venue.connect(client: 0, at: at(1_000))
        }
    }

    private static func configuration(_ model: PaperQueueModel) -> PaperVenueConfiguration {
        var configuration = paperConfiguration(cash: Money(whole: 50_000_000))
        configuration.queueModel = model
        return configuration
    }

    /// Goal: passive fills come from trades alone, at the order's price, all of a trade's fills within its volume and
    /// at or through the order's price; takes are within their limit and what is displayed; a FOK fills whole or not at
    /// all; under risk_averse a queue never grows. Method: 4,000 random steps a seed and model, seeds printed.
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func whateverComes(seed: UInt64) {
        print("seed \(seed)")
        let model: PaperQueueModel = seed % 3 == 0 ? .probabilistic : .riskAverse
        var life = Life(seed: seed, model)
        for step in 0..<4_000 { Self.step(&life, step, model) }
        #expect(life.makers > 50 && life.takers > 300 && life.gaps > 10)
    }

    /// Goal: a venue read back from its state goes on as the one that wrote it. Method: the same life twice, one of
    /// them through a copy of its venue every 200 steps; the states at the end, word by word.
    @Test func restoredBooksGoOnTheSame() {
        var words: [[UInt64]] = []
        for isCopied in [false, true] {
            var life = Life(seed: 9, .riskAverse)
            for step in 0..<1_600 {
                Self.step(&life, step, .riskAverse)
                guard isCopied, step % 200 == 199 else { continue }
                var copy = PaperVenue(configuration: Self.configuration(.riskAverse))
                var writer = WordVisitor()
                life.venue.visitState(&writer)
                var reader = writer.rewound
                copy.visitState(&reader)
                #expect(reader.position == writer.words.count)
                life.venue = copy
            }
            words.append(life.venue.words())
        }
        #expect(words[0] == words[1])
    }

    private static func step(_ life: inout Life, _ step: Int, _ model: PaperQueueModel) {
        let first = life.venue.ledger.executionCount
        var volume: Trade?
        switch life.book.random.next(below: 10) {
        case 0, 1, 2: order(&life)
        case 3:
            let parent = UInt32(life.book.random.next(below: UInt64(life.parent) + 1))
            life.venue.request(.cancel(identifier(parent)), client: 0, at: life.venue.time)
            life.venue.advance(to: life.venue.time)
        case 4, 5, 6: depth(&life)
        case 7: life.venue.quoted(life.book.quote(), updateID: life.book.number, at: now(life))
        default: volume = trade(&life)
        }
        judge(&life, from: first, volume, step)
        while life.venue.next(through: life.venue.time) != nil {}
        if step % 20 == 0 { life.venue.checkInvariants() }
        guard model == .riskAverse else { return }
        for parent in life.ahead.keys.sorted() {
            guard let row = life.venue.order(identifier(parent)), row.isLive else { continue }
            if row.isTaking { continue }
            #expect(row.queueAhead <= life.ahead[parent] ?? .zero, "a queue never grows (step \(step))")
            life.ahead[parent] = row.queueAhead
        }
    }

    private static func now(_ life: borrowing Life) -> Timestamp { life.venue.time + .milliseconds(1) }

    private static func order(_ life: inout Life) {
        life.parent += 1
        let types: [OrderType] = [.market, .limit, .limit, .limit, .postOnly]
        let type = types[Int(life.book.random.next(below: 5))]
        let times: [TimeInForce] = [.gtc, .gtc, .ioc, .fok]
        let time = type == .postOnly ? .gtc : times[Int(life.book.random.next(below: 4))]
        let tick = (life.book.best(0) ?? 999) + life.book.random.next(in: -5...6)
        let order = PaperOrder(
            id: identifier(life.parent),
            instrument: bitcoin,
            side: life.book.random.chance(1, in: 2) ? .buy : .sell,
            type: type,
            timeInForce: time,
            price: type == .market ? .zero : Price(raw: tick * RandomBook.tick),
            quantity: Quantity(raw: life.book.random.next(in: 50...120) * RandomBook.lot)
        )
        life.venue.request(.submit(order), client: 0, at: now(life))
        life.venue.advance(to: now(life))
        guard let row = life.venue.order(order.id) else { return }
        // What still takes has no place yet.
        if row.isLive { life.ahead[life.parent] = row.isTaking ? Quantity(raw: .max) : row.queueAhead }
        if time == .fok { #expect(row.filled == .zero || row.filled == order.quantity, "a FOK fills whole or not") }
    }

    /// An update, lost now and then; a lost book gets its snapshot some updates later.
    private static func depth(_ life: inout Life) {
        let previous = life.book.number
        let (bids, asks) = life.book.change()
        life.book.number += UInt64(life.book.random.next(in: 1...3))
        if life.book.isLost, life.book.random.chance(1, in: 4) {
            let whole = life.book.snapshot()
            show(&life, whole.bids, whole.asks, previous: 0, isSnapshot: true)
            let last = life.book.number
            life.book.number += 1
            life.book.isLost = false
            life.book.taken = [[:], [:]]
            life.book.touchTaken = [0, 0]
            show(&life, [], [], previous: last, isSnapshot: false)
            return
        }
        if life.book.random.chance(1, in: 40) {
            // Lost on its way: the next one shows the gap, and until then the venue can't know.
            life.book.number += 1
            life.gaps += 1
            life.book.isLost = true
            show(&life, [], [], previous: life.book.number - 1, isSnapshot: false)
            return
        }
        show(&life, bids, asks, previous: previous, isSnapshot: false)
    }

    private static func show(
        _ life: inout Life,
        _ bids: [DepthLevel],
        _ asks: [DepthLevel],
        previous: UInt64,
        isSnapshot: Bool
    ) {
        let update = DepthUpdate(
            instrument: bitcoin,
            firstID: life.book.number,
            lastID: life.book.number,
            previousID: isSnapshot ? DepthUpdate.noPrevious : previous,
            venueTime: .never,
            bidCount: bids.count,
            askCount: asks.count,
            isSnapshot: isSnapshot
        )
        life.venue.shown(update, ContiguousArray(bids + asks), at: now(life))
    }

    private static func trade(_ life: inout Life) -> Trade {
        let aggressor: Side = life.book.random.chance(1, in: 2) ? .buy : .sell
        let touch = life.book.best(aggressor == .buy ? 1 : 0) ?? 1_000
        let tick = touch + life.book.random.next(in: -2...2)
        let trade = Trade(
            instrument: bitcoin,
            price: Price(raw: tick * RandomBook.tick),
            quantity: Quantity(raw: life.book.random.next(in: 1...120) * RandomBook.lot),
            aggressor: aggressor,
            venueTime: .never
        )
        life.venue.traded(trade, at: now(life))
        return trade
    }

    /// The executions of a step against what the step was.
    private static func judge(_ life: inout Life, from first: Int, _ trade: Trade?, _ step: Int) {
        var left = trade?.quantity.raw ?? 0
        for offset in first..<life.venue.ledger.executionCount {
            let execution = life.venue.ledger.execution(at: offset).execution
            let limit = life.venue.order(execution.id)?.order.price ?? .zero
            switch execution.liquidity {
            case .maker:
                life.makers += 1
                left -= execution.quantity.raw
                #expect(execution.price == limit, "a passive fill has its order's price (step \(step))")
                let isCovered = trade.map {
                    execution.side == .buy ? $0.price <= execution.price : $0.price >= execution.price
                }
                #expect(isCovered == true, "a trade covers each passive fill (step \(step))")
            case .taker:
                life.takers += 1
                let isWithin = execution.side == .buy ? execution.price <= limit : execution.price >= limit
                #expect(limit == .zero || isWithin, "no fill is worse than its limit (step \(step))")
                let isDisplayed = life.book.take(execution)
                #expect(isDisplayed, "no more is taken than displayed (step \(step))")
            }
        }
        #expect(left >= 0, "a trade's volume is given out once (step \(step))")
    }
}
