public import FairleadModel

/// One thing that was done to a venue, in the words of its frames: what a venue's own journal is made of.
///
/// The inputs of a venue in their order, applied to a new venue of the same configuration, give the same ledger:
/// market frames, `hello` and `goodbye` for connections, `halt`, and each client's requests. Nothing else changes it.
public struct PaperInput: Hashable, Sendable {
    /// The venue's time at which it came in.
    public var time: Timestamp
    /// The client of a connection or a request; 0 for the market's.
    public var client: UInt32
    public var message: PaperMessage

    public init(time: Timestamp, client: UInt32 = 0, number: UInt32 = 0, _ frame: PaperFrame) {
        self.time = time
        self.client = client
        message = PaperMessage(number: number, frame: frame)
    }

    /// Bytes before the frame in a record: time (8) and client (4), little-endian.
    public static let prefixSize = 12

    /// Appends the record: time, client, frame.
    public func append(to bytes: inout ContiguousArray<UInt8>) {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: time.nanoseconds >> Int64(8 * place))) }
        for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: client >> UInt32(8 * place))) }
        message.frame.append(number: message.number, to: &bytes)
    }

    /// Reads one record that must be exactly these bytes. A record that is short or long is `lengthOutOfRange`.
    public init(record: Span<UInt8>) throws(PaperFrameError) {
        guard record.count >= Self.prefixSize + PaperProtocol.headerSize else {
            throw .lengthOutOfRange(UInt32(clamping: record.count))
        }
        var nanoseconds: Int64 = 0
        for place in 0..<8 { nanoseconds |= Int64(record[place]) << Int64(8 * place) }
        var client: UInt32 = 0
        for place in 0..<4 { client |= UInt32(record[8 + place]) << UInt32(8 * place) }
        var reader = PaperFrameReader()
        reader.append(record.extracting(Self.prefixSize..<record.count))
        guard let message = try reader.next(), reader.unreadCount == 0 else {
            throw .lengthOutOfRange(UInt32(clamping: record.count))
        }
        time = Timestamp(nanoseconds: nanoseconds)
        self.client = client
        self.message = message
    }
}

extension PaperVenue {
    /// Applies a recorded input. False when its frame is not an input of a venue, or its client is not connected.
    @discardableResult
    public mutating func apply(_ input: PaperInput) -> Bool {
        if let request = PaperRequest(input.message.frame) {
            return self.request(request, number: input.message.number, client: input.client, at: input.time)
        }
        switch input.message.frame {
        case .quote(let quote): quoted(quote, at: input.time)
        case .trade(let trade): traded(trade, at: input.time)
        case .mark(let mark): marked(mark, at: input.time)
        case .hello: return connect(client: input.client, at: input.time)
        case .goodbye: disconnect(client: input.client, at: input.time)
        case .halt(let halt): setHalted(halt.isHalted, halt.instrument, at: input.time)
        case .subscribe, .submit, .cancel, .amend, .query, .list, .timeRequest, .ping, .pong, .welcome, .instrument,
            .accepted, .rejected, .filled, .cancelled, .expired, .cancelRejected, .replaced, .replaceRejected,
            .reported, .notFound, .forgotten, .listingBegan, .listedOrder, .listedExecution, .listedPosition,
            .listedAccount, .listingEnded, .listingRefused, .time, .throttled, .banned, .error,
            .funding, .listedFunding:
            return false
        }
        return true
    }
}

extension PaperRequest {
    /// The request that a frame asks; nil for frames that ask none.
    public init?(_ frame: PaperFrame) {
        switch frame {
        case .submit(let order): self = .submit(order)
        case .cancel(let id): self = .cancel(id)
        case .amend(let amendment): self = .amend(amendment)
        case .query(let id): self = .query(id)
        case .list(let listing): self = .list(listing)
        case .timeRequest: self = .time
        case .hello, .subscribe, .ping, .pong, .goodbye, .halt, .welcome, .instrument, .accepted, .rejected, .filled,
            .cancelled, .expired, .cancelRejected, .replaced, .replaceRejected, .reported, .notFound, .forgotten,
            .listingBegan, .listedOrder, .listedExecution, .listedPosition, .listedAccount, .listingEnded,
            .listingRefused, .time, .throttled, .banned, .quote, .trade, .mark, .error,
            .funding, .listedFunding:
            return nil
        }
    }

    /// The frame that asks it.
    public var frame: PaperFrame {
        switch self {
        case .submit(let order): .submit(order)
        case .cancel(let id): .cancel(id)
        case .amend(let amendment): .amend(amendment)
        case .query(let id): .query(id)
        case .list(let listing): .list(listing)
        case .time: .timeRequest
        }
    }
}
