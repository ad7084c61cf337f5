import FairleadModel
import Testing

/// What observers are told keeps its order, though rows of the risk table wait in an array of their own.
struct OutboxTests {
    private static func row(_ rule: VetoReason) -> RiskRow {
        RiskRow(number: SignalNumber(value: 1), rule: rule, status: .passed, unit: .flag, observed: 0, threshold: 1)
    }

    private static func alarm(_ instrument: Int) -> Notice {
        .alarm(Alarm(.repeatedExecution, instrument: InstrumentHandle(instrument)))
    }

    /// Each by what tells it apart here: a row by its rule, an alarm by its instrument.
    private static func marks(_ out: borrowing Outbox) -> [String] {
        out.notices.map { notice in
            switch notice {
            case .riskRow(let row): row.rule.name
            case .alarm(let alarm): "\(alarm.instrument.index)"
            default: "another"
            }
        }
    }

    private static func write(_ rules: [VetoReason], to out: inout Outbox) {
        out.riskRows(upTo: rules.count) { rows in for rule in rules { rows.append(row(rule)) } }
    }

    @Test func rowsStandWhereTheyWereWritten() {
        var out = Outbox(noticeCapacity: 8)
        Self.write([.killSwitch], to: &out)
        out.notice(Self.alarm(1))
        out.notice(Self.alarm(2))
        Self.write([.sideBlocked, .navStale], to: &out)
        Self.write([.cooldown], to: &out)
        out.notice(Self.alarm(3))
        Self.write([.minNotional], to: &out)
        let expected = ["kill_switch", "1", "2", "side_blocked", "nav_stale", "cooldown", "3", "min_notional"]
        let before = Self.marks(out)
        out.settle()
        let after = Self.marks(out)
        out.settle()
        let again = Self.marks(out)
        #expect(before == expected)
        #expect(after == expected)
        #expect(again == expected)
    }

    @Test func whatIsToldAfterSettlingFollows() {
        var out = Outbox()
        Self.write([.killSwitch], to: &out)
        out.settle()
        out.notice(Self.alarm(1))
        Self.write([.navStale], to: &out)
        let told = Self.marks(out)
        #expect(told == ["kill_switch", "1", "nav_stale"])
    }

    @Test func clearingEndsRowsToo() {
        var out = Outbox()
        Self.write([.killSwitch], to: &out)
        out.clear()
        let cleared = Self.marks(out)
        out.notice(Self.alarm(1))
        let told = Self.marks(out)
        #expect(cleared == [])
        #expect(told == ["1"])
    }
}
