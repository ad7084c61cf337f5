import FairleadModel

/// Writes a part's state as words, for tests of restarts.
struct StateWriter: StateVisitor {
    var words: [UInt64] = []
    var isReading: Bool { false }
    mutating func visit(_ value: inout UInt64) { words.append(value) }
}

/// Reads the words back.
struct StateReader: StateVisitor {
    var words: [UInt64]
    var position = 0
    var isReading: Bool { true }
    mutating func visit(_ value: inout UInt64) {
        value = words[position]
        position += 1
    }
}
