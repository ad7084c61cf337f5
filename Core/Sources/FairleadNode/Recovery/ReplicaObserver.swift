public import FairleadEngine

/// Whoever makes something durable of a journal that a replica follows: state files, logs, the history.
///
/// The journal is the truth and everything an observer keeps can be made of it again. An observer that could not store
/// what it was given says so by `hasFailed`; it is then given the journal again from what it has stored.
public protocol ReplicaObserver: AnyObject {
    /// The last sequence of which everything is stored; 0 when nothing is. What is given up to it is given again and to
    /// be ignored.
    var storedThrough: UInt64 { get }
    /// Something could not be stored since `recover`: it ignores what it is given until then.
    var hasFailed: Bool { get }
    /// One item, in the journal's order: an input, then the notices and commands that it caused.
    func take(_ item: ReplayItem)
    /// Everything through `sequence` was given; the engine stands there. A good moment to store.
    func reached(_ sequence: UInt64, engine: borrowing Engine)
    /// Tries again, before the journal is given anew from `storedThrough`.
    func recover()
}
