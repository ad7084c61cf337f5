import FairleadModel
import FairleadPaper
import Testing

/// Frames against their bytes: round trips, cuts, damage, and the tables of `docs/PAPER-PROTOCOL.md`.
struct PaperFrameTests {
    // MARK: Samples

    static let id = ClientOrderID(
        epoch: Epoch(number: 0x0102),
        parent: 0x0304_0506,
        leg: .exit,
        slice: 0x0708,
        attempt: 9,
        slot: 0x0A0B_0C0D
    )

    static let restriction = PaperRestriction(until: at(5_000), retryAfter: .milliseconds(250))

    static let report = OrderReport(
        id: id,
        venueOrderID: VenueOrderID(value: 77),
        instrument: ether,
        side: .sell,
        price: price(12.5),
        quantity: quantity(3),
        filled: quantity(1),
        state: .partiallyFilled,
        venueTime: at(1)
    )

    static let execution = Execution(
        id: id,
        executionID: ExecutionID(value: 99),
        instrument: ether,
        side: .sell,
        positionSide: .short,
        price: price(12.5),
        quantity: quantity(1),
        fee: -12,
        liquidity: .taker,
        venueTime: at(2),
        origin: .liquidation
    )

    static let payment = FundingPayment(
        id: ExecutionID(value: 98),
        instrument: ether,
        positionSide: .short,
        quantity: SignedQuantity(quantity(3), side: .sell),
        mark: price(12.5),
        rate: Rate(raw: -10_000),
        amount: 37_500,
        venueTime: at(5)
    )

    static let rejection = OrderRejection(id: id, reason: .wouldTake, venueTime: at(3))
    static let end = OrderEnd(id: id, cumulativeFilled: quantity(2), reason: .timeInForce, venueTime: at(4))

    static func symbol(_ text: String) -> PaperSymbol {
        guard let symbol = PaperSymbol(text) else { preconditionFailure("Invariant: the test's symbol is one") }
        return symbol
    }

    /// One frame of each kind, with no field at its blank value where that is possible.
    static let samples: [PaperFrame] = requests + news + listings

    static let requests: [PaperFrame] = [
        .hello(PaperHello(client: 7, session: 3)), .subscribe(PaperSubscription(instrument: ether, isOn: true)),
        .submit(
            PaperOrder(
                id: id,
                instrument: ether,
                side: .sell,
                positionSide: .short,
                type: .postOnly,
                timeInForce: .gtd,
                price: price(12.5),
                quantity: quantity(3),
                validUntil: at(10),
                expiresAt: at(20),
                reduceOnly: true
            )
        ),
        .cancel(id),
        .amend(PaperAmendment(id: id, price: price(1), quantity: quantity(2), validUntil: at(9))), .query(id),
        .submit(
            PaperOrder(
                id: id,
                instrument: ether,
                side: .sell,
                positionSide: .short,
                type: .limit,
                timeInForce: .gtd,
                price: price(12.5),
                quantity: quantity(3),
                validUntil: at(10),
                expiresAt: at(20),
                reduceOnly: true,
                condition: OrderCondition(.trailing, trigger: price(13), reference: .last, group: 0x0102),
                trail: .share(Rate(bps: 7))
            )
        ),
        .amend(
            PaperAmendment(id: id, price: price(1), quantity: quantity(2), validUntil: at(9), trigger: price(3))
        ),
        .list(PaperListingRequest(scope: [.executions, .account], executionsAfter: ExecutionID(value: 12))),
        .timeRequest, .ping(0xDEAD_BEEF), .pong(1), .goodbye, .halt(PaperHalt(instrument: ether, isHalted: true)),
    ]

    static let news: [PaperFrame] = [
        .welcome(PaperWelcome(session: 3, instruments: 2, venueTime: at(1), ledgerSequence: 12)),
        .instrument(
            PaperInstrumentRow(
                instrument: ether,
                symbol: symbol("ETH-USDT.P_1"),
                terms: paperInstruments()[1].terms
            )
        ),
        .accepted(OrderAcceptance(id: id, venueOrderID: VenueOrderID(value: 5), venueTime: at(1))),
        .rejected(rejection), .filled(execution), .cancelled(end), .expired(end), .cancelRejected(rejection),
        .replaced(OrderReplacement(id: id, price: price(4), quantity: quantity(5), venueTime: at(6))),
        .replaceRejected(rejection), .reported(report),
        .notFound(OrderAbsence(id: id, venueTime: at(1), ledgerSequence: 4, session: 0)), .forgotten(id),
        .time(at(77)), .throttled(restriction), .banned(restriction),
        .quote(quote(1.5, 2, 1.6, 3, ether)), .trade(trade(1.5, 2, .sell, ether)),
        .mark(MarkPrice(instrument: ether, price: price(1.55), venueTime: at(9))),
        .error(PaperProtocolFault(code: 6, kind: 3, offset: 40)), .funding(payment),
    ]

    static let listings: [PaperFrame] = [
        .listingBegan(
            PaperListingHead(ledgerSequence: 9, venueTime: at(1), orders: 1, executions: 2, positions: 3, accounts: 4)
        ),
        .listedOrder(PaperListed(ordinal: 1, row: report)), .listedExecution(PaperListed(ordinal: 2, row: execution)),
        .listedPosition(
            PaperListed(
                ordinal: 3,
                row: PositionReport(
                    instrument: ether,
                    positionSide: .short,
                    quantity: SignedQuantity(quantity(3), side: .sell),
                    averagePrice: price(7),
                    venueTime: at(2)
                )
            )
        ),
        .listedAccount(
            PaperListed(ordinal: 4, row: BalanceReport(venue: .paper, cash: -5, available: 6, venueTime: at(3)))
        ),
        .listingEnded(PaperListingEnd(ledgerSequence: 9, rows: 10)), .listingRefused,
        .listedFunding(PaperListed(ordinal: 5, row: payment)),
    ]

    static func bytes(_ frame: PaperFrame, number: UInt32 = 0x0102_0304) -> ContiguousArray<UInt8> {
        var bytes = ContiguousArray<UInt8>()
        frame.append(number: number, to: &bytes)
        return bytes
    }

    static func decode(_ bytes: ContiguousArray<UInt8>) throws(PaperFrameError) -> PaperMessage? {
        var reader = PaperFrameReader()
        reader.append(bytes.span)
        return try reader.next()
    }

    // MARK: Round trips and cuts

    /// Goal: what is written is read, for every kind. Method: a sample of each kind, there and back, and its size.
    @Test func everyKindRoundTrips() throws {
        #expect(Set(Self.samples.map(\.kind)).count == PaperFrameKind.allCases.count)
        for frame in Self.samples {
            let bytes = Self.bytes(frame)
            #expect(bytes.count == frame.kind.frameSize)
            #expect(bytes.count <= PaperProtocol.maximumFrameSize)
            #expect(try Self.decode(bytes) == PaperMessage(number: 0x0102_0304, frame: frame))
        }
    }

    /// Goal: a cut frame is never read as one, and its rest completes it. Method: each sample cut at each byte.
    @Test func everyTruncationWaits() throws {
        for frame in Self.samples {
            let bytes = Self.bytes(frame)
            for cut in 0..<bytes.count {
                var reader = PaperFrameReader()
                reader.append(ContiguousArray(bytes[..<cut]).span)
                #expect(try reader.next() == nil)
                reader.append(ContiguousArray(bytes[cut...]).span)
                #expect(try reader.next()?.frame == frame)
                #expect(reader.unreadCount == 0)
            }
        }
    }

    /// Goal: chunks of any size give the same frames. Method: all samples in one stream, in chunks of 1 to 97 bytes.
    @Test func chunksDoNotMatter() throws {
        var stream = ContiguousArray<UInt8>()
        for frame in Self.samples { frame.append(to: &stream) }
        for size in 1...97 {
            var reader = PaperFrameReader()
            var read: [PaperFrame] = []
            var start = 0
            while start < stream.count {
                let end = min(start + size, stream.count)
                reader.append(ContiguousArray(stream[start..<end]).span)
                start = end
                while let message = try reader.next() { read.append(message.frame) }
            }
            #expect(read == Self.samples)
        }
    }

    // MARK: Damage

    /// Goal: damaged bytes are a typed error or a valid frame, never a trap; what is read is canonical. Method: 20,000
    /// samples with 1 to 4 random bytes replaced, seed printed.
    @Test func mutatedFramesNeverTrap() {
        let seed: UInt64 = 20_240_808
        print("seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = Self.bytes(Self.samples[Int(random.next(below: UInt64(Self.samples.count)))])
            for _ in 0...random.next(below: 4) {
                bytes[Int(random.next(below: UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
            }
            do {
                guard let message = try Self.decode(bytes) else { continue }
                #expect(Self.bytes(message.frame, number: message.number) == bytes, "a frame has one form")
            } catch {
                refused += 1
                #expect(error.offset < PaperProtocol.maximumFrameSize)
            }
        }
        #expect(refused > 8_000)
    }

    /// Goal: each error names what is wrong and breaks the stream. Method: one damage a case.
    @Test func errorsNameTheFault() {
        func failure(_ change: (inout ContiguousArray<UInt8>) -> Void) -> PaperFrameError? {
            var bytes = Self.bytes(Self.requests[2])
            change(&bytes)
            var reader = PaperFrameReader()
            reader.append(bytes.span)
            do {
                _ = try reader.next()
                return nil
            } catch {
                #expect(reader.failure == error)
                return error
            }
        }
        #expect(failure { $0[0] = 65 } == .wrongLength(.submit, 65))
        #expect(failure { $0[3] = 1 } == .lengthOutOfRange(16_777_280))
        #expect(failure { $0[0] = 8 } == .wrongLength(.submit, 8))
        #expect(failure { for place in 0..<4 { $0[place] = 0 } } == .lengthOutOfRange(0))
        #expect(failure { $0[4] = 50 } == .unknownKind(50))
        #expect(failure { $0[5] = 2 } == .wrongVersion(2))
        #expect(failure { $0[6] = 1 } == .reservedNotZero(.submit, offset: 6))
        #expect(failure { $0[27] = 1 } == .reservedNotZero(.submit, offset: 27))
        #expect(failure { $0[35] = 0x80 } == .invalidField(.submit, offset: 28, name: "price"))
        #expect(failure { $0[62] = 9 } == .invalidField(.submit, offset: 62, name: "side"))
        #expect(failure { $0[66] = 2 } == .invalidField(.submit, offset: 66, name: "reduce_only"))
    }

    /// Goal: a conditional frame holds a condition that can be, so that a frame has one form. Method: each way of not
    /// holding one.
    @Test func conditionsAreWhole() throws {
        func failure(_ frame: PaperFrame, _ change: (inout ContiguousArray<UInt8>) -> Void) -> PaperFrameError? {
            var bytes = Self.bytes(frame)
            change(&bytes)
            var reader = PaperFrameReader()
            reader.append(bytes.span)
            do {
                _ = try reader.next()
                return nil
            } catch { return error }
        }
        let submit = try #require(Self.requests.first { $0.kind == .submitConditional })
        #expect(failure(submit) { $0[94] = 0 } == .invalidField(.submitConditional, offset: 94, name: "condition"))
        #expect(failure(submit) { $0[94] = 4 } == .invalidField(.submitConditional, offset: 94, name: "condition"))
        #expect(failure(submit) { $0[95] = 2 } == .invalidField(.submitConditional, offset: 95, name: "trigger_by"))
        #expect(failure(submit) { $0[91] = 0x80 } == .invalidField(.submitConditional, offset: 84, name: "trail_share"))
        let amend = try #require(Self.requests.first { $0.kind == .amendConditional })
        let none = failure(amend) { bytes in for place in 52..<60 { bytes[place] = 0 } }
        #expect(none == .invalidField(.amendConditional, offset: 52, name: "trigger"))
    }

    // MARK: The documentation

    /// A row of a table in the document.
    struct DocumentedField: Hashable {
        var offset: Int
        var size: Int
        var name: String
        var unit: String
    }

    /// The tables of the document by kind name: `### hello (1)` and the rows that follow it.
    static func documentedTables() throws -> [String: [DocumentedField]] {
        let document = try projectText("docs/PAPER-PROTOCOL.md")
        var tables: [String: [DocumentedField]] = [:]
        var heading: String?
        for line in document.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#") {
                heading = line.hasPrefix("### ") ? String(line.dropFirst(4)) : nil
                if let heading { tables[heading] = [] }
                continue
            }
            guard let heading, line.hasPrefix("| ") else { continue }
            let cells = line.split(separator: "|").map { String($0.trimming(" ")) }
            guard cells.count == 4, let offset = Int(cells[0]), let size = Int(cells[1]) else { continue }
            tables[heading]?.append(
                DocumentedField(offset: offset, size: size, name: cells[2], unit: cells[3] == "-" ? "" : cells[3])
            )
        }
        return tables
    }

    /// Goal: the document's tables are the code's. Method: each kind's table is walked against the codec's own fields,
    /// which must follow each other without a gap.
    @Test func documentShowsTheFields() throws {
        let tables = try Self.documentedTables()
        for kind in PaperFrameKind.allCases {
            let table = try #require(tables["\(kind) (\(kind.rawValue))"], "a table for \(kind)")
            let fields = kind.fields.map {
                DocumentedField(offset: $0.offset, size: $0.size, name: $0.name, unit: $0.unit)
            }
            #expect(table == fields, "\(kind)")
            var offset = PaperProtocol.headerSize
            for field in table {
                #expect(field.offset == offset)
                offset += field.size
            }
            #expect(offset == kind.frameSize)
        }
        #expect(tables.count == PaperFrameKind.allCases.count)
    }

    /// Goal: the document's table of refusals is the code's. Method: each row against the enum, and none more.
    @Test func documentShowsTheReasons() throws {
        let lines = try projectText("docs/PAPER-PROTOCOL.md").split(separator: "\n")
        let start = try #require(lines.firstIndex(of: "## Reasons of a refusal"))
        let rows = lines[(start + 3)...].prefix { $0.hasPrefix("|") }.map(String.init)
        #expect(rows == RejectReason.allCases.map { "| \($0.rawValue) | `\($0.name)` |" })
    }

    /// Goal: each documented field stands where the table says. Method: in each sample, each byte of each row is
    /// changed: a reserved one is refused at its offset, another changes the frame or is refused under its name.
    @Test func documentedFieldsAreWhereTheySay() throws {
        let tables = try Self.documentedTables()
        for frame in Self.samples {
            let sound = Self.bytes(frame)
            for field in tables["\(frame.kind) (\(frame.kind.rawValue))"] ?? [] {
                for place in field.offset..<field.offset + field.size {
                    var bytes = sound
                    bytes[place] ^= 0x55
                    let outcome = Result { () throws(PaperFrameError) in try Self.decode(bytes) }
                    switch outcome {
                    case .success(let message):
                        #expect(field.name != "reserved")
                        #expect(message?.frame != frame)
                        #expect(message.map { Self.bytes($0.frame, number: $0.number) } == bytes)
                    case .failure(.reservedNotZero(let kind, let offset)):
                        #expect(kind == frame.kind && offset == place && field.name == "reserved")
                    case .failure(.invalidField(let kind, let offset, let name)):
                        let isSymbol = name.hasPrefix("symbol") && field.name.hasPrefix("symbol")
                        #expect(kind == frame.kind)
                        #expect(isSymbol || (offset == field.offset && name == field.name))
                    case .failure(let error):
                        Issue.record("a payload byte can't cause \(error)")
                    }
                }
            }
        }
    }

    /// Goal: the bytes themselves never change within version 1. Method: a submit written out by hand.
    @Test func goldenSubmit() {
        let golden: ContiguousArray<UInt8> = [
            64, 0, 0, 0, 3, 1, 0, 0, 4, 3, 2, 1,
            0x06, 0x05, 0x04, 0x03, 0x0D, 0x0C, 0x0B, 0x0A, 0x02, 0x01, 0x08, 0x07, 3, 9, 0, 0,
            0x80, 0x7C, 0x81, 0x4A, 0, 0, 0, 0,
            0x00, 0xA3, 0xE1, 0x11, 0, 0, 0, 0,
            0x80, 0x96, 0x98, 0, 0, 0, 0, 0,
            0x00, 0x2D, 0x31, 0x01, 0, 0, 0, 0,
            1, 0, 1, 2, 2, 3, 1, 0,
        ]
        #expect(Self.bytes(Self.requests[2]) == golden)
    }
}

extension Substring {
    func trimming(_ character: Character) -> Substring {
        var text = self
        while text.first == character { text.removeFirst() }
        while text.last == character { text.removeLast() }
        return text
    }
}
