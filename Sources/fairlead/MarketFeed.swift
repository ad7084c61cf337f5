import FairleadEngine
import FairleadMarketData
import FairleadModel
import FairleadRuntime
import Foundation

/// Tapes of the command line, merged, with their faults told by file, line, field and reason.
struct MarketFeed: ~Copyable {
    let paths: [String]
    let symbols = TapeSymbols()
    private(set) var merger = TapeMerger()
    private var count = 0
    private let showsProgress: Bool

    init(_ paths: [String], content: TapeContent, showsProgress: Bool = Descriptor.isTerminal(2)) throws {
        self.paths = paths
        self.showsProgress = showsProgress
        guard !paths.isEmpty, paths.count <= TapeMerger.tapeLimit else {
            throw CommandFailure(.usage, "give 1 to \(TapeMerger.tapeLimit) files")
        }
        for path in paths {
            do throws(TapeError) {
                let tape = try TapeFile.open(path: path, symbols: symbols, content: content, tape: merger.tapeCount)
                _ = merger.add(tape)
            } catch {
                throw Self.failure(error, paths)
            }
        }
    }

    mutating func next() throws -> MarketRecord? {
        do throws(TapeError) {
            let record = try merger.nextRecord()
            count += 1
            if showsProgress, count % 1_000_000 == 0 { Output.hint("read \(count) records") }
            return record
        } catch {
            throw Self.failure(error, paths)
        }
    }

    /// The file instead of its place.
    private static func failure(_ error: TapeError, _ paths: [String]) -> CommandFailure {
        let tape: Int =
            switch error {
            case .unreadable(let tape, _), .damaged(let tape, _): tape
            case .offTick(let tape, _, _, _, _, _): tape
            }
        var text = "\(error)"
        if let range = text.range(of: "tape \(tape + 1)"), range.lowerBound == text.startIndex {
            text.replaceSubrange(range, with: paths[tape])
        }
        return CommandFailure(.invalidInput, text)
    }

    /// Of the depth record that was given last.
    var levels: ContiguousArray<DepthLevel> { merger.levels }

    func format(ofTape index: Int) -> TapeFormat { merger.format(ofTape: index) }

    var files: [SurveyScreen.File] {
        var files: [SurveyScreen.File] = []
        for index in paths.indices {
            files.append(
                SurveyScreen.File(
                    path: paths[index],
                    format: merger.format(ofTape: index),
                    counts: merger.counts(ofTape: index),
                    firstMalformed: merger.firstMalformed(ofTape: index)
                )
            )
        }
        return files
    }

    /// Says which lines were refused; a file of which nothing could be read ends the command.
    func tellMalformed() throws {
        for file in files {
            guard let first = file.firstMalformed else { continue }
            let fault = "\(file.path): \(file.counts.malformed) lines can't be read, the first: \(first)"
            if file.counts.malformed == file.counts.lines - file.counts.blankLines {
                throw CommandFailure(.invalidInput, fault)
            }
            Output.hint("fairlead: \(fault)")
        }
    }
}

/// A tape file of ours that is being written.
struct TapeSink: ~Copyable {
    private let path: String
    private let file: FileByteSink
    private var writer: CacheWriter

    init(_ path: String, _ symbols: TapeSymbols, force: Bool) throws {
        if !force, FileManager.default.fileExists(atPath: path) {
            throw CommandFailure(.failure, "\(path) is there already; --force replaces it")
        }
        let file = try Self.file(path)
        writer = try Self.writer(path, file, symbols)
        self.file = file
        self.path = path
    }

    private static func file(_ path: String) throws -> FileByteSink {
        do throws(ByteSinkError) {
            return try FileByteSink(path: path)
        } catch {
            throw CommandFailure(.failure, "\(path) \(error)")
        }
    }

    private static func writer(_ path: String, _ file: FileByteSink, _ symbols: TapeSymbols) throws -> CacheWriter {
        do throws(ByteSinkError) {
            return try CacheWriter(to: file, symbols: symbols)
        } catch {
            throw CommandFailure(.failure, "\(path) \(error)")
        }
    }

    mutating func append(_ record: MarketRecord, _ levels: ContiguousArray<DepthLevel>) throws {
        do throws(ByteSinkError) {
            try writer.append(record, levels: levels)
        } catch {
            throw CommandFailure(.failure, "\(path) \(error)")
        }
    }

    mutating func finish(_ output: OutputOptions) throws {
        do throws(ByteSinkError) {
            try writer.finish()
            try file.finish()
        } catch {
            throw CommandFailure(.failure, "\(path) \(error)")
        }
        if output.json {
            Output.json([
                "path": .string(path), "records": .integer(writer.recordCount), "bytes": .integer(writer.byteCount),
            ])
        } else if output.style.isPlain {
            Output.text("\(path)\t\(writer.recordCount)\t\(writer.byteCount)")
        } else {
            Output.text("\(path): \(writer.recordCount) records, \(writer.byteCount) bytes")
        }
    }
}

/// Text to stdout, or to a file that has its name when it is whole.
final class TextSink {
    var bytes: [UInt8] = []
    private let path: String?
    private var file: FileByteSink?

    init(_ path: String?) throws {
        self.path = path
        guard let path else { return }
        do throws(ByteSinkError) {
            file = try FileByteSink(path: path)
        } catch {
            throw CommandFailure(.failure, "\(path) \(error)")
        }
    }

    func flush(over limit: Int) throws {
        guard bytes.count > limit else { return }
        if let file {
            do throws(ByteSinkError) {
                try file.write(ContiguousArray(bytes))
            } catch {
                throw CommandFailure(.failure, "\(path ?? "") \(error)")
            }
        } else if !Descriptor.write(bytes, to: 1) {
            // A reader that is gone wants nothing more.
            exit(0)
        }
        bytes.removeAll(keepingCapacity: true)
    }

    func finish() throws {
        try flush(over: 0)
        do throws(ByteSinkError) {
            try file?.finish()
        } catch {
            throw CommandFailure(.failure, "\(path ?? "") \(error)")
        }
    }
}

/// Bars of recorded trades and quotes, by the engine's own builder.
final class BarFeed {
    private var builder: BarBuilder
    private let length: TimeSpan
    private var ordinal: UInt64 = 0

    init(seconds: Int) {
        var configuration = BarConfiguration()
        configuration.length = .seconds(Int64(seconds))
        configuration.history = 1
        length = configuration.length
        builder = BarBuilder(configuration: configuration, instruments: TapeSymbols.discoveryLimit)
    }

    /// Gives the bars that have ended, then takes the record.
    func add(_ record: MarketRecord, _ give: (MarketRecord) -> Void) {
        while let bar = builder.popClosed(at: record.time) {
            ordinal += 1
            give(
                MarketRecord(
                    time: bar.openTime + length,
                    ordinal: ordinal,
                    content: .bar(bar, length: length)
                )
            )
        }
        switch record.content {
        case .trade(let trade, _): builder.apply(trade, at: record.time)
        case .quote(let quote, _):
            guard quote.bid < quote.ask else { return }
            builder.apply(mid: Price.middle(quote.bid, quote.ask), of: quote.instrument, at: record.time)
        case .mark, .bar, .depth: return
        }
    }
}

extension MarketContent {
    /// What a market event says; nil for any other event.
    init?(_ event: Event) {
        if case .quoted(let quote) = event {
            self = .quote(quote, updateID: 0)
        } else if case .traded(let trade) = event {
            self = .trade(trade, conditions: [])
        } else if case .marked(let mark) = event {
            self = .mark(mark)
        } else {
            return nil
        }
    }
}
