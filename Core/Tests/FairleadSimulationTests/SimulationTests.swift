import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper
import Testing

@testable import FairleadSimulation

@Suite struct SimulationTests {
    /// Two minutes of a seed: seconds of an unoptimised build.
    static let wishes = Scenario.Wishes(minutes: 2)

    static func play(_ scenario: Scenario) throws -> SeedReport {
        var simulation = try Simulation(scenario)
        simulation.run()
        return simulation.report
    }

    /// Goal: without faults every rule holds, and the seed is not empty. Method: one seed, no faults.
    @Test func livesWithoutFaults() throws {
        let report = try Self.play(Scenario(seed: 1, wishes: Scenario.Wishes(faults: [], minutes: 2)))
        #expect(report.violation == nil, "\(report.text)")
        #expect(report.faults == 0)
        #expect(report.orders > 0)
        #expect(report.fills > 0)
    }

    /// Goal: orders meet books that are lost and found again. Method: changes of books are lost all along, and the
    /// venue's counts.
    @Test func booksAreLostAndFound() throws {
        var scenario = Scenario(seed: 12, wishes: Scenario.Wishes(faults: [], minutes: 2))
        #expect(scenario.placement == .outside)
        scenario.hasBooks = true
        scenario.faults = [
            ScheduledFault(number: 0, name: "book_gap", at: .seconds(1), lasts: .seconds(100), value: 100, seed: 3)
        ]
        var simulation = try Simulation(scenario)
        simulation.run()
        #expect(simulation.report.violation == nil, "\(simulation.report.text)")
        #expect(simulation.report.fills > 0)
        let counts = simulation.server.server.withVenue { $0.depthCounts(InstrumentHandle(0)) }
        let found = try #require(counts)
        #expect(found.applied > 20 && found.gaps > 1 && found.quotesInstead > 10, "\(found)")
    }

    /// Goal: under every fault of the registry the rules hold. Method: one seed a kind, with that kind alone and ten of
    /// it.
    @Test(arguments: FaultRegistry.names)
    func livesWithEachFault(_ name: String) throws {
        var scenario = Scenario(seed: 12, wishes: Scenario.Wishes(faults: [], minutes: 2))
        // Books are shown to a venue outside; this seed has one.
        scenario.hasBooks = true
        let kind = try #require(FaultRegistry.fault(named: name))
        var random = DeterministicRandom(seed: 5)
        for number in 0..<6 {
            let shape = kind.shape(&random)
            scenario.faults.append(
                ScheduledFault(
                    number: number,
                    name: name,
                    at: .seconds(5 + Int64(number) * 15),
                    lasts: min(shape.lasts, .seconds(10)),
                    value: shape.value,
                    seed: random.next()
                )
            )
        }
        let report = try Self.play(scenario)
        #expect(report.violation == nil, "\(name): \(report.text)")
        #expect(report.faults == 6)
    }

    /// Goal: the router hears of the venue's halts, refuses entries by name and lets exits wait. Method: one seed whose
    /// instruments are halted one after the other for most of the time; the reasons and stages that were met.
    @Test func meetsHalts() throws {
        var scenario = Scenario(seed: 12, wishes: Scenario.Wishes(faults: [], minutes: 4))
        scenario.faults = (0..<9).map {
            ScheduledFault(
                number: $0,
                name: "halted_market",
                at: .seconds(5 + Int64($0) * 25),
                lasts: .seconds(24),
                value: Int64($0 % 3),
                seed: 7
            )
        }
        scenario.placement = .outside
        var simulation = try Simulation(scenario)
        simulation.run()
        #expect(simulation.report.violation == nil, "\(simulation.report.text)")
        let disk = MemoryDisk()
        for file in simulation.journalFiles() { disk.place(file.name, file.bytes) }
        let halts = try JournalVerifier.verify(disk).events.first { $0.kind == .haltReported }
        #expect((halts?.count ?? 0) >= 18)
        let vetoed = JournalStory(disk).acknowledgements.values.filter { $0.vetoes.all.contains(.marketClosed) }
        #expect(!vetoed.isEmpty)
    }

    /// Goal: a fault that aims at a state meets an order in it. Method: one crash a state, each alone; the
    /// desk helps where it must.
    @Test(arguments: [.submitted, .working, .pendingCancel, .pendingReplace] as [OrderState])
    func meetsTheStateItAimsAt(_ state: OrderState) throws {
        var scenario = Scenario(seed: 12, wishes: Scenario.Wishes(faults: [], minutes: 8))
        scenario.faults = [
            ScheduledFault(number: 0, name: "crash", at: .seconds(5), lasts: .zero, value: 0, seed: 7, aim: state)
        ]
        let report = try Self.play(scenario)
        #expect(report.violation == nil, "\(report.text)")
        let column = try #require(CoverageMarks.columns.firstIndex(of: "\(state)"))
        #expect(report.marks.count("crash", column: column) > 0)
    }

    /// Goal: a seed is one story: the same hashes each time (S-23). Method: three seeds, each played twice.
    @Test(arguments: [3, 4, 9] as [UInt64])
    func isDeterministic(_ seed: UInt64) throws {
        let first = try Self.play(Scenario(seed: seed, wishes: Self.wishes))
        let second = try Self.play(Scenario(seed: seed, wishes: Self.wishes))
        #expect(first.violation == nil, "\(first.text)")
        #expect(first.journalHash == second.journalHash)
        #expect(first.commandHash == second.commandHash)
        #expect(first.stateHash == second.stateHash)
        #expect(first.records == second.records)
        #expect(first.records > 200)
    }

    /// Goal: the journal of a seed is a journal like any other. Method: its files on another disk replay to the same
    /// hashes.
    @Test func journalReplaysElsewhere() throws {
        var simulation = try Simulation(Scenario(seed: 5, wishes: Self.wishes))
        simulation.run()
        let disk = MemoryDisk()
        for file in simulation.journalFiles() { disk.place(file.name, file.bytes) }
        var replayer = try Replayer(disk)
        try replayer.run()
        let result = replayer.result()
        #expect(result.journalHash == simulation.report.journalHash)
        #expect(result.stateHash == simulation.report.stateHash)
        #expect(result.commandHash == simulation.report.commandHash)
    }

    /// Goal: leaving a fault out of a schedule changes no other. Method: the faults that are left are drawn the same,
    /// and a scenario is the same each time.
    @Test func scenarioIsDrawnUpFront() {
        let whole = Scenario(seed: 21)
        #expect(whole.faults == Scenario(seed: 21).faults)
        #expect(whole.signals == Scenario(seed: 21).signals)
        #expect(whole.faults.count >= 2)
        #expect(whole.signals.count >= 50)
        #expect(Scenario(seed: 22).signals != whole.signals)
        #expect(Scenario(seed: 21, wishes: Scenario.Wishes(faults: [])).signals == whole.signals)
    }
}
