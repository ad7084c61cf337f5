import FairleadModel

/// The words that documents have for a choice. Contracts: never renamed.
protocol ConfigurationChoice: CaseIterable, Hashable, Sendable {
    var word: String { get }
}

extension WideSpreadAction: ConfigurationChoice {
    var word: String {
        switch self {
        case .taker: "taker"
        case .clamp: "clamp"
        case .defer: "defer"
        case .veto: "veto"
        }
    }
}

extension MissingBookAction: ConfigurationChoice {
    var word: String {
        switch self {
        case .taker: "taker"
        case .veto: "veto"
        }
    }
}

extension MakerReprice: ConfigurationChoice {
    var word: String {
        switch self {
        case .stay: "stay"
        case .follow: "follow"
        }
    }
}

extension OffsetReference: ConfigurationChoice {
    var word: String {
        switch self {
        case .touch: "touch"
        case .mid: "mid"
        }
    }
}

extension TakerOrderType: ConfigurationChoice {
    var word: String {
        switch self {
        case .marketableLimit: "marketable_limit"
        case .market: "market"
        }
    }
}

extension TriggerReference: ConfigurationChoice {
    var word: String {
        switch self {
        case .mark: "mark"
        case .last: "last"
        case .mid: "mid"
        }
    }
}

extension AssetClass: ConfigurationChoice {
    var word: String {
        switch self {
        case .crypto: "crypto"
        case .equity: "equity"
        }
    }
}

extension InstrumentHours: ConfigurationChoice {
    var word: String {
        switch self {
        case .always: "always"
        case .sessions: "sessions"
        }
    }
}

extension AdaptiveMode: ConfigurationChoice { var word: String { name } }
extension PolicyQuality: ConfigurationChoice { var word: String { name } }
extension TakerBias: ConfigurationChoice { var word: String { name } }
extension MarketRegime: ConfigurationChoice { var word: String { name } }
extension RouterBucket: ConfigurationChoice { var word: String { name } }
extension TwapPenaltyBasis: ConfigurationChoice {
    var word: String {
        switch self {
        case .all: "all"
        case .eligible: "eligible"
        }
    }
}
extension SymbolTier: ConfigurationChoice { var word: String { name } }
extension RiskMode: ConfigurationChoice { var word: String { name } }

extension RunMode: ConfigurationChoice {
    /// As documents and files have it.
    public var word: String {
        switch self {
        case .dryRun: "dry_run"
        case .live: "live"
        case .shadow: "shadow"
        }
    }
}

extension RunEnvironment: ConfigurationChoice {
    /// As documents and files have it.
    public var word: String {
        switch self {
        case .paper: "paper"
        case .testnet: "testnet"
        case .production: "production"
        }
    }
}

extension StopAction: ConfigurationChoice {
    var word: String {
        switch self {
        case .leave: "leave"
        case .cancelEntries: "cancel_entries"
        }
    }
}

extension PaperConnection: ConfigurationChoice {
    var word: String {
        switch self {
        case .embedded: "embedded"
        case .socket: "socket"
        }
    }
}

extension MarketSource: ConfigurationChoice {
    /// As documents and files have it.
    public var word: String {
        switch self {
        case .synthetic: "synthetic"
        case .tape: "tape"
        case .venue: "venue"
        }
    }
}

extension MarketDepth: ConfigurationChoice {
    var word: String {
        switch self {
        case .touch: "touch"
        case .book: "book"
        }
    }
}

extension PaperQueueChoice: ConfigurationChoice {
    var word: String {
        switch self {
        case .byMarket: "by_market"
        case .touch: "touch"
        case .riskAverse: "risk_averse"
        case .probabilistic: "probabilistic"
        }
    }
}

extension JournalDurability: ConfigurationChoice {
    var word: String {
        switch self {
        case .process: "process"
        case .disk: "disk"
        }
    }
}

/// Which directions of a symbol are disabled.
enum BlockedSide: ConfigurationChoice {
    case none
    case buy
    case sell
    case both

    init(buy: Bool, sell: Bool) { self = buy ? (sell ? .both : .buy) : (sell ? .sell : .none) }
    var blocksBuy: Bool { self == .buy || self == .both }
    var blocksSell: Bool { self == .sell || self == .both }

    var word: String {
        switch self {
        case .none: "none"
        case .buy: "buy"
        case .sell: "sell"
        case .both: "both"
        }
    }
}
