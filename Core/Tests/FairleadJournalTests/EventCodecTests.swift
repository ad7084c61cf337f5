import FairleadModel
import Testing

@testable import FairleadJournal

@Suite struct EventCodecTests {
    /// Goal: every event survives its bytes. Method: 200 generated values of each kind, from a printed seed.
    @Test(arguments: EventKind.allCases) func everyEventComesBack(_ kind: EventKind) throws {
        let seed = 100 + UInt64(kind.rawValue)
        print("seed \(seed)")
        var samples = Samples(seed: seed)
        for _ in 0..<200 {
            let event = samples.event(kind)
            let bytes = EventCodec.encode(event)
            #expect(bytes.count == 1 + kind.fieldByteCount)
            let decoded = try EventCodec.decode(bytes)
            #expect(EventKind(decoded) == kind)
            #expect(EventCodec.encode(decoded) == bytes)
            #expect("\(decoded)" == "\(event)")
        }
    }

    /// Goal: no part of an event is taken for the whole. Method: each truncation and one byte too many, of each kind.
    @Test(arguments: EventKind.allCases) func everyTruncationIsRefused(_ kind: EventKind) {
        var samples = Samples(seed: 3)
        let bytes = EventCodec.encode(samples.event(kind))
        for count in 0..<bytes.count {
            #expect(throws: FieldError.self) { try EventCodec.decode(Array(bytes.prefix(count))) }
        }
        #expect(throws: FieldError(.size, UInt64(bytes.count + 1))) { try EventCodec.decode(bytes + [0]) }
    }

    /// Goal: numbers without meaning are refused by the field's name. Method: the last raw value of each kind of byte.
    @Test func fieldsWithoutMeaningAreNamed() throws {
        let beyondAll = UInt8(EventKind.allCases.count)
        #expect(throws: FieldError(.eventNumber, UInt64(beyondAll))) { try EventCodec.decode([beyondAll]) }
        var samples = Samples(seed: 4)
        var filled = EventCodec.encode(samples.event(.orderFilled))
        filled[57] = 2
        #expect(throws: FieldError(.side, 2)) { try EventCodec.decode(filled) }
        var made = EventCodec.encode(samples.event(.orderFilled))
        made[59] = 0x02
        #expect(throws: FieldError(.liquidity, 0x02)) { try EventCodec.decode(made) }
        made[59] = UInt8(ExecutionOrigin.allCases.count) << 4
        #expect(throws: FieldError(.origin, UInt64(made[59]))) { try EventCodec.decode(made) }
        var quoted = EventCodec.encode(samples.event(.quoted))
        quoted[16] |= 0x80
        #expect(throws: FieldError.self) { try EventCodec.decode(quoted) }
        var operated = EventCodec.encode(samples.event(.operated))
        let beyond = UInt8(OperatorAction.allCases.count)
        operated[33] = beyond
        #expect(throws: FieldError(.action, UInt64(beyond))) { try EventCodec.decode(operated) }
    }

    /// Goal: the codec's stated bound is the truth. Method: the longest of all kinds.
    @Test func theLongestEventIsTheBound() {
        #expect(EventKind.allCases.map { 1 + $0.fieldByteCount }.max() == EventCodec.maximumByteCount)
    }
}

@Suite struct SignalTermsCodecTests {
    /// Goal: a signal's terms survive their bytes. Method: 2,000 generated values, from a printed seed.
    @Test func termsComeBack() throws {
        let seed: UInt64 = 77
        print("seed \(seed)")
        var samples = Samples(seed: seed)
        for _ in 0..<2000 {
            let terms = samples.terms()
            let bytes = SignalTermsCodec.encode(terms)
            #expect(bytes.count == SignalTermsCodec.byteCount(of: terms))
            let more = terms.style == .twap ? 8 : terms.style.isScheduled ? 22 : 0
            #expect(bytes.count == (terms.stop.isNone ? 191 + more : 367))
            let decoded = try ByteSource.with(bytes) { try SignalTermsCodec.decode($0) }
            #expect(decoded == terms)
        }
    }

    /// Goal: terms have one form only. Method: a quantity beyond 64 bits, a fifth level that isn't counted, any
    /// truncation, and numbers past each enum's end.
    @Test func otherFormsAreRefused() {
        var samples = Samples(seed: 5)
        var terms = samples.terms()
        terms.size = .quantity(Quantity(raw: 5))
        terms.takeProfits = TakeProfitLevels()
        let bytes = SignalTermsCodec.encode(terms)
        func refuses(_ change: (inout [UInt8]) -> Void) -> Bool {
            var changed = bytes
            change(&changed)
            do {
                _ = try ByteSource.with(changed) { try SignalTermsCodec.decode($0) }
                return false
            } catch { return true }
        }
        #expect(refuses { $0[45] = 1 })
        #expect(refuses { $0[170] = 1 })
        #expect(refuses { $0[102] = 6 })
        #expect(refuses { $0[33] = 5 })
        #expect(refuses { $0[32] = 2 })
        for count in 0..<bytes.count { #expect(refuses { $0.removeLast($0.count - count) }) }
    }

    /// Goal: how a stop moves has one form only, in each style. Method: a sixth stage, a stage that isn't counted, an
    /// unknown form, slices or a rate of what has none, a tail that says nothing, any truncation but the shorter forms.
    @Test(arguments: [ExecutionStyle.auto, .twap, .iceberg]) func otherFormsOfAStopAreRefused(_ style: ExecutionStyle) {
        var samples = Samples(seed: 6)
        var terms = samples.terms()
        terms.style = style
        terms.twap = TwapTerms()
        terms.stop = StopTerms()
        terms.stop.limitPrice = Price(raw: 5)
        terms.stop.stages.append(ProfitStage(profit: Rate(raw: 3), stop: Rate(raw: -2)))
        let bytes = SignalTermsCodec.encode(terms)
        #expect(bytes.count == SignalTermsCodec.maximumByteCount)
        func refuses(_ change: (inout [UInt8]) -> Void) -> Bool {
            var changed = bytes
            change(&changed)
            do {
                _ = try ByteSource.with(changed) { try SignalTermsCodec.decode($0) }
                return false
            } catch { return true }
        }
        #expect(!refuses { _ in })
        #expect(refuses { $0[286] = 6 })
        #expect(refuses { $0[314] = 1 })
        #expect(refuses { $0[253] = 3 })
        #expect(refuses { $0[191] = 1 } == !style.isScheduled)
        #expect(refuses { $0[199] = 1 } == (style != .iceberg))
        #expect(refuses { $0.replaceSubrange(213..<367, with: repeatElement(0, count: 154)) })
        let shorter = style == .auto ? 191 : style == .twap ? 199 : 213
        for count in 0..<bytes.count where count != shorter {
            #expect(refuses { $0.removeLast($0.count - count) })
        }
    }
}

@Suite struct CommandCodecTests {
    /// Goal: two commands that differ in any way have different bytes, and order counts in their hash. Method: one of
    /// each kind, and each pair.
    @Test func commandsDiffer() {
        var samples = Samples(seed: 6)
        let id = samples.order()
        let instrument = samples.instrument()
        func submission(_ quantity: Int64, condition: OrderCondition = .none) -> Command {
            .submit(
                OrderSubmission(
                    id: id,
                    instrument: instrument,
                    side: .buy,
                    type: .limit,
                    timeInForce: .gtc,
                    price: Price(raw: 5),
                    quantity: Quantity(raw: quantity),
                    approved: Quantity(raw: 9),
                    collar: Price(raw: 6),
                    validUntil: Timestamp(nanoseconds: 4),
                    condition: condition
                )
            )
        }
        let commands: [Command] = [
            submission(1), submission(2),
            submission(1, condition: OrderCondition(.stop, trigger: Price(raw: 9))),
            submission(1, condition: OrderCondition(.takeProfit, trigger: Price(raw: 9))),
            submission(1, condition: OrderCondition(.stop, trigger: Price(raw: 9), reference: .last)),
            submission(1, condition: OrderCondition(.stop, trigger: Price(raw: 9), group: 1)),
            submission(1, condition: OrderCondition(.stop, trigger: Price(raw: 8))),
            .cancel(OrderCancellation(id: id, venueOrderID: .none, instrument: instrument)),
            .replace(
                OrderAmendment(
                    id: id,
                    venueOrderID: .none,
                    instrument: instrument,
                    side: .sell,
                    price: .zero,
                    quantity: Quantity(raw: 1),
                    approved: Quantity(raw: 1),
                    collar: .zero,
                    validUntil: .never,
                    isIncreasing: true
                )
            ),
            .query(OrderQuery(id: id, instrument: instrument)),
            .reconcile(ReconciliationRequest(venue: .paper, executionsAfter: ExecutionID(value: 4))),
            .reconnect(.paper),
        ]
        let encoded = commands.map { CommandCodec.encode($0) }
        #expect(Set(encoded).count == commands.count)
        #expect(encoded.map(\.count) == [71, 71, 83, 83, 83, 83, 83, 25, 67, 17, 10, 2])
        func hash(_ commands: [Command]) -> Digest256 {
            var hash = CommandHash()
            for command in commands { hash.add(command) }
            return hash.finish()
        }
        #expect(hash(commands) == SHA256.digest(encoded.flatMap { $0 }))
        #expect(hash(commands) != hash(commands.reversed()))
    }
}

@Suite struct ChecksumTests {
    /// Goal: the checksums are the published ones. Method: the check values of CRC32C and of SHA-256.
    @Test func publishedValues() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(CRC32C.checksumByTable(Array("123456789".utf8)) == 0xE306_9283)
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(SHA256.digest(Array("abc".utf8)).description == abc)
    }

    /// Goal: hardware and table agree, and a checksum may be continued. Method: lengths 0...300 at random seeds.
    @Test func hardwareAgreesWithTheTable() {
        var random = SeededRandom(seed: 8)
        for count in 0...300 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let seed = UInt32(truncatingIfNeeded: random.next())
            let whole = CRC32C.checksum(bytes, seed: seed)
            #expect(whole == CRC32C.checksumByTable(bytes, seed: seed))
            let middle = random.below(count + 1)
            let first = CRC32C.checksum(Array(bytes[..<middle]), seed: seed)
            #expect(CRC32C.checksum(Array(bytes[middle...]), seed: first) == whole)
        }
    }
}
