import FairleadModel
import Testing

@testable import FairleadEngine

/// One TWAP, VWAP, POV or iceberg in front of a venue, a market and a desk that do what a seed says, judged after every
/// event by a reckoning of its own: from the plan's numbers, the orders that left, and the fills that were told.
struct TwapWorld: ~Copyable {
    struct Child {
        var order: OrderSubmission
        var filled: Int64 = 0
        var isLive = true
        var isAccepted = false
        var isUnknown = false
        var wantsCancel = false
        var leaves: Int64 { order.quantity.raw - filled }
    }

    struct Plan {
        var begin: Timestamp
        var deadline: Timestamp
        var slices: Int64
        var approved: Int64
        var held = TimeSpan.zero
        var heldSince: Timestamp?
        var isAmended = false
        /// What an amendment has found let go: the shares begin anew beyond it.
        var base: Int64 = 0
        /// What was let go so far, by the most generous reading.
        var allowed: Int64 = 0
        var interval: Int64 = 0
    }

    var bench: EngineBench
    var random: DeterministicRandom
    let configuration: EngineConfiguration
    let style: ExecutionStyle
    let lot: Int64
    /// Of a POV: traded while nobody held it. Of an iceberg: what it displays.
    private var traded: Int64 = 0
    private var display: Int64 = 0
    private let rate: Int64
    var children: [Child] = []
    var plan: Plan?
    var approved: Int64 = 0
    /// The largest slice as planned.
    private var share: Int64 = 0
    private var seenProgress = 0
    private(set) var faults: [String] = []

    init(seed: UInt64, style: ExecutionStyle = .twap) {
        random = DeterministicRandom(seed: seed)
        self.style = style
        var terms = TwapScheduleTests.terms
        lot = [100_000, 500_000, 2_500_000][Int(random.next(below: 3))]
        terms.lot = Quantity(raw: lot)
        terms.minimumQuantity = Quantity(raw: lot * random.next(in: 1...3))
        terms.minimumNotional = Money(whole: random.next(in: 0...20))
        var twap = TwapConfiguration()
        twap.slices = Int(random.next(in: 2...12))
        twap.interval = .milliseconds(random.next(in: 1_000...8_000))
        twap.jitter = Rate(raw: [0, 30_000_000, 100_000_000][Int(random.next(below: 3))])
        twap.minimumChildNotional = Money(whole: random.next(in: 0...30))
        twap.catchUpSlices = Int(random.next(in: 0...3))
        let reprice: MakerReprice = random.chance(1, in: 2) ? .follow : .stay
        let isMakerFirst = random.chance(3, in: 4)
        let fixed = (terms, twap)
        bench = EngineBench.slicing(bid: 10_000, ask: 10_001) {
            $0.capacities.orders = 64
            $0.capacities.parents = 16
            $0.instruments[0].terms = fixed.0
            $0.twap = fixed.1
            $0.algorithms.povMaximumRate = Rate(raw: 50_000_000)
            $0.routing.maximumSpread = Rate(bps: 200)
            $0.routing.makerReprice = reprice
            // A storm of refusals is another rule's.
            $0.risk.rejectStormCount = nil
        }
        configuration = bench.engine.configuration
        let side: Side = random.chance(1, in: 2) ? .buy : .sell
        let lots = random.next(in: 1...400) * (lot / 100_000) * random.next(in: 1...10)
        rate = style == .pov ? random.next(in: 1...50) : 0
        let shown = style == .iceberg ? max(1, lots * random.next(in: 5...60) / 100) : 0
        let asked = (style, rate, twap.slices, twap.interval)
        let jitter = style == .iceberg && random.chance(1, in: 2) ? UInt16(random.next(in: 0...9_000)) : UInt16.max
        bench.signal(side, lots) {
            $0.style = asked.0
            $0.makerFirst = isMakerFirst || asked.0 == .iceberg ? nil : false
            guard asked.0 != .twap else { return }
            $0.twap.jitter = jitter
            $0.algorithm.durationMilliseconds = UInt32(asked.3.milliseconds) * UInt32(asked.2)
            if asked.0 == .vwap { $0.twap.slices = UInt16(asked.2) }
            $0.algorithm.participation = UInt16(asked.1 * 100)
            guard asked.0 == .iceberg else { return }
            $0.orderType = .limit
            $0.limitPrice = EngineBench.price(side == .buy ? 9_990 : 10_010)
            $0.algorithm.display = EngineBench.quantity(shown)
        }
        display = shown * 100_000
        look()
    }

    var terms: InstrumentTerms { configuration.instruments[0].terms }
    var isOpen: Bool { bench.closed.isEmpty }
    var filled: Int64 { children.reduce(0) { $0 + $1.filled } }
    var live: Int? { children.lastIndex { $0.isLive } }

    // MARK: - Judging

    /// Takes in what the last event caused, and judges it.
    mutating func look() {
        for record in bench.progress.dropFirst(seenProgress) { note(record) }
        seenProgress = bench.progress.count
        for command in bench.commands {
            switch command {
            case .submit(let order): sent(order)
            case .cancel(let cancel):
                if let index = children.firstIndex(where: { $0.order.id == cancel.id }) {
                    children[index].wantsCancel = true
                }
            case .replace, .query, .reconcile, .reconnect: break
            }
        }
        // Commands are looked at once.
        bench.out.clear()
        bench.forget()
        let exposed = filled + children.reduce(0) { $0 + ($1.isLive ? $1.leaves : 0) }
        if plan != nil, exposed > approved { faults.append("exposed \(exposed) of \(approved) approved") }
        if let allowed = allowedNow(), exposed > allowed { faults.append("exposed \(exposed), let go \(allowed)") }
        if children.count(where: \.isLive) > 1 { faults.append("two orders at a time") }
    }

    private mutating func note(_ record: ProgressRecord) {
        switch record.event {
        case .planned:
            approved = record.approved.raw
            guard record.slices > 0 else {
                plan = Plan(
                    begin: bench.now,
                    deadline: record.deadline,
                    slices: 1,
                    approved: record.approved.raw,
                    interval: (record.deadline - bench.now).nanoseconds
                )
                return
            }
            share = (approved / lot + Int64(record.slices) - 1) / Int64(record.slices) * lot
            plan = Plan(
                begin: bench.now,
                deadline: record.deadline,
                slices: Int64(record.slices),
                approved: record.approved.raw,
                interval: (record.deadline - bench.now).nanoseconds / Int64(record.slices)
            )
        case .paused: plan?.heldSince = bench.now
        case .resumed:
            guard var held = plan, let since = held.heldSince else { return }
            held.held = TimeSpan(nanoseconds: held.held.nanoseconds + (bench.now - since).nanoseconds)
            held.heldSince = nil
            plan = held
        case .amended:
            guard var amended = plan else { return }
            approved = record.approved.raw
            guard record.slices > 0 else { return }
            amended.isAmended = true
            amended.allowed = max(amended.allowed, record.due.raw)
            amended.base = record.due.raw
            amended.approved = record.approved.raw - record.due.raw
            amended.slices = Int64(record.slices - record.slice)
            // The boundary itself may lie half an interval late.
            amended.begin = record.until + TimeSpan(nanoseconds: -amended.interval / 2)
            plan = amended
            approved = record.approved.raw
        case .slice, .spreadPause, .spreadResume, .sweep, .flatCurve: break
        }
    }

    /// Equal shares, odd lots to the first slices; jitter may bring each forward by half an interval.
    private mutating func allowedNow() -> Int64? {
        guard var reckoned = plan else { return nil }
        if style == .iceberg { return approved }
        if style == .pov { return min(approved, traded * rate / (100 - rate)) }
        let since = (bench.now - reckoned.begin).nanoseconds + reckoned.interval / 2
        let begun = since < 0 ? 0 : 1 + since / max(1, reckoned.interval)
        let lots = reckoned.approved / lot
        let sum =
            begun >= reckoned.slices
            ? reckoned.approved : (lots / reckoned.slices * begun + min(begun, lots % reckoned.slices)) * lot
        reckoned.allowed = max(reckoned.allowed, reckoned.base + sum)
        plan = reckoned
        return reckoned.allowed
    }

    private mutating func sent(_ order: OrderSubmission) {
        if children.contains(where: { $0.order.id == order.id }) { faults.append("\(order.id) left twice") }
        children.append(Child(order: order))
        guard let plan else { return }
        // Several may have left since the last look.
        let sentAt = order.validUntil + -configuration.routing.requestLifetime
        let isSweep = bench.progress.last?.event == .sweep
        if sentAt > plan.deadline + plan.held + configuration.routing.answerTimeout {
            faults.append("\(order.id) left too late")
        }
        if style == .iceberg {
            if order.quantity.raw > display { faults.append("\(order.id) shows \(order.quantity.raw) of \(display)") }
            if order.price != EngineBench.price(order.side == .buy ? 9_990 : 10_010) {
                faults.append("\(order.id) stands at \(order.price)")
            }
        }
        let isUntimed = style == .pov || style == .iceberg
        if isUntimed, sentAt >= plan.deadline + plan.held { faults.append("\(order.id) left after the deadline") }
        let minimum =
            isSweep || isUntimed
            ? terms.minimumNotional : max(terms.minimumNotional, configuration.twap.minimumChildNotional)
        if terms.notional(order.price, order.quantity) < minimum || order.quantity < terms.minimumQuantity {
            faults.append("\(order.id) of \(order.quantity.raw) is dust")
        }
        // An amendment shares anew, among fewer slices that are up to twice as large.
        let cap = share * Int64(1 + configuration.twap.catchUpSlices) * (plan.isAmended ? 2 : 1)
        if !isUntimed, order.quantity.raw > cap {
            faults.append("\(order.id) of \(order.quantity.raw) catches up over \(cap)")
        }
        if !terms.isOnLot(order.quantity) { faults.append("\(order.id) is off the grid") }
    }

    // MARK: - What happens

    /// One thing that the seed chooses.
    mutating func step() {
        switch random.next(below: 20) {
        case 0..<6: pass(.milliseconds(random.next(in: 1...2_500)))
        case 6..<14:
            if style == .pov, random.chance(1, in: 2) { trade(random.next(in: 1...400)) }
            venueActs()
        case 14..<17: quote(spread: random.chance(1, in: 3) ? random.next(in: 13...60) : random.next(in: 1...5))
        case 17: deskActs()
        case 18:
            bench.halt(random.chance(1, in: 3))
            look()
        default:
            if random.chance(1, in: 6) {
                let until = bench.now + .seconds(2)
                bench.feed(.venueThrottled(VenueRestriction(venue: .paper, until: until)))
            } else {
                bench.restore(configuration)
            }
            look()
        }
    }

    mutating func pass(_ span: TimeSpan) {
        bench.wait(span)
        look()
    }

    /// Around 1,000.0, where a tenth is a basis point; the middle wanders a little.
    mutating func quote(spread: Int64) {
        let bid = 10_000 + random.next(in: -3...3)
        bench.quote(bid: bid, ask: bid + spread)
        look()
    }

    private mutating func trade(_ lots: Int64) {
        if plan?.heldSince == nil { traded += lots * 100_000 }
        bench.trade(lots, at: 10_000)
        look()
    }

    private mutating func venueActs() {
        guard let index = live else { return }
        let child = children[index]
        if child.isUnknown { return resolve(index) }
        if !child.isAccepted {
            switch random.next(below: 12) {
            case 0: return refuse(index)
            case 1:
                children[index].isUnknown = true
                bench.feed(.submitUnanswered(child.order.id))
                return look()
            case 2: return fill(index)
            default:
                children[index].isAccepted = true
                bench.accept(child.order)
                return look()
            }
        }
        if child.order.timeInForce == .ioc || child.wantsCancel {
            if random.chance(1, in: 2) { fill(index) }
            if children[index].isLive { end(index) }
        } else if random.chance(1, in: 3) {
            fill(index)
        }
    }

    private mutating func refuse(_ index: Int) {
        let reasons: [RejectReason] =
            children[index].order.type == .postOnly
            ? [.wouldTake, .wouldTake, .throttled, .unspecified] : [.noLiquidity, .requestExpired, .throttled]
        children[index].isLive = false
        bench.reject(children[index].order, reasons[Int(random.next(below: UInt64(reasons.count)))])
        look()
    }

    mutating func fill(_ index: Int, whole: Bool = false) {
        let child = children[index]
        let lots = child.leaves / lot
        let part = whole || random.chance(1, in: 2) ? lots : random.next(in: 1...lots)
        children[index].filled += part * lot
        children[index].isAccepted = true
        if children[index].leaves == 0 { children[index].isLive = false }
        let price = child.order.price.raw / 10_000_000
        bench.fill(child.order, part * (lot / 100_000), at: price, child.order.type == .postOnly ? .maker : .taker)
        look()
    }

    private mutating func end(_ index: Int) {
        children[index].isLive = false
        let child = children[index]
        let reason: EndReason = child.order.timeInForce == .ioc ? .immediateOrCancel : .requested
        bench.cancelled(child.order, filled: child.filled / 100_000, reason)
        look()
    }

    private mutating func resolve(_ index: Int) {
        if random.chance(1, in: 2) {
            children[index].isUnknown = false
            children[index].isAccepted = true
            bench.report(children[index].order, .working, filled: children[index].filled / 100_000)
            return look()
        }
        children[index].isUnknown = false
        if random.chance(1, in: 2) { fill(index) }
        guard children[index].isLive else { return }
        children[index].isLive = false
        bench.report(children[index].order, .cancelled, filled: children[index].filled / 100_000)
        look()
    }

    private mutating func deskActs() {
        guard let intent = bench.progress.first?.intent, isOpen else { return }
        switch random.next(below: 8) {
        case 0, 1: bench.operate(.pauseParent, on: intent)
        case 2..<5: bench.operate(.resumeParent, on: intent)
        case 5, 6:
            let lots = random.next(in: 1...(approved / lot)) * (lot / 100_000)
            bench.operate(.amendParent, on: intent, lots: lots)
        default: if random.chance(1, in: 4) { bench.operate(.cancelOrder, on: intent) }
        }
        look()
    }

    /// The troubles are over: everything answers and fills until the parent has ended.
    mutating func settle() {
        bench.halt(false)
        look()
        if let intent = bench.progress.first?.intent {
            bench.operate(.resumeParent, on: intent)
            look()
        }
        var rounds = 0
        while isOpen, rounds < 400 {
            rounds += 1
            quote(spread: 1)
            if style == .pov { trade(100_000) }
            if let index = live {
                if children[index].isUnknown {
                    resolve(index)
                } else {
                    fill(index, whole: true)
                }
            } else {
                pass(.milliseconds(500))
            }
        }
    }
}
