import FairleadConfiguration
public import FairleadEngine
public import FairleadJournal
import FairleadModel
public import FairleadNode

/// Makes the state files of one moment. All of them carry the same `cycle`, the journal sequence that they stand at, so
/// that they can be read in step; the same moment of the same journal gives the same bytes.
///
/// What is not known is left out: never a made-up 0, never null.
public struct StateDocuments: Sendable {
    let journal: JournalID
    let software: SoftwareIdentity
    /// Of the configuration in force.
    let configurationHash: Digest256

    public init(journal: JournalID, software: SoftwareIdentity, configurationHash: Digest256) {
        self.journal = journal
        self.software = software
        self.configurationHash = configurationHash
    }

    /// Each file with its text, in the order of `StateFile`.
    public func make(
        _ moment: ReplicaMoment,
        engine: borrowing Engine,
        names: RunNames,
        counters: DiagnosticsCounters
    ) -> [(file: StateFile, bytes: [UInt8])] {
        var files: [(file: StateFile, bytes: [UInt8])] = []
        for file in StateFile.allCases {
            var members = head(moment)
            switch file {
            case .nav: addNav(&members, moment, engine)
            case .navState: addNavState(&members, moment, engine)
            case .positionsState: addPositions(&members, moment, engine, names)
            case .positionsLedger: addLedger(&members, moment, engine, names)
            case .riskSnapshot: addRisk(&members, moment, engine, names)
            case .engineMetadata: addMetadata(&members, moment, engine)
            case .syncedState: addSynced(&members, moment, engine)
            case .diagnostics: addDiagnostics(&members, moment, engine, names, counters)
            case .routerHealth: addRouterHealth(&members, moment, engine)
            case .executionHealth: addExecutionHealth(&members, moment, engine, counters)
            case .routerSuggestions: addSuggestions(&members, moment, engine)
            case .expectancy: addExpectancy(&members, moment, engine, names)
            case .symbolScores: addScores(&members, moment, engine)
            case .allocation: addAllocation(&members, moment, engine, names)
            case .indicators: addIndicators(&members, moment, engine)
            }
            var writer = JSONWriter(.pretty, keys: .sorted)
            writer.value(.object(members))
            writer.endLine()
            files.append((file, writer.bytes))
        }
        return files
    }

    private func head(_ moment: ReplicaMoment) -> [JSONMember] {
        var members = [
            JSONMember("cycle", .integer(moment.sequence)), JSONMember("journal_id", .string(journal.description)),
            JSONMember("environment", .string(moment.configuration.runtime.environment.word)),
        ]
        members.append("updated_ts", moment.time)
        return members
    }

    // MARK: - NAV

    private func addNav(_ members: inout [JSONMember], _ moment: ReplicaMoment, _ engine: borrowing Engine) {
        members.append("reporting_currency", moment.configuration.runtime.reportingCurrency)
        members.append("nav", engine.nav)
        members.append("nav_ts", engine.navTime)
        members.append("cash", engine.cash)
        members.append("cash_ts", engine.cashTime)
        members.append("realized_pnl", engine.realized)
        members.append("unrealized_pnl", engine.unrealized)
        members.append("fees", engine.fees)
        members.append("result_today", engine.resultToday)
        members.append("open_positions", engine.openPositionCount)
    }

    private func addNavState(_ members: inout [JSONMember], _ moment: ReplicaMoment, _ engine: borrowing Engine) {
        members.append("nav", engine.nav)
        members.append("nav_ts", engine.navTime)
        if engine.navTime.isKnown {
            members.append("nav_age_s", .statistic(max(0, (moment.time - engine.navTime).seconds)))
        }
        members.append("peak_nav", engine.peakNav)
        members.append("day_start_nav", engine.dayStartNav)
        members.append("day_loss_ratio", engine.dayLoss(at: moment.time))
        members.append("week_start_nav", engine.weekStartNav)
        members.append("week_loss_ratio", engine.weekLoss(at: moment.time))
        members.append("drawdown_ratio", engine.drawdown)
        members.append("dd_state", engine.drawdownState.name)
        members.append("nav_jump", engine.navJump)
        let freshness = moment.configuration.engine.risk.navFreshness
        let isOld = !engine.navTime.isKnown || moment.time - engine.navTime > freshness
        members.append("is_stale", isOld || engine.hasNavSourceFailed)
    }

    // MARK: - The engine and its venue

    private func addMetadata(_ members: inout [JSONMember], _ moment: ReplicaMoment, _ engine: borrowing Engine) {
        let runtime = moment.configuration.runtime
        members.append("engine_version", software.version)
        members.append("build", software.build)
        members.append("mode", runtime.mode.word)
        members.append("epoch", engine.currentEpoch.number)
        members.append("reporting_currency", runtime.reportingCurrency)
        members.append("market_source", runtime.market.source.word)
        members.append("configuration_hash", .string("\(configurationHash)"))
        members.append("symbols", .array(moment.configuration.engine.instruments.map { .string($0.symbol) }))
    }

    private func addSynced(_ members: inout [JSONMember], _ moment: ReplicaMoment, _ engine: borrowing Engine) {
        let configuration = moment.configuration
        members.append("engine_version", software.version)
        let flags: JSONValue = [
            "diagnostics_enabled": .bool(configuration.runtime.diagnostics.isEnabled),
            "liveness_enabled": .bool(configuration.runtime.diagnostics.liveness.isEnabled),
            "maker_first": .bool(configuration.engine.routing.makerFirst),
            "router_autotune_apply_enabled": .bool(configuration.engine.autotune.isApplyEnabled),
            "screener_enabled": .bool(configuration.engine.screener.isEnabled),
        ]
        members.append("v6_flags", flags)
        let venue = engine.venueState
        members.append("is_connected", venue.isConnected)
        members.append("is_reconciled", venue.isReconciled)
        members.append("divergences", engine.counters.divergences)
        members.append("live_orders", engine.liveOrderCount)
        members.append("open_parents", engine.openParentCount)
        members.append("open_positions", engine.openPositionCount)
        members.append("unknown_orders", engine.unknownOrderCount)
    }
}
