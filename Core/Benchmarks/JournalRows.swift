import FairleadEngine
import FairleadJournal
import FairleadModel
import Glibc

/// A directory that is removed when the row is done. `/tmp` unless `FAIRLEAD_BENCH_DIRECTORY` names another.
func withDirectory<Result>(_ body: (PosixDisk) throws -> Result) throws -> Result {
    let parent = getenv("FAIRLEAD_BENCH_DIRECTORY").map { String(cString: $0) } ?? "/tmp"
    let path = parent + "/fairlead-bench-\(getpid())"
    defer {
        for name in (try? PosixDisk(path: path).list()) ?? [] { unlink(path + "/" + name) }
        rmdir(path)
    }
    return try body(try PosixDisk(path: path))
}

/// An execution: the longest event.
func benchEvent(_ index: Int) -> Event {
    .orderFilled(
        Execution(
            id: ClientOrderID(epoch: Epoch(number: 1), parent: 1, leg: .maker, slice: 0, attempt: 0, slot: 1),
            executionID: ExecutionID(value: UInt64(index)),
            instrument: InstrumentHandle(0),
            side: .buy,
            positionSide: .both,
            price: Price(raw: 1),
            quantity: Quantity(raw: 1),
            fee: 1,
            liquidity: .maker,
            venueTime: Timestamp(nanoseconds: Int64(index))
        )
    )
}

/// What an execution's record takes in a segment.
private let recordByteCount = 96

/// Records a second into a segment that was prefaulted just before: encode, checksum, one copy, no system call. The
/// best of six segments: one whose pages the kernel has begun to write back faults again on each of them.
func appendsPerSecond() throws -> Double {
    try withDirectory { disk in
        var journal = try JournalWriter(disk, options: JournalOptions(preparesInline: false))
        let record = benchEvent(1)
        let count = (56 << 20) / recordByteCount
        var least = Double.infinity
        for _ in 0..<6 {
            try journal.committer.prepareNextSegment()
            let begin = cpuNanoseconds()
            for index in 0..<count { _ = try journal.append(record, at: Timestamp(nanoseconds: Int64(index))) }
            least = min(least, Double(cpuNanoseconds() - begin) / Double(count))
            try journal.committer.commit()
        }
        try journal.close()
        return 1e9 / least
    }
}

/// Records a second over many segments, made and sealed by the same thread: what one core sustains.
func sustainedPerSecond(seconds: Int) throws -> Double {
    try withDirectory { disk in
        var journal = try JournalWriter(disk, options: JournalOptions())
        let record = benchEvent(1)
        var count = 0
        let begin = wallNanoseconds()
        while wallNanoseconds() - begin < Int64(seconds) * 1_000_000_000 {
            for _ in 0..<10_000 { _ = try journal.append(record, at: Timestamp(nanoseconds: Int64(count))) }
            count += 10_000
            let names = try disk.list()
            if names.count > 8 { try journal.committer.work() }
            for name in names.sorted().dropLast(4) where name.hasSuffix(".segment") {
                unlink(disk.path + "/" + name)
            }
        }
        let elapsed = Double(wallNanoseconds() - begin)
        try journal.close()
        return Double(count) * 1e9 / elapsed
    }
}

/// What the disk itself takes: writes into a file that is there, each synced.
private struct Yardstick: ~Copyable {
    private static let byteCount = 16 << 20
    private let path: String
    private let file: Int32
    private var offset = 0
    private let bytes = [UInt8](repeating: 7, count: 1 << 16)
    var times: [Int64] = []

    init(_ directory: String) throws {
        path = directory + "/yardstick"
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        let zeros = [UInt8](repeating: 0, count: Self.byteCount)
        guard file >= 0, pwrite(file, zeros, zeros.count, 0) == zeros.count, fsync(file) == 0 else {
            fatalError("the benchmark can't write its own file")
        }
    }

    deinit {
        close(file)
        unlink(path)
    }

    mutating func write(_ count: Int) {
        if offset + count > Self.byteCount { offset = 0 }
        let begin = wallNanoseconds()
        guard pwrite(file, bytes, count, off_t(offset)) == count, fdatasync(file) == 0 else {
            fatalError("the benchmark can't write its own file")
        }
        times.append(wallNanoseconds() - begin)
        offset += count
    }
}

/// Records a second with a sync after each group, and the same bytes by `pwrite` and `fdatasync` alone, turn by turn in
/// one run: what the disk gives. Medians of a group's time, so that a neighbour's writes don't decide.
func durablePerSecond(group: Int) throws -> (journal: Double, disk: Double) {
    try withDirectory { disk in
        var journal = try JournalWriter(disk, options: JournalOptions(durability: .disk))
        let record = benchEvent(1)
        var yardstick = try Yardstick(disk.path)
        var ours: [Int64] = []
        for _ in 0..<1_000 {
            let begin = wallNanoseconds()
            for _ in 0..<group { _ = try journal.append(record, at: Timestamp(nanoseconds: 1)) }
            _ = try journal.committer.commit()
            ours.append(wallNanoseconds() - begin)
            yardstick.write(group * recordByteCount)
        }
        try journal.close()
        return (Double(group) * 1e9 / quantile(ours, 0.5), Double(group) * 1e9 / quantile(yardstick.times, 0.5))
    }
}

/// Records a second read back, verified and decoded.
func readPerSecond() throws -> Double {
    try withDirectory { disk in
        let count = 2_000_000
        var journal = try JournalWriter(disk, options: JournalOptions())
        for index in 0..<count { _ = try journal.append(benchEvent(index), at: Timestamp(nanoseconds: Int64(index))) }
        try journal.close()
        var least = Double.infinity
        for _ in 0..<3 {
            var reader = try JournalReader(disk)
            var read = 0
            let begin = cpuNanoseconds()
            while try reader.next() != nil { read += 1 }
            guard read >= count else { fatalError("the benchmark's own journal lost records") }
            least = min(least, Double(cpuNanoseconds() - begin) / Double(read))
        }
        return 1e9 / least
    }
}

/// Signal to command with the journal in between: terms and event appended, then applied; with `durability: .disk` also
/// synced, turn by turn with as many bytes by `pwrite` and `fdatasync` alone. p50 and p99, and the p50 of the disk
/// itself, in nanoseconds of wall time.
func signalToCommandJournaled(
    _ durability: Durability,
    samples: Int
) throws -> (p50: Double, p99: Double, disk: Double) {
    try withDirectory { disk in
        var journal = try JournalWriter(disk, options: JournalOptions(durability: durability))
        var bench = BenchEngine(isObserved: false)
        let cost = clockCost()
        let warmup = min(samples, 2_000)
        var times: [Int64] = []
        times.reserveCapacity(samples)
        var yardstick = try Yardstick(disk.path)
        let groupByteCount = 512
        for index in 0..<samples + warmup {
            bench.moveOn()
            let terms = bench.nextTerms(bench.symbol)
            let begin = wallNanoseconds()
            _ = try journal.append(terms, at: bench.now)
            let sequence = try journal.append(.signalReceived, at: bench.now)
            let order = bench.receive(terms)
            if durability == .disk { try journal.committer.commit() }
            let isReleased = journal.isReleased(sequence)
            let end = wallNanoseconds()
            guard let order, isReleased else { fatalError("the benchmark's own signal was held back") }
            if index >= warmup { times.append(max(0, end - begin - cost)) }
            bench.accept(order)
            bench.fill(order)
            if durability == .disk { yardstick.write(groupByteCount) }
        }
        try journal.close()
        return (quantile(times, 0.5), quantile(times, 0.99), quantile(yardstick.times, 0.5))
    }
}
