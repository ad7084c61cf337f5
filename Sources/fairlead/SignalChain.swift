import FairleadEngine
import FairleadModel
import FairleadNode
import FairleadRuntime

/// A signal from its decisions to the exits that followed: what `why` tells.
///
/// Takes notices in the journal's order, whatever else is among them, and keeps those that belong to it: the signal's
/// own, those of each exit that a level of it caused, the firing of the level whose exit it is itself, and the closed
/// trades that its fills are part of.
struct SignalChain {
    let number: SignalNumber
    /// Of an exit that a level fired: the entry signal that brought the level.
    private(set) var cause: SignalNumber
    private(set) var trades: [ChainTrade] = []
    private var rows: [NoticeEntry] = []
    private var exits: [SignalNumber] = []
    /// Of a signal of the engine's own that is not answered yet: whose it is, its answer tells.
    private var unanswered: [NoticeEntry] = []
    /// The levels of this signal, or of its cause, as they were told; each change of one.
    private var levels: [LevelRecord] = []
    /// By position, since it was last closed.
    private var fills: [PositionKey: [NoticeEntry]] = [:]

    init(_ number: SignalNumber, cause: SignalNumber = .none) {
        self.number = number
        self.cause = cause
    }

    /// The rows of an exit, and the firing of its level.
    struct Exit {
        var number: SignalNumber
        /// nil where none is known, as of an order that waited at the venue and was not triggered.
        var firing: NoticeEntry?
        /// The level that its order waited for at the venue; nil where it waited for none.
        var awaited: AwaitedLevel?
        var rows: [NoticeEntry]
    }

    /// A level that is kept at the venue as an order that waits.
    struct AwaitedLevel: Hashable {
        /// `take_profit`, `stop_loss` or `trailing`.
        var kind: String
        var price: Price
    }

    mutating func take(_ entry: NoticeEntry) {
        follow(entry)
        guard let owner = JournalView.number(of: entry.notice) else { return }
        if owner == number, case .acknowledged(let record) = entry.notice, record.cause != .none {
            cause = record.cause
        }
        if case .levelChanged(let record) = entry.notice, owner == number || owner == cause { levels.append(record) }
        if owner == number || exits.contains(owner) || Self.isFiring(entry, of: cause) {
            return rows.append(entry)
        }
        guard owner.isInternal else { return }
        if let first = unanswered.first, JournalView.number(of: first.notice) != owner { unanswered.removeAll() }
        unanswered.append(entry)
        guard case .acknowledged(let record) = entry.notice, record.cause == number else { return }
        exits.append(owner)
        rows += unanswered
        unanswered.removeAll()
    }

    private static func isFiring(_ entry: NoticeEntry, of number: SignalNumber) -> Bool {
        guard case .levelChanged(let record) = entry.notice else { return false }
        return record.event == .fired && record.number == number && number != .none
    }

    /// Keeps the fills of each position until it is closed, and the trade then where a fill of this signal is in it.
    private mutating func follow(_ entry: NoticeEntry) {
        switch entry.notice {
        case .filled(let fill):
            fills[PositionKey(fill.execution.instrument, fill.execution.positionSide), default: []].append(entry)
        case .tradeClosed(let record):
            let key = PositionKey(record.instrument, record.positionSide)
            let trade = ChainTrade(record, entry, fills: fills[key] ?? [])
            if trade.fills.contains(where: { $0.number == number }) { trades.append(trade) }
            // The fill that turned a position over has begun the next trade as well.
            fills[key]?.removeAll { $0.sequence < entry.sequence }
        case .acknowledged, .sized, .riskRow, .riskDecided, .routed, .armChosen, .orderChanged, .positionChanged,
            .profitMeasured, .parentClosed, .levelChanged, .tradingStateChanged, .riskModeChanged, .divergence,
            .operatorRefused, .alarm, .venueChanged, .policyComputed, .barClosed, .fillMeasured, .markoutMeasured,
            .shortfallMeasured, .funded, .progressed, .riskChanged, .positionDecided:
            break
        }
    }

    /// Gives the trades the fills of before this chain's first notice.
    mutating func complete(_ found: [NoticeEntry]) {
        for index in trades.indices {
            trades[index] = ChainTrade(trades[index].record, trades[index].entry, fills: found)
        }
    }

    // MARK: - What was found

    var isEmpty: Bool { rows.isEmpty }

    /// The signal's own rows.
    var own: [NoticeEntry] { rows(of: number) }

    private func rows(of owner: SignalNumber) -> [NoticeEntry] {
        rows.filter { JournalView.number(of: $0.notice) == owner }
    }

    /// The exits that the signal's levels caused, in their order.
    var causedExits: [Exit] {
        let firings = matched(exits, of: number)
        return exits.map {
            Exit(number: $0, firing: firings[$0], awaited: awaited(by: $0), rows: rows(of: $0))
        }
    }

    /// The level that this exit's own order waited for.
    var ownAwaited: AwaitedLevel? { cause == .none ? nil : awaited(by: number) }

    /// A target stays where it is; a stop that has moved since it was told is nowhere else.
    private func awaited(by exit: SignalNumber) -> AwaitedLevel? {
        let places = rows.indices.filter { JournalView.number(of: rows[$0].notice) == exit }
        guard let price = places.compactMap({ trigger(ofOrder: $0) }).last else { return nil }
        let isTrailing = levels.contains { $0.kind == .stopLoss && $0.price == .zero }
        let moved = isTrailing ? "trailing" : LevelKind.stopLoss.name
        let told = levels.last { $0.price == price }
        return AwaitedLevel(kind: told.map { $0.kind == .stopLoss ? moved : $0.kind.name } ?? moved, price: price)
    }

    /// The firing of the level whose exit this is.
    var ownFiring: NoticeEntry? { matched([number], of: cause)[number] }

    /// Every signal that is named, for the ids of their senders.
    var named: Set<SignalNumber> {
        var found: Set<SignalNumber> = [cause]
        for trade in trades { found.formUnion(trade.fills.compactMap(\.number)) }
        for case .acknowledged(let record) in rows.map(\.notice) { found.formUnion([record.original, record.cause]) }
        return found
    }

    /// Each exit with the firing of its level.
    private func matched(_ exits: [SignalNumber], of owner: SignalNumber) -> [SignalNumber: NoticeEntry] {
        var found: [SignalNumber: NoticeEntry] = [:]
        var firings = rows.indices.filter { Self.isFiring(rows[$0], of: owner) }
        for exit in exits {
            let places = rows.indices.filter { JournalView.number(of: rows[$0].notice) == exit }
            guard let place = sent(places, firings) ?? triggered(places, firings) else { continue }
            firings.removeAll { $0 == place }
            found[exit] = rows[place]
        }
        return found
    }

    /// An exit that the engine sends asks for the quantity of the firing right before it.
    private func sent(_ places: [Int], _ firings: [Int]) -> Int? {
        guard let first = places.first else { return nil }
        return firings.last { place in
            place < first && rows[place].sequence == rows[first].sequence
                && quantity(ofFiring: place) == quantity(askedAt: first)
        }
    }

    /// An order that waited at the venue fires its level when it is triggered: by a report of it or its first fill.
    /// A stop that has just moved is ahead of its order.
    private func triggered(_ places: [Int], _ firings: [Int]) -> Int? {
        let fill = places.first { if case .filled = rows[$0].notice { true } else { false } }
        guard let first = places.first, let fill else { return nil }
        let before = firings.filter { $0 > first && rows[$0].sequence <= rows[fill].sequence }
        let waited = places.compactMap { trigger(ofOrder: $0) }.last
        return before.last { price(ofFiring: $0) == waited }
            ?? before.last { place in places.contains { rows[$0].sequence == rows[place].sequence } }
    }

    private func quantity(ofFiring place: Int) -> Quantity? {
        guard case .levelChanged(let record) = rows[place].notice else { return nil }
        return record.quantity
    }

    private func price(ofFiring place: Int) -> Price? {
        guard case .levelChanged(let record) = rows[place].notice else { return nil }
        return record.price
    }

    private func quantity(askedAt place: Int) -> Quantity? {
        guard case .sized(let record) = rows[place].notice, case .quantity(let asked) = record.requested else {
            return nil
        }
        return asked
    }

    /// nil where the order doesn't wait.
    private func trigger(ofOrder place: Int) -> Price? {
        guard case .orderChanged(let change) = rows[place].notice, change.trigger.raw > 0 else { return nil }
        return change.trigger
    }
}

/// A position from flat to flat, with every fill of it.
struct ChainTrade {
    let record: ClosedTrade
    let entry: NoticeEntry
    let fills: [ChainFill]

    /// Keeps of `fills`, which may be more, those of the trade.
    init(_ record: ClosedTrade, _ entry: NoticeEntry, fills: [NoticeEntry]) {
        self.record = record
        self.entry = entry
        self.fills = fills.compactMap { found in
            guard case .filled(let fill) = found.notice, Self.isOf(record, entry, fill, found) else { return nil }
            return ChainFill(number: fill.number, sequence: found.sequence, record: fill)
        }
    }

    static func isOf(_ trade: ClosedTrade, _ closing: NoticeEntry, _ fill: FillRecord, _ entry: NoticeEntry) -> Bool {
        fill.execution.instrument == trade.instrument && fill.execution.positionSide == trade.positionSide
            && entry.time >= trade.openedAt && entry.sequence <= closing.sequence
    }

    /// Of each signal what it filled on a side, in the order of its first fill.
    func totals(_ side: Side) -> [FillTotal] {
        var found: [FillTotal] = []
        for fill in fills where fill.record.execution.side == side {
            if let place = found.firstIndex(where: { $0.number == fill.number }) {
                found[place].add(fill.record)
            } else {
                found.append(FillTotal(fill.number, [fill.record]))
            }
        }
        return found
    }
}

struct ChainFill {
    var number: SignalNumber
    var sequence: UInt64
    var record: FillRecord
}

/// What the fills of one signal come to.
struct FillTotal {
    let number: SignalNumber
    private(set) var quantity = Quantity.zero
    private(set) var realized = Money.zero
    private(set) var fees = Money.zero
    /// 10^-16.
    private var worth: Int128 = 0

    init(_ number: SignalNumber, _ fills: [FillRecord]) {
        self.number = number
        for fill in fills { add(fill) }
    }

    mutating func add(_ fill: FillRecord) {
        quantity += fill.execution.quantity
        worth += Int128(fill.execution.price.raw) * Int128(fill.execution.quantity.raw)
        realized += Money(raw8: fill.realized)
        fees += Money(raw8: fill.execution.fee)
    }

    /// Rounded down to 10^-8; nil where nothing was filled.
    var averagePrice: Price? {
        guard quantity.raw > 0 else { return nil }
        return Price(raw: FixedPoint.dividedRoundingDown(worth, by: Int128(quantity.raw)))
    }

    var members: [JSONMember] {
        [
            JSONMember("filled_quantity", .decimal(quantity)),
            JSONMember("average_price", averagePrice.map { .decimal($0) } ?? .null),
            JSONMember("realized_pnl", .decimal(realized)), JSONMember("fees", .decimal(fees)),
        ]
    }
}
