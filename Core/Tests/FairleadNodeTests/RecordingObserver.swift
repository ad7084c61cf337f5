import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel

@testable import FairleadNode

/// An observer that stores each item as a line of text, and fails when it is told to.
final class RecordingObserver: ReplicaObserver {
    let name = "recording"
    private(set) var storedThrough: UInt64 = 0
    private(set) var hasFailed = false
    private(set) var health = ObserverHealth()
    /// What is stored, with the sequence of each.
    private(set) var lines: [(sequence: UInt64, text: String)] = []
    private(set) var moments: [UInt64] = []
    private(set) var places: [UInt64] = []
    private var waiting: [(sequence: UInt64, text: String)] = []
    /// Nothing can be stored, and it can't be opened.
    var isBroken = false

    func open(_ journal: JournalIdentity) {
        hasFailed = isBroken
        if isBroken { health.failed("broken") }
    }

    func begins(at place: ReplicaPlace, names: RunNames) {
        places.append(place.sequence)
        waiting = []
        lines.removeAll { $0.sequence > storedThrough }
    }

    func take(_ item: ReplayItem, names: RunNames) {
        let (sequence, text) = Self.text(item, names)
        if sequence > storedThrough { waiting.append((sequence, text)) }
    }

    func reached(_ moment: ReplicaMoment, engine: borrowing Engine, names: RunNames) {
        moments.append(moment.sequence)
        if isBroken {
            hasFailed = true
            return health.failed("broken")
        }
        lines += waiting
        waiting = []
        storedThrough = moment.sequence
        health.succeeded()
    }

    static func text(_ item: ReplayItem, _ names: RunNames) -> (UInt64, String) {
        var writer = JSONWriter()
        switch item {
        case .record(let record): return (record.sequence, "\(record.sequence) record \(record.header.type)")
        case .notice(let entry):
            let stamp = RecordStamp(sequence: entry.sequence, time: entry.time)
            NoticeText.write(entry.notice, stamp, names: names, to: &writer)
            return (entry.sequence, writer.text)
        case .command(let command, let sequence, let time):
            return (sequence, "\(sequence) command \(command) \(time)")
        }
    }

    /// What a replay of the whole journal tells, in the same words.
    static func replayed(
        _ disk: any Disk,
        tape: consuming TapeFeed? = nil,
        through last: UInt64 = .max
    ) throws -> [String] {
        let configuration = try JournalReach.configuration(disk)
        var names = RunNames(configuration.engine.instruments)
        var texts: [String] = []
        var replayer = try Replayer(disk, tape: tape)
        try replayer.run(through: last) { item in
            if case .record(let record) = item { names.note(record) }
            texts.append(text(item, names).1)
        }
        return texts
    }
}
