import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadSimulation
import Glibc

/// The fault simulator as a program: see `Arguments.usage`.
@main struct Simulate {
    static func main() {
        #if MUTANTS
            if CommandLine.arguments.dropFirst() == ["--mutants"] {
                for mutant in Mutant.allCases { print("\(mutant.rawValue) \(mutant.name)") }
                exit(0)
            }
        #endif
        if let status = MatrixCommand.run(Array(CommandLine.arguments.dropFirst())) { exit(status) }
        if let status = ReplayCommand.run(Array(CommandLine.arguments.dropFirst())) { exit(status) }
        do throws(Arguments.Refusal) {
            let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
            let isSound =
                if arguments.isWorker {
                    work(arguments)
                } else if arguments.first == arguments.last {
                    runOne(arguments)
                } else {
                    runMany(arguments)
                }
            exit(isSound ? 0 : 1)
        } catch {
            if CommandLine.arguments.contains("--help") {
                print([Arguments.usage, MatrixCommand.usage, ReplayCommand.usage].joined(separator: "\n\n"))
                exit(0)
            }
            say("fairlead-simulate: \(error.text)\n\n\(Arguments.usage)")
            exit(2)
        }
    }

    static func say(_ text: String) {
        var line = text + "\n"
        // SAFETY: the pointer is used inside the closure only.
        line.withUTF8 { bytes in _ = unsafe write(2, bytes.baseAddress, bytes.count) }
    }

    /// Plays one scenario; nil where its configuration is refused, which is a fault of the simulator's own.
    static func play(_ scenario: Scenario, isTraced: Bool = false, into output: String? = nil) -> SeedReport {
        TrapTeller.begin(scenario.seed)
        do throws(ConfigurationErrors) {
            var simulation = try Simulation(scenario, isTraced: isTraced)
            simulation.run()
            if let output { JournalExport.write(simulation.journalFiles(), to: output) }
            return simulation.report
        } catch {
            say("seed \(scenario.seed): its configuration is refused: \(error)")
            exit(2)
        }
    }

    // MARK: - Workers

    private static func work(_ arguments: Arguments) -> Bool {
        for seed in arguments.first...arguments.last {
            let report = play(arguments.scenario(seed))
            print(json(report, arguments))
            fflush(nil)
        }
        return true
    }

    private static func json(_ report: SeedReport, _ arguments: Arguments) -> String {
        var writer = JSONWriter()
        report.write(to: &writer, commit: arguments.commit)
        return writer.text
    }

    // MARK: - One seed

    private static func runOne(_ arguments: Arguments) -> Bool {
        let scenario = arguments.scenario(arguments.first)
        let report = play(scenario, isTraced: arguments.isTraced, into: arguments.output)
        if arguments.isJSON { print(json(report, arguments)) }
        if arguments.isTraced { print(scenario.text + "\n\n" + report.text + "\n") }
        if !arguments.isJSON { print(SeedText.summary(report, arguments.commit)) }
        if arguments.showsMarks { print(report.marks.table) }
        if !tellHoles(report.marks, arguments), report.violation == nil { return false }
        guard report.violation != nil else { return true }
        tellFailure(scenario, report, arguments)
        return false
    }

    /// Seed, rule, the last events, and the shortest schedule that breaks the same rule.
    private static func tellFailure(_ scenario: Scenario, _ report: SeedReport, _ arguments: Arguments) {
        guard let violation = report.violation else { return }
        if !arguments.isTraced {
            print("\nthe last events:")
            print(report.text)
        }
        print("\nseed \(report.seed) breaks \(violation.invariant): \(violation.text)")
        guard arguments.shrinks else { return }
        var shrinker = Shrinker(scenario, breaking: violation.invariant)
        shrinker.run()
        let short = shrinker.scenario
        let faults = short.faults.map { "\($0.number)" }.joined(separator: ",")
        let signals = short.signals.map { "\($0.number)" }.joined(separator: ",")
        print("\nthe shortest schedule found in \(shrinker.runs) runs:\n\(short.text)")
        for signal in short.signals.prefix(40) { print("\(signal)") }
        print(
            "again: fairlead-simulate --seed \(report.seed) --trace --keep-faults \(faults.isEmpty ? "none" : faults)"
                + " --keep-signals \(signals.isEmpty ? "none" : signals)"
        )
    }

    // MARK: - Many seeds

    private static func runMany(_ arguments: Arguments) -> Bool {
        var sum = SeedSum()
        var workers = SeedWorkers(arguments)
        workers.run { outcome in
            switch outcome {
            case .line(let line):
                if arguments.isJSON { print(line) }
                if let failure = sum.add(line) { say(failure) }
            case .trapped(let seed, let text):
                sum.trapped(seed)
                say("seed \(seed) trapped:\n\(text)")
            }
        }
        print(sum.summary(arguments.commit), terminator: "")
        if arguments.showsMarks { print(sum.marks.table) }
        let isComplete = tellHoles(sum.marks, arguments)
        if arguments.shrinks, let seed = sum.firstFailure {
            say("the first failing seed is \(seed): fairlead-simulate --seed \(seed)")
        }
        return sum.isSound && isComplete
    }

    /// False where a run that needs all marks has missed one.
    private static func tellHoles(_ marks: CoverageMarks, _ arguments: Arguments) -> Bool {
        guard arguments.needsMarks else { return true }
        let holes = marks.holes
        if !holes.isEmpty { say("\(holes.count) marks were not reached:\n\(holes.joined(separator: "\n"))") }
        return holes.isEmpty
    }
}
