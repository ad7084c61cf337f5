public import FairleadModel

/// What a report says of the run beside what was seen in it: where everything came from. No clock, no host, no place of
/// the output: the same inputs give the same page.
public struct ReportHead: Sendable {
    /// The word on every page: no real money was at risk.
    public var isLive = false
    public var version: String
    public var configurationHash: Digest128
    /// Where the configuration came from: "config/reference", "made from the tapes".
    public var configurationSource: String
    /// What the command line set over it, as key and value.
    public var settings: [Setting]
    public var currency: String
    public var startingBalance: Money
    public var tapes: [Tape]
    public var signals: [Signals]
    public var journalHash: Digest256Text
    public var inputsHash: Digest128

    /// 64 hexadecimal digits.
    public typealias Digest256Text = String

    public struct Setting: Hashable, Sendable {
        public var key: String
        public var value: String
        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    public struct Tape: Sendable {
        /// As it was given.
        public var path: String
        public var digest: String
        public init(path: String, digest: String) {
            self.path = path
            self.digest = digest
        }
    }

    public struct Signals: Sendable {
        public var path: String
        /// The strategy of those that name none; nil where they stay without.
        public var strategy: String?
        public var digest: String
        public init(path: String, strategy: String?, digest: String) {
            self.path = path
            self.strategy = strategy
            self.digest = digest
        }
    }

    public init(
        version: String,
        configurationHash: Digest128,
        configurationSource: String,
        settings: [Setting],
        currency: String,
        startingBalance: Money,
        tapes: [Tape],
        signals: [Signals],
        journalHash: String,
        inputsHash: Digest128
    ) {
        self.version = version
        self.configurationHash = configurationHash
        self.configurationSource = configurationSource
        self.settings = settings
        self.currency = currency
        self.startingBalance = startingBalance
        self.tapes = tapes
        self.signals = signals
        self.journalHash = journalHash
        self.inputsHash = inputsHash
    }
}
