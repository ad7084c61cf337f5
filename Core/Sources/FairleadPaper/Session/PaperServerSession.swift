internal import FairleadModel

/// What a connection's bytes ask of its server.
public enum PaperServerAction: Hashable, Sendable {
    /// The client names itself; the server answers `welcome` or `refuse`s.
    case greet(PaperHello)
    case request(PaperRequest, number: UInt32)
}

/// One connection of a client with the venue: bytes in, actions for the server, frames out. No I/O, no clock.
///
/// A fault in the bytes ends it: an `error` frame is its last, and `isClosing` asks the owner to write what is left and
/// close. What a slow reader leaves unwritten is bounded: past `outputLimit` the connection is ended as too slow.
public struct PaperServerSession: Sendable {
    /// Bytes that wait to be written.
    public private(set) var output: ContiguousArray<UInt8> = []
    /// The client's number once it has said `hello`.
    public private(set) var client: UInt32?
    /// True when the owner shall write the output and close the connection.
    public private(set) var isClosing = false
    /// How many bytes may wait: 16 MiB, the largest listing twice.
    public static let outputLimit = 16 << 20
    private var reader = PaperFrameReader()
    private var subscriptions: ContiguousArray<Bool>

    public init(instruments: Int) { subscriptions = ContiguousArray(repeating: false, count: instruments) }

    /// Takes bytes of the connection; `nextAction` tells what they ask. Ignored once it is closing.
    public mutating func received(_ bytes: Span<UInt8>) {
        if !isClosing { reader.append(bytes) }
    }

    /// The next thing that the bytes ask of the server; nil when all that came is answered.
    public mutating func nextAction() -> PaperServerAction? {
        while !isClosing {
            let message: PaperMessage?
            do {
                message = try reader.next()
            } catch {
                end(error.code, kind: error.kind, offset: UInt32(clamping: error.offset))
                return nil
            }
            guard let message else { return nil }
            if let action = handle(message) { return action }
        }
        return nil
    }

    private mutating func handle(_ message: PaperMessage) -> PaperServerAction? {
        if case .hello(let hello) = message.frame {
            guard client == nil else { return unexpected(message.frame) }
            return .greet(hello)
        }
        guard client != nil else { return unexpected(message.frame) }
        if let request = PaperRequest(message.frame) { return .request(request, number: message.number) }
        switch message.frame {
        case .subscribe(let subscription): subscribe(subscription)
        case .ping(let echo): send(.pong(echo), number: message.number)
        case .pong: break
        case .hello, .submit, .cancel, .amend, .query, .list, .timeRequest, .goodbye, .halt, .welcome, .instrument,
            .accepted, .rejected, .filled, .cancelled, .expired, .cancelRejected, .replaced, .replaceRejected,
            .reported, .notFound, .forgotten, .listingBegan, .listedOrder, .listedExecution, .listedPosition,
            .listedAccount, .listingEnded, .listingRefused, .time, .throttled, .banned, .quote, .trade, .mark, .error,
            .funding, .listedFunding:
            return unexpected(message.frame)
        }
        return nil
    }

    private mutating func unexpected(_ frame: PaperFrame) -> PaperServerAction? {
        end(PaperProtocolFault.unexpected, kind: frame.kind)
        return nil
    }

    /// A subscription to an instrument that the venue doesn't have changes nothing.
    private mutating func subscribe(_ subscription: PaperSubscription) {
        if subscription.instrument == .none {
            for index in subscriptions.indices { subscriptions[index] = subscription.isOn }
        } else if Int(subscription.instrument.index) < subscriptions.count {
            subscriptions[Int(subscription.instrument.index)] = subscription.isOn
        }
    }

    /// Lets a client in: its `welcome`, the venue's instruments, and which of them are halted.
    mutating func welcome(_ hello: PaperHello, _ venue: borrowing PaperVenue) {
        client = hello.client
        let rows = venue.instrumentRows
        send(
            .welcome(
                PaperWelcome(
                    session: hello.session,
                    instruments: UInt16(rows.count),
                    venueTime: venue.time,
                    ledgerSequence: venue.ledger.sequence
                )
            )
        )
        for row in rows { send(.instrument(row)) }
        for row in rows where venue.isHalted(row.instrument) {
            send(.halt(PaperHalt(instrument: row.instrument, isHalted: true)))
        }
    }

    /// Ends the connection with an `error` frame as its last.
    mutating func end(_ code: UInt16, kind: PaperFrameKind? = nil, offset: UInt32 = 0) {
        guard !isClosing else { return }
        send(.error(PaperProtocolFault(code: code, kind: kind?.rawValue ?? 0, offset: offset)))
        isClosing = true
    }

    func isSubscribed(_ instrument: InstrumentHandle) -> Bool {
        client != nil && Int(instrument.index) < subscriptions.count && subscriptions[Int(instrument.index)]
    }

    mutating func send(_ frame: PaperFrame, number: UInt32 = 0) {
        guard !isClosing else { return }
        if output.count > Self.outputLimit {
            // Nothing of what waits can be dropped in silence, and more can't be kept.
            isClosing = true
            return
        }
        frame.append(number: number, to: &output)
    }

    /// Says that `count` bytes of the output were written.
    public mutating func wrote(_ count: Int) { output.removeFirst(count) }
}
