import FairleadJournal
import FairleadModel
import FairleadNode

/// `--replay`: reads a journal that `--out` has written, as another process than the one that made it.
enum ReplayCommand {
    static let usage = """
        fairlead-simulate --replay DIR [--json]

          Replays the journal that --out has written there, and prints its hashes: those of the seed.
        """

    /// nil where the words ask for something else.
    static func run(_ words: [String]) -> Int32? {
        guard words.contains("--replay") else { return nil }
        var left = words[...]
        var (path, isJSON) = ("", false)
        while let word = left.popFirst() {
            switch word {
            case "--json": isJSON = true
            case "--replay": path = left.popFirst() ?? ""
            default: return refuse("no option \(word)")
            }
        }
        if path.isEmpty { return refuse("--replay needs a directory") }
        return replay(path, isJSON: isJSON)
    }

    private static func replay(_ path: String, isJSON: Bool) -> Int32 {
        let disk: PosixDisk
        do throws(DiskError) { disk = try PosixDisk(path: path, make: false) } catch { return fail(error) }
        do throws(NodeError) {
            var replayer = try Replayer(disk)
            try replayer.run { _ in }
            let result = replayer.result()
            print(isJSON ? json(result) : text(result))
            return 0
        } catch {
            return fail(error)
        }
    }

    private static func text(_ result: ReplayResult) -> String {
        """
        \(result.sequence) records
        journal \(result.journalHash ?? .zero)
        commands \(result.commandHash)
        state \(result.stateHash)
        """
    }

    private static func json(_ result: ReplayResult) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("records", result.sequence)
        writer.field("journal_hash", (result.journalHash ?? .zero).description)
        writer.field("command_hash", result.commandHash.description)
        writer.field("state_hash", result.stateHash.description)
        writer.endObject()
        return writer.text
    }

    private static func fail(_ error: any Error) -> Int32 {
        Simulate.say("fairlead-simulate: the journal does not replay: \(error)")
        return 1
    }

    private static func refuse(_ text: String) -> Int32 {
        Simulate.say("fairlead-simulate: \(text)\n\n\(usage)")
        return 2
    }
}
