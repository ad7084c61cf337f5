import FairleadJournal
import FairleadModel
import FairleadSimulation

/// A report as a person reads it.
enum SeedText {
    static func summary(_ report: SeedReport, _ commit: String) -> String {
        """
        seed \(report.seed)  commit \(commit)  configuration \(report.configurationHash.description.prefix(16))
        venue \(report.placement.rawValue), \(report.virtual.milliseconds / 1000) virtual seconds, quiet \
        \(report.quietAfter.milliseconds / 1000) s after the last fault
        \(report.signals) signals, \(report.operations) operations, \(report.faults) faults, \
        \(report.parents) parents, \(report.orders) orders, \(report.fills) fills, \(report.epochs) epochs, \
        \(report.crashes) crashes, \
        \(report.recoveries) recoveries, \(report.connections) connections, \(report.snapshots) snapshots, \
        \(report.records) records
        journal \(report.journalHash)
        commands \(report.commandHash)
        state \(report.stateHash)
        \(report.violation.map { "VIOLATED \($0.invariant): \($0.text)" } ?? "every rule held")
        """
    }
}

/// What many seeds came to.
struct SeedSum {
    private(set) var seeds = 0
    private(set) var violations: [(seed: UInt64, invariant: String, text: String)] = []
    private(set) var marks = CoverageMarks()
    private var counts: [String: Int64] = [:]
    private static let counted = [
        "virtual_seconds", "signals", "operations", "faults", "parents", "orders", "fills", "epochs", "crashes",
        "recoveries", "connections", "snapshots", "records",
    ]

    var isSound: Bool { violations.isEmpty }
    var firstFailure: UInt64? { violations.map(\.seed).min() }

    mutating func trapped(_ seed: UInt64) {
        seeds += 1
        violations.append((seed, "trap", "an assertion of the production code"))
    }

    /// Takes one worker's line; gives what a person must know of it.
    mutating func add(_ line: String) -> String? {
        let value: JSONValue
        do throws(JSONError) { value = try JSONParser.parse(line) } catch { return "not understood: \(line)" }
        seeds += 1
        for name in Self.counted { counts[name, default: 0] += number(value[name]) }
        for member in value["marks"]?.object ?? [] {
            for (column, count) in (member.value.array ?? []).enumerated() {
                marks.add(member.key, column: column, UInt64(max(0, number(count))))
            }
        }
        guard let invariant = value["violated"]?.string else { return nil }
        let seed = UInt64(max(0, number(value["seed"])))
        let text = value["violation"]?.string ?? ""
        violations.append((seed, invariant, text))
        return "seed \(seed) breaks \(invariant): \(text)"
    }

    private func number(_ value: JSONValue?) -> Int64 {
        guard case .number(let lexeme) = value else { return 0 }
        return Int64(lexeme) ?? 0
    }

    func summary(_ commit: String) -> String {
        var lines = ["\(seeds) seeds, commit \(commit), \(violations.count) violations"]
        lines.append(Self.counted.map { "\($0) \(counts[$0] ?? 0)" }.joined(separator: ", "))
        for found in violations.sorted(by: { $0.seed < $1.seed }) {
            lines.append("seed \(found.seed): \(found.invariant): \(found.text)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
