import FairleadEngine
import FairleadModel

/// Why people overrode limits, by the numbers of their orders: the texts of those overrides that stand.
///
/// Bounded by the engine's table: when a new one comes, those of overrides that have ended are forgotten here. The
/// journal keeps them.
struct OverrideReasons {
    /// The longest reason in bytes: 200 scalars of any script.
    static let byteLimit = 800
    /// One more than stand: the text comes before its order.
    private static let limit = OverrideTable.capacity + 1

    private struct Row {
        var number: UInt64
        var text: ContiguousArray<UInt8>
    }

    private var rows: ContiguousArray<Row> = []

    /// Keeps a text, and of the others those that `isStanding` knows.
    mutating func add(_ number: UInt64, _ text: String, isStanding: (UInt64) -> Bool) {
        rows.removeAll { !isStanding($0.number) }
        // A journal that was tampered with may hold texts without orders: they are not kept without end.
        if rows.count >= Self.limit { rows.removeFirst() }
        rows.append(Row(number: number, text: ContiguousArray(text.utf8.prefix(Self.byteLimit))))
    }

    subscript(number: UInt64) -> String? {
        rows.last { $0.number == number }.map { String(decoding: $0.text, as: UTF8.self) }
    }

    var all: [(number: UInt64, text: String)] {
        rows.map { ($0.number, String(decoding: $0.text, as: UTF8.self)) }
    }

    mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        visitor.visit(&rows, limit: Self.limit, blank: Row(number: 0, text: [])) { row, visitor in
            visitor.visit(&row.number)
            visitor.visit(&row.text, limit: Self.byteLimit, blank: 0) { $1.visit(&$0) }
        }
    }
}
