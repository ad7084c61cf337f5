public import FairleadJournal
public import FairleadModel

/// A symbol's policy from a moment on.
public struct RouterHistoryEntry: Hashable, Sendable {
    public var time: Timestamp
    public var symbol: String
    public var policy: RouterPolicyView

    public init(time: Timestamp, symbol: String, policy: RouterPolicyView) {
        (self.time, self.symbol, self.policy) = (time, symbol, policy)
    }
}

/// How symbols' policies came to be what they are, of `logs/router_health.jsonl` and the files that were put aside.
///
/// Tolerant as `StateReader`: lines that can't be read are counted and skipped. The lines of the source systems, which
/// hold a snapshot of all symbols, are understood.
public struct RouterHistory: Hashable, Sendable {
    /// Of each file so many bytes from the end are read.
    static let byteLimit = 64 << 20

    /// The oldest first.
    public private(set) var entries: [RouterHistoryEntry] = []
    /// Lines that told nothing.
    public private(set) var skippedLines = 0
    /// Why older files, or all, could not be read.
    public private(set) var fault: DiskError?

    /// Nothing is known.
    public init() {}

    /// The newest entries, `limit` at most; of one symbol where it is given, whose case doesn't matter.
    public init(_ disk: any Disk, symbol: String? = nil, limit: Int = 1000) {
        var found: [RouterHistoryEntry] = []
        let wanted = symbol?.uppercased()
        for number in 0... {
            if found.count >= limit { break }
            let lines: [ArraySlice<UInt8>]
            do throws(DiskError) {
                let name = ExecutionLog.routerHealth.fileName(number)
                guard let tail = try LogTail.read(disk, name, byteLimit: Self.byteLimit) else { break }
                lines = tail.lines
            } catch {
                fault = error
                break
            }
            for line in lines.reversed() {
                if found.count >= limit { break }
                guard let rows = Self.entries(line) else {
                    skippedLines += 1
                    continue
                }
                found += rows.reversed().filter { wanted == nil || $0.symbol.uppercased() == wanted }
            }
        }
        entries = found.prefix(limit).reversed()
    }

    /// A directory that isn't there has no history.
    public init(directory path: String, symbol: String? = nil, limit: Int = 1000) {
        do throws(DiskError) {
            self.init(try PosixDisk(path: path, make: false), symbol: symbol, limit: limit)
        } catch {
            self.init()
            if error.kind != .notFound { fault = error }
        }
    }

    private static func entries(_ line: ArraySlice<UInt8>) -> [RouterHistoryEntry]? {
        let value: JSONValue
        do throws(JSONError) { value = try TolerantJSON.parse(Array(line)) } catch { return nil }
        let fields = StateFields(value)
        guard let time = fields.time("ts", "updated_ts", "updated_at") else { return nil }
        if let symbol = fields.text("symbol") {
            return [RouterHistoryEntry(time: time, symbol: symbol, policy: policy(fields, time))]
        }
        return LegacyShapes.routerSymbols(value)?.map { row in
            RouterHistoryEntry(time: time, symbol: row.symbol, policy: policy(StateFields(row.value), time))
        }
    }

    private static func policy(_ fields: StateFields, _ time: Timestamp) -> RouterPolicyView {
        var policy = RouterPolicyView(fields)
        policy.updated = policy.updated ?? time
        return policy
    }
}
