import FairleadModel

// Values as a person reads them. JSON has all digits.
extension TopScreen {
    /// Two digits after the point always: a column of them doesn't move.
    static func money(_ value: String?) -> String { number(TopModel.number(value), digits: 2) }
    static func price(_ value: String?) -> String { Screens.mark(value.map { .string($0) }) }
    static func count(_ value: Int64?) -> String { value.map { "\($0)" } ?? "?" }

    static func number(_ value: Double?, digits: Int) -> String {
        guard let value, value.isFinite, abs(value) < 1e14 else { return "-" }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((value * Double(scale)).rounded())
        if digits == 0 { return "\(scaled)" }
        let (whole, rest) = abs(scaled).quotientAndRemainder(dividingBy: Int64(scale))
        let fraction = String(rest)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(scaled < 0 ? "-" : "")\(whole).\(zeros)\(fraction)"
    }

    static func percent(_ ratio: Double?, digits: Int) -> String {
        let text = number(ratio.map { $0 * 100 }, digits: digits)
        return text == "-" ? text : text + "%"
    }

    /// `42s`, `3m05s`, `7h12m`, `2d4h`.
    static func span(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e12 else { return "?" }
        let whole = Int64(max(0, seconds))
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        switch whole {
        case ..<60: return "\(whole)s"
        case ..<3600: return "\(whole / 60)m\(two(whole % 60))s"
        case ..<86_400: return "\(whole / 3600)h\(two(whole % 3600 / 60))m"
        default: return "\(whole / 86_400)d\(whole % 86_400 / 3600)h"
        }
    }

    /// Seconds from then to now; 0 where it lies ahead.
    static func age(_ time: Timestamp?, _ now: Timestamp) -> Double? {
        guard let time, time.isKnown, now.isKnown else { return nil }
        return max(0, (now - time).seconds)
    }

    /// UTC: the time of day, or the date too.
    static func clock(_ time: Timestamp, isWhole: Bool) -> String {
        guard time.isKnown else { return "--:--:--" }
        let text = time.text(.milliseconds)
        let clock = text.dropFirst(11).prefix(8)
        return isWhole ? "\(text.prefix(10)) \(clock)Z" : "\(clock)"
    }

    /// At most so many characters, the last of them a `~` where some were cut off.
    static func shortened(_ text: String, _ limit: Int) -> String {
        text.count <= limit ? text : text.prefix(limit - 1) + "~"
    }

    static func ink(calm: Bool) -> Ink { calm ? .plain : .bad }

    static func ink(amount: String?) -> Ink { amount?.hasPrefix("-") == true ? .warning : .plain }

    /// Under 0.5 the risk mode becomes cautious.
    static func ink(score: Double?) -> Ink {
        guard let score else { return .dim }
        return score < 0.5 ? .bad : score < 0.65 ? .warning : .plain
    }
}
