import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// A broken rule.
public struct Violation: Error, Hashable, Sendable {
    /// The rule's id in `docs/RELIABILITY.md`, "Rules", or `trap` for a broken assertion of the production code.
    public var invariant: String
    public var text: String

    public init(_ invariant: String, _ text: String) {
        self.invariant = invariant
        self.text = text
    }
}

/// One rule of `docs/RELIABILITY.md`: a file of its own and one line of `InvariantRegistry`. Each moment that it wants
/// to see is one function; it keeps what it needs between them, for one seed.
protocol Invariant: AnyObject {
    var id: String { get }

    /// The node was pumped and said something.
    func pumped(_ notices: borrowing ContiguousArray<NoticeEntry>, _ simulation: borrowing Simulation)
        throws(Violation)
    /// A frame was given to the transport.
    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation)
    /// The venue's ledger moved, or a parent was approved: see `VenueTruth.changed` and `fresh`.
    func venueMoved(_ simulation: borrowing Simulation) throws(Violation)
    /// The process died, and its disk was read before the next start.
    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation)
    /// The process has opened its journal, or begun a fresh one, and has not been pumped.
    func started(_ simulation: borrowing Simulation) throws(Violation)
    /// Both phases are over.
    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation)

    /// Liveness: how long after the last fault it may take; nil for a safety rule.
    var bound: TimeSpan? { get }
    /// Liveness: what is still missing; nil when it holds.
    func missing(_ simulation: borrowing Simulation) -> String?
}

extension Invariant {
    func pumped(_ notices: borrowing ContiguousArray<NoticeEntry>, _ simulation: borrowing Simulation)
        throws(Violation)
    {}
    func wrote(_ message: PaperMessage, _ simulation: borrowing Simulation) throws(Violation) {}
    func venueMoved(_ simulation: borrowing Simulation) throws(Violation) {}
    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {}
    func started(_ simulation: borrowing Simulation) throws(Violation) {}
    func ended(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {}
    var bound: TimeSpan? { nil }
    func missing(_ simulation: borrowing Simulation) -> String? { nil }
}
