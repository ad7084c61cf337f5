/// What a run's files say that their contract doesn't allow.
public struct ContractFinding: Hashable, Sendable, CustomStringConvertible {
    /// "nav.json", "fills.jsonl line 7".
    public var file: String
    /// "router_health.global.quality_score"; empty where it is of the whole file.
    public var field: String
    public var reason: String

    public init(file: String, field: String = "", reason: String) {
        (self.file, self.field, self.reason) = (file, field, reason)
    }

    public var description: String { field.isEmpty ? "\(file): \(reason)" : "\(file): \(field): \(reason)" }
}
