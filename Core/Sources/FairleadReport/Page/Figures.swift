import FairleadModel

/// Numbers for people: rounded half away from zero, thousands apart, a true minus sign, a dash for what is not known.
/// Computed without the system's locale, so that the same run gives the same text everywhere.
enum Figures {
    static let unknown = "\u{2013}"
    private static let powers: [Double] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]

    /// `digits` after the point, 0 to 8.
    static func fixed(_ value: Double?, _ digits: Int) -> String {
        guard let value, value.isFinite else { return unknown }
        let scaled = (value.magnitude * powers[digits]).rounded(.toNearestOrAwayFromZero)
        guard scaled < 9e18 else { return unknown }
        return text(Int128(scaled), digits, isNegative: value < 0)
    }

    /// As programs read it: no thousands apart, an ASCII minus, `-` for what is not known.
    static func plain(_ value: Double?, _ digits: Int) -> String {
        fixed(value, digits).replacing(",", with: "").replacing("\u{2212}", with: "-").replacing(unknown, with: "-")
    }

    /// With a sign where it is not zero.
    static func signed(_ value: Double?, _ digits: Int) -> String {
        let text = fixed(value, digits)
        let isZero = !text.contains { ("1"..."9").contains($0) }
        return (value ?? 0) > 0 && !isZero ? "+" + text : text
    }

    /// Money to the cent, from the exact sum.
    static func money(_ money: Money) -> String {
        let cent = Money.one / 100
        let magnitude = money.magnitude.raw
        return text((magnitude + cent / 2) / cent, 2, isNegative: money.raw < 0)
    }

    static func money(_ money: Money?) -> String { money.map { Self.money($0) } ?? unknown }

    static func count(_ value: some BinaryInteger) -> String { text(Int128(value), 0, isNegative: false) }

    /// A share as per cent.
    static func percent(_ share: Double?, _ digits: Int = 1) -> String {
        guard let share, share.isFinite else { return unknown }
        return fixed(share * 100, digits) + "\u{202F}%"
    }

    private static func text(_ scaled: Int128, _ digits: Int, isNegative: Bool) -> String {
        var figures = Array(scaled.description)
        while figures.count <= digits { figures.insert("0", at: 0) }
        let whole = figures[..<(figures.count - digits)]
        var grouped = ""
        for (index, figure) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(figure)
        }
        let fraction = digits > 0 ? "." + String(figures[(figures.count - digits)...]) : ""
        return (isNegative && scaled != 0 ? "\u{2212}" : "") + grouped + fraction
    }

    // MARK: - Times

    /// `2 h 5 min`, `5 min 12 s`, `850 ms`: its two greatest units.
    static func span(_ span: TimeSpan) -> String {
        let milliseconds = span.milliseconds
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let seconds = milliseconds / 1000
        let units: [(Int64, String)] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        var rest = seconds
        var parts: [String] = []
        for (length, name) in units {
            let amount = rest / length
            rest %= length
            if amount > 0 { parts.append("\(amount) \(name)") } else if !parts.isEmpty { break }
            if parts.count == 2 { break }
        }
        return parts.joined(separator: " ")
    }

    /// `2024-08-08 12:34:56.789` in UTC.
    static func moment(_ time: Timestamp) -> String {
        guard time.isKnown else { return unknown }
        let text = time.text(.milliseconds)
        return String(text.prefix(10)) + " " + String(text.dropFirst(11).prefix(12))
    }

    /// The time of day, to the second.
    static func clock(_ time: Timestamp) -> String {
        time.isKnown ? String(time.text(.milliseconds).dropFirst(11).prefix(8)) : unknown
    }

    // MARK: - Rows of the risk gateway

    /// A number of a risk row in its unit.
    static func risk(_ raw: Int64, _ unit: RiskUnit) -> String {
        if raw == RiskRow.missing { return "not known" }
        switch unit {
        case .flag: return raw == 1 ? "yes" : "no"
        case .money: return money(Money(raw8: raw))
        case .quantity, .price: return Rate(raw: raw).description
        case .rate: return signless(raw)
        case .count: return count(raw)
        case .milliseconds: return count(raw) + " ms"
        }
    }

    /// A fraction as per cent where it is large, in basis points where it is small.
    private static func signless(_ raw: Int64) -> String {
        let value = Double(raw) / 1e8
        return value.magnitude < 0.02 && raw != 0 ? fixed(value * 10_000, 2) + " bps" : percent(value, 2)
    }
}
