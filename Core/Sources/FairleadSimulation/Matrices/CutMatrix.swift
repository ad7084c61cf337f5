import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// The line cut at every byte of a golden run's session, either way. Cuts that leave the same router and the same
/// venue have the same future: one of them is lived to its end.
struct CutMatrix {
    let golden: GoldenLife

    /// Router and venue right after the cut.
    private struct Moment: Hashable {
        var state: Digest256?
        var commands: Digest256?
        var sequence: UInt64?
        var ledger: UInt64
        var venueNext: Timestamp
        var time: Timestamp
    }

    func run(into report: inout MatrixReport) {
        // The session's bytes are the same whatever an order waits for on the disk.
        guard golden.isDurableOnDisk else { return }
        var last: (moment: Moment, violation: Violation?)?
        for offset in 1...golden.outward {
            judge(MatrixFault(cutOutward: offset), "to the venue", offset, &last, &report)
        }
        last = nil
        for offset in 1...golden.inward {
            judge(MatrixFault(cutInward: offset), "to the router", offset, &last, &report)
        }
    }

    private func judge(
        _ fault: MatrixFault,
        _ way: String,
        _ offset: Int,
        _ last: inout (moment: Moment, violation: Violation?)?,
        _ report: inout MatrixReport
    ) {
        report.count("byte " + way)
        var world = MatrixWorld(golden.run, golden.configuration, fault: fault)
        world.stopsAfterStrike = true
        world.play()
        let place = "\(golden.run.name), byte \(offset) \(way)"
        guard world.isStopped || world.judge.violation != nil else {
            return report.fail(place, Violation("matrix", "the byte never passed"))
        }
        let moment = Self.moment(&world)
        if let known = last, known.moment == moment, world.judge.violation == nil {
            if let violation = known.violation { report.fail(place, violation) }
            return
        }
        world.isStopped = false
        world.stopsAfterStrike = false
        let (violation, isCompared) = golden.live(&world)
        report.lives += 1
        if isCompared { report.compared += 1 }
        last = (moment, violation)
        if let violation { report.fail(place, violation) }
    }

    private static func moment(_ world: inout MatrixWorld) -> Moment {
        Moment(
            state: world.node?.stateHash(),
            commands: world.node?.commandHash,
            sequence: world.node?.sequence,
            ledger: world.server.venue.ledger.sequence,
            venueNext: world.server.nextTime,
            time: world.clock.now
        )
    }
}
