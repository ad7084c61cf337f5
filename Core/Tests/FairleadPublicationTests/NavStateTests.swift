import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadSchema
import Testing

@testable import FairleadPublication

/// What `nav_state.json` says of the NAV that the gateway goes by.
@Suite struct NavStateTests {
    typealias Fixture = PublicationFixture

    /// Goal: a NAV whose source has failed is stale in the file when the gateway refuses entries for it, though it was
    /// read a moment ago. Method: a listed account; the venue goes, and the next look at the NAV finds no listing.
    @Test func aFailedSourceIsStale() throws {
        let configuration = try Fixture.configuration()
        let disk = MemoryDisk()
        let files = StateFiles(disk, software: Fixture.software)
        let names = RunNames(configuration.engine.instruments)
        files.open(Fixture.journal)
        files.begins(at: Fixture.place(configuration), names: names)
        var engine = Engine(configuration: configuration.engine)
        var out = Outbox(isObserved: false)
        let start = Fixture.start
        let cash = 10_000 * FixedPoint.one
        let events: [Event] = [
            .epochOpened(Epoch(number: 1)),
            .venueConnected(VenueConnection(venue: .paper, session: 1, venueTime: start)),
            .reconciliationBegan(.paper),
            .balanceReported(BalanceReport(venue: .paper, cash: cash, available: cash, venueTime: start)),
            .reconciliationCompleted(
                ReconciliationReport(venue: .paper, session: 1, ledgerSequence: 0, venueTime: start)
            ),
        ]
        for event in events {
            out.clear()
            engine.apply(event, at: start, into: &out)
        }
        files.reached(Fixture.moment(1, configuration), engine: engine, names: names)
        #expect(try Fixture.document(disk, .navState)["is_stale"]?.bool == false)

        out.clear()
        engine.apply(.venueDisconnected(.paper), at: start, into: &out)
        out.clear()
        engine.apply(.timer, at: start + .seconds(2), into: &out)
        files.reached(Fixture.moment(3, configuration), engine: engine, names: names)
        let document = try Fixture.document(disk, .navState)
        #expect(document["is_stale"]?.bool == true)
        #expect(try Fixture.schema(.navState).violation(of: document) == nil)
    }
}
