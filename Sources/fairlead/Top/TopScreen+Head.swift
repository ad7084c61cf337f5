import FairleadModel

// The first lines and the last one.
extension TopScreen {
    /// Two lines: the state, and the account.
    func heading(_ model: TopModel) -> [ScreenLine] { [stateLine(model), accountLine(model)] }

    private func stateLine(_ model: TopModel) -> ScreenLine {
        let word = model.environment?.uppercased() ?? "ENVIRONMENT UNKNOWN"
        var line = ScreenLine(word, model.environment == "paper" ? .paper : .bad)
        let engine = model.engine
        switch model.contact {
        case .live:
            let state = engine.state ?? "state unknown"
            line.add("  ")
            line.add(state.uppercased(), state == "active" ? .good : .bad)
            if let cause = engine.cause { line.add(" (\(cause))") }
            if engine.isFrozen { line.add("  EXITS HELD", .bad) }
            line.add("  ")
            if engine.isConnected != true {
                line.add("venue NOT CONNECTED", .bad)
            } else if engine.isReconciled != true {
                line.add("venue NOT RECONCILED", .bad)
            } else {
                line.add("venue reconciled")
            }
            if let uptime = engine.uptimeSeconds { line.add("  up \(Self.span(Double(uptime)))") }
            if let mode = engine.mode { line.add("  \(mode)", mode == "dry_run" ? .plain : .bad) }
        case .silent: line.add("  ENGINE GIVES NO ANSWER", .bad)
        case .stopped: line.add("  ENGINE NOT RUNNING", .bad)
        }
        let age = Self.age(model.time, now)
        if model.isLive, let age, age > 5 {
            line.add("  ")
            line.add("STALE \(Self.span(age))", .bad)
        } else if !model.isLive {
            line.add("  ")
            let seen = Self.age(model.files.updated, now).map { "files of \(Self.span($0)) ago" } ?? "no files"
            line.add("STALE: \(seen)", .bad)
        }
        let clock = Self.clock(now, isWhole: size.columns >= 100)
        if line.width + 2 + clock.count <= size.columns {
            line.pad(to: size.columns - clock.count)
            line.add(clock, .dim)
        }
        return line
    }

    /// As much of it as fits: what matters least is left out, not cut.
    private func accountLine(_ model: TopModel) -> ScreenLine {
        let account = model.account
        var pieces: [(line: ScreenLine, rank: Int)] = []
        func add(_ title: String, _ text: String, _ ink: Ink = .plain, rank: Int = 0) {
            var line = ScreenLine(title, title == "NAV " ? .bold : .plain)
            line.add(text, ink)
            pieces.append((line, rank))
        }
        add("NAV ", Self.money(account.nav))
        add("", account.currency ?? "", rank: 2)
        let state = account.drawdownState ?? "?"
        let word = state == "normal" ? "" : " \(state.uppercased())"
        add("drawdown ", Self.percent(account.drawdown, digits: 2) + word, Self.ink(calm: state == "normal"))
        add("today ", Self.money(account.resultToday), Self.ink(amount: account.resultToday))
        add("open ", Self.money(account.unrealized), Self.ink(amount: account.unrealized), rank: 1)
        let mode = account.riskMode ?? "?"
        add("risk ", mode == "normal" ? mode : mode.uppercased(), Self.ink(calm: mode == "normal"))
        if let gross = account.grossExposure { add("gross ", Self.percent(gross, digits: 0), rank: 3) }
        var line = ScreenLine()
        repeat {
            line = ScreenLine()
            for (index, piece) in pieces.enumerated() where piece.line.width > 0 {
                if index > 0 { line.add(piece.rank == 2 ? " " : "  ") }
                line.add(piece.line)
            }
            guard line.width > size.columns, let rank = pieces.map(\.rank).max(), rank > 0 else { return line }
            pieces.removeAll { $0.rank == rank }
        } while true
    }

    /// What is wrong, the gravest first, each with what to type; then the alarms of the last hour. Nothing where all is
    /// well.
    func attention(_ model: TopModel) -> Part {
        let alarms = model.alarms.map { [alarmLine($0)] }
        let whole = model.attention.map { attentionLines($0) } + alarms
        let short = model.attention.map { shortAttention($0) } + alarms
        let wanted = whole.reduce(0) { $0 + $1.count }
        guard wanted > 0 else {
            // Only the engine's own word is a reason to be calm.
            let isWell = model.isLive && model.engine.isHealthy == true
            let line =
                isWell
                ? ScreenLine("nothing wrong is known", .good)
                : ScreenLine("! whether anything is wrong is not known", .bad)
            return Part(least: 1, wanted: 1) { _ in [line] }
        }
        return Part(least: min(5, wanted), wanted: wanted) { room in
            let rows = wanted <= room ? whole : short
            var lines: [ScreenLine] = []
            for (index, row) in rows.enumerated() {
                // What is left out is told in a row of its own.
                let isLast = index == rows.count - 1
                if lines.count + row.count + (isLast ? 0 : 1) > room {
                    lines.append(ScreenLine("! +\(rows.count - index) more", .warning))
                    break
                }
                lines += row
            }
            return lines
        }
    }

    /// One line; more where what is to be typed doesn't fit beside it.
    private func attentionLines(_ row: TopModel.Attention) -> [ScreenLine] {
        let line = attentionLine(row.what)
        if row.next.isEmpty { return [line] }
        if let both = Self.joined(line, row.next, size.columns) { return [both] }
        return [line] + typed(row.next)
    }

    /// One line where that can be had: what it is may be cut off, what is to be typed never.
    private func shortAttention(_ row: TopModel.Attention) -> [ScreenLine] {
        let line = attentionLine(row.what)
        if row.next.isEmpty { return [line] }
        let room = size.columns - row.next.count - 5
        guard room >= min(line.width, size.columns / 3),
            let both = Self.joined(line.cut(to: room), row.next, size.columns)
        else { return attentionLines(row) }
        return [both]
    }

    private func attentionLine(_ what: String) -> ScreenLine {
        var line = ScreenLine("! ", .bad)
        line.add(what)
        return line
    }

    /// nil where both have no room in one line.
    private static func joined(_ line: ScreenLine, _ next: String, _ columns: Int) -> ScreenLine? {
        guard line.width + next.count + 5 <= columns else { return nil }
        var line = line
        line.add("  -> ")
        line.add(next, .bold)
        return line
    }

    /// A command on lines of its own; one that is too long goes on behind a `\\`, as a shell reads it.
    private func typed(_ next: String) -> [ScreenLine] {
        let indent = "    -> "
        let room = size.columns - indent.count - 2
        var pieces: [String] = []
        for word in Self.words(next) {
            if let last = pieces.last, last.count + 1 + word.count <= room {
                pieces[pieces.count - 1] = last + " " + word
            } else {
                pieces.append(word)
            }
        }
        return pieces.enumerated().map { index, piece in
            var line = ScreenLine(index == 0 ? indent : String(repeating: " ", count: indent.count))
            line.add(piece, .bold)
            if index < pieces.count - 1 { line.add(" \\") }
            return line
        }
    }

    /// The words of a command line; what stands in quotes is not parted.
    static func words(_ command: String) -> [String] {
        var words = [""]
        var isQuoted = false
        for character in command {
            if character == "'" { isQuoted.toggle() }
            if character == " ", !isQuoted { words.append("") } else { words[words.count - 1].append(character) }
        }
        return words.filter { !$0.isEmpty }
    }

    private func alarmLine(_ alarm: TopModel.Event) -> ScreenLine {
        var line = ScreenLine("! ", .bad)
        line.add("\(Self.age(alarm.time, now).map { Self.span($0) } ?? "?") ago: ")
        line.add(alarm.name, .bad)
        if let symbol = alarm.symbol { line.add(" \(symbol)") }
        line.add(" \(alarm.message)")
        return line
    }

    // MARK: - The last row

    func footerLine(_ model: TopModel) -> ScreenLine? {
        switch footer {
        case .none: return nil
        case .keys:
            var line = ScreenLine()
            for action in TopAction.allCases {
                line.add("\(action.key)", .bold)
                line.add(" \(action.name)   ")
            }
            line.add("q", .bold)
            line.add(" quit")
            return line
        case .question(let action):
            return ScreenLine("\(action.name)? press y, else no: \(action.effect)", .reversed)
        case .said(let text, let isGood):
            return ScreenLine(text, isGood ? .reversed : .bad)
        }
    }
}
