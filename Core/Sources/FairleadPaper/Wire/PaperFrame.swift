public import FairleadModel

/// Opens a session. A second connection of a client ends its first.
public struct PaperHello: Hashable, Sendable, BitwiseCopyable {
    /// Chosen by the client and kept over its restarts: its orders are found under it.
    public var client: UInt32
    /// The client's own count of its sessions; the venue only shows it.
    public var session: UInt32
    @inlinable public init(client: UInt32, session: UInt32) {
        self.client = client
        self.session = session
    }
}

/// Starts or stops an instrument's market data; `InstrumentHandle.none` means all.
public struct PaperSubscription: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentHandle
    public var isOn: Bool
    @inlinable public init(instrument: InstrumentHandle, isOn: Bool) {
        self.instrument = instrument
        self.isOn = isOn
    }
}

/// The venue's answer to `hello`; as many `instrument` frames as it says follow at once.
public struct PaperWelcome: Hashable, Sendable, BitwiseCopyable {
    public var session: UInt32
    public var instruments: UInt16
    public var venueTime: Timestamp
    public var ledgerSequence: UInt64
    @inlinable public init(session: UInt32, instruments: UInt16, venueTime: Timestamp, ledgerSequence: UInt64) {
        self.session = session
        self.instruments = instruments
        self.venueTime = venueTime
        self.ledgerSequence = ledgerSequence
    }
}

/// A symbol in 32 bytes, padded with zeros.
public struct PaperSymbol: Hashable, Sendable, BitwiseCopyable {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}

    /// nil when the text is empty, longer than 32 bytes or not of `[A-Z0-9._-]`.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= PaperProtocol.symbolSize else { return nil }
        for (position, byte) in text.utf8.enumerated() {
            guard Self.isAllowed(byte) else { return nil }
            self[position] = byte
        }
    }

    public var text: String {
        var bytes: [UInt8] = []
        for position in 0..<PaperProtocol.symbolSize where self[position] != 0 { bytes.append(self[position]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// True when it starts with allowed bytes and holds only zeros after them.
    var isCanonical: Bool {
        var isPadding = false
        for position in 0..<PaperProtocol.symbolSize {
            let byte = self[position]
            if byte == 0 { isPadding = true } else if isPadding || !Self.isAllowed(byte) { return false }
        }
        return self[0] != 0
    }

    private subscript(position: Int) -> UInt8 {
        get { UInt8(truncatingIfNeeded: word(position / 8) >> UInt64(position % 8 * 8)) }
        set {
            let shift = UInt64(position % 8 * 8)
            setWord(position / 8, word(position / 8) & ~(0xFF << shift) | UInt64(newValue) << shift)
        }
    }

    func word(_ index: Int) -> UInt64 {
        if index == 0 { return words.0 }
        if index == 1 { return words.1 }
        return index == 2 ? words.2 : words.3
    }

    mutating func setWord(_ index: Int, _ value: UInt64) {
        if index == 0 {
            words.0 = value
        } else if index == 1 {
            words.1 = value
        } else if index == 2 {
            words.2 = value
        } else {
            words.3 = value
        }
    }

    public static func == (a: Self, b: Self) -> Bool { a.words == b.words }
    public func hash(into hasher: inout Hasher) {
        for index in 0..<4 { hasher.combine(word(index)) }
    }
}

/// One instrument of the venue, under the handle that all frames of this venue use.
public struct PaperInstrumentRow: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentHandle
    public var symbol: PaperSymbol
    public var terms: InstrumentTerms
    @inlinable public init(instrument: InstrumentHandle, symbol: PaperSymbol, terms: InstrumentTerms) {
        self.instrument = instrument
        self.symbol = symbol
        self.terms = terms
    }
}

/// The head of a listing: one ledger sequence, and how many rows of each kind follow; funding counts as an execution.
public struct PaperListingHead: Hashable, Sendable, BitwiseCopyable {
    public var ledgerSequence: UInt64
    public var venueTime: Timestamp
    public var orders: UInt32
    public var executions: UInt32
    public var positions: UInt32
    public var accounts: UInt32
    @inlinable public init(
        ledgerSequence: UInt64,
        venueTime: Timestamp,
        orders: UInt32,
        executions: UInt32,
        positions: UInt32,
        accounts: UInt32
    ) {
        self.ledgerSequence = ledgerSequence
        self.venueTime = venueTime
        self.orders = orders
        self.executions = executions
        self.positions = positions
        self.accounts = accounts
    }
}

/// One row of a listing, counted over all its kinds from 0.
public struct PaperListed<Row: Hashable & Sendable & BitwiseCopyable>: Hashable, Sendable, BitwiseCopyable {
    public var ordinal: UInt32
    public var row: Row
    @inlinable public init(ordinal: UInt32, row: Row) {
        self.ordinal = ordinal
        self.row = row
    }
}

/// The end of a listing, which repeats what its head said: a listing whose ends differ is not one.
public struct PaperListingEnd: Hashable, Sendable, BitwiseCopyable {
    public var ledgerSequence: UInt64
    public var rows: UInt32
    @inlinable public init(ledgerSequence: UInt64, rows: UInt32) {
        self.ledgerSequence = ledgerSequence
        self.rows = rows
    }
}

/// A request that was not taken, and when to ask again.
public struct PaperRestriction: Hashable, Sendable, BitwiseCopyable {
    /// By the venue's clock.
    public var until: Timestamp
    public var retryAfter: TimeSpan
    @inlinable public init(until: Timestamp, retryAfter: TimeSpan) {
        self.until = until
        self.retryAfter = retryAfter
    }
}

/// The last frame of a connection that broke the protocol.
public struct PaperProtocolFault: Hashable, Sendable, BitwiseCopyable {
    /// A code of `PaperFrameError`, or one of the session's own from 100.
    public var code: UInt16
    /// The kind of the frame at fault; 0 when it isn't known.
    public var kind: UInt8
    /// Where in that frame.
    public var offset: UInt32
    @inlinable public init(code: UInt16, kind: UInt8, offset: UInt32) {
        self.code = code
        self.kind = kind
        self.offset = offset
    }

    public static let replaced: UInt16 = 100
    public static let unexpected: UInt16 = 101
    public static let tooManyClients: UInt16 = 102
    public static let tooSlow: UInt16 = 103
}

public struct PaperHalt: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentHandle
    public var isHalted: Bool
    @inlinable public init(instrument: InstrumentHandle, isHalted: Bool) {
        self.instrument = instrument
        self.isHalted = isHalted
    }
}

/// One frame of the protocol, decoded. Fixed size, without references.
public enum PaperFrame: Hashable, Sendable, BitwiseCopyable {
    case hello(PaperHello)
    case subscribe(PaperSubscription)
    case submit(PaperOrder)
    case cancel(ClientOrderID)
    case amend(PaperAmendment)
    case query(ClientOrderID)
    case list(PaperListingRequest)
    case timeRequest
    case ping(UInt64)
    case pong(UInt64)
    case goodbye
    case halt(PaperHalt)
    case welcome(PaperWelcome)
    case instrument(PaperInstrumentRow)
    case accepted(OrderAcceptance)
    case rejected(OrderRejection)
    case filled(Execution)
    case cancelled(OrderEnd)
    case expired(OrderEnd)
    case cancelRejected(OrderRejection)
    case replaced(OrderReplacement)
    case replaceRejected(OrderRejection)
    case reported(OrderReport)
    case notFound(OrderAbsence)
    case forgotten(ClientOrderID)
    case listingBegan(PaperListingHead)
    case listedOrder(PaperListed<OrderReport>)
    case listedExecution(PaperListed<Execution>)
    case listedPosition(PaperListed<PositionReport>)
    case listedAccount(PaperListed<BalanceReport>)
    case listingEnded(PaperListingEnd)
    /// The executions asked for are no longer all kept.
    case listingRefused
    case time(Timestamp)
    case throttled(PaperRestriction)
    case banned(PaperRestriction)
    case quote(Quote)
    case trade(Trade)
    case mark(MarkPrice)
    case error(PaperProtocolFault)
    case funding(FundingPayment)
    case listedFunding(PaperListed<FundingPayment>)

    public var kind: PaperFrameKind {
        switch self {
        case .hello: .hello
        case .subscribe: .subscribe
        case .submit(let order): order.condition.isNone ? .submit : .submitConditional
        case .cancel: .cancel
        case .amend(let amendment): amendment.trigger == .zero ? .amend : .amendConditional
        case .query: .query
        case .list: .list
        case .timeRequest: .timeRequest
        case .ping: .ping
        case .pong: .pong
        case .goodbye: .goodbye
        case .halt: .halt
        case .welcome: .welcome
        case .instrument: .instrument
        case .accepted: .accepted
        case .rejected: .rejected
        case .filled: .filled
        case .cancelled: .cancelled
        case .expired: .expired
        case .cancelRejected: .cancelRejected
        case .replaced: .replaced
        case .replaceRejected: .replaceRejected
        case .reported: .reported
        case .notFound: .notFound
        case .forgotten: .forgotten
        case .listingBegan: .listingBegan
        case .listedOrder: .listedOrder
        case .listedExecution: .listedExecution
        case .listedPosition: .listedPosition
        case .listedAccount: .listedAccount
        case .listingEnded: .listingEnded
        case .listingRefused: .listingRefused
        case .time: .time
        case .throttled: .throttled
        case .banned: .banned
        case .quote: .quote
        case .trade: .trade
        case .mark: .mark
        case .error: .error
        case .funding: .funding
        case .listedFunding: .listedFunding
        }
    }
}
