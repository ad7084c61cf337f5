import FairleadModel

/// Signals, against two instruments and a table of strategies that is soon full.
enum SignalFuzz {
    private struct Directory: SignalDirectory {
        var strategies = 0
        func instrument(symbol: String) -> InstrumentHandle? {
            switch symbol {
            case "BTCUSDT": InstrumentHandle(0)
            case "ETHUSDT": InstrumentHandle(1)
            default: nil
            }
        }
        mutating func strategy(named name: String) -> StrategyHandle? {
            guard strategies < 2 else { return nil }
            strategies += 1
            return StrategyHandle(index: UInt16(strategies))
        }
    }

    static func signal(_ bytes: [UInt8]) {
        var directory = Directory()
        do throws(SignalError) {
            let signal = try SignalDecoder.decode(
                bytes,
                number: SignalNumber(value: 1),
                source: .file,
                directory: &directory
            )
            FuzzEntry.require(!signal.signalID.isEmpty, "a signal has an id")
            FuzzEntry.require(signal.signalID.utf8.count <= SignalLimits.signalID, "an id is within its limit")
            FuzzEntry.require(signal.terms.instrument != .none, "a signal has an instrument")
        } catch {
            FuzzEntry.require(!error.faults.isEmpty, "a refusal names a fault")
        }
    }
}
