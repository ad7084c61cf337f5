import FairleadSimulation

#if MUTANTS
    import FairleadModel
#endif

/// What the command line asks.
struct Arguments {
    var first: UInt64 = 1
    var last: UInt64 = 1
    var wishes = Scenario.Wishes()
    var isJSON = false
    var isTraced = false
    var showsMarks = false
    /// A mark that no seed has reached, and that has no reason, fails the run.
    var needsMarks = false
    var shrinks = true
    var jobs = 1
    var commit = "unknown"
    /// Where the journal of one seed is written.
    var output: String?
    var keptFaults: [Int]?
    var keptSignals: [Int]?
    /// A worker of a run over several seeds: prints one JSON line a seed, and shrinks nothing.
    var isWorker = false
    #if MUTANTS
        /// The seeded bug that is on: its number or its name.
        var mutant: String?
    #endif

    static let usage = """
        fairlead-simulate --seed N | --seeds A..B [options]

          --seed N            one seed
          --seeds A..B        a range of seeds; each failing one is told, and the run goes on
          --faults LIST       only these kinds of faults, by comma; `none` for none
          --minutes V         length of the safety phase in virtual minutes
          --json              one JSON object a seed
          --trace             the whole story of the seed
          --marks             the table of faults and order states that were reached
          --need-marks        the same; a hole in it without a reason fails the run
          --no-shrink         do not look for a shorter schedule of a failing seed
          --jobs N            seeds at a time, in processes of their own
          --out DIR           write the journal of the seed there (one seed)
          --keep-faults LIST  only these faults of the seed's schedule, by number; `none`
          --keep-signals LIST only these signals, by number; `none`
          --commit HASH       said in reports

        Kinds of faults: \(FaultRegistry.names.joined(separator: ", "))
        Ends with 0 when every seed holds, 1 when one does not or a mark is missing, 2 when the command line
        is not understood.
        """

    struct Refusal: Error { var text: String }

    init(_ words: [String]) throws(Refusal) {
        var left = words[...]
        var hasSeeds = false
        while let word = left.popFirst() {
            switch word {
            case "--seed":
                first = try Self.number(word, &left)
                last = first
                hasSeeds = true
            case "--seeds":
                (first, last) = try Self.range(word, &left)
                hasSeeds = true
            case "--faults": wishes.faults = try Self.faults(word, &left)
            case "--minutes":
                let minutes = try Self.number(word, &left)
                guard (1...10_000).contains(minutes) else { throw Refusal(text: "--minutes takes 1 to 10000") }
                wishes.minutes = Int64(minutes)
            case "--json": isJSON = true
            case "--trace": isTraced = true
            case "--marks": showsMarks = true
            case "--need-marks": (showsMarks, needsMarks) = (true, true)
            case "--no-shrink": shrinks = false
            case "--jobs":
                let count = try Self.number(word, &left)
                guard (1...256).contains(count) else { throw Refusal(text: "--jobs takes 1 to 256") }
                jobs = Int(count)
            case "--out": output = try Self.text(word, &left)
            case "--keep-faults": keptFaults = try Self.numbers(word, &left)
            case "--keep-signals": keptSignals = try Self.numbers(word, &left)
            case "--commit": commit = try Self.text(word, &left)
            case "--worker": isWorker = true
            #if MUTANTS
                case "--mutant":
                    let word = try Self.text(word, &left)
                    guard Mutant.choose(word) else { throw Refusal(text: "no mutant \(word)") }
                    mutant = word
            #endif
            default: throw Refusal(text: "no option \(word)")
            }
        }
        guard hasSeeds else { throw Refusal(text: "--seed or --seeds is needed") }
        if output != nil, first != last { throw Refusal(text: "--out takes one seed") }
    }

    private static func text(_ option: String, _ left: inout ArraySlice<String>) throws(Refusal) -> String {
        guard let word = left.popFirst(), !word.isEmpty else { throw Refusal(text: "\(option) needs a value") }
        return word
    }

    private static func number(_ option: String, _ left: inout ArraySlice<String>) throws(Refusal) -> UInt64 {
        let word = try text(option, &left)
        guard let number = UInt64(word) else { throw Refusal(text: "\(option) needs a number, not \(word)") }
        return number
    }

    private static func range(
        _ option: String,
        _ left: inout ArraySlice<String>
    ) throws(Refusal) -> (UInt64, UInt64) {
        let word = try text(option, &left)
        let parts = word.split(separator: ".", omittingEmptySubsequences: true)
        guard parts.count == 2, let from = UInt64(parts[0]), let to = UInt64(parts[1]), from <= to else {
            throw Refusal(text: "\(option) needs a range like 1..100, not \(word)")
        }
        guard to - from < 10_000_000 else { throw Refusal(text: "\(option) takes 10,000,000 at most, not \(word)") }
        return (from, to)
    }

    private static func numbers(_ option: String, _ left: inout ArraySlice<String>) throws(Refusal) -> [Int] {
        let word = try text(option, &left)
        if word == "none" { return [] }
        var found: [Int] = []
        for part in word.split(separator: ",") {
            guard let number = Int(part) else { throw Refusal(text: "\(option) needs numbers, not \(part)") }
            found.append(number)
        }
        return found
    }

    private static func faults(_ option: String, _ left: inout ArraySlice<String>) throws(Refusal) -> [String] {
        let word = try text(option, &left)
        if word == "none" { return [] }
        let names = word.split(separator: ",").map(String.init)
        for name in names where !FaultRegistry.names.contains(name) {
            throw Refusal(text: "no fault \(name); there are \(FaultRegistry.names.joined(separator: ", "))")
        }
        return names
    }

    /// For a worker: the same wishes on another range.
    func words(from first: UInt64, through last: UInt64) -> [String] {
        var words = ["--seeds", "\(first)..\(last)", "--worker", "--commit", commit]
        if let faults = wishes.faults {
            words += ["--faults", faults.isEmpty ? "none" : faults.joined(separator: ",")]
        }
        if let minutes = wishes.minutes { words += ["--minutes", "\(minutes)"] }
        #if MUTANTS
            if let mutant { words += ["--mutant", mutant] }
        #endif
        return words
    }

    func scenario(_ seed: UInt64) -> Scenario {
        var scenario = Scenario(seed: seed, wishes: wishes)
        if let keptFaults { scenario.faults.removeAll { !keptFaults.contains($0.number) } }
        if let keptSignals { scenario.signals.removeAll { !keptSignals.contains($0.number) } }
        return scenario
    }
}
