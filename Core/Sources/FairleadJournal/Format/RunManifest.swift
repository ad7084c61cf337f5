public import FairleadModel

/// Who wrote the records that follow: one at the start of each run, and one with its end.
public struct RunManifest: Hashable, Sendable, BitwiseCopyable {
    static let byteCount = 113

    /// Raw values are part of the format.
    public enum Status: UInt8, Sendable, BitwiseCopyable, CaseIterable {
        case running = 0
        /// Continues the parent run's journal.
        case resumed = 1
        case finished = 2
        case failed = 3
    }

    public var runID: Digest128
    /// The run whose journal is continued; `.none` for a new journal.
    public var parentRunID: Digest128
    public var binaryHash: Digest256
    public var configurationHash: Digest256
    public var seed: UInt64
    public var status: Status
    /// The wall clock; the only place of the journal that holds it.
    public var wallTime: Timestamp

    public init(
        runID: Digest128,
        parentRunID: Digest128 = .none,
        binaryHash: Digest256,
        configurationHash: Digest256,
        seed: UInt64,
        status: Status,
        wallTime: Timestamp
    ) {
        self.runID = runID
        self.parentRunID = parentRunID
        self.binaryHash = binaryHash
        self.configurationHash = configurationHash
        self.seed = seed
        self.status = status
        self.wallTime = wallTime
    }

    func encode(_ sink: inout ByteSink) {
        sink.put(runID.high)
        sink.put(runID.low)
        sink.put(parentRunID.high)
        sink.put(parentRunID.low)
        binaryHash.encode(&sink)
        configurationHash.encode(&sink)
        sink.put(seed)
        sink.put(status.rawValue)
        sink.put(wallTime)
    }

    static func decode(_ bytes: RawSpan) throws(FieldError) -> RunManifest {
        try RecordBody.require(bytes, byteCount)
        var position = 0
        let runHigh = ByteSource.take(UInt64.self, bytes, &position)
        let runLow = ByteSource.take(UInt64.self, bytes, &position)
        let parentHigh = ByteSource.take(UInt64.self, bytes, &position)
        let parentLow = ByteSource.take(UInt64.self, bytes, &position)
        let binaryHash = Digest256.decode(bytes, &position)
        let configurationHash = Digest256.decode(bytes, &position)
        let seed = ByteSource.take(UInt64.self, bytes, &position)
        let status: Status = try Field.choice(.runStatus, bytes, &position)
        return RunManifest(
            runID: Digest128(high: runHigh, low: runLow),
            parentRunID: Digest128(high: parentHigh, low: parentLow),
            binaryHash: binaryHash,
            configurationHash: configurationHash,
            seed: seed,
            status: status,
            wallTime: Field.time(bytes, &position)
        )
    }
}
