import FairleadModel

/// Memory that a signal is about to need, asked for while it is still looked up: slots are reused oldest first, so that
/// the rows it will have were last used thousands of orders ago, and lie in no cache. The engine's results are the same
/// without it; a signal waited for memory a third of its time.
extension Engine {
    /// The rows that a signal of this instrument will have for its parent and its first order, and all beside them.
    @inline(__always)
    func prefetchRows(_ instrument: InstrumentHandle) {
        guards.prefetch(instrument)
        if let slot = parents.nextSlot {
            parents.prefetch(slot)
            deadlines.prefetch(parentOwner(slot))
            triggers.prefetch(slipOwner(slot))
            triggers.prefetch(repriceOwner(slot))
            stats.parents.prefetch(Int(slot.index))
            adaptive.prefetch(slot)
        }
        if let slot = orders.nextSlot {
            orders.prefetch(slot)
            deadlines.prefetch(orderOwner(slot))
            ownBook.prefetch(Int(slot.index))
            stats.orders.prefetch(Int(slot.index))
        }
    }
}
