internal import FairleadModel
internal import FairleadNode
public import FairleadPublication
internal import GRDB

// How the router's policies changed, as its decisions were made under them.
extension HistoryReader {
    /// The policies of a symbol, or of all, that route decisions were made under: an entry where one differs from the
    /// decision's before of the same symbol, the newest `limit` of them, the oldest first. What only the log has, the
    /// evidence, is unknown. A symbol's case doesn't matter.
    public func routerHistory(symbol: String? = nil, limit: Int = 1000) throws(HistoryFault) -> [RouterHistoryEntry] {
        try reading { database in
            let condition = symbol == nil ? "" : " WHERE upper(symbol) = upper(?)"
            let sql = Self.selection(of: RouteDecision.self) + condition + " ORDER BY id"
            let arguments = StatementArguments([symbol].compactMap { $0 })
            let cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
            var last: [String: RouterPolicy] = [:]
            var found: [RouterHistoryEntry] = []
            while let row = try cursor.next() {
                let entry = try entry(row) { (record: RouteDecision) in .routed(record) }.entry
                guard case .routed(let decision) = entry.notice, decision.moment != .end else { continue }
                let index = Int(decision.instrument.index)
                let name = index < instruments.count ? instruments[index].symbol : "?"
                if last.updateValue(decision.policy, forKey: name) == decision.policy { continue }
                let policy = RouterPolicyView(decision.policy, at: entry.time)
                found.append(RouterHistoryEntry(time: entry.time, symbol: name, policy: policy))
                // Twice as many are let grow before the older half goes, so that an entry costs no walk.
                if found.count >= 2 * max(1, limit) { found.removeFirst(found.count - limit) }
            }
            return Array(found.suffix(limit))
        }
    }
}
