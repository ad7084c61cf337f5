import FairleadEngine
package import FairleadJournal
import FairleadModel
package import FairleadPaper

/// What only the fault simulator may look at.
extension Node {
    /// The hash of the engine's and the embedded venue's state: what a replay of the journal must arrive at.
    package mutating func stateHash() -> Digest256 { fold.stateHash() }

    /// The embedded venue, the truth of a simulation without a wire; nil inside where the venue is outside.
    package borrowing func withEmbeddedVenue<Result>(_ body: (borrowing PaperVenue) -> Result) -> Result? {
        guard fold.isEmbedded else { return nil }
        return fold.withVenue(body)
    }

    /// Traps on the first broken rule of the node's own tables. Slow.
    package borrowing func checkInvariants() {
        fold.engine.checkInvariants()
    }
}

extension Fold {
    borrowing func withVenue<Result>(_ body: (borrowing PaperVenue) -> Result) -> Result? {
        switch venue {
        case .some(let venue): body(venue)
        case .none: nil
        }
    }
}
