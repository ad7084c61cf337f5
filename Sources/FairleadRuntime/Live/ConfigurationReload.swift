import FairleadConfiguration
import FairleadModel

/// What a reload came to.
struct ConfigurationReload: Sendable {
    var changes: [ConfigurationChange]
    /// Of the whole configuration: keys that are read and do nothing yet, and what else its owner should know.
    var warnings: [ConfigurationWarning]

    var json: JSONValue {
        [
            "changes": .array(changes.map { .string($0.description) }),
            "warnings": .array(warnings.map { .string($0.description) }),
        ]
    }

    /// One line for the log.
    var text: String { changes.isEmpty ? "nothing changed" : changes.map(\.description).joined(separator: "; ") }
}

/// Why a reload changed nothing.
enum ReloadFault: Error, Sendable, CustomStringConvertible {
    case invalid(ConfigurationErrors)
    /// The journal did not take the changes: they would be in force without a record.
    case notJournaled(String)
    case stopping

    var code: ControlError.Code {
        switch self {
        case .invalid: .invalidConfiguration
        case .notJournaled: .journalUnavailable
        case .stopping: .stopping
        }
    }

    var description: String {
        switch self {
        case .invalid(let errors): "nothing was changed:\n\(errors)"
        case .notJournaled(let reason): "nothing was changed: the journal does not take it (\(reason))"
        case .stopping: "nothing was changed: the engine is stopping"
        }
    }
}
