import FairleadModel

/// What the files of one publish must say alike.
struct StateAgreement {
    private let documents: [StateFile: JSONValue]

    init(_ documents: [StateFile: JSONValue]) { self.documents = documents }

    var findings: [ContractFinding] {
        let heads = ["cycle", "journal_id", "environment", "updated_ts"].flatMap { differing($0) }
        // Files of several cycles say different things, and rightly.
        return heads + insides + (heads.isEmpty ? between : [])
    }

    /// Files whose field is not what most say.
    private func differing(_ key: String) -> [ContractFinding] {
        let values = StateFile.allCases.compactMap { file in documents[file].map { (file, $0[key]) } }
        var counts: [(value: JSONValue?, count: Int)] = []
        for (_, value) in values {
            if let index = counts.firstIndex(where: { $0.value == value }) {
                counts[index].count += 1
            } else {
                counts.append((value, 1))
            }
        }
        guard counts.count > 1, let usual = counts.max(by: { $0.count < $1.count }) else { return [] }
        return values.filter { $0.1 != usual.value }.map { file, value in
            let reason = "is \(Self.text(value)), in most other files \(Self.text(usual.value))"
            return ContractFinding(file: file.fileName, field: key, reason: reason)
        }
    }

    // MARK: - Within a file

    private var insides: [ContractFinding] { positions + router + diagnostics + liveness + errors }

    private var positions: [ContractFinding] {
        guard let file = documents[.positionsState], let rows = file["positions"]?.array else { return [] }
        return equal(.positionsState, "count", file["count"], .integer(rows.count), "the rows of positions")
    }

    private var router: [ContractFinding] {
        guard let file = documents[.routerHealth], let symbols = file["router_health"]?["per_symbol"]?.object else {
            return []
        }
        let summary = file["summary"]
        var findings = equal(.routerHealth, "summary.count", summary?["count"], .integer(symbols.count), "per_symbol")
        let counts = summary?["quality_counts"]
        for member in counts?.object ?? [] {
            let count = symbols.filter { $0.value["quality"]?.string == member.key }.count
            let field = "summary.quality_counts.\(member.key)"
            findings += equal(.routerHealth, field, member.value, .integer(count), "per_symbol")
        }
        // In the order of the configuration there, by name here.
        let list = (file["symbols"]?.array ?? []).enumerated().sorted {
            Self.name($0.element) < Self.name($1.element)
        }
        let rows = symbols.map(\.value).sorted { Self.name($0) < Self.name($1) }
        if list.count != rows.count {
            let count: JSONValue = .integer(rows.count)
            findings += equal(.routerHealth, "symbols", .integer(list.count), count, "per_symbol's count")
        } else {
            for (row, other) in zip(list, rows) where row.element != other {
                let reason = "is not what per_symbol says"
                let field = "symbols[\(row.offset)]\(Self.difference(row.element, other))"
                findings.append(ContractFinding(file: StateFile.routerHealth.fileName, field: field, reason: reason))
            }
        }
        for member in symbols where member.value["symbol"]?.string != member.key {
            let field = "router_health.per_symbol.\(member.key).symbol"
            let reason = "is not its key"
            findings.append(ContractFinding(file: StateFile.routerHealth.fileName, field: field, reason: reason))
        }
        return findings
    }

    private var diagnostics: [ContractFinding] {
        guard let counters = documents[.diagnostics]?["runtime_diagnostics"]?["veto_counters"] else { return [] }
        let path = "runtime_diagnostics.veto_counters"
        var findings = equal(
            .diagnostics,
            "\(path).by_reason",
            .integer(Self.sum(counters["by_reason"])),
            counters["total_vetoes"],
            "total_vetoes"
        )
        let window = counters["window"]
        findings += equal(
            .diagnostics,
            "\(path).window.by_reason",
            .integer(Self.sum(window?["by_reason"])),
            window?["vetoes"],
            "window.vetoes"
        )
        return findings
    }

    /// What is idle for want of a time is told as missing or invalid, and only that.
    private var liveness: [ContractFinding] {
        guard let blocks = documents[.diagnostics]?["runtime_diagnostics"], let liveness = blocks["liveness"] else {
            return []
        }
        var findings: [ContractFinding] = []
        for watch in LivenessWatch.allCases {
            let isKnown = Self.time(watch, blocks) != nil
            let isMissing = liveness["missing"]?[watch.rawValue] != nil
            let isInvalid = liveness["invalid"]?[watch.rawValue] != nil
            let isIdle = liveness[watch.flag]?.bool == true
            let field = "runtime_diagnostics.liveness.missing.\(watch.rawValue)"
            let reason: String
            switch (isKnown, isMissing || isInvalid) {
            case (false, false) where isIdle: reason = "is absent, though it is idle and there is no time of it"
            case (true, true): reason = "is there, though there is a time of it"
            case (_, true) where isMissing && !isIdle: reason = "is there, though it is not idle"
            default: continue
            }
            findings.append(ContractFinding(file: StateFile.diagnostics.fileName, field: field, reason: reason))
        }
        return findings
    }

    private static func time(_ watch: LivenessWatch, _ blocks: JSONValue) -> JSONValue? {
        switch watch {
        case .signals: blocks["veto_counters"]?["last_signal_ts"]
        case .orders: blocks["veto_counters"]?["last_order_ts"]
        case .exits: blocks["exit_pipeline"]?["last_exit_trigger_ts"]
        case .exitScans: blocks["exit_pipeline"]?["last_exit_scan_ts"]
        case .router: blocks["exit_pipeline"]?["last_router_event_ts"]
        }
    }

    private var errors: [ContractFinding] {
        guard let file = documents[.executionHealth] else { return [] }
        let blocks = [file["errors"]] + (file["execution_health"]?.object ?? []).map { $0.value["errors"] }
        let counts = blocks.flatMap { $0?.object ?? [] }.map { JSONMember($0.key, $0.value["count"] ?? 0) }
        let sum: JSONValue = .integer(Self.sum(.object(counts)))
        return equal(.executionHealth, "errors", sum, file["error_count"], "error_count")
    }

    // MARK: - Between files

    private var between: [ContractFinding] {
        var findings: [ContractFinding] = []
        let nav = documents[.nav]
        for file in [StateFile.navState, .riskSnapshot] {
            guard let other = documents[file], nav != nil else { continue }
            findings += equal(file, "nav", other["nav"], nav?["nav"], "nav.json")
        }
        guard let risk = documents[.riskSnapshot] else { return findings }
        if let account = documents[.indicators]?["account"] {
            for key in ["nav", "trading_state", "risk_mode"] {
                findings += equal(.indicators, "account.\(key)", account[key], risk[key], "risk_snapshot.json")
            }
        }
        if let synced = documents[.syncedState] {
            for key in ["live_orders", "unknown_orders", "open_positions"] {
                findings += equal(.syncedState, key, synced[key], risk[key], "risk_snapshot.json")
            }
        }
        if let state = documents[.navState] {
            findings += equal(.navState, "dd_state", state["dd_state"], risk["dd_state"], "risk_snapshot.json")
        }
        return findings
    }

    private func equal(_ file: StateFile, _ field: String, _ value: JSONValue?, _ other: JSONValue?, _ whose: String)
        -> [ContractFinding]
    {
        if value == other { return [] }
        let reason = "is \(Self.text(value)), but \(Self.text(other)) by \(whose)"
        return [ContractFinding(file: file.fileName, field: field, reason: reason)]
    }

    private static func name(_ row: JSONValue) -> String { row["symbol"]?.string ?? "" }

    /// ".bias": the first member that differs; empty where that can't be said.
    private static func difference(_ row: JSONValue, _ other: JSONValue) -> String {
        for member in row.object ?? [] where other[member.key] != member.value { return ".\(member.key)" }
        for member in other.object ?? [] where row[member.key] == nil { return ".\(member.key)" }
        return ""
    }

    /// Saturates: sums of damaged files must not trap.
    private static func sum(_ counts: JSONValue?) -> UInt64 {
        (counts?.object ?? []).reduce(0) { sum, member in
            let (total, isOver) = sum.addingReportingOverflow(member.value.count ?? 0)
            return isOver ? .max : total
        }
    }

    private static func text(_ value: JSONValue?) -> String { value.map { JSONWriter.text(of: $0) } ?? "absent" }
}
