import FairleadEngine
public import FairleadJournal
import FairleadModel

/// What people and the engine's own triggers engaged, carried from a journal that is put aside to the one that begins
/// in its place: killed is latched, whatever becomes of the journal (SPEC 4).
///
/// A file `engaged-BITS` in the directory holds it from before the old journal goes until the new one's first life has
/// it among its own records.
public enum JournalLegacy {
    private static let prefix = "engaged-"

    /// What stands engaged at a journal's end, as far as it can be read: of a sound one all of it; of a damaged one the
    /// state before the damage, and what people ordered behind it. Reads only.
    public static func engaged(atEndOf disk: any Disk) -> KillBits {
        var (bits, last) = replayed(disk)
        var orders: [UInt64: OperatorAction] = [:]
        do throws(JournalError) {
            try JournalRemains.forEachRecord(disk, beyondDamage: true, where: { $0.hasPrefix("journal-") }) { record in
                guard record.sequence > last, case .event(.operated(let command)) = record.body else { return }
                orders[record.sequence] = command.action
            }
        } catch {
            // What can't be listed can't be read: what the replay told stays.
        }
        for (_, action) in orders.sorted(by: { $0.key < $1.key }) {
            if action == .resume { bits = [] }
            bits.formUnion(KillBits(action))
        }
        return bits
    }

    /// The state at the last record that can be replayed, and that record's sequence; nothing where none can.
    private static func replayed(_ disk: any Disk) -> (KillBits, UInt64) {
        do throws(NodeError) {
            var replayer = try opened(disk)
            do throws(NodeError) { try replayer.run() } catch {
                // The damage, or a tape that isn't given: what was before it counts.
            }
            return (replayer.engagement, replayer.appliedThrough)
        } catch {
            return ([], 0)
        }
    }

    /// From the newest snapshot; where the journal that proves it can't be read, from the beginning.
    private static func opened(_ disk: any Disk) throws(NodeError) -> Replayer {
        do throws(NodeError) { return try Replayer(disk, isObserved: false, from: .newest) } catch {
            return try Replayer(disk, isObserved: false, from: .beginning)
        }
    }

    // MARK: - The note

    /// Notes in a directory what the next journal there begins with. Nothing engaged leaves no note.
    public static func note(_ bits: KillBits, on disk: any Disk) throws(DiskError) {
        if bits.isEmpty { return }
        try disk.write("\(prefix)\(bits.rawValue)", [])
        try disk.syncDirectory()
    }

    /// What is noted among these files; several notes, as a crash may leave them, count together.
    static func noted(in names: [String]) -> KillBits {
        names.reduce(into: []) { bits, name in
            guard name.hasPrefix(prefix), let raw = UInt64(name.dropFirst(prefix.count)) else { return }
            bits.formUnion(KillBits(rawValue: raw).intersection([.stopEntries, .halt, .frozen, .kill]))
        }
    }

    /// Removes the notes, once the new journal says the same.
    static func forget(_ disk: any Disk) throws(DiskError) {
        for name in try disk.list() where name.hasPrefix(prefix) { try disk.remove(name) }
        try disk.syncDirectory()
    }
}

extension KillBits {
    /// What an operator's action engages; nothing for those that engage nothing.
    init(_ action: OperatorAction) {
        switch action {
        case .stopEntries, .journalStop: self = .stopEntries
        case .halt: self = .halt
        case .haltFrozen: self = [.halt, .frozen]
        case .kill: self = .kill
        case .resume, .cancelAll, .cancelAllIncludingProtective, .flatten, .cancelOrder, .amendOrder, .resolveDead,
            .resolveOpen, .resolveFilled, .reconcile, .enableSymbol, .confirmNav, .cancelEntries, .pauseParent,
            .resumeParent, .amendParent, .disableSymbol, .disableBuys, .disableSells, .resetDrawdown:
            self = []
        }
    }

    /// The actions that engage these bits, the gravest first. Freezing is a way of halting.
    var actions: [OperatorAction] {
        var actions: [OperatorAction] = contains(.kill) ? [.kill] : []
        if contains(.frozen) { actions.append(.haltFrozen) } else if contains(.halt) { actions.append(.halt) }
        if contains(.stopEntries) { actions.append(.stopEntries) }
        return actions
    }
}

extension Fold {
    /// What stands engaged, by people or by the engine's own triggers: what only an operator ends.
    var engagement: KillBits {
        var bits = operated
        switch engine.tradingState {
        case .active, .reducing: break
        case .halted: bits.insert(.halt)
        case .killed: bits.insert(.kill)
        }
        return bits
    }
}

extension Node {
    /// What stands engaged, by people or by the engine's own triggers: what only an operator ends.
    public var engagement: KillBits { fold.engagement }
}

extension Replayer {
    var engagement: KillBits { fold.engagement }
}
