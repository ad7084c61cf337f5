public import FairleadModel

/// What the name of a US equity file says: such files hold rows alone, without symbol, date or heading.
///
/// Both names are read: of the zip (`equity_usa_tick_ibm_20131007_quote.zip`) and of the file inside
/// (`20131007_ibm_Quote_Tick.csv`).
public struct EquityFileName: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// National best quotes, two rows each.
        case quoteTicks
        case tradeTicks
        /// Bars of a minute of bids and asks.
        case quoteMinutes
        /// Bars of a minute of trades.
        case tradeMinutes
    }

    /// In upper case.
    public var symbol: String
    public var date: CivilDate
    public var kind: Kind

    /// Nil when the name is not of such a file.
    public init?(_ path: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        var date: CivilDate?
        var symbol: String?
        var isQuote: Bool?
        var isTick: Bool?
        for word in name.lowercased().split(whereSeparator: { $0 == "_" || $0 == "." }) {
            switch word {
            case "equity", "usa", "zip", "csv", "gz": continue
            case "quote": isQuote = true
            case "trade": isQuote = false
            case "tick": isTick = true
            case "minute": isTick = false
            default:
                if word.utf8.count == 8, let number = Int(word), date == nil {
                    date = CivilDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
                } else {
                    symbol = symbol.map { "\($0).\(word)" } ?? String(word)
                }
            }
        }
        guard let date, date.exists, NewYorkTime.years.contains(date.year), let isQuote, let isTick else { return nil }
        guard let symbol, SymbolKey(uppercased: symbol.utf8)?.isPrintable == true else { return nil }
        self.date = date
        self.symbol = symbol.uppercased()
        switch (isQuote, isTick) {
        case (true, true): kind = .quoteTicks
        case (false, true): kind = .tradeTicks
        case (true, false): kind = .quoteMinutes
        case (false, false): kind = .tradeMinutes
        }
    }
}
