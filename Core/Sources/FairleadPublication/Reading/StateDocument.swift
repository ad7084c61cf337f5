public import FairleadModel

/// Why a state file told nothing.
public enum StateFault: Hashable, Sendable, CustomStringConvertible {
    /// There is no such file.
    case missing
    /// It could not be read: why.
    case unreadable(String)
    /// It holds no JSON: cut off, or damaged.
    case malformed(JSONError)
    /// It holds JSON, and no object.
    case notAnObject

    public var description: String {
        switch self {
        case .missing: "missing"
        case .unreadable(let reason): "can't be read: \(reason)"
        case .malformed(let error): "no JSON: \(error)"
        case .notAnObject: "no JSON object"
        }
    }
}

/// One state file as it was found. It is an object without members where there was none.
public struct StateDocument: Sendable {
    public let file: StateFile
    /// The file that it was read from: another name where a source system's stood in.
    public let fileName: String
    public let value: JSONValue
    /// nil where it was read.
    public let fault: StateFault?

    init(_ file: StateFile, fileName: String, value: JSONValue) {
        (self.file, self.fileName, self.value, fault) = (file, fileName, value, nil)
    }

    init(_ file: StateFile, _ fault: StateFault) {
        (self.file, fileName, value, self.fault) = (file, file.fileName, .object([]), fault)
    }

    var fields: StateFields { StateFields(value) }

    /// The journal sequence that it stands at.
    public var cycle: UInt64? { fields.count("cycle") }
    public var updated: Timestamp? { fields.time("updated_ts", "updated_at") }
    /// "paper", "testnet", "production".
    public var environment: String? { fields.text("environment") }
}
