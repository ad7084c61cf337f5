/// An average weighted by what each value counts; where all weights are 0, all values count alike. For statistics.
public struct WeightedAverage: Hashable, Sendable {
    private var weight = 0.0
    private var weighted = 0.0
    private var plain = 0.0
    /// Values that were known.
    public private(set) var count = 0

    public init() {}

    /// A value that is not known is left out. `weight` must not be negative.
    public mutating func add(_ value: Double?, _ weight: Double) {
        precondition(weight >= 0, "Invariant: a weight is never negative")
        guard let value else { return }
        self.weight += weight
        weighted += value * weight
        plain += value
        count += 1
    }

    /// nil without values.
    public var value: Double? { count == 0 ? nil : weight > 0 ? weighted / weight : plain / Double(count) }
}
