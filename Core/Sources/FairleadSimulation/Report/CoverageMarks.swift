import FairleadModel

/// Which faults met orders in which states: what a long run must have reached. Added up over seeds.
public struct CoverageMarks: Hashable, Sendable {
    /// By fault and state; the last column is "no live order".
    private var counts: [String: [UInt64]] = [:]

    /// States that an order can be found in, and none.
    public static let columns: [String] =
        OrderState.allCases.filter { !$0.isTerminal }.map { "\($0)" } + ["ended", "none"]

    public init() {}

    mutating func add(_ fault: String, _ state: OrderState?) { add(fault, column: Self.column(state), 1) }

    /// From a table that another process printed.
    public mutating func add(_ fault: String, column: Int, _ count: UInt64) {
        guard Self.columns.indices.contains(column) else { return }
        counts[fault, default: [UInt64](repeating: 0, count: Self.columns.count)][column] &+= count
    }

    private static func column(_ state: OrderState?) -> Int {
        guard let state else { return columns.count - 1 }
        return state.isTerminal ? columns.count - 2 : Int(state.rawValue)
    }

    public mutating func add(_ other: CoverageMarks) {
        for (fault, row) in other.counts {
            for (column, count) in row.enumerated() { add(fault, column: column, count) }
        }
    }

    public func count(_ fault: String, column: Int) -> UInt64 { counts[fault]?[column] ?? 0 }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for (fault, row) in counts.sorted(by: { $0.key < $1.key }) {
            writer.key(fault)
            writer.beginArray()
            for count in row { writer.integer(count) }
            writer.endArray()
        }
        writer.endObject()
    }

    /// What was not reached and has no reason for it: fault and state.
    public var holes: [String] {
        var holes: [String] = []
        for fault in FaultRegistry.all {
            for (column, state) in Self.columns.enumerated() where count(fault.name, column: column) == 0 {
                if CoverageReasons.reason(fault, column: column) == nil { holes.append("\(fault.name) at \(state)") }
            }
        }
        return holes
    }

    /// The table of all faults of the registry: holes as a dot, those with a reason by its letter.
    public var table: String {
        func cell(_ text: String, _ width: Int = 16) -> String {
            text + String(repeating: " ", count: max(1, width - text.utf8.count))
        }
        var lines = [cell("fault", 24) + Self.columns.map { cell($0) }.joined()]
        for fault in FaultRegistry.all {
            let cells = Self.columns.indices.map { column -> String in
                let count = count(fault.name, column: column)
                guard count == 0 else { return cell("\(count)") }
                return cell(CoverageReasons.reason(fault, column: column)?.letter ?? ".")
            }
            lines.append(cell(fault.name, 24) + cells.joined())
        }
        lines += CoverageReason.allCases.map { "\($0.letter): \($0.rawValue)" }
        return lines.joined(separator: "\n")
    }
}
