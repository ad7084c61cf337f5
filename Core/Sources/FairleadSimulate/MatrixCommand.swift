import FairleadSimulation
import Glibc

#if MUTANTS
    import FairleadModel
#endif

/// `--matrix`: exhaustive cases on the golden runs instead of seeds.
enum MatrixCommand {
    static let usage = """
        fairlead-simulate --matrix crash|cut|kill|all [--run NAME] [--first] [--json]

          crash   the process or the machine dies at every journal write
          cut     the line is cut at every byte, either way
          kill    the kill switch is engaged at every step
          --first no further golden run once a case has failed
          Golden runs: \(GoldenRun.all.map(\.name).joined(separator: ", "))
        """

    /// nil where the words ask for something else.
    static func run(_ words: [String]) -> Int32? {
        guard words.contains("--matrix") else { return nil }
        var left = words[...]
        var (matrices, runs, isJSON, stopsAtFailure) = ([Matrix](), GoldenRun.all, false, false)
        while let word = left.popFirst() {
            switch word {
            case "--json": isJSON = true
            case "--first": stopsAtFailure = true
            case "--matrix":
                let name = left.popFirst() ?? ""
                matrices = name == "all" ? Matrix.allCases : Matrix(rawValue: name).map { [$0] } ?? []
                if matrices.isEmpty { return refuse("no matrix '\(name)'") }
            case "--run":
                let name = left.popFirst() ?? ""
                runs = GoldenRun.all.filter { $0.name == name }
                if runs.isEmpty { return refuse("no golden run '\(name)'") }
            #if MUTANTS
                case "--mutant":
                    let word = left.popFirst() ?? ""
                    if !Mutant.choose(word) { return refuse("no mutant '\(word)'") }
            #endif
            default: return refuse("no option \(word)")
            }
        }
        var isSound = true
        for matrix in matrices {
            let report = matrix.run(runs, stopsAtFailure: stopsAtFailure)
            print(isJSON ? report.json : report.text)
            fflush(nil)
            isSound = isSound && report.isSound
        }
        return isSound ? 0 : 1
    }

    private static func refuse(_ text: String) -> Int32 {
        Simulate.say("fairlead-simulate: \(text)\n\n\(usage)")
        return 2
    }
}
