import FairleadModel

/// A state as the words that its visitor sees: writes them, and reads them back into another value.
struct VisitedWords: StateVisitor {
    private(set) var words: [UInt64] = []
    private var next = 0
    private(set) var isReading = false

    init() {}

    /// A visitor that reads what another one wrote.
    init(reading words: [UInt64]) {
        self.words = words
        isReading = true
    }

    var isAtEnd: Bool { next == words.count }

    mutating func visit(_ value: inout UInt64) {
        if isReading {
            value = words[next]
            next += 1
        } else {
            words.append(value)
        }
    }
}
