import FairleadJournal
import FairleadModel
import Glibc

/// A directory that is removed when the row is done.
private func withDirectory<Result>(_ body: (PosixDisk) throws -> Result) throws -> Result {
    let path = "/tmp/fairlead-bench-\(getpid())"
    defer {
        for name in (try? PosixDisk(path: path).list()) ?? [] { unlink(path + "/" + name) }
        rmdir(path)
    }
    return try body(try PosixDisk(path: path))
}

private func event(_ index: Int) -> Event {
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

/// Records a second into a prefaulted segment: encode, checksum, one copy, no system call.
func appendsPerSecond() throws -> Double {
    try withDirectory { disk in
        var journal = try JournalWriter(disk, options: JournalOptions(segmentByteCount: 256 << 20))
        let record = event(1)
        let time = Timestamp(nanoseconds: 1)
        for _ in 0..<1_000 { _ = try journal.append(record, at: time) }
        let count = 400_000
        var least = Double.infinity
        for _ in 0..<4 {
            let begin = cpuNanoseconds()
            for _ in 0..<count { _ = try journal.append(record, at: time) }
            least = min(least, Double(cpuNanoseconds() - begin) / Double(count))
        }
        try journal.close()
        return 1e9 / least
    }
}

/// Records a second over many segments, made and sealed by the same thread: what one core sustains.
func sustainedPerSecond(seconds: Int) throws -> Double {
    try withDirectory { disk in
        var journal = try JournalWriter(disk, options: JournalOptions())
        let record = event(1)
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

/// Records a second with a sync after each group.
func durablePerSecond(group: Int) throws -> Double {
    try withDirectory { disk in
        var journal = try JournalWriter(disk, options: JournalOptions())
        let record = event(1)
        let groups = 1_000
        let begin = wallNanoseconds()
        for _ in 0..<groups {
            for _ in 0..<group { _ = try journal.append(record, at: Timestamp(nanoseconds: 1)) }
            _ = try journal.committer.commit()
        }
        let elapsed = Double(wallNanoseconds() - begin)
        try journal.close()
        return Double(groups * group) * 1e9 / elapsed
    }
}

/// Records a second read back, verified and decoded.
func readPerSecond() throws -> Double {
    try withDirectory { disk in
        let count = 1_000_000
        var journal = try JournalWriter(disk, options: JournalOptions(segmentByteCount: 256 << 20))
        for index in 0..<count { _ = try journal.append(event(index), at: Timestamp(nanoseconds: Int64(index))) }
        try journal.close()
        var reader = try JournalReader(disk)
        var read = 0
        let begin = cpuNanoseconds()
        while try reader.next() != nil { read += 1 }
        return Double(read) * 1e9 / Double(cpuNanoseconds() - begin)
    }
}
