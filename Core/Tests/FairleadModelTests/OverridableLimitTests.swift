import FairleadModel
import Testing

/// The limits that a person may set for a while.
@Suite struct OverridableLimitTests {
    /// Goal: every row of the risk table either has a limit that can be overridden, or a reason why not; never both.
    /// Method: all rows.
    @Test(arguments: VetoReason.allCases) func eachRowIsOneOrTheOther(_ rule: VetoReason) {
        let limits = OverridableLimit.allCases.filter { $0.rule == rule }
        #expect(limits.isEmpty == (rule.overrideObstacle != nil))
        #expect(rule.overrideObstacle?.isEmpty != true)
        #expect(limits.isEmpty || limits.contains { $0.name == rule.name })
    }

    /// Goal: a limit is found by its name and by its key, and no two share one. Method: all of them; other words.
    @Test func namesAndKeysLeadBack() {
        for limit in OverridableLimit.allCases {
            #expect(OverridableLimit(typed: limit.name) == limit)
            #expect(OverridableLimit(typed: limit.key) == limit)
            #expect(!limit.meaning.isEmpty)
            #expect(limit.bounds.lowerBound >= 0)
        }
        for text in ["", "kill_switch", "price_collar", "MAX_ORDER_NOTIONAL", "symbols.BTCUSDT.max_nav_pct"] {
            #expect(OverridableLimit(typed: text) == nil)
        }
    }

    /// Goal: a value is what was typed, exactly, in the unit of its key; what the unit can't hold is refused. Method:
    /// texts to raw numbers and back.
    @Test func valuesAreExact() throws {
        let values: [(OverridableLimit, String, Int64)] = [
            (.orderNotional, "5000.5", 500_050_000_000), (.tradeShare, "0.1", 10_000_000),
            (.cooldown, "1.5", 90_000_000_000), (.cooldown, "0", 0), (.quoteAge, "2000", 2_000_000_000),
            (.navAge, "150", 150_000_000_000), (.concurrentPositions, "3", 3), (.orderQuantity, "0.001", 100_000),
            (.minimumNotional, "0.00000001", 1),
        ]
        for (limit, text, raw) in values {
            #expect(try limit.unit.raw(text) == raw)
            #expect(limit.unit.text(raw) == text)
        }
        let refused: [(LimitUnit, String, DecimalError)] = [
            (.count, "1.5", .tooPrecise), (.money, "0.000000001", .tooPrecise), (.rate, "1e3", .unexpectedCharacter),
            (.milliseconds, "0.0000001", .tooPrecise), (.minutes, "99999999999", .outOfRange), (.rate, "", .empty),
        ]
        for (unit, text, error) in refused {
            #expect(throws: error) { _ = try unit.raw(text) }
        }
    }

    /// Goal: what lets more out is looser, whichever way the number goes, and nothing is looser than a limit that is
    /// off. Method: a cap, a minimum, and none.
    @Test func looserLetsMoreOut() {
        #expect(OverridableLimit.orderNotional.isLooser(11, than: 10))
        #expect(!OverridableLimit.orderNotional.isLooser(10, than: 10))
        #expect(OverridableLimit.minimumNotional.isLooser(9, than: 10))
        #expect(!OverridableLimit.cooldown.isLooser(11, than: 10))
        for limit in OverridableLimit.allCases {
            #expect(!limit.isLooser(1, than: nil))
            #expect(limit.isLooser(nil, than: 1))
            #expect(!limit.isLooser(nil, than: nil))
        }
    }
}
