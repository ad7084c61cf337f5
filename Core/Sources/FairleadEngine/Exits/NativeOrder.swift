internal import FairleadModel

/// What a protective level has at its venue: at most two orders, the second to take the first one's place.
struct NativeOrder: BitwiseCopyable {
    /// Of the order that stands, or is on its way; `.none`: the level is only watched.
    var parent = ParentSlot.none
    /// Of the one that takes its place once the venue has it.
    var replacement = ParentSlot.none
    /// When it was amended last.
    var movedAt = Timestamp.never
    /// Not placed before.
    var retryAt = Timestamp.never
    /// The venue has refused it, or a person has cancelled it: watched until its share grows.
    var isRefused = false
    /// Reached, and not triggered in time: its cancel is on the way, and the scanned exit waits for the outcome.
    var isLeaving = false

    var isNone: Bool { parent == .none && replacement == .none }

    func holds(_ slot: ParentSlot) -> Bool { slot != .none && (parent == slot || replacement == slot) }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&parent.index)
        visitor.visit(&replacement.index)
        visitor.visit(&movedAt)
        visitor.visit(&retryAt)
        visitor.visit(&isRefused)
        visitor.visit(&isLeaving)
    }
}

/// What the order of a parent is to its level.
public enum NativeStage: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Not one of a level at the venue.
    case none = 0
    /// Waits there for its price: it may close what there is of its position, and holds none of it.
    case waiting
    /// Triggered: an exit at work.
    case triggered
}

/// How a level's order at the venue came to its end, as far as its level goes by it.
enum NativeEnd: BitwiseCopyable {
    /// It was triggered, or its cancel was asked for.
    case done
    /// It was triggered, and all of it filled.
    case filled
    /// Its price had been reached before it came.
    case atOnce
    /// It may be taken a little later.
    case later
    /// It will not be taken as it is.
    case refused
}
