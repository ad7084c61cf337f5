import FairleadModel

// What is at risk, how well it executes, what happened.
extension TopScreen {
    private typealias Cell = ScreenTable.Cell

    /// A title, and a table under it that is cut to the rows there are.
    private func table<Row>(
        _ title: (_ hidden: Int) -> ScreenLine,
        _ rows: [Row],
        room: Int,
        width: Int,
        _ columns: [ScreenTable.Column],
        _ cells: (Row) -> [ScreenTable.Cell]
    ) -> [ScreenLine] {
        // A heading without a row under it says nothing.
        let shown = room >= 3 ? min(rows.count, room - 2) : 0
        var lines = [title(rows.count - shown)]
        guard shown > 0 else { return lines }
        var table = ScreenTable(columns)
        for row in rows.prefix(shown) { table.add(cells(row)) }
        lines += table.lines(width)
        return lines
    }

    private static func more(_ hidden: Int, _ line: inout ScreenLine) {
        if hidden > 0 { line.add("  +\(hidden) more", .warning) }
    }

    /// A mark behind the title of what comes from files that are too old.
    private func stale(_ model: TopModel, _ line: inout ScreenLine) {
        if model.isLive, model.files.isStale {
            let age = Self.age(model.files.updated, now).map { " \(Self.span($0))" } ?? ""
            line.add("  STALE\(age)", .bad)
        }
    }

    // MARK: - Positions

    func positions(_ model: TopModel) -> Part {
        guard let rows = model.positions else {
            var line = ScreenLine("POSITIONS", .bold)
            line.add("  unknown", .bad)
            return Part(least: 1, wanted: 1) { _ in [line] }
        }
        let wanted = rows.isEmpty ? 1 : rows.count + 2
        return Part(least: min(5, wanted), wanted: wanted) { room in
            // Only where there is something to say: the screen has no room for an empty column.
            let isExternal = rows.contains { $0.external != nil }
            let columns = Self.positionColumns + (isExternal ? [Self.externalColumn] : [])
            return table({ positionTitle(model, hidden: $0) }, rows, room: room, width: size.columns, columns) { row in
                positionCells(row)
                    + (isExternal ? [Cell(row.external ?? "-", row.external == "undecided" ? .bad : .plain)] : [])
            }
        }
    }

    private func positionTitle(_ model: TopModel, hidden: Int) -> ScreenLine {
        let count = model.positions?.count ?? 0
        var line = ScreenLine("POSITIONS", .bold)
        line.add(" \(count)")
        Self.more(hidden, &line)
        if count > 0 {
            let managed = model.managed.count
            let covered = managed - model.unprotected
            line.add("  TP/SL ")
            line.add("\(covered) of \(managed)", Self.ink(calm: covered == managed))
            if model.withoutStop > 0 { line.add("  \(model.withoutStop) WITHOUT STOP", .bad) }
        }
        if count > 0, let share = model.exits?.quantityCoverage {
            line.add("  BY COST \(Self.percent(share, digits: 0))")
        }
        if let bare = model.exits?.underwater, bare > 0 { line.add("  \(bare) UNDERWATER BARE", .bad) }
        if model.exits?.hasMismatch == true, model.unprotected == 0 { line.add("  LEVELS MISMATCH", .bad) }
        return line
    }

    private static let positionColumns: [ScreenTable.Column] = [
        .init("SYMBOL", least: 8), .init("SIDE", least: 5), .init("QUANTITY", isNumber: true, least: 8),
        .init("ENTRY", isNumber: true, rank: 5, least: 8), .init("MARK", isNumber: true, rank: 2, least: 8),
        .init("NOTIONAL", isNumber: true, rank: 6, least: 9), .init("OPEN", isNumber: true, least: 8),
        .init("OPEN %", isNumber: true, rank: 4, least: 7), .init("STOP", isNumber: true, least: 8),
        .init("AT STOP", isNumber: true, rank: 1, least: 8), .init("TARGET", isNumber: true, rank: 3, least: 8),
        .init("AGE", isNumber: true, rank: 7, least: 6),
    ]
    private static let externalColumn = ScreenTable.Column("EXTERNAL", least: 9)

    private func positionCells(_ row: TopModel.Position) -> [ScreenTable.Cell] {
        let bare = row.isIgnored ? Cell("-") : Cell("NONE", .bad)
        return [
            Cell(row.symbol), Cell(row.side), Cell(row.quantity), Cell(Self.price(row.entry)),
            Cell(Self.price(row.mark)), Cell(Self.money(row.notional)),
            Cell(Self.money(row.unrealized), Self.ink(amount: row.unrealized)),
            Cell(Self.percent(row.unrealizedRatio, digits: 2), Self.ink(amount: row.unrealized)),
            row.stopLoss.map { Cell(Self.price($0)) } ?? bare, Cell(Self.money(row.resultAtStop)),
            Cell(Self.price(row.takeProfit)), Cell(Self.age(row.since, now).map { Self.span($0) } ?? "-"),
        ]
    }

    // MARK: - Orders

    func orders(_ model: TopModel) -> Part {
        let rows = model.orders ?? []
        let wanted = rows.isEmpty ? 1 : rows.count + 2
        return Part(least: min(4, wanted), wanted: wanted) { room in
            table({ orderTitle(model, hidden: $0) }, rows, room: room, width: size.columns, Self.orderColumns) { row in
                let ink: Ink = row.isUnknown ? .bad : .plain
                return [
                    Cell(row.symbol, ink), Cell(row.side.lowercased()),
                    Cell(row.isUnknown ? "UNKNOWN" : row.state, ink),
                    Cell((row.condition ?? row.type).lowercased()), Cell(Self.price(row.trigger ?? row.price)),
                    Cell(row.quantity), Cell(row.filled),
                    Cell(Self.age(row.created, now).map { Self.span($0) } ?? "-"), Cell(row.id, .dim),
                ]
            }
        }
    }

    private func orderTitle(_ model: TopModel, hidden: Int) -> ScreenLine {
        var line = ScreenLine("ORDERS", .bold)
        guard let live = model.liveOrders else {
            line.add("  unknown", .bad)
            return line
        }
        line.add(" \(live)")
        Self.more(hidden, &line)
        guard let unknown = model.unknownOrders else {
            line.add("  without an answer: not told", .warning)
            return line
        }
        line.add("  working \(max(0, live - unknown))")
        line.add("  unknown \(unknown)", unknown > 0 ? .bad : .plain)
        // An intent between two slices has no order, and will have one.
        if let intents = model.openIntents, intents > 0 { line.add("  intents \(intents)") }
        return line
    }

    private static let orderColumns: [ScreenTable.Column] = [
        .init("SYMBOL", least: 8), .init("SIDE"), .init("STATE", least: 14), .init("TYPE", rank: 2, least: 6),
        .init("PRICE", isNumber: true, least: 8), .init("QUANTITY", isNumber: true, least: 8),
        .init("FILLED", isNumber: true, least: 8), .init("AGE", isNumber: true, least: 6), .init("ORDER", rank: 3),
    ]

    // MARK: - Router, vetoes, liveness

    func routerPanel(_ model: TopModel, _ width: Int) -> Panel {
        let rows = model.router?.symbols ?? []
        return Panel(width: width, wanted: rows.isEmpty ? 1 : rows.count + 2) { room in
            table({ routerTitle(model, hidden: $0) }, rows, room: room, width: width, Self.routerColumns) { row in
                let quality = row.quality ?? "?"
                let isCalm = quality == "good" || quality == "ok"
                return [
                    Cell(row.symbol), Cell(Self.number(row.score, digits: 2), Self.ink(score: row.score)),
                    Cell(quality, Self.ink(calm: isCalm)), Cell(Self.number(row.slippageBps, digits: 1)),
                    Cell(Self.percent(row.makerFillRate, digits: 0)), Cell(Self.percent(row.fallbackRate, digits: 0)),
                    Cell(Self.number(row.latencyMilliseconds, digits: 0)),
                    Cell(row.isMakerFirst.map { $0 ? "maker" : "taker" } ?? "-"),
                    Cell(row.warnings.joined(separator: " "), .warning),
                ]
            }
        }
    }

    private func routerTitle(_ model: TopModel, hidden: Int) -> ScreenLine {
        var line = ScreenLine("ROUTER", .bold)
        guard let router = model.router else {
            line.add("  not published", .warning)
            return line
        }
        line.add("  score ")
        line.add(Self.number(router.score, digits: 2), Self.ink(score: router.score))
        Self.more(hidden, &line)
        stale(model, &line)
        return line
    }

    private static let routerColumns: [ScreenTable.Column] = [
        .init("SYMBOL", least: 8), .init("SCORE", isNumber: true), .init("QUALITY", rank: 1, least: 8),
        .init("BPS", isNumber: true, rank: 2, least: 5), .init("MAKER", isNumber: true, rank: 3),
        .init("FALLBACK", isNumber: true, rank: 6), .init("MS", isNumber: true, rank: 4), .init("FIRST", rank: 7),
        .init("WARNINGS", rank: 5),
    ]

    func vetoPanel(_ model: TopModel) -> Panel {
        let rows = model.vetoes?.reasons ?? []
        return Panel(width: vetoWidth, wanted: rows.isEmpty ? 1 : rows.count + 2) { room in
            table({ vetoTitle(model, hidden: $0) }, rows, room: room, width: vetoWidth, Self.vetoColumns) { row in
                [
                    Cell(Self.shortened(row.name, vetoWidth - 14)), Cell(row.inWindow.map { "\($0)" } ?? "?"),
                    Cell(row.total.map { "\($0)" } ?? "?"),
                ]
            }
        }
    }

    private static let vetoColumns: [ScreenTable.Column] = [
        .init("REASON"), .init("LATELY", isNumber: true), .init("ALL", isNumber: true, rank: 1),
    ]

    private func vetoTitle(_ model: TopModel, hidden: Int) -> ScreenLine {
        var line = ScreenLine("VETOES", .bold)
        if model.areDiagnosticsOff {
            line.add("  diagnostics are off", .warning)
            return line
        }
        guard let vetoes = model.vetoes else {
            line.add("  not published", .warning)
            return line
        }
        line.add(" \(Self.count(vetoes.windowVetoes)) of \(Self.count(vetoes.windowSignals))")
        Self.more(hidden, &line)
        stale(model, &line)
        return line
    }

    func livenessPanel(_ model: TopModel) -> Panel {
        let rows = model.liveness ?? []
        return Panel(width: Self.livenessWidth, wanted: rows.count + 1) { room in
            var title = ScreenLine("LIVENESS", .bold)
            if rows.isEmpty { title.add("  \(Self.noLiveness(model))", .warning) }
            stale(model, &title)
            return [title]
                + rows.prefix(max(0, room - 1)).map { row in
                    var line = ScreenLine(row.name)
                    line.pad(to: 12)
                    let isTimed = row.state == .idle || row.state == .ok
                    if row.state != .ok { line.add(Self.word(row.state) + " ", Self.ink(row.state)) }
                    if isTimed { line.add(row.ageSeconds.map { Self.span($0) } ?? "?", Self.ink(row.state)) }
                    return line
                }
        }
    }

    func livenessLine(_ model: TopModel) -> Part {
        var line = ScreenLine("LIVENESS", .bold)
        if model.liveness == nil { line.add("  \(Self.noLiveness(model))", .warning) }
        // What is wrong first: a narrow screen cuts the end.
        for state: TopModel.Watch.State in [.skewed, .unknown, .idle, .never, .ok, .off] {
            let rows = (model.liveness ?? []).filter { $0.state == state }
            if rows.isEmpty { continue }
            line.add("  ")
            line.add(Self.word(state), Self.ink(state))
            for row in rows {
                line.add(" \(Self.watch(row.name))")
                let hasAge = state == .idle || state == .ok
                if hasAge, let age = row.ageSeconds { line.add(" \(Self.span(age))", Self.ink(state)) }
            }
        }
        stale(model, &line)
        return Part(least: 1, wanted: 1) { _ in [line] }
    }

    private static func watch(_ name: String) -> String { name == "exit_scans" ? "scans" : name }

    private static func word(_ state: TopModel.Watch.State) -> String {
        switch state {
        case .ok: "ok"
        case .idle: "IDLE"
        case .never: "NEVER"
        case .skewed: "SKEWED"
        case .off: "off"
        case .unknown: "?"
        }
    }

    private static func ink(_ state: TopModel.Watch.State) -> Ink {
        switch state {
        case .ok: .plain
        case .idle, .never: .warning
        case .skewed, .unknown: .bad
        case .off: .dim
        }
    }

    private static func noLiveness(_ model: TopModel) -> String {
        model.areDiagnosticsOff ? "diagnostics are off" : "not published"
    }

    // MARK: - Events

    /// The newest last.
    func events(_ model: TopModel) -> Part {
        let rows = model.events
        // As many as a screen has room for; a screen that is printed shows the end of them.
        let wanted = 1 + max(1, size.rows >= Self.endless ? min(rows.count, 10) : rows.count)
        return Part(least: 2, wanted: wanted) { room in
            var lines = [ScreenLine("EVENTS", .bold)]
            if rows.isEmpty { lines[0].add("  none in the log", .dim) }
            lines += rows.suffix(max(0, room - 1)).map { row in
                let ink: Ink = row.isAlarm ? .bad : row.level == "warning" ? .warning : .plain
                var line = ScreenLine(row.time.map { Self.clock($0, isWhole: false) } ?? "--:--:--", .dim)
                line.add(row.isAlarm ? " ! " : row.level == "warning" ? " * " : "   ", ink)
                line.add(row.name, ink)
                line.pad(to: 20)
                line.add(" \(row.symbol ?? "-")", ink)
                line.pad(to: 29)
                line.add(" \(row.message)", ink)
                return line
            }
            return lines
        }
    }
}
