import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadRuntime

/// What a reader collected, oldest first.
struct Collected<Row> {
    var rows: [Row] = []
    var names: RunNames
    /// Set when more was wanted and retention has removed it: since when records can be read.
    var reach: JournalReach?
    /// From the journal's first record on: nothing was left out.
    var isWhole = false
}

extension JournalView {
    /// Where a stretch of the journal begins, and what is shown of it.
    enum StretchItem {
        /// The engine as the stretch finds it holds this order.
        case held(Order)
        /// The same for a parent that is open.
        case heldParent(Parent)
        case notice(NoticeEntry)
        /// An order as the engine wanted it sent.
        case sent(OrderSubmission)
    }

    /// Collects rows from the newest snapshot on; as long as that is not enough, from the snapshot before it up to
    /// there, and so on to the journal's beginning. Each stretch is replayed once.
    ///
    /// A retention or snapshot that removes a file meanwhile makes it start again, three times at most.
    func collect<Row>(
        _ row: (StretchItem, RunNames) -> Row?,
        isEnough: ([Row]) -> Bool
    ) throws -> Collected<Row> {
        let disk = try disk()
        let configuration = try configuration()
        for attempt in 1...3 {
            var collected = Collected<Row>(names: RunNames(configuration.engine.instruments))
            do throws(NodeError) {
                try stretches(disk, configuration, &collected, row, isEnough)
                return collected
            } catch {
                guard attempt < 3, case .journal(.disk(let reason)) = error, reason.kind == .notFound else {
                    throw failure(error)
                }
            }
        }
        preconditionFailure("Invariant: the third attempt returns or throws")
    }

    private func stretches<Row>(
        _ disk: PosixDisk,
        _ configuration: ResolvedConfiguration,
        _ collected: inout Collected<Row>,
        _ row: (StretchItem, RunNames) -> Row?,
        _ isEnough: ([Row]) -> Bool
    ) throws(NodeError) {
        var before = UInt64.max
        while true {
            var names = collected.names
            var rows: [Row] = []
            var replayer: Replayer
            do throws(NodeError) {
                replayer = try self.replayer(disk, configuration, from: .snapshot(before: before))
            } catch {
                guard before < .max, case .journal(.notRetained) = error else { throw error }
                collected.reach = try JournalReach(disk)
                return
            }
            let start = replayer.appliedThrough
            for (index, name) in replayer.strategies.enumerated() { names.setStrategy(index, name) }
            replayer.withEngine { engine in
                engine.forEachOpenParent { if let found = row(.heldParent($0), names) { rows.append(found) } }
                engine.forEachLiveOrder { if let found = row(.held($0), names) { rows.append(found) } }
            }
            try replayer.run(through: before) { item in
                switch item {
                case .record(let record): names.note(record)
                case .notice(let entry): if let found = row(.notice(entry), names) { rows.append(found) }
                case .command(.submit(let order), _, _): if let found = row(.sent(order), names) { rows.append(found) }
                case .command: break
                }
            }
            collected.rows = rows + collected.rows
            collected.names = names
            collected.isWhole = replayer.isWhole
            if replayer.isWhole || isEnough(collected.rows) { return }
            before = start
        }
    }

    /// The senders' ids of signals that were received before the stretches that were replayed.
    func addNames(of numbers: Set<SignalNumber>, to names: inout RunNames) throws {
        let missing = numbers.filter { $0 != .none && !$0.isInternal && names.signalID(of: $0) == nil }
        if missing.isEmpty { return }
        let disk = try disk()
        var found = names
        do throws(NodeError) {
            try JournalReach.forEachText(disk) { text, _ in
                let number = SignalNumber(value: text.key)
                if text.kind == .signalID, missing.contains(number) { found.add(signal: number, text.text) }
            }
        } catch {
            throw failure(error)
        }
        names = found
    }
}

extension SignalNumber {
    /// Of the engine's own making: no record of the journal names it.
    var isInternal: Bool { value >> 63 == 1 }
}
