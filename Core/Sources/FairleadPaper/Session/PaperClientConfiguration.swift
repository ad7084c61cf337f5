public import FairleadModel

/// How a client speaks with a paper venue.
public struct PaperClientConfiguration: Hashable, Sendable {
    /// This router's number at the venue, kept over its restarts: its orders are found under it.
    public var client: UInt32
    /// In the order of the engine's handles. The venue must have each, with the same tick, lot, multiplier and mode.
    public var instruments: [Instrument]
    public var venue = VenueHandle.paper
    /// How long an answer may take before the request counts as unanswered.
    public var answerTimeout = TimeSpan.seconds(5)
    /// From `connect` to the last instrument of the venue.
    public var handshakeTimeout = TimeSpan.seconds(5)
    /// A silence after which the venue is asked for a sign of life.
    public var pingAfter = TimeSpan.seconds(1)
    /// A silence after which the connection counts as dead.
    public var silentAfter = TimeSpan.seconds(5)
    /// The pause before the first new attempt; it doubles up to `maximumBackoff`.
    public var firstBackoff = TimeSpan.milliseconds(100)
    public var maximumBackoff = TimeSpan.seconds(5)
    /// The pause before a connection is taken back from another one of the same number; it doubles with each time up to
    /// `maximumTakeoverPause`. Two engines of one number would else take it from each other without an end.
    public var firstTakeoverPause = TimeSpan.seconds(1)
    public var maximumTakeoverPause = TimeSpan.seconds(60)
    /// Requests in one window, below the venue's own limit.
    public var requestsPerWindow = 900
    public var window = TimeSpan.seconds(1)
    /// The part of them that only cancels, exits and questions may use.
    public var reservedRequests = 200
    /// Requests that may wait for an answer. Full: a submit is refused (`queueFull`), others count as unanswered.
    public var requestLimit = 4_096
    /// Bytes that may wait to be written. Full: the same.
    public var outputLimit = 256 << 10
    /// Cancels and questions that may wait for the rate budget. Full: they count as unanswered.
    public var heldLimit = 1_024

    public init(client: UInt32, instruments: [Instrument]) {
        self.client = client
        self.instruments = instruments
    }
}

/// What a session wants its owner to do, in order.
public enum PaperSessionAction: Sendable {
    /// Tell the engine.
    case deliver(Event)
    /// Open a connection, then say `connected` or `disconnected`.
    case connect
    /// Close the connection. What is unwritten is gone already; nothing of the closed connection may be said any more.
    case close
}

/// Why a session gave its connection up; kept for screens until the next success.
public enum PaperSessionFault: Hashable, Sendable {
    /// The venue's bytes were no frame.
    case brokenFrame(PaperFrameError)
    /// The venue ended the connection and said why.
    case refused(PaperProtocolFault)
    /// A frame that doesn't belong there.
    case unexpectedFrame(PaperFrameKind)
    /// The venue doesn't have one of our instruments, or has it otherwise. Its index among ours.
    case instrumentDiffers(Int)
    case handshakeTimeout
    case silence
    /// The owner said that it was gone.
    case connectionLost

    /// The venue gave the connection to another one of the same number.
    public var isTakeover: Bool {
        if case .refused(let fault) = self { fault.code == PaperProtocolFault.replaced } else { false }
    }

    /// A sentence for a person.
    public func text(_ configuration: PaperClientConfiguration) -> String {
        switch self {
        case .brokenFrame(let fault): "the venue's bytes are no frame: \(fault)"
        case .refused(let fault):
            switch fault.code {
            case PaperProtocolFault.replaced:
                "another engine connected there as client \(configuration.client): each engine of a venue needs a "
                    + "paper.client of its own in runtime.json"
            case PaperProtocolFault.tooManyClients: "the venue has too many clients"
            case PaperProtocolFault.tooSlow: "the venue's news was not read fast enough"
            default: "the venue refused a frame (error \(fault.code))"
            }
        case .unexpectedFrame(let kind): "the venue sent a frame out of turn (\(kind))"
        case .instrumentDiffers(let index):
            "the venue has no \(configuration.instruments[index].symbol), or with another tick, lot, multiplier or mode"
        case .handshakeTimeout: "the venue did not greet in time"
        case .silence: "the venue was silent"
        case .connectionLost: "the connection is gone"
        }
    }
}

/// The use of a window of requests; the last part of it is kept for what reduces risk.
struct PaperRequestBudget: BitwiseCopyable {
    private var windowEnd = Timestamp.never
    private var used = 0

    /// Takes one request from the window; false when it is spent.
    mutating func take(_ isReserved: Bool, _ configuration: PaperClientConfiguration, at now: Timestamp) -> Bool {
        if now >= windowEnd {
            windowEnd = now + configuration.window
            used = 0
        }
        let kept = isReserved ? 0 : configuration.reservedRequests
        guard used < configuration.requestsPerWindow - kept else { return false }
        used += 1
        return true
    }

    /// When the present window ends.
    var renewal: Timestamp { windowEnd }
}
