import FairleadModel
import FairleadNode
import Foundation
import GRDB
import Testing

@testable import FairleadStore

@Suite struct HistoryRetentionTests {
    /// Goal: what is older than it may be goes, live orders stay, and the rest equals a rebuilt one. Method: a bound of
    /// bytes below what the run needs; the pieces that are removed counted; then both compared from there.
    @Test func removesTheOldest() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 41)
        let reference = directory.path + "/reference.sqlite"
        try fixture.write(to: reference)
        var options = HistoryOptions(retention: HistoryRetention(maximumBytes: 300_000))
        options.retentionInterval = .zero
        let writer = HistoryWriter(path: directory.file, options: options)
        try fixture.show(to: writer, piece: 200)
        #expect(writer.health.fault == nil)
        #expect(writer.counters.rowsRemoved > 100)
        let reader = try HistoryReader(path: directory.file)
        #expect(reader.keptSince > 1)
        let (difference, rows) = try HistoryComparison.difference(directory.file, reference, from: reader.keptSince)
        #expect(difference == nil, "\(difference.map { "\($0)" } ?? "")")
        #expect(rows > 50)
        let live = try HistoryReader(path: reference).orders(HistoryFilter(limit: 10_000))
            .filter { !$0.change.to.isTerminal }.map(\.change.id)
        let kept = try reader.orders(HistoryFilter(limit: 10_000)).map(\.change.id)
        #expect(Set(kept).isSuperset(of: live))
    }

    /// Goal: days are counted in the engine's time, from the newest input back. Method: a run of minutes, first kept
    /// for a day, then written on as if the newest input were days later.
    @Test func removesByDays() throws {
        let directory = try HistoryDirectory()
        let fixture = try HistoryFixture(seed: 42, minutes: 2, signals: 20)
        var options = HistoryOptions(retention: HistoryRetention(keepDays: 1))
        options.retentionInterval = .zero
        let writer = HistoryWriter(path: directory.file, options: options)
        try fixture.show(to: writer)
        #expect(writer.counters.rowsRemoved == 0)
        let store = try HistoryStore.open(directory.file, try fixture.journal, options).store
        let later = HistoryFixture.start + .hours(24 * 3)
        var removed: UInt64 = 0
        for _ in 0..<50 { removed += try store.retain(options.retention, now: later) }
        #expect(removed > 100)
        #expect(try HistoryReader(path: directory.file).fills(HistoryFilter(limit: 100)).isEmpty)
    }
}
