public import FairleadModel

/// The signal ids of the last `dedupeWindow`: what makes a signal an idempotent request.
public struct SignalWindow: Sendable {
    private var keys: RecentKeys
    /// Ids forgotten before their window ended, by exits only: the capacity is then too small for the flow.
    public private(set) var forgottenEarly: UInt64 = 0

    public init(capacity: Int) { keys = RecentKeys(capacity: capacity) }

    public var count: Int { keys.count }
    /// One more id would push out one that is still inside the window.
    public var isFull: Bool { keys.isFull }

    /// The first signal of this id inside the window; nil when there is none.
    public func first(_ digest: Digest128) -> SignalNumber? {
        keys.value(of: digest).map { SignalNumber(value: $0) }
    }

    @inline(__always)
    func prefetch(_ digest: Digest128) { keys.prefetch(digest) }

    /// Remembers an id that `first` has not found.
    public mutating func insert(_ digest: Digest128, _ number: SignalNumber, at now: Timestamp) {
        if keys.isFull { forgottenEarly += 1 }
        keys.insert(digest, value: number.value, at: now)
    }

    /// Forgets what is older than the window. Called before each look-up; cheap when nothing is.
    public mutating func forget(before time: Timestamp) { keys.forget(before: time) }

    public func checkInvariants() { keys.checkInvariants() }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        keys.visitState(&visitor)
        visitor.visit(&forgottenEarly)
        #if MUTANTS
            if Mutant.isOn(.snapshotForgetsTheSignalsSeen), visitor.isReading { keys.forget(before: .distantFuture) }
        #endif
    }
}
