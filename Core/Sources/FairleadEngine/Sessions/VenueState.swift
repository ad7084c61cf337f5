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
