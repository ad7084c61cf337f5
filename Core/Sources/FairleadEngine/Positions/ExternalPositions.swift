public import FairleadModel

/// What somebody else has traded of a position, and what a person has said of it.
public struct ExternalPosition: Hashable, Sendable, BitwiseCopyable {
    public var state = ExternalState.none
    /// Net of what others have traded since `since`.
    public var traded = SignedQuantity.zero
    /// When `state` was `none` last; `never` while it is.
    public var since = Timestamp.never
    public init() {}
}

/// The positions that somebody else has traded: nothing is entered in them until a person has decided.
///
/// One row a position key, taken at the start; while all are `none`, asking costs one comparison.
public struct ExternalPositions: Sendable {
    private var rows: ContiguousArray<ExternalPosition>
    /// Rows whose state is not `none`.
    public private(set) var count = 0

    public init(instruments: Int) {
        rows = ContiguousArray(repeating: ExternalPosition(), count: instruments * PositionSide.rows)
    }

    @inline(__always)
    var isEmpty: Bool { count == 0 }

    subscript(key: PositionKey) -> ExternalPosition { rows[key.row] }

    /// Nothing may be entered there.
    @inline(__always)
    func isLocked(_ key: PositionKey) -> Bool { count > 0 && rows[key.row].state != .none }

    @inline(__always)
    func isIgnored(_ key: PositionKey) -> Bool { count > 0 && rows[key.row].state == .ignored }

    /// Somebody else has traded `quantity`. What a person has ignored stays so; what is being closed waits for a person
    /// again, unless the trade has closed it (`isFlat`).
    mutating func traded(_ key: PositionKey, _ quantity: SignedQuantity, isFlat: Bool, at now: Timestamp) {
        #if MUTANTS
            if Mutant.isOn(.externalTradeDoesNotLock) { return }
        #endif
        switch rows[key.row].state {
        case .none: decide(key, .undecided, at: now)
        case .closing: if !isFlat { rows[key.row].state = .undecided }
        case .undecided, .ignored: break
        }
        rows[key.row].traded += quantity
    }

    /// An order of ours was filled there. True where the position was ignored: own and others' are mixed now, and a
    /// person decides again.
    mutating func mixed(_ key: PositionKey) -> Bool {
        guard isIgnored(key) else { return false }
        rows[key.row].state = .undecided
        return true
    }

    /// The position is flat: what was to be closed or was left alone is gone. What is undecided stays: who closed a
    /// position of ours by hand has not said that it may be entered again.
    mutating func flattened(_ key: PositionKey) {
        switch rows[key.row].state {
        case .closing, .ignored: decide(key, .none, at: .never)
        case .none, .undecided: break
        }
    }

    mutating func decide(_ key: PositionKey, _ state: ExternalState, at now: Timestamp) {
        let before = rows[key.row].state
        guard state != .none else {
            if before != .none { count -= 1 }
            rows[key.row] = ExternalPosition()
            return
        }
        if before == .none {
            count += 1
            rows[key.row].since = now
        }
        rows[key.row].state = state
    }

    /// Every row whose state is not `none`.
    func forEach(_ body: (PositionKey, ExternalPosition) -> Void) {
        guard count > 0 else { return }
        for row in rows.indices where rows[row].state != .none {
            let side = PositionSide(row: row % PositionSide.rows)
            body(PositionKey(InstrumentHandle(row / PositionSide.rows), side), rows[row])
        }
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&count)
        for row in rows.indices {
            visitor.visit(&rows[row].state)
            guard rows[row].state != .none else {
                if visitor.isReading { rows[row] = ExternalPosition() }
                continue
            }
            visitor.visit(&rows[row].traded)
            visitor.visit(&rows[row].since)
        }
    }

    func checkInvariants() {
        precondition(count == rows.count { $0.state != .none }, "Invariant: the count of external positions is theirs")
        for row in rows where row.state == .none {
            precondition(row == ExternalPosition(), "Invariant: nothing is known of a position that is ours alone")
        }
    }
}
