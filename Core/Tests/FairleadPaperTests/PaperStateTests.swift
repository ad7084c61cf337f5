import FairleadModel
import FairleadPaper
import Testing

/// Writes a state as words, then reads it back.
struct WordVisitor: StateVisitor {
    var words: [UInt64] = []
    var position = 0
    var isReading = false

    mutating func visit(_ value: inout UInt64) {
        if isReading {
            value = words[position]
            position += 1
        } else {
            words.append(value)
        }
    }

    /// The same words, to be read.
    var rewound: WordVisitor { WordVisitor(words: words, position: 0, isReading: true) }
}

extension PaperVenue {
    mutating func words() -> [UInt64] {
        var visitor = WordVisitor()
        visitState(&visitor)
        return visitor.words
    }
}

struct PaperStateTests {
    /// One random step of a venue's life.
    static func step(_ random: inout DeterministicRandom, _ venue: inout PaperVenue, _ parent: inout UInt32) {
        let now = venue.time + .milliseconds(random.next(in: 0...2))
        switch random.next(below: 6) {
        case 0, 1:
            parent += 1
            let order = PaperConservationTests.order(&random, parent, middle: [1_000, 200_000], now: now)
            venue.request(.submit(order), number: parent, client: parent % 3 == 0 ? 7 : 0, at: now)
        case 2: venue.request(.query(identifier(UInt32(random.next(below: UInt64(parent) + 2)))), client: 7, at: now)
        case 3: venue.request(.list(PaperListingRequest()), number: 9, client: 7, at: now)
        case 4: venue.quoted(PaperConservationTests.quote(&random, 0, 1_000 + random.next(in: -4...4)), at: now)
        default: venue.traded(PaperConservationTests.trade(&random, 0, 1_000 + random.next(in: -4...4)), at: now)
        }
    }

    static func stormConfiguration() -> PaperVenueConfiguration {
        let range = LatencyConfiguration(minimum: .zero, maximum: .milliseconds(6))
        var configuration = paperConfiguration(
            latency: PaperLatency(entry: range, answer: range),
            seed: 5,
            cash: Money(whole: 50_000_000)
        )
        configuration.capacities.orders = 64
        configuration.capacities.executions = 32
        return configuration
    }

    /// Goal: a venue read back from its state goes on exactly as the one that wrote it. Method: random lives with small
    /// tables (orders and executions are forgotten), a copy made at 40 moments, both driven on with the same inputs,
    /// their answers and states compared. Seed printed.
    @Test func restoredVenuesGoOnTheSame() {
        let seed: UInt64 = 77
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var venue = PaperVenue(configuration: Self.stormConfiguration())
        venue.connect(client: 0, at: at(1_000))
        venue.connect(client: 7, at: at(1_000))
        var parent: UInt32 = 0
        for _ in 0..<40 {
            for _ in 0..<60 { Self.step(&random, &venue, &parent) }
            while venue.nextEvent(through: venue.time) != nil {}
            var writer = WordVisitor()
            venue.visitState(&writer)
            var copy = PaperVenue(configuration: Self.stormConfiguration())
            var reader = writer.rewound
            copy.visitState(&reader)
            #expect(reader.position == writer.words.count)
            copy.checkInvariants()
            let read = copy.words()
            #expect(read == writer.words)
            var twin = random
            var twinParent = parent
            for _ in 0..<60 {
                Self.step(&random, &venue, &parent)
                Self.step(&twin, &copy, &twinParent)
                while let delivery = venue.next(through: venue.time) {
                    let other = copy.next(through: copy.time)
                    #expect(other == delivery)
                }
                let surplus = copy.next(through: copy.time)
                #expect(surplus == nil)
            }
            let (left, right) = (copy.words(), venue.words())
            #expect(left == right)
        }
        #expect(venue.ledger.forgottenExecutions > 0)
    }

    /// Goal: the recorded inputs of a venue are its whole story. Method: a random life is written as records, read back
    /// and applied to a new venue; the states are equal word by word.
    @Test func recordsRebuildTheVenue() throws {
        var random = DeterministicRandom(seed: 3)
        var venue = PaperVenue(configuration: Self.stormConfiguration())
        var other = PaperVenue(configuration: Self.stormConfiguration())
        var inputs: [PaperInput] = [PaperInput(time: at(1_000), client: 7, .hello(PaperHello(client: 7, session: 1)))]
        for parent: UInt32 in 1...600 {
            let time = at(1_000 + Int64(parent))
            let order = PaperConservationTests.order(&random, parent, middle: [1_000, 200_000], now: time)
            inputs.append(PaperInput(time: time, client: 7, number: parent, .submit(order)))
            inputs.append(PaperInput(time: time, .quote(PaperConservationTests.quote(&random, 0, 1_000))))
            inputs.append(PaperInput(time: time, .trade(PaperConservationTests.trade(&random, 0, 1_000))))
        }
        inputs.append(PaperInput(time: at(1_700), .halt(PaperHalt(instrument: bitcoin, isHalted: true))))
        inputs.append(PaperInput(time: at(1_701), client: 7, .goodbye))
        for input in inputs {
            let isApplied = venue.apply(input)
            #expect(isApplied)
            var record = ContiguousArray<UInt8>()
            input.append(to: &record)
            let read = try PaperInput(record: record.span)
            #expect(read == input)
            other.apply(read)
        }
        while let delivery = venue.next(through: at(3_000)) {
            let twin = other.next(through: at(3_000))
            #expect(twin == delivery)
        }
        let surplus = other.next(through: at(3_000))
        #expect(surplus == nil)
        #expect(venue.ledger.executionCount == 32)
        let (left, right) = (other.words(), venue.words())
        #expect(left == right)
    }

    /// Goal: a damaged record is a typed error. Method: each truncation, and bytes behind the frame.
    @Test func recordsAreExact() {
        var record = ContiguousArray<UInt8>()
        PaperInput(time: at(1), client: 7, number: 3, .cancel(identifier(1))).append(to: &record)
        for cut in 0..<record.count {
            let short = ContiguousArray(record[..<cut])
            #expect(throws: PaperFrameError.self) { _ = try PaperInput(record: short.span) }
        }
        record.append(0)
        let long = record
        #expect(throws: PaperFrameError.self) { _ = try PaperInput(record: long.span) }
    }

    /// Goal: the clock never goes back, and what is no market event of ours is counted. Method: a quote of an old time
    /// after a newer one; a timer, a negative price, an unknown instrument.
    @Test func timeNeverGoesBack() {
        var venue = openVenue()
        venue.quoted(quote(100, 5, 100.1, 4), at: at(2_000))
        venue.quoted(quote(100, 5, 100.1, 4), at: at(1_500))
        #expect(venue.time == at(2_000))
        venue.market(.timer, at: at(2_001))
        venue.quoted(quote(-1, 5, 100.1, 4), at: at(2_002))
        venue.quoted(quote(100, 5, 100.1, 4, InstrumentHandle(9)), at: at(2_002))
        #expect(venue.refusedMarketEvents == 3)
    }

    /// Goal: a client that doesn't drain is disconnected rather than left with a gap. Method: room for three answers.
    @Test func slowClientsAreDisconnected() {
        var configuration = paperConfiguration()
        configuration.capacities.answers = 3
        var venue = openVenue(configuration)
        for parent: UInt32 in 1...5 {
            venue.request(.submit(limit(parent, .buy, 99, 1)), client: 0, at: venue.time)
            venue.advance(to: venue.time)
        }
        #expect(venue.drain().map(line) == ["disconnected"])
        let isConnected = venue.isConnected(client: 0)
        #expect(!isConnected)
        #expect(venue.liveOrderCount == 4, "orders live on")
    }
}
