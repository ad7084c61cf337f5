internal import FairleadModel

/// The id of a row: the journal sequence of the input that caused it, and its place among what that input caused.
///
/// 39 bits of sequence, 24 of place: ascending in the journal's order, the same in every history that is made of a
/// journal, wherever it begins.
enum HistoryID {
    static let placeBits: Int64 = 24
    static let placeLimit: Int64 = 1 << placeBits
    static let sequenceLimit: UInt64 = 1 << 39

    static func make(_ sequence: UInt64, place: Int64) throws(HistoryFault) -> Int64 {
        guard place < placeLimit, sequence < sequenceLimit else { throw .tooManyRows(sequence: sequence) }
        return Int64(sequence) << placeBits | place
    }

    static func sequence(of id: Int64) -> UInt64 { UInt64(clamping: id >> placeBits) }
    /// The last id that inputs up to `sequence` can have.
    static func last(through sequence: UInt64) -> Int64 {
        sequence >= sequenceLimit - 1 ? Int64.max : Int64(sequence + 1) << placeBits - 1
    }
}

extension SignalNumber {
    /// As a column holds it: the engine's own signals, whose top bit is set, are negative.
    var column: Int64 { Int64(bitPattern: value) }
    init(column: Int64) { self.init(value: UInt64(bitPattern: column)) }
}
