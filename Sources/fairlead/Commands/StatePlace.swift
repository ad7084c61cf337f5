import ArgumentParser
import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadPublication
import FairleadRuntime
import FairleadStore

/// Whose state files and logs are meant: a home's, or a backtest's.
struct StatePlace: ParsableArguments {
    @OptionGroup var place: PlaceOptions

    @Option(name: .long, help: ArgumentHelp("A backtest's --out, instead of a home.", valueName: "DIR"))
    var out: String?

    /// The directories of state files and logs, and the history. A configuration that can't be used doesn't hide them:
    /// defaults stand in.
    var places: (state: String, execution: String, health: String, history: String) {
        var runtime = RuntimeConfiguration()
        if out == nil {
            do throws(ConfigurationErrors) { runtime = try place.files.resolve().runtime } catch {
                Output.detail("the configuration can't be used: its defaults stand in")
            }
        }
        let home = out ?? place.home ?? runtime.home
        let health = HomePaths.under(home, runtime.logs.directory)
        return (
            HomePaths.under(home, runtime.state.directory), HomePaths.under(health, "execution"), health,
            HomePaths.under(home, runtime.history.file)
        )
    }

    /// The directory of state files.
    func stateDisk() throws -> PosixDisk {
        let path = places.state
        do throws(DiskError) { return try PosixDisk(path: path, make: false) } catch {
            throw CommandFailure(
                error.kind == .permissionDenied ? .permission : .unavailable,
                "\(path) can't be read: \(error): no engine has published there"
            )
        }
    }

    func routerHistory(_ symbol: String?, _ limit: Int) throws -> [RouterHistoryEntry] {
        let path = places.history
        do throws(HistoryFault) {
            return try HistoryReader(path: path).routerHistory(symbol: symbol, limit: limit)
        } catch {
            throw CommandFailure(.unavailable, "the history can't answer: \(error)")
        }
    }
}

/// What a check of a run's files and logs came to.
struct ContractSurvey {
    private(set) var findings: [ContractFinding] = []
    private(set) var cycle: UInt64?
    private(set) var lines = 0

    init(_ place: StatePlace) throws {
        let places = place.places
        let contract = StateContract()
        let state = contract.findings(state: try place.stateDisk())
        (findings, cycle) = (state.findings, state.cycle)
        for log in ExecutionLog.allCases {
            let path = log == .routerHealth ? places.health : places.execution
            let found: (findings: [ContractFinding], lines: Int)
            do throws(DiskError) {
                found = contract.findings(log, try PosixDisk(path: path, make: false))
            } catch {
                // Optional in the manifest: a run that has decided nothing has none.
                if error.kind == .notFound { continue }
                findings.append(ContractFinding(file: path, reason: "can't be read: \(error)"))
                continue
            }
            findings += found.findings
            lines += found.lines
        }
    }

    func json(limit: Int) -> JSONValue {
        let rows = findings.prefix(limit).map { finding -> JSONValue in
            ["file": .string(finding.file), "field": .string(finding.field), "reason": .string(finding.reason)]
        }
        return [
            "is_valid": .bool(findings.isEmpty), "cycle": cycle.map { .integer($0) } ?? .null,
            "files": .integer(StateFile.allCases.count), "lines": .integer(lines),
            "finding_count": .integer(findings.count), "findings": .array(rows),
        ]
    }

    func text(limit: Int) -> String {
        var rows = findings.prefix(limit).map { LogLine.plain("\($0)") }
        if findings.count > limit { rows.append("and \(findings.count - limit) more") }
        let cycle = cycle.map { "cycle \($0)" } ?? "no common cycle"
        let checked = "\(StateFile.allCases.count) files, \(lines) lines of logs, \(cycle)"
        rows.append(findings.isEmpty ? "\(checked): nothing found" : "\(checked): \(findings.count) findings")
        return rows.joined(separator: "\n")
    }
}

/// Changes of policies as a table.
enum RouterHistoryTable {
    static func text(_ entries: [RouterHistoryEntry], _ style: Style) -> String {
        let numbers = ["BIAS", "OFFSET", "MAKER FILL", "FALLBACK", "SLIP P50", "SLIP P95", "ACK MS"]
        var table = Table(
            ["TIME", "SYMBOL", "QUALITY", "LEANS", "MAKER"].map { Table.Column($0) }
                + numbers.map { Table.Column($0, isNumber: true) }
        )
        for entry in entries {
            let policy = entry.policy
            let values = [
                policy.bias, policy.offsetBps, policy.makerFillRate, policy.fallbackRate, policy.slippageMedianBps,
                policy.slippage95Bps, policy.acknowledgementMilliseconds,
            ]
            let maker = policy.makerFirst.map { $0 ? "yes" : "no" } ?? "-"
            table.add(
                [entry.time.text(.milliseconds), entry.symbol, policy.quality?.name ?? "-"]
                    + [policy.takerBias?.name ?? "-", maker] + values.map { $0.map { number($0) } ?? "-" }
            )
        }
        return table.text(style, empty: "no policy has changed")
    }

    /// At most two decimals.
    private static func number(_ value: Double) -> String {
        guard value.magnitude < 1e9 else { return value.description }
        return (Double(Int64((value * 100).rounded())) / 100).description
    }
}

extension RouterHistoryEntry {
    /// What is unknown is null.
    var json: JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map { .number($0.description) } ?? .null }
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        return [
            "ts": .string(time.text(.milliseconds)), "symbol": .string(symbol), "quality": text(policy.quality?.name),
            "maker_first": policy.makerFirst.map { .bool($0) } ?? .null, "taker_bias": text(policy.takerBias?.name),
            "bias": number(policy.bias), "offset_bps": number(policy.offsetBps),
            "reasons": policy.reasons.map { .array($0.map { .string($0) }) } ?? .null,
            "maker_fill_rate": number(policy.makerFillRate), "fallback_rate": number(policy.fallbackRate),
            "slippage_p50": number(policy.slippageMedianBps), "slippage_p95": number(policy.slippage95Bps),
            "ack_latency_ms": number(policy.acknowledgementMilliseconds),
            "sample_count": policy.samples.map { .integer($0) } ?? .null,
        ]
    }
}
