internal import FairleadModel

extension PaperFrame {
    /// A frame of a kind with valid, empty fields: what a reader fills in.
    static func blank(_ kind: PaperFrameKind) -> PaperFrame {
        let rejection = OrderRejection(id: .none, reason: .unspecified, venueTime: .never)
        let end = OrderEnd(id: .none, cumulativeFilled: .zero, reason: .none, venueTime: .never)
        switch kind {
        case .hello: return .hello(PaperHello(client: 0, session: 0))
        case .subscribe: return .subscribe(PaperSubscription(instrument: .none, isOn: false))
        case .submit: return .submit(PaperOrderRow.blank.order)
        case .cancel: return .cancel(.none)
        case .amend: return .amend(PaperAmendment(id: .none, price: .zero, quantity: .zero))
        case .submitConditional:
            var order = PaperOrderRow.blank.order
            order.condition.kind = .stop
            return .submit(order)
        case .amendConditional:
            return .amend(PaperAmendment(id: .none, price: .zero, quantity: .zero, trigger: Price(raw: 1)))
        case .query: return .query(.none)
        case .list: return .list(PaperListingRequest())
        case .timeRequest: return .timeRequest
        case .ping: return .ping(0)
        case .pong: return .pong(0)
        case .goodbye: return .goodbye
        case .halt: return .halt(PaperHalt(instrument: .none, isHalted: false))
        case .welcome:
            return .welcome(PaperWelcome(session: 0, instruments: 0, venueTime: .never, ledgerSequence: 0))
        case .instrument: return .instrument(blankInstrument)
        case .accepted: return .accepted(OrderAcceptance(id: .none, venueOrderID: .none, venueTime: .never))
        case .rejected: return .rejected(rejection)
        case .filled: return .filled(.blank)
        case .cancelled: return .cancelled(end)
        case .expired: return .expired(end)
        case .cancelRejected: return .cancelRejected(rejection)
        case .replaced:
            return .replaced(OrderReplacement(id: .none, price: .zero, quantity: .zero, venueTime: .never))
        case .replaceRejected: return .replaceRejected(rejection)
        case .reported: return .reported(PaperOrderRow.blank.report(at: .never))
        case .notFound:
            return .notFound(OrderAbsence(id: .none, venueTime: .never, ledgerSequence: 0, session: 0))
        case .forgotten: return .forgotten(.none)
        case .listingBegan, .listedOrder, .listedExecution, .listedPosition, .listedAccount, .listingEnded,
            .listingRefused, .listedFunding:
            return blankListing(kind)
        case .time: return .time(.never)
        case .throttled: return .throttled(PaperRestriction(until: .never, retryAfter: .zero))
        case .banned: return .banned(PaperRestriction(until: .never, retryAfter: .zero))
        case .quote: return .quote(blankQuote)
        case .trade:
            return .trade(Trade(instrument: .none, price: .zero, quantity: .zero, aggressor: .buy, venueTime: .never))
        case .mark: return .mark(MarkPrice(instrument: .none, price: .zero, venueTime: .never))
        case .error: return .error(PaperProtocolFault(code: 0, kind: 0, offset: 0))
        case .funding: return .funding(.blank)
        }
    }

    private static func blankListing(_ kind: PaperFrameKind) -> PaperFrame {
        if kind == .listedOrder {
            return .listedOrder(PaperListed(ordinal: 0, row: PaperOrderRow.blank.report(at: .never)))
        }
        if kind == .listedExecution { return .listedExecution(PaperListed(ordinal: 0, row: .blank)) }
        if kind == .listedFunding { return .listedFunding(PaperListed(ordinal: 0, row: .blank)) }
        if kind == .listedPosition {
            let row = PositionReport(
                instrument: .none,
                positionSide: .both,
                quantity: .zero,
                averagePrice: .zero,
                venueTime: .never
            )
            return .listedPosition(PaperListed(ordinal: 0, row: row))
        }
        if kind == .listedAccount {
            let row = BalanceReport(venue: .paper, cash: 0, available: 0, venueTime: .never)
            return .listedAccount(PaperListed(ordinal: 0, row: row))
        }
        if kind == .listingEnded { return .listingEnded(PaperListingEnd(ledgerSequence: 0, rows: 0)) }
        if kind == .listingRefused { return .listingRefused }
        return .listingBegan(
            PaperListingHead(
                ledgerSequence: 0,
                venueTime: .never,
                orders: 0,
                executions: 0,
                positions: 0,
                accounts: 0
            )
        )
    }

    private static var blankInstrument: PaperInstrumentRow {
        let terms = InstrumentTerms(
            tick: Price(raw: 1),
            lot: Quantity(raw: 1),
            minimumQuantity: .zero,
            maximumQuantity: .zero
        )
        return PaperInstrumentRow(instrument: .none, symbol: PaperSymbol(), terms: terms)
    }

    private static var blankQuote: Quote {
        Quote(
            instrument: .none,
            bid: .zero,
            bidQuantity: .zero,
            ask: .zero,
            askQuantity: .zero,
            venueTime: .never
        )
    }
}

extension PaperFrameKind {
    /// The payload's fields in order, their offsets counted from the frame's first byte.
    public var fields: [PaperFieldLayout] {
        var lister = PaperFieldLister()
        var frame = PaperFrame.blank(self)
        lister.visit(&frame)
        return lister.fields
    }

    /// Bytes of the whole frame, its length field included. Every kind has one size.
    public var frameSize: Int { Self.frameSizes[Int(rawValue)] }

    /// By raw value; 0 where there is no kind.
    private static let frameSizes: ContiguousArray<Int> = {
        var sizes = ContiguousArray(repeating: 0, count: 256)
        for kind in PaperFrameKind.allCases {
            let payload = kind.fields.reduce(0) { $0 + $1.size }
            sizes[Int(kind.rawValue)] = PaperProtocol.headerSize + payload
        }
        return sizes
    }()
}
