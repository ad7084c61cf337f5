/// The kinds of frames. Raw values are the protocol's: never renumber, only append.
@frozen public enum PaperFrameKind: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
    // From the client
    case hello = 1
    case subscribe = 2
    case submit = 3
    case cancel = 4
    case amend = 5
    case query = 6
    case list = 7
    case timeRequest = 8
    /// `submit` of an order that waits for a trigger, `amend` with a new trigger.
    case submitConditional = 11
    case amendConditional = 12
    // From either
    case ping = 9
    case pong = 10
    // Never on a wire: a row of the venue's own journal
    case goodbye = 20
    // From the venue, and a row of its journal
    case halt = 21
    // From the venue
    case welcome = 65
    case instrument = 66
    case accepted = 67
    case rejected = 68
    case filled = 69
    case cancelled = 70
    case expired = 71
    case cancelRejected = 72
    case replaced = 73
    case replaceRejected = 74
    case reported = 75
    case notFound = 76
    case forgotten = 77
    case listingBegan = 80
    case listedOrder = 81
    case listedExecution = 82
    case listedPosition = 83
    case listedAccount = 84
    case listingEnded = 85
    case listingRefused = 86
    case time = 90
    case throttled = 91
    case banned = 92
    case quote = 100
    case trade = 101
    case mark = 102
    case error = 120
    // From the venue: the account
    case funding = 78
    case listedFunding = 87
}

/// The fixed numbers of the protocol.
public enum PaperProtocol {
    /// In every frame; a peer that speaks another is refused.
    public static let version: UInt8 = 1
    /// Bytes before the payload: length, kind, version, reserved, number.
    public static let headerSize = 12
    /// The largest frame, its length field included. No kind of version 1 comes near it.
    public static let maximumFrameSize = 65_536
    /// Bytes of a symbol, padded with zeros.
    public static let symbolSize = 32
}

/// Why bytes are not a frame. Offsets count from the frame's first byte.
public enum PaperFrameError: Error, Hashable, Sendable {
    /// The length field is below the header's rest or above the largest frame.
    case lengthOutOfRange(UInt32)
    case unknownKind(UInt8)
    case wrongVersion(UInt8)
    /// The length is not the one of its kind.
    case wrongLength(PaperFrameKind, UInt32)
    case reservedNotZero(PaperFrameKind, offset: Int)
    /// A field holds a value that is none of its own; the name is that of the protocol's tables.
    case invalidField(PaperFrameKind, offset: Int, name: String)

    /// The number in an `error` frame.
    public var code: UInt16 {
        switch self {
        case .lengthOutOfRange: 1
        case .unknownKind: 2
        case .wrongVersion: 3
        case .wrongLength: 4
        case .reservedNotZero: 5
        case .invalidField: 6
        }
    }

    public var kind: PaperFrameKind? {
        switch self {
        case .lengthOutOfRange, .unknownKind, .wrongVersion: nil
        case .wrongLength(let kind, _), .reservedNotZero(let kind, _), .invalidField(let kind, _, _): kind
        }
    }

    public var offset: Int {
        switch self {
        case .lengthOutOfRange: 0
        case .unknownKind: 4
        case .wrongVersion: 5
        case .wrongLength: 0
        case .reservedNotZero(_, let offset), .invalidField(_, let offset, _): offset
        }
    }
}
