import FairleadModel
import Testing

@testable import FairleadEngine

/// Holds `docs/RISK.md` and the gateway together: its rows, their order, their keys, and what each does when what it
/// looks at is missing.
@Suite struct RiskPageTests {
    private struct Row {
        var name: String
        var scope: String
        var keys: [String]
        var missing: String
    }

    private static func page() throws -> DocumentedPage { try DocumentedPage("docs/RISK.md") }

    private static func rows() throws -> [Row] {
        try page().table("row").map { cells in
            try #require(cells.count == 5, "\(cells)")
            return Row(
                name: DocumentedPage.quoted(cells[0]).first ?? "",
                scope: cells[1],
                keys: DocumentedPage.quoted(cells[3]),
                missing: cells[4]
            )
        }
    }

    /// Goal: the page has every row of the gateway in its order, and no other; what exits skip is said right.
    /// Method: the table against the order in which the gateway walks, and the registry's mark of entries.
    @Test func everyRowStandsInItsPlace() throws {
        var walked: [VetoReason] = []
        RiskGateway.eachRow { walked.append($0) }
        #expect(walked == VetoReason.allCases)
        let rows = try Self.rows()
        #expect(rows.map(\.name) == walked.map(\.name))
        for (row, rule) in zip(rows, walked) {
            #expect(row.scope == (rule.isEntryOnly ? "entries" : "all"), "\(rule.name)")
        }
    }

    /// Goal: a row names its keys, keys that exist, and no key of the document is left out of the page.
    /// Method: each limit that can be overridden has its key in its row; each key of the table is one of the
    /// configuration's; each of the configuration's stands somewhere between backticks.
    @Test func everyKeyIsNamed() throws {
        let rows = try Self.rows()
        for limit in OverridableLimit.allCases {
            let row = try #require(rows.first { $0.name == limit.rule.name })
            #expect(row.keys.contains(limit.key), "\(limit.rule.name) lacks \(limit.key)")
        }
        // The page of the configuration has a group's cap inside of its group.
        let known = try DocumentedPage.keys("risk_limits.json") + ["correlation_groups.*.max_nav_pct"]
        #expect(known.count > 50)
        for row in rows {
            for key in row.keys {
                #expect(known.contains { DocumentedPage.isNamed($0, by: key) }, "\(row.name): \(key) is no key")
            }
        }
        let written = try Self.page().quoted
        let left = known.filter { key in
            !key.hasPrefix("testnet_overrides.") && key != "correlation_groups"
                && !written.contains { DocumentedPage.isNamed(key, by: $0) }
        }
        #expect(left.isEmpty, "not on the page: \(left)")
        #expect(written.contains("testnet_overrides"))
    }

    /// Goal: what a row does without what it looks at is what the page says: it refuses an entry, and lets an exit
    /// pass. Method: orders of which nothing is known, with every limit set, with a limit price and without; the rows
    /// that are broken, or pass as unknown, for want of a value.
    @Test func whatIsMissingIsToldRight() throws {
        var refused: Set<VetoReason> = []
        var passed: Set<VetoReason> = []
        for (isReducing, hasLimit) in [(false, false), (false, true), (true, false), (true, true)] {
            let fixture = RiskFixture.entry.with { $0.forget(isReducing: isReducing, hasLimit: hasLimit) }
            for row in fixture.decide().rows where row.observed == RiskRow.missing {
                if !isReducing, row.status == .broken { refused.insert(row.rule) }
                if isReducing, row.status == .unknown { passed.insert(row.rule) }
                #expect(!isReducing || row.status != .broken, "\(row.rule.name) refuses an exit for want of a value")
            }
        }
        for row in try Self.rows() {
            let rule = try #require(VetoReason.allCases.first { $0.name == row.name })
            #expect(row.missing.contains("refused") == refused.contains(rule), "\(row.name): \(row.missing)")
            #expect(row.missing.contains("exit passes") == passed.contains(rule), "\(row.name): \(row.missing)")
        }
    }

    /// Goal: the rows that pass where there is too little to go by are the ones that the page says.
    /// Method: an entry that passes everything, with too few returns and trades; what is unknown then.
    @Test func tooLittlePassesWhereItIsSaid() throws {
        let fixture = RiskFixture.entry.with {
            $0.context.order.edgeBasis = .base
            $0.context.tails.portfolioEvidence = .insufficient
            $0.context.tails.positionEvidence = .insufficient
            $0.context.correlation.pairEvidence = .insufficient
            $0.context.symbol.groups = 0
        }
        let (verdict, rows, _) = fixture.decide()
        #expect(verdict.isApproved)
        let unknown = rows.filter { $0.status == .unknown }.map(\.rule.name)
        #expect(try Self.rows().filter { $0.missing.contains("too few") }.map(\.name) == unknown)
    }

    /// Goal: the page's states are the engine's, each with every cause that leads to it, and each has its line about
    /// exposure right. Method: the table against the enums and against the gateway's row in each state.
    @Test func everyStateAndCauseIsNamed() throws {
        let rows = try Self.page().table("state")
        #expect(rows.compactMap { DocumentedPage.quoted($0[0]).first } == TradingState.allCases.map(\.name))
        for (cells, state) in zip(rows, TradingState.allCases) {
            let entry = RiskFixture.entry.with { $0.context.trading.state = state }
            #expect(cells[1].hasPrefix("yes") == entry.decide().verdict.isApproved, "\(state.name)")
            let exit = RiskFixture.exit.with { $0.context.trading.state = state }
            #expect(exit.decide().verdict.isApproved, "\(state.name)")
        }
        let causes = rows.flatMap { DocumentedPage.quoted($0[3]) }
        for cause in StateCause.allCases {
            #expect(causes.contains(cause.name), "\(cause.name)")
        }
        #expect(try Self.page().text.contains("engaged: journal"))
    }
}

extension RiskFixture {
    /// Nothing is known of market, account, portfolio and venue; the limits stay.
    fileprivate mutating func forget(isReducing: Bool, hasLimit: Bool) {
        context.market = MarketFacts()
        context.account = AccountFacts()
        context.exposure.grossElsewhere = nil
        context.tails = TailFacts()
        context.correlation = CorrelationFacts()
        context.terms.reduceOnlyExemptFromMinimum = false
        context.order.isReducing = isReducing
        context.order.wantsReduction = isReducing
        if isReducing {
            context.exposure.row.position = SignedQuantity(quantity(2), side: .sell)
            context.order.levelCount = 0
        }
        if !hasLimit {
            context.order.type = .market
            context.order.limitPrice = .zero
        }
    }
}
