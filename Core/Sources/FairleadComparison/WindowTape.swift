import FairleadMarketData
import FairleadModel

/// A piece of a recording as a tape: the market as it stood at its beginning, then what followed.
final class WindowTape: MarketTape {
    private let recording: Recording
    private let start: Recording.Start
    private let end: Timestamp
    /// 0 book, 1 quote, 2 mark, 3 what followed.
    private var stage = 0
    private var place: Int
    private(set) var levels: ContiguousArray<DepthLevel> = []

    init(_ recording: Recording, _ start: Recording.Start, through end: Timestamp) {
        self.recording = recording
        self.start = start
        self.end = end
        place = start.record
    }

    var format: TapeFormat { .fairleadTape }
    var counts: TapeCounts { TapeCounts() }
    var firstMalformed: MalformedLine? { nil }

    func next() throws(TapeError) -> MarketRecord? {
        while stage < 3 {
            stage += 1
            if let content = beginning(stage - 1) {
                return MarketRecord(time: start.time, ordinal: 1, content: content)
            }
        }
        guard place < recording.records.count, recording.records[place].time <= end else { return nil }
        let record = recording.records[place]
        if case .depth = record.content {
            let from = place > 0 ? recording.levelEnds[place - 1] : 0
            levels.removeAll(keepingCapacity: true)
            levels.append(contentsOf: recording.levels[from..<recording.levelEnds[place]])
        }
        place += 1
        return record
    }

    private func beginning(_ stage: Int) -> MarketContent? {
        switch stage {
        case 0:
            guard let book = start.book else { return nil }
            levels = start.levels
            return .depth(book)
        case 1: return .quote(start.quote, updateID: start.quoteID)
        default: return start.mark.map { .mark($0) }
        }
    }
}
