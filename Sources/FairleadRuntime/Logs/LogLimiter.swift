import FairleadModel

/// Keeps a storm of one event from drowning the others: at most `linesPerSecond` lines of each event a second. What is
/// more is suppressed and counted, and a line of its own says how many when the second is over.
struct LogLimiter {
    /// Lines of one event within a second. A busy minute of a demo has about five; a human reads none of 100.
    static let linesPerSecond = 100
    /// Events told apart; further ones share a row. The program has about thirty.
    static let eventLimit = 128
    /// The event of the line that tells of suppressed ones.
    static let event = "suppressed"

    private struct Row {
        var event: String
        var began: Timestamp
        var lines = 0
        var suppressed: UInt64 = 0
        /// The gravest level among the suppressed.
        var level = LogLevel.info
    }

    private var rows: [Row] = []
    /// Lines suppressed since the start.
    private(set) var suppressed: UInt64 = 0

    /// True while a suppressed line was not told of.
    var hasUntold: Bool { rows.contains { $0.suppressed > 0 } }

    /// The lines to write now: this one, unless its event had enough of them, and before it what its last second lost.
    mutating func take(_ line: LogLine, at now: Timestamp) -> [LogLine] {
        let index = row(of: line.event, at: now)
        var told: [LogLine] = []
        if isOver(rows[index], at: now), let report = renew(index, at: now) { told.append(report) }
        guard rows[index].lines < Self.linesPerSecond else {
            rows[index].suppressed += 1
            suppressed += 1
            rows[index].level = max(rows[index].level, line.level)
            return told
        }
        rows[index].lines += 1
        return told + [line]
    }

    /// Reports on events whose second is over; on all with `isLast`.
    mutating func reports(at now: Timestamp, isLast: Bool = false) -> [LogLine] {
        rows.indices.compactMap { index in
            isLast || isOver(rows[index], at: now) ? renew(index, at: now) : nil
        }
    }

    private mutating func row(of event: String, at now: Timestamp) -> Int {
        if let index = rows.firstIndex(where: { $0.event == event }) { return index }
        if rows.count < Self.eventLimit {
            rows.append(Row(event: event, began: now))
            return rows.count - 1
        }
        rows[Self.eventLimit - 1].event = "other events"
        return Self.eventLimit - 1
    }

    /// A clock that was set back ends the second too.
    private func isOver(_ row: Row, at now: Timestamp) -> Bool { now < row.began || now - row.began >= .seconds(1) }

    private mutating func renew(_ index: Int, at now: Timestamp) -> LogLine? {
        let row = rows[index]
        rows[index] = Row(event: row.event, began: now)
        guard row.suppressed > 0 else { return nil }
        var line = LogLine(Self.event, "\(row.suppressed) more lines of \(row.event)", level: row.level, at: now)
        line.reason = row.event
        return line
    }
}
