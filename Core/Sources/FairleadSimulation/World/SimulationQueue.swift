import FairleadJournal
import FairleadModel
import FairleadPaper

/// What the schedule wants done at a time.
enum SimulationTask {
    case signal(Int)
    case operation(Int)
    case riskOrder(Int)
    case decision(Int)
    case faultBegins(Int)
    /// A fault has waited long enough for the state that it aims at.
    case faultLosesPatience(Int)
    case faultEnds(Int)
    /// A fault, by its number, goes on to its second half.
    case faultTurns(Int)
    /// The router's process starts again.
    case restart
    /// The router's process dies, and starts again at once.
    case kill
    /// The desk has looked at a fresh journal, and lets trading go on.
    case resume
    /// The committer's thread is back from the disk.
    case commit
    /// The committer's thread looks around: segments, seals, snapshots.
    case upkeep
    /// A frame that a fault held back: to the router, or to the venue.
    case lateAnswer(Int)
    case lateRequest(Int)
}

/// Tasks by (time, tie-break of the seed, sequence). A binary heap.
struct SimulationQueue {
    private struct Entry {
        var time: Timestamp
        var tieBreak: UInt64
        var sequence: UInt64
        var task: SimulationTask
    }

    private var entries: ContiguousArray<Entry> = []
    private var sequence: UInt64 = 0
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    var nextTime: Timestamp { entries.first?.time ?? .distantFuture }

    mutating func push(_ task: SimulationTask, at time: Timestamp) {
        sequence += 1
        // Drawn from time and task alone: leaving one task out changes no other's place.
        let tieBreak = Self.mixed(
            seed ^ UInt64(bitPattern: time.nanoseconds) ^ Self.code(task) &* 0x9E37_79B9_7F4A_7C15
        )
        entries.append(Entry(time: time, tieBreak: tieBreak, sequence: sequence, task: task))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(entries[child], entries[parent]) else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// The next task that is due.
    mutating func pop(through now: Timestamp) -> SimulationTask? {
        guard let first = entries.first, first.time <= now else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first.task }
        entries[0] = last
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < entries.count else { break }
            let right = left + 1
            let child = right < entries.count && precedes(entries[right], entries[left]) ? right : left
            guard precedes(entries[child], entries[parent]) else { break }
            entries.swapAt(child, parent)
            parent = child
        }
        return first.task
    }

    private func precedes(_ a: Entry, _ b: Entry) -> Bool {
        if a.time != b.time { return a.time < b.time }
        return a.tieBreak == b.tieBreak ? a.sequence < b.sequence : a.tieBreak < b.tieBreak
    }

    private static func code(_ task: SimulationTask) -> UInt64 {
        switch task {
        case .signal(let index): 1 << 32 | UInt64(index)
        case .operation(let index): 2 << 32 | UInt64(index)
        case .faultBegins(let index): 3 << 32 | UInt64(index)
        case .faultLosesPatience(let index): 12 << 32 | UInt64(index)
        case .faultEnds(let index): 4 << 32 | UInt64(index)
        case .faultTurns(let number): 11 << 32 | UInt64(number)
        case .restart: 5 << 32
        case .commit: 6 << 32
        case .upkeep: 7 << 32
        case .lateAnswer(let index): 8 << 32 | UInt64(index)
        case .lateRequest(let index): 9 << 32 | UInt64(index)
        case .kill: 10 << 32
        case .riskOrder(let index): 13 << 32 | UInt64(index)
        case .decision(let index): 14 << 32 | UInt64(index)
        case .resume: 11 << 32
        }
    }

    /// SplitMix64's finish.
    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
