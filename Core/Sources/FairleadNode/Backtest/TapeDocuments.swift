public import FairleadConfiguration
public import FairleadMarketData
public import FairleadModel

/// A configuration for tapes that nobody has configured: an instrument for each symbol, its steps guessed from the
/// prices and quantities seen, everything else the built-in default.
///
/// The guess is never finer than a venue's step would show and never coarser than the tape allows: what was seen lies
/// on it. Fees, limits and the smallest order are not on a tape, and are the defaults.
public struct TapeDocuments: Sendable {
    /// An instrument as guessed.
    public struct Row: Hashable, Sendable {
        public var symbol: String
        public var tick: Price
        public var lot: Quantity
        public var isEquity: Bool
        /// `YYYY-MM-DD` of its first record.
        public var date: String
    }

    /// In the order of their first records. Symbols without a price or a quantity are left out.
    public let rows: [Row]

    /// `equities` are those of `surveys` that came from tapes of US equities.
    public init(_ surveys: [SymbolSurvey], equities: Set<String> = []) {
        rows = surveys.compactMap { survey in
            guard survey.priceStep > .zero, survey.quantityStep > .zero else { return nil }
            return Row(
                symbol: survey.symbol,
                tick: Price(raw: Self.step(survey.priceStep.raw)),
                lot: Quantity(raw: Self.step(survey.quantityStep.raw)),
                isEquity: equities.contains(survey.symbol),
                date: String(survey.first.text(.milliseconds).prefix(10))
            )
        }
    }

    /// A power of ten, or two, five or twenty-five of one, as venues have them: the greatest that a common step of what
    /// was seen is a multiple of.
    static func step(_ raw: Int64) -> Int64 {
        var power: Int64 = 1
        var digits = raw
        while digits % 10 == 0 {
            digits /= 10
            power *= 10
        }
        switch digits {
        case 1, 2, 5, 25: return raw
        default: return power
        }
    }

    /// The three documents; `tapes` are named in the third, as they are played.
    public func documents(tapes: [String]) -> ConfigurationDocuments {
        let instruments = rows.map { row -> JSONValue in
            [
                "symbol": .string(row.symbol), "asset_class": row.isEquity ? "equity" : "crypto",
                "tick": .number(row.tick.description), "lot": .number(row.lot.description),
                "min_quantity": .number(row.lot.description),
                "max_quantity": .number(Quantity(raw: Self.largest(row.lot)).description),
                "origin": "guessed from the tape", "date": .string(row.date),
            ]
        }
        let isInDollars = rows.allSatisfy(\.isEquity)
        let runtime: JSONValue = [
            "reporting_currency": isInDollars ? "USD" : "USDT", "instruments": .array(instruments),
            "market": ["source": "tape", "tapes": .array(tapes.map { .string($0) })],
        ]
        return ConfigurationDocuments(
            strategy: Self.bytes([:]),
            // Signals of several strategies on one symbol would otherwise hinder each other.
            risk: Self.bytes(["pyramiding": true]),
            runtime: Self.bytes(runtime)
        )
    }

    /// A million units, on the lot.
    private static func largest(_ lot: Quantity) -> Int64 {
        let limit = 1_000_000 * FixedPoint.one
        return max(lot.raw, limit - limit % lot.raw)
    }

    private static func bytes(_ value: JSONValue) -> [UInt8] {
        Array((JSONWriter.text(of: value, .pretty) + "\n").utf8)
    }
}
