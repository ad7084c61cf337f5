import Glibc

/// One measured row.
struct Row {
    var name: String
    var value: Double
    var unit: String
    var budget: String
}

/// Monotonic wall time in nanoseconds.
func wallNanoseconds() -> Int64 { nanoseconds(of: CLOCK_MONOTONIC) }
/// CPU time of this thread in nanoseconds: what another process on the same core doesn't change.
func cpuNanoseconds() -> Int64 { nanoseconds(of: CLOCK_THREAD_CPUTIME_ID) }

private func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// The cost of the clock itself, taken off each sample.
func clockCost() -> Int64 {
    var samples: [Int64] = []
    for _ in 0..<2_000 {
        let begin = wallNanoseconds()
        samples.append(wallNanoseconds() - begin)
    }
    return samples.sorted()[1_000]
}

/// How fast the machine is just now, which a virtual one isn't always: billions of cycles a second, by a chain of
/// multiplication and exclusive or, four cycles a link; and nanoseconds of a load that misses the caches.
func yardstick() -> (gigahertz: Double, missNanoseconds: Double) {
    var product: UInt64 = 3
    let links = 20_000_000
    let least = leastOf(3, operations: links) {
        for _ in 0..<links { product = (product &* 0x9E37_79B9_7F4A_7C15) ^ (product >> 32) }
    }
    // One cycle through 64 MiB in steps that no prefetcher guesses (a full period: odd increment, multiplier 1 mod 4).
    let count = 1 << 23
    var places = [UInt64](repeating: 0, count: count)
    for index in 0..<count { places[index] = (UInt64(index) &* 5_429_681 &+ 2_654_435) & UInt64(count - 1) }
    var place: UInt64 = 0
    let loads = 1_000_000
    let miss = leastOf(3, operations: loads) {
        for _ in 0..<loads { place = places[Int(place)] }
    }
    guard product != 0, place < UInt64(count) else { fatalError("the yardstick went out of its range") }
    return (4 / least, miss)
}

/// A quantile of unsorted samples.
func quantile(_ samples: [Int64], _ share: Double) -> Double {
    let sorted = samples.sorted()
    guard !sorted.isEmpty else { return 0 }
    return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))])
}

/// The least of several runs, in nanoseconds of CPU time an operation.
func leastOf(_ runs: Int, operations: Int, _ body: () -> Void) -> Double {
    var least = Double.infinity
    for _ in 0..<runs {
        let begin = cpuNanoseconds()
        body()
        least = min(least, Double(cpuNanoseconds() - begin) / Double(operations))
    }
    return least
}

/// Resident memory of this process in bytes.
func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var total = 0
    var resident = 0
    withUnsafeMutablePointer(to: &total) { totalPointer in
        withUnsafeMutablePointer(to: &resident) { residentPointer in
            withVaList([totalPointer, residentPointer]) { _ = vfscanf(file, "%ld %ld", $0) }
        }
    }
    return resident * 4096
}

/// A size of /proc/self/status in bytes: `RssAnon`, resident memory of its own; `VmHWM`, the most that was resident.
func statusBytes(_ name: String) -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = fread(&bytes, 1, bytes.count, file)
    let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
    for line in lines where line.hasPrefix(name + ":") {
        let number = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
        return (number.flatMap { Int($0) } ?? 0) * 1024
    }
    return 0
}
