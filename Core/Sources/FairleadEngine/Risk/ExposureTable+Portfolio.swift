internal import FairleadModel

// Parts of the account: what groups of instruments are worth, and each instrument for the scenarios.
extension ExposureTable {
    /// Which groups each instrument is in, a bit a group; from the configuration.
    static func groupBits(_ configuration: EngineConfiguration) -> ContiguousArray<UInt32> {
        precondition(
            configuration.correlationGroups.count <= CorrelationGroup.limit,
            "Invariant: a symbol's groups are the bits of a word"
        )
        return ContiguousArray(
            configuration.instruments.map { instrument in
                var bits: UInt32 = 0
                for (index, group) in configuration.correlationGroups.enumerated()
                where group.symbols.contains(instrument.symbol) {
                    bits |= 1 << UInt32(index)
                }
                return bits
            }
        )
    }

    /// Position keys of an instrument with a position or an entry in flight: one at least.
    func isOpen(_ instrument: InstrumentHandle) -> Bool {
        row(instrument, .both).isOpen || row(instrument, .short).isOpen
    }

    /// The ends of the instrument's range, both position sides together: if every sell fills and no buy does, and the
    /// other way round.
    func range(_ instrument: InstrumentHandle) -> (low: Int64, high: Int64) {
        let (first, second) = (row(instrument, .both), row(instrument, .short))
        return (first.lowest + second.lowest, first.highest + second.highest)
    }

    /// Signed worth at the price that exposures are valued at: of the confirmed position, and of the larger end of its
    /// range. Zero without a price. For statistics.
    func worths(_ index: Int) -> (confirmed: Double, intended: Double) {
        let instrument = InstrumentHandle(index)
        let unit = unitWorth(instrument)
        let position = row(instrument, .both).position.raw + row(instrument, .short).position.raw
        let (low, high) = range(instrument)
        return (Double(position) * unit, Double(abs(high) >= abs(low) ? high : low) * unit)
    }
}

/// Calls `body` with each group of a word, lowest first.
@inline(__always)
func eachGroup(_ bits: UInt32, _ body: (Int) -> Void) {
    var rest = bits
    while rest != 0 {
        body(rest.trailingZeroBitCount)
        rest &= rest - 1
    }
}
