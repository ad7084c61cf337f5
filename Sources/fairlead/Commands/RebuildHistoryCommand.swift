import ArgumentParser
import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadRuntime
import FairleadStore

extension JournalCommand {
    struct RebuildHistory: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rebuild-history",
            abstract: "Make the SQLite history again from the journal, or compare the two.",
            discussion: """
                Written beside the old one, and put in its place when it is whole. The engine
                must not run: it makes a lost or damaged history again by itself.
                With --check nothing is changed, the engine may run, and a difference ends
                with 5.

                EXAMPLES
                  fairlead journal rebuild-history
                  fairlead journal rebuild-history --check
                  fairlead journal rebuild-history --out out
                """
        )

        @OptionGroup var place: ReaderPlace
        @OptionGroup var output: OutputOptions

        @Flag(name: .long, help: "Compare with the history that is there, and change nothing.")
        var check = false

        @Flag(name: .long, help: "Even if the journal no longer reaches back as far as the history.")
        var shorter = false

        func validate() throws {
            if place.journal != nil { throw ValidationError("a history belongs to a home or an --out: give one") }
            if check, shorter { throw ValidationError("--check and --shorter exclude each other") }
        }

        func run() throws {
            let rebuild = HistoryRebuilding(place.view)
            let value = check ? try rebuild.compare() : try rebuild.replace(allowsShorter: shorter)
            output.show(value) { JournalScreens.members($0, "rebuild-history", output.style) }
            if check, value["is_equal"]?.bool != true { throw CommandFailure(.reconciliationMismatch) }
        }
    }
}

/// A history made again of a journal.
struct HistoryRebuilding {
    let view: JournalView
    let path: String

    init(_ view: JournalView) {
        self.view = view
        path = view.history ?? HomePaths.under(view.path, "history.sqlite")
    }

    func replace(allowsShorter: Bool) throws -> JSONValue {
        let disk = try view.disk()
        let lock = try lock(disk)
        defer { withExtendedLifetime(lock) {} }
        let new = path + ".rebuilt"
        defer { remove(new) }
        let result = try write(disk, to: new, through: .max)
        if !allowsShorter, let old = try known(), old.storedThrough > 0, old.keptSince < result.firstSequence,
            result.firstSequence > 1
        {
            throw CommandFailure(
                .failure,
                "the journal reaches back to sequence \(result.firstSequence) only and the history further; it was"
                    + " left as it is (--shorter replaces it)"
            )
        }
        do throws(RebuildFault) { try HistoryRebuild.swap(new, into: path) } catch { throw failure(error) }
        return [
            "environment": "paper", "history": .string(path), "rows": .integer(result.rows),
            "first_sequence": .integer(result.firstSequence), "stored_through": .integer(result.storedThrough),
        ]
    }

    func compare() throws -> JSONValue {
        let old: HistoryReader
        do throws(HistoryFault) { old = try HistoryReader(path: path) } catch { throw failure(.history(error)) }
        let disk = try view.disk()
        let new = path + ".compared"
        defer { remove(new) }
        let result = try write(disk, to: new, through: old.storedThrough)
        let first = max(result.firstSequence, old.keptSince)
        var found: (difference: HistoryDifference?, rows: Int)
        do throws(HistoryFault) {
            found = try HistoryComparison.difference(path, new, from: first)
        } catch {
            throw failure(.history(error))
        }
        var difference = found.difference.map { "\($0)" }
        if result.storedThrough < old.storedThrough {
            difference = "the history goes on to \(old.storedThrough), the journal to \(result.storedThrough)"
        }
        return [
            "environment": "paper", "history": .string(path), "is_equal": .bool(difference == nil),
            "rows_compared": .integer(found.rows), "first_sequence": .integer(first),
            "stored_through": .integer(old.storedThrough), "difference": difference.map { .string($0) } ?? .null,
        ]
    }

    /// The history that is there, where it can be read and is of this journal.
    private func known() throws -> HistoryReader? {
        let id = try view.journalID()
        do throws(HistoryFault) {
            let reader = try HistoryReader(path: path)
            return reader.journal == "\(id)" ? reader : nil
        } catch {
            return nil
        }
    }

    private func lock(_ disk: PosixDisk) throws -> DiskLock {
        do throws(DiskError) { return try disk.lock() } catch {
            throw CommandFailure(
                .failure,
                "an engine runs on this journal and keeps its history itself (\(error)); --check compares the two"
            )
        }
    }

    private func write(_ disk: PosixDisk, to new: String, through last: UInt64) throws -> RebuildResult {
        let configuration = try view.configuration()
        let id = try view.journalID()
        let showsProgress = Descriptor.isTerminal(2)
        var replayer: Replayer
        do throws(NodeError) { replayer = try view.oldest(disk, configuration) } catch { throw view.failure(error) }
        do throws(RebuildFault) {
            return try HistoryRebuild.write(&replayer, id, to: new, through: last) { progress in
                guard showsProgress else { return }
                Output.hint("through sequence \(progress.sequence): \(progress.rows) rows")
            }
        } catch {
            throw failure(error)
        }
    }

    private func remove(_ new: String) {
        do throws(HistoryFault) { try HistoryRebuild.remove(new) } catch {
            Output.hint("\(error)")
        }
    }

    private func failure(_ fault: RebuildFault) -> CommandFailure {
        switch fault {
        case .journal(let error): view.failure(error)
        case .history(.missing(let path)):
            CommandFailure(
                .unavailable,
                "no history at \(path); \(Program.name) journal rebuild-history\(view.flags) makes it"
            )
        case .history(let reason): CommandFailure(.failure, "\(reason)")
        }
    }
}

extension JournalView {
    func journalID() throws -> JournalID {
        let disk = try disk()
        return try Self.journaling { () throws(JournalError) in try JournalReader(disk).journalID }
    }

    /// A replay from as far back as the journal reaches.
    func oldest(_ disk: PosixDisk, _ configuration: ResolvedConfiguration) throws(NodeError) -> Replayer {
        do throws(NodeError) { return try replayer(disk, configuration, from: .beginning) } catch {
            guard case .journal(.notRetained) = error else { throw error }
            let reach = try JournalReach(disk)
            return try replayer(disk, configuration, from: .snapshot(before: reach.sequence + 1))
        }
    }
}
