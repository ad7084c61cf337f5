import FairleadComparison
import FairleadConfiguration
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadReport
import FairleadRuntime
import Foundation

/// Runs every arrival under every arm and setting of the venue, and puts the report together.
struct ArmComparison {
    let documents: ConfigurationDocuments
    let source: String
    let data: [String]
    let overrides: [ConfigurationOverride]
    let plan: ComparisonPlan
    let arms: [ComparisonArm]
    let isQuick: Bool
    let jobs: Int
    let stop: StopRequest

    /// Arrivals that one worker takes at a time.
    private static let piece = 16

    /// All arrivals of one recording under one arm and one setting of the venue.
    private struct Row: Sendable {
        var runner: ArrivalRunner
        var arrivals: [Arrival]
        /// Groups of places in `arrivals` that share an account; empty: each has its own.
        var chains: [[Int]] = []
    }

    private struct Piece: Sendable {
        var row: Int
        var places: [Int]
        var isChain: Bool
    }

    func report() throws -> ComparisonReport {
        let digests: [FileDigest]
        do throws(NodeError) { digests = try Tapes.digests(data) } catch { throw BacktestInputs.failure(error, data) }
        let base = try resolved()
        let recordings = try read(base.engine.instruments, digests)
        var parts: [ComparisonReport.Part] = []
        var hashes: [String] = []
        for recording in recordings {
            guard !plan.arrivals(of: recording).isEmpty else {
                Output.hint("\(recording.name): too short for an arrival; left out")
                continue
            }
            parts.append(try part(recording, &hashes))
        }
        guard !parts.isEmpty else {
            throw CommandFailure(.invalidInput, "\(data.joined(separator: ", ")): too short for an arrival")
        }
        let frozen =
            ["fairlead.tca.compare.v1", Version.text] + plan.settings.map { "\($0.name)=\($0.value)" } + hashes
        return ComparisonReport(
            version: Version.text,
            configurationHash: base.hash,
            frozenHash: Digest128(of: frozen.joined(separator: "\n")),
            configurationSource: source,
            settings: plan.settings,
            // Their names alone: where they lie on this machine changes nothing.
            tapes: zip(data, digests).map { (URL(fileURLWithPath: $0).lastPathComponent, "\($1)") },
            arms: arms.map { ($0.name, $0.meaning) },
            notes: Self.notes(plan),
            parts: parts
        )
    }

    /// The documents with what was set by flags, as they would trade.
    private func resolved() throws -> ResolvedConfiguration {
        let market = [
            ConfigurationOverride(path: "runtime.market.source", value: "tape"),
            ConfigurationOverride(path: "runtime.market.tapes", value: "recorded"),
            ConfigurationOverride(path: "runtime.paper.connection", value: "embedded"),
        ]
        switch ConfigurationDecoder.resolve(documents, environment: [:], overrides: overrides + market) {
        case .success(let configuration): return configuration
        case .failure(let errors):
            throw CommandFailure(.invalidConfiguration, "the configuration can't be used:\n\(errors)")
        }
    }

    private func read(_ instruments: [Instrument], _ digests: [FileDigest]) throws -> [Recording] {
        var reader = RecordingReader(instruments, interval: plan.interval)
        var progress = ProgressLine()
        let counter = BytesRead(data)
        do throws(NodeError) {
            var feed = try Tapes.open(data, instruments, depth: .book, digests: digests, counter: counter)
            var count = 0
            while true {
                let record: MarketRecord?
                do throws(TapeError) { record = try feed.take() } catch { throw .tape(error) }
                guard let record else { break }
                reader.add(record, feed.levels)
                count += 1
                if count % 20_000 == 0 { progress.show(counter.share) { "reading the tapes  \(count) records" } }
            }
        } catch {
            throw BacktestInputs.failure(error, data)
        }
        progress.clear()
        return reader.recordings()
    }

    static func notes(_ plan: ComparisonPlan) -> [String] {
        [
            "Each arrival has an engine, an embedded paper venue and an account of its own, so that none touches "
                + "another. Rules over several orders (rate limits, repetitions, duplicates, exposure over positions, "
                + "losses, VaR) see one order and bind nothing.",
            "The market is played to it from \(plan.warmUp.milliseconds) ms before the arrival, with the whole book as "
                + "it stood there. It has no bars: the ATR regime is normal for want of data, VaR is off.",
            "Its policy is that of a new symbol: the prior alone (bootstrap). The rows of one account show what "
                + "becomes of it.",
            "Tables are made small (router.capacities, queues, journal segments): the account holds one order.",
            "Orders move no market. They are smaller than what the touch shows in the middle; beyond that an impact "
                + "model would be needed, and there is none.",
            "What a venue left unfilled at the end would be completed by calculation at the far touch, with the "
                + "taker's fee; the column `completed` counts it.",
            "Fees change no decision of these arms: other fees are computed from the same fills.",
        ]
    }

    // MARK: - A recording

    private func part(_ recording: Recording, _ hashes: inout [String]) throws -> ComparisonReport.Part {
        let arrivals = plan.arrivals(of: recording)
        let isSparse = { (index: Int) in index / 2 % plan.sparseness == 0 }
        let sparse = arrivals.indices.filter(isSparse).map { arrivals[$0] }
        var rows = try arms.map { Row(runner: try runner(recording, $0, plan), arrivals: arrivals) }
        let headline = rows.indices
        var probabilistic = plan
        probabilistic.queue = plan.queue == .riskAverse ? .probabilistic : .riskAverse
        var extra: [(range: Range<Int>, plan: ComparisonPlan, kind: ComparisonReport.Section.Kind)] = []
        if !isQuick {
            let first = rows.count
            rows += try arms.map { Row(runner: try runner(recording, $0, probabilistic), arrivals: arrivals) }
            extra.append((first..<rows.count, probabilistic, .queue))
            for latency in plan.latencies {
                var slower = plan
                slower.latency = latency
                let first = rows.count
                rows += try arms.map { Row(runner: try runner(recording, $0, slower), arrivals: sparse) }
                extra.append((first..<rows.count, slower, .latency))
            }
        }
        let chained = rows.count
        if !isQuick { rows += try chains(recording, sparse) }
        hashes += rows.map { "\($0.runner.arm.name) \($0.runner.configuration.hash)" }
        let results = try run(rows, recording.name)

        let named = arms.map(\.name)
        func result(_ range: Range<Int>, stride: Int = 1) -> RecordingResult {
            RecordingResult(recording, plan, arms: zip(named, results[range]).map { ($0, $1) }, stride: stride)
        }
        let main = result(headline)
        var sections = plan.fees.enumerated().map { index, fees in
            section(index == 0 ? .headline : .fees, main, plan, fees)
        }
        for (range, changed, kind) in extra {
            let stride = kind == .latency ? plan.sparseness : 1
            sections.append(section(kind, result(range, stride: stride), changed, plan.fees[0], stride: stride))
        }
        if chained < rows.count {
            let taker = main.arms.filter { $0.name == ComparisonArm.baseline }.map { arm in
                (name: arm.name, results: arm.results.indices.filter(isSparse).map { arm.results[$0] })
            }
            let shared = zip(rows[chained...], results[chained...]).map { (name: $0.runner.arm.name, results: $1) }
            let together = RecordingResult(recording, plan, arms: taker + shared, stride: plan.sparseness)
            sections.append(section(.oneAccount, together, plan, plan.fees[0], stride: plan.sparseness))
        }
        return ComparisonReport.Part(main, quantity: rows[0].runner.quantity, sections: sections)
    }

    private func section(
        _ kind: ComparisonReport.Section.Kind,
        _ result: RecordingResult,
        _ plan: ComparisonPlan,
        _ fees: FeePair,
        stride: Int = 1
    ) -> ComparisonReport.Section {
        ComparisonReport.Section(
            kind,
            result,
            fees: fees,
            queue: plan.queue,
            latency: plan.latency,
            stride: stride
        )
    }

    private func runner(
        _ recording: Recording,
        _ arm: ComparisonArm,
        _ plan: ComparisonPlan,
        _ more: [ConfigurationOverride] = [],
        isChained: Bool = false
    ) throws -> ArrivalRunner {
        do throws(ConfigurationErrors) {
            return try ArrivalRunner(recording, arm, plan, documents, overrides + more, isChained: isChained)
        } catch {
            throw CommandFailure(.invalidConfiguration, "the configuration can't be used for \(arm.name):\n\(error)")
        }
    }

    /// The configured router with its arrivals dealt to accounts in which one follows the other, for each weight of the
    /// prior.
    private func chains(_ recording: Recording, _ arrivals: [Arrival]) throws -> [Row] {
        let chains = plan.chains(arrivals.count, stride: plan.sparseness)
        var rows: [Row] = []
        for arm in arms where arm.isConfigured {
            for weight in plan.priorWeights {
                var named = arm
                named.name += " prior \(weight)"
                let prior = [ConfigurationOverride(path: "router.policy.prior.weight", value: "\(weight)")]
                let runner = try runner(recording, named, plan, prior, isChained: true)
                rows.append(Row(runner: runner, arrivals: arrivals, chains: chains))
            }
        }
        return rows
    }

    // MARK: - Running

    /// The results of each row, in the order of its arrivals.
    private func run(_ rows: [Row], _ title: String) throws -> [[ArrivalResult]] {
        var pieces: [Piece] = []
        for (index, row) in rows.enumerated() {
            for chain in row.chains { pieces.append(Piece(row: index, places: chain, isChain: true)) }
            if !row.chains.isEmpty { continue }
            for first in stride(from: 0, to: row.arrivals.count, by: Self.piece) {
                let places = Array(first..<min(first + Self.piece, row.arrivals.count))
                pieces.append(Piece(row: index, places: places, isChain: false))
            }
        }
        let work = ParallelWork<[ArrivalResult]>(pieces.count) { [pieces] index in
            let piece = pieces[index]
            let row = rows[piece.row]
            let arrivals = piece.places.map { row.arrivals[$0] }
            return piece.isChain ? try row.runner.chain(arrivals) : try arrivals.map { try row.runner.run($0) }
        }
        let outcomes = try work.run(jobs: jobs, stop, title)
        var results = rows.map { [ArrivalResult?](repeating: nil, count: $0.arrivals.count) }
        for (piece, outcome) in zip(pieces, outcomes) {
            for (place, result) in zip(piece.places, outcome) { results[piece.row][place] = result }
        }
        return results.map { $0.compactMap(\.self) }
    }
}
