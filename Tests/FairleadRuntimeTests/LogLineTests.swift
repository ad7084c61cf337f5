import FairleadConfiguration
import FairleadModel
import FairleadNode
import Foundation
import Testing

@testable import FairleadRuntime

/// What the log and the screen say of a notice.
@Suite struct LogLineTests {
    private static let symbol = InstrumentHandle(0)

    private static func message(_ notice: Notice) -> String? {
        let entry = NoticeEntry(sequence: 1, time: Timestamp(milliseconds: 0), notice: notice)
        return LogLine(entry, names: RunNames([]))?.message
    }

    /// Goal: the number of an alarm is told in its unit, and none where there is none. Method: one of each unit.
    @Test func alarmsHaveUnits() {
        func told(_ kind: AlarmKind, _ value: Int64 = 0) -> String? {
            Self.message(.alarm(Alarm(kind, instrument: Self.symbol, value: value)))
        }
        #expect(told(.externalFill, 11_100_000) == "external_fill 0.111")
        #expect(told(.divergence, -50_000_000) == "divergence -0.5")
        #expect(told(.navJump, 1_234_500_000_000) == "nav_jump 12345")
        #expect(told(.venueDisconnected) == "venue_disconnected")
        #expect(told(.exitFailed) == "exit_failed")
        #expect(told(.capacity, 512) == "capacity of 512")
        #expect(told(.unknownOrderEscalated, 300_000) == "unknown_order_escalated for 300000 ms")
        let plain: [AlarmKind] = [.capacity, .unknownOrderEscalated]
        for kind in AlarmKind.allCases where !plain.contains(kind) {
            #expect(told(kind, 100_000_000)?.contains("100000000") == false, "\(kind)")
        }
    }

    private static func route(_ routedAs: RoutedAs, _ price: Int64, _ reason: RouteReason) -> Notice {
        .routed(
            RouteDecision(
                number: .none,
                intent: .none,
                instrument: symbol,
                side: .buy,
                moment: .start,
                policy: RouterPolicy(),
                bid: .zero,
                ask: .zero,
                price: Price(raw: price * FixedPoint.one),
                effectivePrice: .zero,
                quantity: Quantity(raw: 33_600_000),
                spread: nil,
                bookAge: .zero,
                offset: .zero,
                latency: RouteLatency(signalToDecision: .zero),
                makerStart: false,
                isMakerFinal: false,
                usedFallback: false,
                routedAs: routedAs,
                vetoReason: reason,
                fallbackReason: .none
            )
        )
    }

    /// Goal: a route that sends nothing yet is not told as one that does. Method: one put off, a market order, a taker.
    @Test func aRouteThatWaitsIsNotSent() {
        #expect(Self.message(Self.route(.taker, 0, .bookStale)) == "BUY 0.336 not sent: book_stale")
        let market = Self.message(Self.route(.market, 0, .bookStale))
        #expect(market == "BUY 0.336 at market as market, not maker: book_stale")
        let taker = Self.message(Self.route(.taker, 60_000, .preferTaker))
        #expect(taker == "BUY 0.336 @ 60000 as taker, not maker: prefer_taker")
    }

    /// Goal: a stop that trails is not told at a price of nothing. Method: one without a price, one with.
    @Test func aTrailingStopHasNoPriceYet() {
        func told(_ price: Int64) -> String? {
            Self.message(
                .levelChanged(
                    LevelRecord(
                        number: .none,
                        instrument: Self.symbol,
                        positionSide: .both,
                        kind: .stopLoss,
                        event: .registered,
                        price: Price(raw: price * FixedPoint.one),
                        quantity: Quantity(raw: FixedPoint.one),
                        trigger: .zero
                    )
                )
            )
        }
        #expect(told(0) == "stop_loss registered, trailing")
        #expect(told(61_826) == "stop_loss registered @ 61826")
    }

    /// Goal: a risk mode that is not normal has its reason, and what to type. Method: each reason, the gravest first.
    @Test func aRiskModeHasItsReason() {
        func told(_ mode: RiskMode, _ state: DrawdownState, stale: Bool = false) -> String? {
            Attention.riskMode(
                mode,
                state,
                drawdown: Rate(raw: 6_100_000),
                isNavStale: stale,
                routerScore: 0.41
            ).map { "\($0.what) -> \($0.next)" }
        }
        #expect(told(.normal, .normal, stale: true) == nil)
        #expect(told(.halted, .panic) == "risk mode halted: the drawdown circuit has latched -> fairlead risk reset")
        let panic = "risk mode defensive: a drawdown of 0.061 is panic -> fairlead risk show"
        #expect(told(.defensive, .panic, stale: true) == panic)
        #expect(told(.cautious, .normal, stale: true) == "risk mode cautious: NAV is not fresh -> fairlead reconcile")
        let router = told(.cautious, .normal)
        #expect(router?.hasPrefix("risk mode cautious: the quality of all routes is 0.41") == true)
        #expect(router?.hasSuffix("-> fairlead tca report") == true)
    }

    /// Goal: what has no adapter yet is refused by name and reason, all of it at once. Method: each word that means
    /// another venue, beside what paper needs.
    @Test func whatHasNoAdapterIsRefused() throws {
        let directory = try TemporaryDirectory()
        let files = ConfigurationFiles(directory: directory.path)
        for document in ConfigurationDocument.allCases {
            let text = InitialDocuments.text(of: document)
            try Data(text.utf8).write(to: URL(fileURLWithPath: files.path(of: document)))
        }
        func refused(_ values: [String: String]) -> [String] {
            let overrides = values.map { ConfigurationOverride(path: $0.key, value: $0.value) }
            do throws(ConfigurationErrors) {
                _ = try files.resolve(environment: [:], overrides: overrides)
                return []
            } catch {
                return error.list.map { "\($0.path): \($0.reason)" }
            }
        }
        #expect(refused(["runtime.mode": "dry_run", "runtime.environment": "paper"]) == [])
        let testnet = "environment: testnet needs the adapter of a venue, and this version has paper alone; say paper"
        #expect(refused(["runtime.environment": "testnet"]) == [testnet])
        let rails = refused(["runtime.environment": "production"])
        #expect(rails.contains { $0.hasPrefix("environment: production needs the adapter of a venue") }, "\(rails)")
        let live = refused(["runtime.mode": "live", "risk_limits.max_order_notional": "9000"])
        #expect(!live.isEmpty)
    }
}
