public import FairleadModel

/// What the engine knows of its session with the venue.
public struct VenueState: BitwiseCopyable, Sendable {
    public var isConnected = false
    public var isReconciled = false
    /// A listing is being told: what it says of positions and cash counts once it is complete.
    public var isListing = false
    public var session: UInt32 = 0
    /// Venue time less engine time, as of the last connection or listing that told otherwise.
    public var clockOffset = TimeSpan.zero
    /// Since when there is no reconciled session.
    public var lostSince = Timestamp.never
    public var throttledUntil = Timestamp.never
    public var bannedUntil = Timestamp.never
    public var lastReconnectRequest = Timestamp.never
    public var lastListingRequest = Timestamp.never
    /// The first listing that was asked for in this session since the last complete one.
    public var firstListingRequest = Timestamp.never
    /// Our clock and the venue's are further apart than `max_clock_skew_ms`, as of the last listing.
    public var isClockSkewed = false
    /// Funds free for new exposure as the venue last said, less what was reserved since; nil when unknown.
    public var available: Money?

    public init() {}

    /// Venue time at a moment of ours.
    public func time(at now: Timestamp) -> Timestamp { now + clockOffset }

    /// Takes the venue's time in an answer that was asked for at `asked` and came at `now`: it was written down between
    /// the two. What is known of the difference stays where that is possible, but for a second.
    mutating func compareClocks(_ venueTime: Timestamp, asked: Timestamp, at now: Timestamp) {
        guard venueTime.isKnown, asked.isKnown else { return }
        let earliest = time(at: asked) + -Self.clockTolerance
        let latest = time(at: now) + Self.clockTolerance
        if venueTime < earliest || venueTime > latest { clockOffset = venueTime - now }
    }

    /// Compares the clocks by an answer that was asked for no earlier than `asked` and came at `now`: they are too far
    /// apart only where no delay under way explains it.
    mutating func judgeSkew(_ venueTime: Timestamp, asked: Timestamp, at now: Timestamp, limit: TimeSpan?) {
        guard venueTime.isKnown, asked.isKnown else { return }
        guard let limit else {
            isClockSkewed = false
            return
        }
        isClockSkewed = venueTime - now > limit || asked - venueTime > limit
    }

    static let clockTolerance = TimeSpan.seconds(1)

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&isConnected)
        visitor.visit(&isReconciled)
        visitor.visit(&isListing)
        visitor.visit(&session)
        visitor.visit(&clockOffset)
        visitor.visit(&lostSince)
        visitor.visit(&throttledUntil)
        visitor.visit(&bannedUntil)
        visitor.visit(&lastReconnectRequest)
        visitor.visit(&lastListingRequest)
        visitor.visit(&firstListingRequest)
        visitor.visit(&isClockSkewed)
        var isKnown = available != nil
        var known = available ?? .zero
        visitor.visit(&isKnown)
        visitor.visit(&known)
        if visitor.isReading { available = isKnown ? known : nil }
    }
}

/// A position as a listing says it; flat where the listing says nothing.
struct ListedPosition: BitwiseCopyable, Sendable {
    var quantity = SignedQuantity.zero
    var averagePrice = Price.zero
}
