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
}
