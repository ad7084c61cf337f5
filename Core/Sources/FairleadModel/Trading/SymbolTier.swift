/// How much a symbol may carry: limits, buckets and sizes are told by its tier.
@frozen public enum SymbolTier: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case core = 0
    case satellite
    case tactical
    case altExt

    public var name: String {
        switch self {
        case .core: "CORE"
        case .satellite: "SATELLITE"
        case .tactical: "TACTICAL"
        case .altExt: "ALT-EXT"
        }
    }

    /// Where no bucket is named (SPEC 12.2).
    public var bucket: RouterBucket {
        switch self {
        case .core: .high
        case .satellite: .medium
        case .tactical, .altExt: .low
        }
    }
}
