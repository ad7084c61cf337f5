import FairleadModel

/// The kill switch engaged at every step of a golden run: before each pump of the router, and at each moment at which
/// the router asks whether it may write, which lies between the approval of an order and its bytes.
struct KillMatrix {
    let golden: GoldenLife

    func run(into report: inout MatrixReport) {
        // Pump 0 is the start itself: nobody holds the switch before it has returned.
        for pump in 1..<golden.log.count {
            for manner in MatrixFault.Kill.Manner.allCases where golden.isDurableOnDisk || manner == .once {
                judge(MatrixFault.Kill(moment: .pump(pump), manner: manner), "step, \(manner.rawValue)", &report)
            }
        }
        guard golden.asks > 0 else { return }
        for ask in 1...golden.asks {
            for manner in [MatrixFault.Kill.Manner.once, .twice] {
                judge(
                    MatrixFault.Kill(moment: .ask(ask), manner: manner),
                    "before a write, \(manner.rawValue)",
                    &report
                )
            }
        }
    }

    private func judge(_ kill: MatrixFault.Kill, _ kind: String, _ report: inout MatrixReport) {
        report.count(kind)
        report.lives += 1
        var world = MatrixWorld(golden.run, golden.configuration, fault: MatrixFault(kill: kill))
        world.play()
        guard let violation = world.judge.violation else { return }
        let moment =
            switch kill.moment {
            case .pump(let pump): "pump \(pump)"
            case .ask(let ask): "question \(ask)"
            }
        report.fail("\(golden.run.name) (\(golden.durability)), \(moment), \(kill.manner.rawValue)", violation)
    }
}
