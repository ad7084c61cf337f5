import FairleadModel
import Testing

@testable import FairleadStore

@Suite struct StoredStopTests {
    /// Goal: how a stop moves comes back from its column as it was, and what says nothing is refused. Method: a stop
    /// with everything, an empty one, and parts with a fault each.
    @Test func comesBack() throws {
        var stop = StopTerms()
        stop.limitPrice = Price(raw: 5_900_050_000_000)
        stop.trail = .share(Rate(bps: 80))
        stop.activation = Price(raw: 6_100_000_000_000)
        stop.adjustment = StopAdjustment(
            trigger: Price(raw: 6_200_000_000_000),
            form: .trailing,
            price: Price(raw: 1),
            limitPrice: Price(raw: 2),
            trail: .amount(Price(raw: 3))
        )
        stop.stages.append(ProfitStage(profit: Rate(bps: 100), stop: -Rate(bps: 50)))
        stop.stages.append(ProfitStage(profit: Rate(bps: 300), stop: Rate(bps: 100)))
        var found = StopTerms()
        let parts = StoredStop.parts(of: stop)
        for part in parts { #expect(try StoredStop.read(part[...], into: &found), "\(part)") }
        #expect(found == stop)
        #expect(StoredStop.parts(of: StopTerms()).isEmpty)
        for part in ["", "limit_price", "limit=5", "stage=0.1", "adjust.to=peg"] {
            #expect(try !StoredStop.read(part[...], into: &found), "\(part)")
        }
    }
}
