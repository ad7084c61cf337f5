/// A first-in first-out queue of fixed capacity whose memory is taken at the start: full is an answer, never growth.
public struct BoundedQueue<Element: BitwiseCopyable> {
    @usableFromInline var storage: ContiguousArray<Element>
    @usableFromInline var head = 0
    public let capacity: Int
    public private(set) var count = 0

    /// `blank` fills the rows that hold nothing.
    public init(capacity: Int, blank: Element) {
        precondition(capacity > 0, "Invariant: a queue holds at least one element")
        self.capacity = capacity
        storage = ContiguousArray(repeating: blank, count: capacity)
    }

    @inlinable public var isEmpty: Bool { count == 0 }
    public var isFull: Bool { count == capacity }

    /// False, and nothing changed, when the queue is full.
    public mutating func append(_ element: Element) -> Bool {
        guard count < capacity else { return false }
        storage[position(count)] = element
        count += 1
        return true
    }

    public mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = storage[head]
        head = position(1)
        count -= 1
        return element
    }

    /// The element at `offset` from the head.
    public subscript(offset: Int) -> Element {
        get {
            precondition(offset < count, "Invariant: an offset lies inside its queue")
            return storage[position(offset)]
        }
        set {
            precondition(offset < count, "Invariant: an offset lies inside its queue")
            storage[position(offset)] = newValue
        }
    }

    public mutating func removeAll() {
        head = 0
        count = 0
    }

    private func position(_ offset: Int) -> Int {
        let index = head + offset
        return index >= capacity ? index - capacity : index
    }
}
