import FairleadJournal
import Glibc

/// `fairlead-bench [NAME...]`: prints a row for each measurement whose name contains one of the names, or all of them.
func main() throws {
    let wanted = Array(CommandLine.arguments.dropFirst())
    if wanted.first == "--fixed" {
        guard wanted.count == 2, try runFixed(wanted[1]) else {
            print("fairlead-bench --fixed \(fixedNames.joined(separator: "|"))")
            exit(2)
        }
        return
    }
    func isWanted(_ name: String) -> Bool { wanted.isEmpty || wanted.contains { name.contains($0) } }
    func show(_ name: String, _ value: Double, _ unit: String, _ budget: String) {
        let text = value >= 1_000_000 ? "\(Double(Int(value / 10_000)) / 100) M" : "\(Double(Int(value * 10)) / 10)"
        print("\(name.padded(44)) \((text + " " + unit).padded(22)) budget \(budget)")
        fflush(nil)
    }
    func showYardstick() {
        let (gigahertz, miss) = yardstick()
        show("yardstick: cycles, a load from memory", gigahertz, "GHz, \(Int(miss)) ns", "- (of this machine, now)")
    }
    if try memoryRows(wanted, show) { return }
    showYardstick()
    for open in [0, 500, 10_000] where isWanted("signal_to_command_\(open)") {
        let (p50, p99) = signalToCommand(openOrders: open, samples: 20_000)
        show("signal_to_command_\(open) p50", p50, "ns", "<= 1000 ns")
        show("signal_to_command_\(open) p99", p99, "ns", "<= 5000 ns")
    }
    for open in [0, 500, 10_000] where isWanted("signal_to_command_tails_\(open)") {
        let (p50, p99) = signalToCommand(openOrders: open, samples: 20_000, hasTails: true)
        show("signal_to_command_tails_\(open) p50", p50, "ns", "<= 2000 ns")
        show("signal_to_command_tails_\(open) p99", p99, "ns", "<= 5000 ns")
    }
    if isWanted("signal_to_command_observed") {
        let (p50, p99) = signalToCommand(openOrders: 0, samples: 20_000, isObserved: true)
        show("signal_to_command_observed p50", p50, "ns", "<= 1000 ns")
        show("signal_to_command_observed p99", p99, "ns", "<= 5000 ns")
    }
    if isWanted("signal_to_command_journaled") {
        let (p50, p99, _) = try signalToCommandJournaled(.process, samples: 20_000)
        show("signal_to_command_journaled p50", p50, "ns", "<= 1000 ns")
        show("signal_to_command_journaled p99", p99, "ns", "<= 5000 ns")
    }
    if isWanted("signal_to_command_disk") {
        let (p50, p99, disk) = try signalToCommandJournaled(.disk, samples: 2_000)
        show("signal_to_command_disk p50", p50 / 1_000, "us", "<= 150 us")
        show("signal_to_command_disk p99", p99 / 1_000, "us", "-")
        show("signal_to_command_disk bare pwrite + fdatasync", disk / 1_000, "us", "the disk itself")
    }
    lifeRows(isWanted, show)
    if isWanted("quotes") { show("quotes_engine_and_venue", quotesPerSecond(), "/s", ">= 8 M/s") }
    if isWanted("memory") { keptRows(show) }
    try journalRows(isWanted, show)
    if isWanted("node") {
        try nodeRows(show)
        try replayRows(show)
    }
    if isWanted("tape"), let path = getenv("FAIRLEAD_TAPE").map({ String(cString: $0) }) {
        try tapeRows(path, show)
    }
    showYardstick()
}

private func keptRows(_ show: (String, Double, String, String) -> Void) {
    show("memory_per_closed_order", bytesPerClosedOrder(), "B", "<= 256 B")
    show("memory_per_live_order", bytesPerLiveOrder(), "B", "<= 1024 B")
}

/// Rows of memory, which mean something in a process of their own: one that is asked for by its whole name, and alone.
/// The loop lasts FAIRLEAD_LOOP_SECONDS.
private func memoryRows(
    _ wanted: [String],
    _ show: (String, Double, String, String) -> Void
) throws -> Bool {
    guard wanted == ["rss_largest_tape"] || wanted == ["replay_loop"] else { return false }
    guard let path = getenv("FAIRLEAD_TAPE").map({ String(cString: $0) }) else { return true }
    if wanted == ["rss_largest_tape"] {
        try rssRows(path, show)
    } else {
        let seconds = getenv("FAIRLEAD_LOOP_SECONDS").flatMap { Int(String(cString: $0)) } ?? 60
        try replayLoopRows(path, seconds: max(1, seconds), show)
    }
    return true
}

private func tapeRows(_ path: String, _ show: (String, Double, String, String) -> Void) throws {
    show("tape_events_from_gz", tapeEventsPerSecond(path) ?? 0, "/s", ">= 1 M/s")
    let (gzip, cache, book) = try tapeRecordsPerSecond(path)
    show("tape_records_with_depth_from_gz", gzip, "/s", "")
    show("tape_records_with_depth_from_fltape", cache.all, "/s", "")
    show("tape_events_from_fltape", cache.touch, "/s", "")
    show("tape_records_into_books_from_fltape", book, "/s", "")
    try tapeReplayRows(path, show)
}

private func lifeRows(_ isWanted: (String) -> Bool, _ show: (String, Double, String, String) -> Void) {
    if isWanted("order_life") {
        show("order_life", orderLife(isObserved: true), "ns", "<= 4000 ns")
        show("order_life_unobserved", orderLife(isObserved: false), "ns", "<= 4000 ns")
    }
    if isWanted("twap_child") {
        show("twap_child", twapChild(isObserved: true), "ns", "<= 4000 ns")
        show("twap_child_unobserved", twapChild(isObserved: false), "ns", "<= 4000 ns")
    }
    if isWanted("trailing_stop") {
        let (first, late) = trailingStop()
        show("trailing_stop, a tick that moves it", first, "ns", "<= 50 ns")
        show("trailing_stop, after 20,000 moves", late, "ns", "<= 50 ns")
    }
}

private func journalRows(
    _ isWanted: (String) -> Bool,
    _ show: (String, Double, String, String) -> Void
) throws {
    if isWanted("journal_append") { show("journal_append", try appendsPerSecond(), "/s", ">= 20 M/s") }
    if isWanted("journal_sustained") {
        show("journal_sustained", try sustainedPerSecond(seconds: 60), "/s", ">= 2 M/s for 60 s")
    }
    for group in [128, 1] where isWanted("journal_durable_\(group)") {
        let (journal, disk) = try durablePerSecond(group: group)
        show("journal_durable_\(group)", journal, "/s", group == 128 ? ">= 1 M/s" : "-")
        show("journal_durable_\(group) bare pwrite + fdatasync", disk, "/s", "the disk itself")
        show("journal_durable_\(group) of the disk's", 100 * journal / disk, "%", "-")
    }
    if isWanted("journal_read") { show("journal_read", try readPerSecond(), "/s", ">= 5 M/s") }
}

extension String {
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

try main()
