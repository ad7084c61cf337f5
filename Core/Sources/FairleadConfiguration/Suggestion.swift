/// "Did you mean": the nearest of some names by edit distance.
public enum Suggestion {
    /// The nearest candidate, when it is near enough to be a slip; the first in order among equals.
    public static func nearest(to name: String, in candidates: [String]) -> String? {
        let typed = Array(name.lowercased().utf8.prefix(64))
        let allowance = max(1, min(4, typed.count / 3))
        var best: (distance: Int, name: String)?
        for candidate in candidates {
            let bytes = Array(candidate.lowercased().utf8.prefix(64))
            guard abs(bytes.count - typed.count) <= allowance else { continue }
            let found = distance(typed, bytes)
            if found <= allowance, best.map({ found < $0.distance }) ?? true { best = (found, candidate) }
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two short texts.
    static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var cost = min(last[j + 1], row[j]) + 1
                cost = min(cost, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }

    /// `; did you mean "x"?`, or nothing.
    static func hint(for name: String, in candidates: [String]) -> String {
        nearest(to: name, in: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
    }
}
