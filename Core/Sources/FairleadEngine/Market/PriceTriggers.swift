public import FairleadModel

/// Which price of an instrument a trigger watches.
@frozen public enum PriceSource: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case bid = 0
    case ask
    case mark
    case last
    case mid
}

/// Which way the price must come from to fire a trigger: at its price, or past it.
@frozen public enum TriggerDirection: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case atOrAbove = 0
    case atOrBelow
}

/// What an owner waits for.
public struct PriceTrigger: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentHandle
    public var source: PriceSource
    public var direction: TriggerDirection
    public var price: Price

    public init(instrument: InstrumentHandle, source: PriceSource, direction: TriggerDirection, price: Price) {
        self.instrument = instrument
        self.source = source
        self.direction = direction
        self.price = price
    }

    /// Whether it fires at a price of its source.
    public func isReached(at present: Price) -> Bool {
        switch direction {
        case .atOrAbove: present >= price
        case .atOrBelow: present <= price
        }
    }
}

/// Owners that wait for a price, ordered by price: a tick looks at the nearest one only, so that ten thousand cost what
/// one costs.
///
/// One heap for each instrument, source and direction. The heaps are leftist trees threaded through one row an owner
/// instead of arrays of their own: the memory is one row an owner, however the owners are spread over instruments, and
/// no heap can be full. Setting, clearing and firing cost O(log n), a tick that fires nothing O(1). Owners fire nearest
/// price first, the lowest owner first among equals, whatever order they were set in.
public struct PriceTriggers: ~Copyable {
    private static let absent = UInt32.max

    private struct Node: BitwiseCopyable {
        var trigger = PriceTrigger(instrument: .none, source: .mark, direction: .atOrAbove, price: .zero)
        var parent = PriceTriggers.absent
        var left = PriceTriggers.absent
        var right = PriceTriggers.absent
        /// Length of the shortest way down to a missing child; 0 marks an owner that waits for nothing.
        var rank: UInt32 = 0
    }

    private var nodes: ContiguousArray<Node>
    /// Per instrument, source and direction.
    private var roots: ContiguousArray<UInt32>
    /// Owners that wait.
    public private(set) var count = 0

    /// Owners are `0..<owners`.
    public init(owners: Int, instruments: Int) {
        precondition(owners >= 0, "Invariant: triggers have no negative number of owners")
        precondition(owners < Int(Self.absent), "Invariant: an owner fits 32 bits")
        nodes = ContiguousArray(repeating: Node(), count: owners)
        let perInstrument = PriceSource.allCases.count * TriggerDirection.allCases.count
        roots = ContiguousArray(repeating: Self.absent, count: instruments * perInstrument)
    }

    public var owners: Int { nodes.count }

    /// What an owner waits for; nil when it waits for nothing.
    public func trigger(of owner: Int) -> PriceTrigger? { nodes[owner].rank == 0 ? nil : nodes[owner].trigger }

    @inline(__always)
    func prefetch(_ owner: Int) { nodes.prefetch(owner) }

    /// Lets an owner wait for a price, in place of what it waited for.
    public mutating func set(_ owner: Int, _ trigger: PriceTrigger) {
        let list = Self.list(trigger.instrument, trigger.source, trigger.direction)
        // Alone in its tree it stays there: a stop that trails costs a write.
        if roots[list] == UInt32(owner), nodes[owner].left == Self.absent {
            nodes[owner].trigger.price = trigger.price
            return
        }
        if nodes[owner].rank != 0 { clear(owner) }
        nodes[owner] = Node(trigger: trigger, rank: 1)
        count += 1
        let root = roots[list]
        guard root != Self.absent else {
            roots[list] = UInt32(owner)
            return
        }
        let top = merged(root, UInt32(owner))
        roots[list] = top
        nodes[Int(top)].parent = Self.absent
    }

    /// Lets an owner wait no longer, if it did.
    public mutating func clear(_ owner: Int) {
        let node = nodes[owner]
        guard node.rank != 0 else { return }
        let rest = merged(node.left, node.right)
        if rest != Self.absent { nodes[Int(rest)].parent = node.parent }
        if node.parent == Self.absent {
            roots[Self.list(node.trigger.instrument, node.trigger.source, node.trigger.direction)] = rest
        } else {
            let parent = Int(node.parent)
            if nodes[parent].left == UInt32(owner) { nodes[parent].left = rest } else { nodes[parent].right = rest }
            balance(from: parent)
        }
        nodes[owner] = Node()
        count -= 1
    }

    /// The nearest price that is waited for; nil when nobody waits.
    public func nearest(_ instrument: InstrumentHandle, _ source: PriceSource, _ direction: TriggerDirection) -> Price?
    {
        let root = roots[Self.list(instrument, source, direction)]
        return root == Self.absent ? nil : nodes[Int(root)].trigger.price
    }

    /// True when `popFired` would give an owner.
    @inline(__always)
    public func isDue(_ instrument: InstrumentHandle, _ source: PriceSource, at price: Price) -> Bool {
        if let floor = nearest(instrument, source, .atOrBelow), price <= floor { return true }
        if let ceiling = nearest(instrument, source, .atOrAbove), price >= ceiling { return true }
        return false
    }

    /// Takes the nearest owner whose price is reached; nil when none is. The owner waits for nothing afterwards.
    public mutating func popFired(_ instrument: InstrumentHandle, _ source: PriceSource, at price: Price) -> Int? {
        guard let owner = firstFired(instrument, source, at: price) else { return nil }
        clear(owner)
        return owner
    }

    /// The nearest owner whose price is reached, those that wait for a fall before those that wait for a rise; nil when
    /// none is. It goes on waiting.
    public func firstFired(_ instrument: InstrumentHandle, _ source: PriceSource, at price: Price) -> Int? {
        let falls = roots[Self.list(instrument, source, .atOrBelow)]
        if falls != Self.absent, price <= nodes[Int(falls)].trigger.price { return Int(falls) }
        let rises = roots[Self.list(instrument, source, .atOrAbove)]
        if rises != Self.absent, price >= nodes[Int(rises)].trigger.price { return Int(rises) }
        return nil
    }

    /// Writes, reads or hashes what each owner waits for, in the order of the owners. The trees may be built otherwise
    /// after reading; what fires, and in which order, is the same.
    public mutating func visitState<Visitor: StateVisitor>(_ visitor: inout Visitor) {
        for owner in nodes.indices {
            var isSet = nodes[owner].rank != 0
            var trigger = nodes[owner].trigger
            visitor.visit(&isSet)
            if visitor.isReading { clear(owner) }
            guard isSet else { continue }
            visitor.visit(&trigger.instrument)
            visitor.visit(&trigger.source)
            visitor.visit(&trigger.direction)
            visitor.visit(&trigger.price)
            if visitor.isReading { set(owner, trigger) }
        }
    }

    /// Walks all trees and traps on the first broken rule. Slow: for tests and the simulator.
    public func checkInvariants() {
        var waiting = 0
        for owner in nodes.indices {
            let node = nodes[owner]
            guard node.rank != 0 else { continue }
            waiting += 1
            let shortest = 1 + min(rank(node.left), rank(node.right))
            precondition(rank(node.left) >= rank(node.right), "Invariant: the shorter way is on the right")
            precondition(node.rank == shortest, "Invariant: a rank is the shortest way down")
            for child in [node.left, node.right] where child != Self.absent {
                precondition(nodes[Int(child)].parent == UInt32(owner), "Invariant: a child knows its parent")
                precondition(!isNearer(child, UInt32(owner)), "Invariant: no child is nearer than its parent")
            }
            guard node.parent == Self.absent else { continue }
            let list = Self.list(node.trigger.instrument, node.trigger.source, node.trigger.direction)
            precondition(roots[list] == UInt32(owner), "Invariant: a tree's top is its list's root")
        }
        precondition(waiting == count, "Invariant: the count is the number of owners that wait")
    }

    @inline(__always)
    private static func list(
        _ instrument: InstrumentHandle,
        _ source: PriceSource,
        _ direction: TriggerDirection
    ) -> Int {
        (Int(instrument.index) * 5 + Int(source.rawValue)) * 2 + Int(direction.rawValue)
    }

    private func rank(_ node: UInt32) -> UInt32 { node == Self.absent ? 0 : nodes[Int(node)].rank }

    private func isNearer(_ a: UInt32, _ b: UInt32) -> Bool {
        let first = nodes[Int(a)].trigger
        let second = nodes[Int(b)].trigger
        if first.price == second.price { return a < b }
        return first.direction == .atOrAbove ? first.price < second.price : first.price > second.price
    }

    /// One tree of two, along their right edges: at most log2(n) + 1 steps each.
    private mutating func merged(_ a: UInt32, _ b: UInt32) -> UInt32 {
        if a == Self.absent { return b }
        if b == Self.absent { return a }
        let top = isNearer(a, b) ? a : b
        let other = top == a ? b : a
        let right = merged(nodes[Int(top)].right, other)
        nodes[Int(top)].right = right
        nodes[Int(right)].parent = top
        setRank(Int(top))
        return top
    }

    /// Puts the shorter way on the right and notes its length.
    private mutating func setRank(_ node: Int) {
        if rank(nodes[node].left) < rank(nodes[node].right) {
            let left = nodes[node].left
            nodes[node].left = nodes[node].right
            nodes[node].right = left
        }
        nodes[node].rank = 1 + rank(nodes[node].right)
    }

    /// After a subtree was cut: mends ranks upward until one is as it was, which takes at most log2(n) + 1 steps.
    private mutating func balance(from start: Int) {
        var node = start
        while true {
            let before = nodes[node].rank
            setRank(node)
            guard nodes[node].rank != before, nodes[node].parent != Self.absent else { return }
            node = Int(nodes[node].parent)
        }
    }
}
