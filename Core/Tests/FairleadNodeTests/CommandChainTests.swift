import FairleadJournal
import FairleadModel
import Testing

@testable import FairleadNode

@Suite struct CommandChainTests {
    typealias Fixture = EgressFixture

    /// Goal: the appended bytes of a command are its canonical ones, and the hash tells order, content and number.
    /// Method: both encodings side by side; runs of 200 commands that differ in one of them.
    @Test func tellsRunsApart() {
        var bytes: [UInt8] = [9]
        let order = Command.submit(Fixture.order())
        CommandCodec.append(order, to: &bytes)
        #expect(bytes == [9] + CommandCodec.encode(order))

        func hash(_ count: Int, odd: Int = -1) -> Digest256 {
            var hash = CommandChain()
            for number in 0..<count {
                hash.add(.submit(Fixture.order(UInt32(number + 1), slot: 0, quantity: number == odd ? 9 : 10)))
            }
            return hash.value
        }
        #expect(hash(200) == hash(200))
        #expect(hash(200) != hash(199))
        #expect(hash(200) != hash(200, odd: 0))
        #expect(hash(200) != hash(200, odd: 199))
    }

    /// Goal: the hash goes on after a snapshot as if there had been none.
    /// Method: written and read at each of 130 places of a run.
    @Test func survivesSnapshots() throws {
        var whole = CommandChain()
        for number in 0..<130 { whole.add(.submit(Fixture.order(UInt32(number + 1)))) }
        for place in 0..<130 {
            var first = CommandChain()
            for number in 0..<place { first.add(.submit(Fixture.order(UInt32(number + 1)))) }
            var writer = SnapshotWriter()
            writer.beginSection("hash")
            first.visitState(&writer)
            let identity = SnapshotIdentity(
                stateVersion: 1,
                sequence: 1,
                time: .never,
                chain: 0,
                configurationHash: .zero,
                journalID: JournalID(high: 0, low: 0)
            )
            var reader = try #require(try Snapshot(writer.encoded(identity)).reader(of: "hash"))
            var second = CommandChain()
            second.visitState(&reader)
            for number in place..<130 { second.add(.submit(Fixture.order(UInt32(number + 1)))) }
            #expect(reader.isComplete)
            #expect(second.value == whole.value)
            #expect(second.count == whole.count)
        }
    }
}
