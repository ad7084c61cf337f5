import FairleadConfiguration
import FairleadEngine
import FairleadModel
import FairleadNode

/// S-10: no protective level is at work, and no order waits at the venue, without a position that it protects.
final class NoOrphan: Invariant {
    var id: String { "S-10" }
    var bound: TimeSpan? { .seconds(120) }

    func missing(_ simulation: borrowing Simulation) -> String? {
        let count = simulation.configuration.engine.instruments.count
        return simulation.withEngine { engine in
            for index in 0..<count {
                for side in PositionSide.allCases {
                    let key = PositionKey(InstrumentHandle(index), side)
                    guard engine.position(key).quantity.raw == 0 else { continue }
                    if engine.protection(of: key) != Protection() {
                        return "a level of instrument \(index) protects nothing"
                    }
                }
            }
            var orphan: String?
            engine.forEachLiveOrder { order in
                let position = engine.position(PositionKey(order.instrument, order.positionSide)).quantity
                if order.isWaiting, position.raw == 0 { orphan = "order \(order.id) waits for no position" }
            }
            return orphan
        } ?? "the router is down"
    }
}

/// L-07: once trading is killed no entry works any more, five seconds after there is a venue to tell (L-05: 60 s).
final class KillCancels: Invariant {
    var id: String { "L-07" }
    var bound: TimeSpan? { .seconds(65) }

    func missing(_ simulation: borrowing Simulation) -> String? {
        guard simulation.isEngaged else { return nil }
        return simulation.withEngine { engine in
            guard engine.tradingState == .killed else { return nil }
            var text: String?
            engine.forEachLiveOrder { if $0.isIncreasing { text = "entry \($0.id) is \($0.state) after the kill" } }
            return text
        } ?? "the router is down"
    }
}

/// L-10: a ban that is over binds nobody.
final class BansEnd: Invariant {
    var id: String { "L-10" }
    var bound: TimeSpan? { .seconds(60) }

    func missing(_ simulation: borrowing Simulation) -> String? {
        let now = simulation.routerTime
        return simulation.withEngine { $0.venueState.bannedUntil > now ? "still banned" : nil } ?? "the router is down"
    }
}

/// L-12: the journal takes everything again, or the process has ended and begun anew.
final class JournalRecovers: Invariant {
    var id: String { "L-12" }
    var bound: TimeSpan? { .seconds(10) }

    func missing(_ simulation: borrowing Simulation) -> String? { simulation.journalTrouble }
}
