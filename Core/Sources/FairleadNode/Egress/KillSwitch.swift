import Synchronization

/// What a person or a trigger engages from any thread.
public struct KillBits: OptionSet, Hashable, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let stopEntries = KillBits(rawValue: 1)
    public static let halt = KillBits(rawValue: 2)
    /// Exits may not leave either.
    public static let frozen = KillBits(rawValue: 4)
    public static let kill = KillBits(rawValue: 8)
    /// The journal can't keep what happens. Set and cleared by the node alone.
    public static let journal = KillBits(rawValue: 16)
    /// The process is about to end: no entry leaves any more. Not journaled: the next start knows nothing of it.
    public static let stopping = KillBits(rawValue: 32)
}

/// The word in front of every write: engaged from any thread without a disk, a network or a lock, read by the egress
/// guard before each release (RELIABILITY S-11).
///
/// When `engage` returns true, no byte of an increasing order is written afterwards: the guard raises `isReleasing`
/// before it reads the word and lowers it after the write, and `engage` waits for it to be low after it stored. The
/// loop waits for nobody. What was engaged is then told to the engine, journaled as `.operated`, by the loop.
public final class KillSwitch: Sendable {
    /// The low byte holds the bits, the rest counts engagements, so that a resume can't undo one that it hasn't seen.
    private let word = Atomic<UInt64>(0)
    /// Bits that the loop has not yet journaled.
    private let requested = Atomic<UInt64>(0)
    private let isReleasing = Atomic<Bool>(false)

    /// How often `engage` looks for the end of a release under way: far longer than any write takes.
    public static let settleLimit = 200_000_000

    public init() {}

    /// From any thread. True once no increasing order can leave any more; false when a write under way did not end
    /// within `settleLimit` looks (its thread is stuck: end the process).
    @discardableResult
    public func engage(_ bits: KillBits) -> Bool {
        post(bits)
        for _ in 0..<Self.settleLimit where !isReleasing.load(ordering: .sequentiallyConsistent) { return true }
        return false
    }

    /// The first half of `engage`: what another thread has done that still waits for a release under way to end.
    package func post(_ bits: KillBits) {
        // In this order: whoever sees the word raised also sees that its acknowledgement is still owed (`lower`).
        requested.bitwiseOr(bits.rawValue, ordering: .sequentiallyConsistent)
        raise(bits)
    }

    /// The loop is between its look at the word and the end of its write.
    package var isReleaseUnderWay: Bool { isReleasing.load(ordering: .sequentiallyConsistent) }

    /// What stands engaged.
    public var engaged: KillBits {
        KillBits(rawValue: word.load(ordering: .sequentiallyConsistent) & 0xFF)
    }

    /// How often anything was engaged.
    public var engagements: UInt64 { word.load(ordering: .sequentiallyConsistent) >> 8 }

    // The loop's side.

    /// Raises bits without asking for a journaled acknowledgement: what the journal said already, or that it failed.
    func raise(_ bits: KillBits) {
        var old = word.load(ordering: .sequentiallyConsistent)
        while true {
            let new = ((old >> 8) + 1) << 8 | (old & 0xFF) | bits.rawValue
            let result = word.compareExchange(expected: old, desired: new, ordering: .sequentiallyConsistent)
            if result.exchanged { return }
            old = result.original
        }
    }

    /// Takes what was engaged since the last call, to be journaled.
    func takeRequested() -> KillBits {
        if requested.load(ordering: .relaxed) == 0 { return [] }
        return KillBits(rawValue: requested.exchange(0, ordering: .sequentiallyConsistent))
    }

    /// After a journaled resume: lowers all but `kept`, unless something was engaged that the loop has not taken yet.
    /// False when so.
    func lower(keeping kept: KillBits) -> Bool {
        let old = word.load(ordering: .sequentiallyConsistent)
        if requested.load(ordering: .sequentiallyConsistent) != 0 { return false }
        let new = old & ~0xFF | (old & kept.rawValue)
        return word.compareExchange(expected: old, desired: new, ordering: .sequentiallyConsistent).exchanged
    }

    /// Lowers the journal's bit: it takes everything again.
    func lowerJournal() { word.bitwiseAnd(~KillBits.journal.rawValue, ordering: .sequentiallyConsistent) }

    /// Announces a release and gives what stands engaged. `endRelease` must follow.
    func beginRelease() -> KillBits {
        isReleasing.store(true, ordering: .sequentiallyConsistent)
        return engaged
    }

    func endRelease() { isReleasing.store(false, ordering: .sequentiallyConsistent) }
}
