import FairleadJournal
import FairleadModel
import FairleadPaper
import Glibc

// Fixed work for `scripts/instructions`: callgrind collects inside the `fixedWork...` functions only, and the script
// divides by the count that is printed.

let fixedNames = [
    "signal_to_command", "signal_to_command_tails", "signal_to_command_observed", "order_life", "quote",
    "journal_append", "journal_read",
]

/// Runs one of them and prints how many operations it collected. False for an unknown name.
func runFixed(_ name: String) throws -> Bool {
    switch name {
    case "signal_to_command": print(fixedSignals(count: 2_000))
    case "signal_to_command_tails": print(fixedSignals(count: 2_000, hasTails: true))
    case "signal_to_command_observed": print(fixedSignals(count: 2_000, isObserved: true))
    case "order_life": print(fixedLives(count: 2_000))
    case "quote": print(fixedQuotes(count: 50_000))
    case "journal_append": print(try fixedAppends(count: 50_000))
    case "journal_read": print(try fixedReads(count: 50_000))
    default: return false
    }
    return true
}

private func fixedSignals(count: Int, hasTails: Bool = false, isObserved: Bool = false) -> Int {
    var bench = BenchEngine(isObserved: isObserved, hasTails: hasTails)
    for _ in 0..<count {
        bench.moveOn()
        guard let order = fixedWorkSignal(&bench) else { fatalError("the benchmark's own signal was vetoed") }
        bench.accept(order)
        bench.fill(order)
    }
    return count
}

@inline(never) func fixedWorkSignal(_ bench: inout BenchEngine) -> OrderSubmission? { bench.signal(bench.symbol) }

private func fixedLives(count: Int) -> Int {
    var bench = BenchEngine(isObserved: true)
    for _ in 0..<count {
        bench.moveOn()
        fixedWorkLife(&bench)
    }
    return count
}

@inline(never) func fixedWorkLife(_ bench: inout BenchEngine) {
    guard let order = bench.signal(bench.symbol) else { fatalError("the benchmark's own signal was vetoed") }
    bench.accept(order)
    bench.fill(order)
}

private func fixedQuotes(count: Int) -> Int {
    var bench = BenchEngine(isObserved: false)
    var venue = benchVenue()
    let quotes = walk(from: bench.now)
    fixedWorkQuotes(&bench, &venue, quotes, count)
    return count
}

@inline(never) func fixedWorkQuotes(
    _ bench: inout BenchEngine,
    _ venue: inout PaperVenue,
    _ quotes: [Quote],
    _ count: Int
) {
    for index in 0..<count {
        let quote = quotes[index & 4_095]
        bench.now = bench.now + TimeSpan(nanoseconds: 10_000)
        venue.quoted(quote, at: bench.now)
        bench.apply(.quoted(quote))
    }
}

private func fixedAppends(count: Int) throws -> Int {
    try withDirectory { disk in
        var journal = try JournalWriter(disk, options: JournalOptions(segmentByteCount: 16 << 20))
        try fixedWorkAppends(&journal, count)
        try journal.close()
        return count
    }
}

@inline(never) func fixedWorkAppends(_ journal: inout JournalWriter, _ count: Int) throws {
    for index in 0..<count { _ = try journal.append(benchEvent(index), at: Timestamp(nanoseconds: Int64(index))) }
}

private func fixedReads(count: Int) throws -> Int {
    try withDirectory { disk in
        var journal = try JournalWriter(disk, options: JournalOptions(segmentByteCount: 16 << 20))
        for index in 0..<count { _ = try journal.append(benchEvent(index), at: Timestamp(nanoseconds: Int64(index))) }
        try journal.close()
        var reader = try JournalReader(disk)
        try fixedWorkReads(&reader, count)
        return count
    }
}

@inline(never) func fixedWorkReads(_ reader: inout JournalReader, _ count: Int) throws {
    for _ in 0..<count {
        guard try reader.next() != nil else { fatalError("the benchmark's own journal lost records") }
    }
}
