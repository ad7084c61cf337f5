public import FairleadConfiguration
public import FairleadStore

/// Where a run keeps its history, and for how long.
public enum HistoryPlace {
    /// The writer of a live run's history; nil where none is kept. `tell` gets what people should know.
    public static func writer(
        _ runtime: RuntimeConfiguration,
        home: String,
        tell: @escaping @Sendable (String) -> Void = { _ in }
    ) -> HistoryWriter? {
        let history = runtime.history
        guard history.isKept else { return nil }
        let retention = HistoryRetention(keepDays: history.keepDays, maximumBytes: history.maximumBytes)
        return HistoryWriter(
            path: HomePaths.under(home, history.file),
            options: HistoryOptions(retention: retention)
        ) { aside in
            tell("could not be used and is put aside as \(aside.path), made again from the journal: \(aside.reason)")
        }
    }

    /// A backtest's: under its own directory, and all of it, whatever the configuration says of a live run's.
    public static func writer(backtest directory: String) -> HistoryWriter {
        HistoryWriter(path: HomePaths.under(directory, HistoryConfiguration().file))
    }
}
