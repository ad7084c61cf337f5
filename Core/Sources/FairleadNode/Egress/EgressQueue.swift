import FairleadModel

/// A command on its way out, with what its release depends on.
struct QueuedCommand: BitwiseCopyable {
    var command: Command
    /// The journal sequence of the event that caused it: what the durability gate waits for.
    var cause: UInt64
    /// Engine time of the event that caused it.
    var queuedAt: Timestamp
    var isRemoved = false
}

/// In the order in which they are released.
enum EgressLane: Int, CaseIterable {
    case cancels = 0
    /// Queries, reconciliation, reconnects.
    case requests
    /// Orders and amendments that can't raise exposure.
    case reducing
    case entries
}

/// What waits to leave for one venue: for the journal, for the channel, for a token. Kill, expiry and cancel still
/// reach what waits here.
///
/// Each lane is first in, first out and bounded. A full entry lane refuses the order (`queue_full`). The other lanes
/// hold a command for each order that the engine's table holds, which it never has more of; a request that finds its
/// lane full is counted and dropped, since the engine asks again by its own timers.
struct EgressQueue {
    private var lanes: InlineArray<4, BoundedQueue<QueuedCommand>>
    /// Commands that wait, the removed ones not counted.
    private(set) var count = 0
    /// Commands that found their lane full.
    private(set) var overflows: UInt64 = 0

    /// `orders`: rows of the order table; `entries`: how many increasing orders may wait.
    init(orders: Int, requests: Int, entries: Int) {
        let blank = QueuedCommand(command: .reconnect(.paper), cause: 0, queuedAt: .never)
        lanes = [
            BoundedQueue(capacity: orders, blank: blank), BoundedQueue(capacity: requests, blank: blank),
            BoundedQueue(capacity: orders, blank: blank), BoundedQueue(capacity: entries, blank: blank),
        ]
    }

    var isEmpty: Bool { count == 0 }

    static func lane(of command: Command) -> EgressLane {
        switch command {
        case .cancel: .cancels
        case .submit(let order): order.isIncreasing ? .entries : .reducing
        case .replace(let amendment): amendment.isIncreasing ? .entries : .reducing
        case .query, .reconcile, .reconnect: .requests
        }
    }

    /// False when the lane is full.
    mutating func append(_ queued: QueuedCommand) -> Bool {
        #if MUTANTS
            if Mutant.isOn(.cancelWaitsBehindEntries), case .cancel = queued.command,
                lanes[EgressLane.entries.rawValue].append(queued)
            {
                count += 1
                return true
            }
        #endif
        let lane = Self.lane(of: queued.command).rawValue
        guard lanes[lane].append(queued) else {
            overflows += 1
            return false
        }
        count += 1
        return true
    }

    /// The first command of a lane that still waits.
    mutating func first(_ lane: EgressLane) -> QueuedCommand? {
        while !lanes[lane.rawValue].isEmpty {
            let queued = lanes[lane.rawValue][0]
            if !queued.isRemoved { return queued }
            _ = lanes[lane.rawValue].popFirst()
        }
        return nil
    }

    mutating func removeFirst(_ lane: EgressLane) {
        guard first(lane) != nil else { return }
        _ = lanes[lane.rawValue].popFirst()
        count -= 1
    }

    /// Takes a waiting submit out of its lane. False when it doesn't wait here.
    mutating func removeSubmit(_ id: ClientOrderID) -> Bool {
        remove { queued in
            if case .submit(let order) = queued { order.id == id } else { false }
        }
    }

    /// Takes a waiting amendment out of its lane. False when none waits here.
    mutating func removeReplace(_ id: ClientOrderID) -> Bool {
        remove { queued in
            if case .replace(let amendment) = queued { amendment.id == id } else { false }
        }
    }

    /// Whether a waiting order or amendment can raise exposure; nil when none of this id waits.
    func isIncreasing(_ id: ClientOrderID) -> Bool? {
        for lane in EgressLane.reducing.rawValue...EgressLane.entries.rawValue {
            for offset in 0..<lanes[lane].count where !lanes[lane][offset].isRemoved {
                switch lanes[lane][offset].command {
                case .submit(let order): if order.id == id { return order.isIncreasing }
                case .replace(let amendment): if amendment.id == id { return amendment.isIncreasing }
                case .cancel, .query, .reconcile, .reconnect: break
                }
            }
        }
        return nil
    }

    private mutating func remove(where matches: (Command) -> Bool) -> Bool {
        for lane in EgressLane.reducing.rawValue...EgressLane.entries.rawValue {
            for offset in 0..<lanes[lane].count
            where !lanes[lane][offset].isRemoved && matches(lanes[lane][offset].command) {
                lanes[lane][offset].isRemoved = true
                count -= 1
                return true
            }
        }
        return false
    }

    /// Takes the command that would leave first; nil when none waits.
    mutating func takeFirst() -> Command? {
        for lane in EgressLane.allCases {
            guard let queued = first(lane) else { continue }
            removeFirst(lane)
            return queued.command
        }
        return nil
    }
}
