import FairleadConfiguration
import FairleadModel
import FairleadPaper
import Foundation
import Testing

@testable import FairleadRuntime

/// The paper venue's own journal: the oracle's memory.
struct VenueJournalTests {
    private static func configuration() throws -> ResolvedConfiguration {
        try ConfigurationDecoder.resolve(InitialDocuments.documents).get()
    }

    private static func venue(_ configuration: ResolvedConfiguration) -> PaperVenue {
        PaperVenue(
            configuration: PaperVenueConfiguration(
                instruments: configuration.engine.instruments,
                paper: configuration.runtime.paper,
                hours: configuration.engine.tradingHours
            )
        )
    }

    /// A client's connection and a few questions, each at a time of its own.
    private static func inputs(_ count: Int) -> ContiguousArray<PaperInput> {
        var inputs: ContiguousArray<PaperInput> = [
            PaperInput(time: Timestamp(milliseconds: 1000), client: 3, .hello(PaperHello(client: 3, session: 1)))
        ]
        for number in 1...count {
            let time = Timestamp(milliseconds: Int64(1000 + number * 10))
            inputs.append(PaperInput(time: time, client: 3, number: UInt32(number), .timeRequest))
        }
        return inputs
    }

    /// Goal: each torn end is cut away, and damage with durable records behind it is refused.
    /// Method: a journal of forty inputs cut at every byte of its last quarter; the same with one byte changed in the
    /// middle, after which nothing but a refusal may come.
    @Test func tornEndsAreCutAndDamageIsRefused() throws {
        let configuration = try Self.configuration()
        let hash = configuration.hash.description
        let directory = try TemporaryDirectory()
        let file = URL(fileURLWithPath: directory.path + "/venue.journal")
        var venue = Self.venue(configuration)
        let journal = try VenueJournal(home: directory.path, configuration: hash)
        try journal.open(&venue)
        for input in Self.inputs(40) {
            #expect(journal.append([input]))
            #expect(journal.sync())
        }
        #expect(journal.clients == [3])
        journal.close()
        let whole = try Data(contentsOf: file)
        var last = 0
        for length in (whole.count * 3 / 4)...whole.count {
            try whole.prefix(length).write(to: file)
            var read = Self.venue(configuration)
            let end = try VenueJournal(home: directory.path, configuration: hash).restore(&read)
            #expect(end <= length)
            #expect(end >= last)
            last = end
        }
        #expect(last == whole.count)
        var damaged = whole
        damaged[whole.count / 2] ^= 0x40
        try damaged.write(to: file)
        #expect(throws: VenueJournal.Failure.self) {
            var read = Self.venue(configuration)
            try VenueJournal(home: directory.path, configuration: hash).restore(&read)
        }
        #expect(throws: VenueJournal.Failure.self) {
            var read = Self.venue(configuration)
            try VenueJournal(home: directory.path, configuration: "another").restore(&read)
        }
    }

    /// Goal: the journal stays bounded, and nothing is lost when it begins anew on a snapshot.
    /// Method: a small limit, more inputs than it holds, a rotation whenever it is full; then the state from disk
    /// beside the one in memory, and the files that are left.
    @Test func aFullJournalBeginsAnew() throws {
        let configuration = try Self.configuration()
        let hash = configuration.hash.description
        let directory = try TemporaryDirectory()
        var venue = Self.venue(configuration)
        let journal = try VenueJournal(home: directory.path, configuration: hash, byteLimit: 1_000)
        try journal.open(&venue)
        var rotations = 0
        for input in Self.inputs(100) {
            #expect(journal.append([input]))
            let isTaken = venue.apply(input)
            #expect(isTaken)
            while venue.next(through: venue.time) != nil {}
            guard journal.isFull else { continue }
            try journal.rotate(&venue)
            rotations += 1
        }
        #expect(rotations > 2)
        journal.close()
        var read = Self.venue(configuration)
        let again = try VenueJournal(home: directory.path, configuration: hash)
        try again.restore(&read)
        #expect(again.clients == [3])
        let (found, isConnected, expected) = (read.time, read.isConnected(client: 3), venue.time)
        #expect(found == expected)
        #expect(isConnected)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(names.filter { $0.hasSuffix(".snapshot") }.count == 1)
        #expect(names.count == 2)
    }
}
