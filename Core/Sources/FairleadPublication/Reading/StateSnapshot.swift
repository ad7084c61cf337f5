import FairleadModel

/// All state files of one reading, and what they say. What is unknown is nil.
public struct StateSnapshot: Sendable {
    private let documents: [StateDocument]

    /// One document for each file, in the order of `StateFile`.
    init(_ documents: [StateDocument]) { self.documents = documents }

    public subscript(file: StateFile) -> StateDocument {
        documents.first { $0.file == file } ?? StateDocument(file, .missing)
    }

    /// Files that told nothing, and why.
    public var faults: [(file: StateFile, fault: StateFault)] {
        documents.compactMap { document in document.fault.map { (document.file, $0) } }
    }

    /// The cycle that all files which were read stand at; nil where they differ, or one doesn't say.
    public var cycle: UInt64? {
        let cycles = Set(documents.filter { $0.fault == nil }.map(\.cycle))
        guard cycles.count == 1, let only = cycles.first else { return nil }
        return only
    }

    /// No two files stand at different cycles.
    var isLevel: Bool { Set(documents.compactMap(\.cycle)).count <= 1 }

    // MARK: - Views

    public var account: AccountView { AccountView(self[.nav], self[.navState]) }
    public var risk: RiskView { RiskView(self[.riskSnapshot]) }
    public var engine: EngineView { EngineView(self[.engineMetadata], self[.syncedState]) }
    public var positions: PositionsView { PositionsView(self[.positionsState]) }
    public var routerGlobalQuality: RouterQuality { RouterQuality(global: self[.routerHealth]) }
    /// nil where the file has none.
    public var routerSymbolQualities: [RouterQuality]? { RouterQuality.symbols(self[.routerHealth]) }
    public var runtimeDiagnostics: RuntimeDiagnostics { RuntimeDiagnostics(self[.diagnostics]) }
    /// What went wrong lately, and what a person should look at, as `execution_health.json` has it.
    public var health: ExecutionHealthView { ExecutionHealthView(self[.executionHealth]) }
}
