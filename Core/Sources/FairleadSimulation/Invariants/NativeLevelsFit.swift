import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode

/// S-07, S-09, S-10: orders that wait at the venue for a position's levels are what the levels are: a stop for all of
/// the position, or as much of it as one order may be; no more stops than there are levels, none without a position.
/// A difference may last while something is done about it; half a minute in which no exit of the position has changed
/// is too long.
final class NativeLevelsFit: Invariant {
    /// Longer than a try that was refused waits for the next.
    static let longest = TimeSpan.seconds(30)

    struct Stop {
        var quantity: Int64
        /// A larger one would be over the limits of one order.
        var isLargest = false
    }

    struct Facts {
        var key: PositionKey
        var position: Int64
        /// The stops that wait, as far as their cancel was not asked for.
        var stops: [Stop] = []
        /// Of all that wait.
        var waiting = 0
        /// Levels at work with a price.
        var stopLevels = 0
        var levels = 0
    }

    private var since: [PositionKey: Timestamp] = [:]

    var id: String { "S-09" }

    func pumped(
        _ notices: borrowing ContiguousArray<NoticeEntry>,
        _ simulation: borrowing Simulation
    ) throws(Violation) {
        guard simulation.configuration.engine.exits.isNative else { return since.removeAll(keepingCapacity: true) }
        for index in notices.indices {
            switch notices[index].notice {
            case .orderChanged(let change):
                if change.reduceOnly { since[PositionKey(change.instrument, change.positionSide)] = nil }
            // Nothing leaves while exits are held, or there is no venue.
            case .tradingStateChanged, .venueChanged: since.removeAll(keepingCapacity: true)
            case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .armChosen, .filled, .parentClosed,
                .positionChanged, .levelChanged, .riskModeChanged, .divergence, .alarm, .policyComputed, .barClosed,
                .operatorRefused,
                .profitMeasured, .fillMeasured, .markoutMeasured, .shortfallMeasured, .funded, .progressed,
                .tradeClosed, .riskChanged, .positionDecided:
                break
            }
        }
        for facts in gathered(simulation) { try judge(facts, at: simulation.routerTime) }
    }

    private func gathered(_ simulation: borrowing Simulation) -> [Facts] {
        let count = simulation.configuration.engine.instruments.count
        let now = simulation.routerTime
        // The last eighth of the tables is for exits that can't wait.
        let room = simulation.configuration.engine.capacities.parents * 3 / 4
        return simulation.withEngine { engine -> [Facts] in
            let isFree =
                engine.venueState.isConnected && engine.venueState.isReconciled && !engine.isFrozenNow
                && max(engine.openParentCount, engine.liveOrderCount) < room
                && now > max(engine.venueState.bannedUntil, engine.venueState.throttledUntil)
            var waiting: [PositionKey: Facts] = [:]
            engine.forEachLiveOrder { order in
                guard order.isWaiting, order.state == .working, !order.wantsCancel else { return }
                let key = PositionKey(order.instrument, order.positionSide)
                var facts = waiting[key] ?? Facts(key: key, position: engine.position(key).quantity.raw)
                facts.waiting += 1
                if order.condition.kind.isStop {
                    let stop = Stop(
                        quantity: order.quantity.raw,
                        isLargest: Self.isLargest(order, simulation.configuration.engine)
                    )
                    facts.stops.append(stop)
                }
                waiting[key] = facts
            }
            var found: [Facts] = []
            for index in 0..<count {
                for side in PositionSide.allCases {
                    let key = PositionKey(InstrumentHandle(index), side)
                    guard isFree, !engine.isHalted(key.instrument), var facts = waiting[key] else { continue }
                    (facts.stopLevels, facts.levels) = engine.levelsAtWork(of: key)
                    found.append(facts)
                }
            }
            for key in since.keys where !found.contains(where: { $0.key == key }) { since[key] = nil }
            return found
        } ?? []
    }

    func judge(_ facts: Facts, at now: Timestamp) throws(Violation) {
        guard let fault = Self.fault(facts) else {
            since[facts.key] = nil
            return
        }
        guard let first = since[facts.key] else {
            since[facts.key] = now
            return
        }
        if now - first > Self.longest {
            throw Violation(id, "instrument \(facts.key.instrument.index) \(facts.key.side): \(fault)")
        }
    }

    /// As much as one order may be: an eighth and a lot more is over a limit, at the price that triggers it.
    private static func isLargest(_ order: Order, _ configuration: EngineConfiguration) -> Bool {
        let terms = configuration.instruments[Int(order.instrument.index)].terms
        let more = Quantity(raw: order.quantity.raw + order.quantity.raw / 8 + terms.lot.raw)
        if more > min(configuration.risk.maximumOrderQuantity ?? terms.maximumQuantity, terms.maximumQuantity) {
            return true
        }
        guard let limit = configuration.risk.maximumOrderNotional else { return false }
        return terms.notional(order.condition.trigger, more) > limit
    }

    private static func fault(_ facts: Facts) -> String? {
        if facts.position == 0 { return "\(facts.waiting) orders wait at the venue without a position" }
        let all = abs(facts.position)
        if let stop = facts.stops.first(where: { $0.quantity > all || $0.quantity < all && !$0.isLargest }) {
            return "a stop at the venue is for \(stop.quantity) of a position of \(facts.position)"
        }
        if facts.stops.count > facts.stopLevels || facts.waiting > facts.levels {
            let waiting = "\(facts.stops.count) stops, \(facts.waiting) orders wait"
            return "\(waiting) for \(facts.stopLevels) stops, \(facts.levels) levels"
        }
        return nil
    }

    func crashed(_ story: borrowing JournalStory, _ simulation: borrowing Simulation) throws(Violation) {
        since.removeAll(keepingCapacity: true)
    }
}
