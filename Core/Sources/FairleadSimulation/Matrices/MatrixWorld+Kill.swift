import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// When the kill switch was engaged, as its caller knows it. A reference: the channel writes it in the midst of a pump.
final class KillRecord {
    /// Writes that had been begun when `engage` returned: nothing after them may raise exposure.
    var allowedWrites: Int?
    var engagements = 0
    var at: Timestamp?
}

/// The kill switch engaged, and what must hold from then on (S-11, L-07).
extension MatrixWorld {
    /// How long the working entries may stay once it is engaged, a new connection and its handshake included.
    private static let cancelBound = TimeSpan.seconds(7)

    /// Waits for the router's question, where that is the moment.
    func armKill() {
        guard case .ask(let number) = fault.kill?.moment, kill.allowedWrites == nil else { return }
        let (record, killSwitch) = (kill, killSwitch)
        channel.asked = { channel in
            guard channel.asks == number, record.allowedWrites == nil else { return }
            if killSwitch.isReleaseUnderWay {
                // Another thread stands inside `engage` until this very write is done.
                killSwitch.post(.kill)
                record.allowedWrites = channel.writeCount + 1
            } else {
                _ = killSwitch.engage(.kill)
                record.allowedWrites = channel.writeCount
            }
            record.engagements += 1
        }
    }

    mutating func engageIfDue() {
        guard let planned = fault.kill else { return }
        if case .pump(let number) = planned.moment, pumps >= number, kill.engagements == 0 {
            prepare(planned.manner)
            engage()
            return
        }
        // A second time, in the midst of what the first has caused.
        if planned.manner == .twice, kill.engagements == 1, kill.at != nil { engage() }
    }

    private mutating func engage() {
        if !killSwitch.engage(.kill) { judge.fail("S-11", "engage did not settle") }
        if kill.allowedWrites == nil { kill.allowedWrites = channel.writeCount }
        kill.engagements += 1
    }

    private mutating func prepare(_ manner: MatrixFault.Kill.Manner) {
        switch manner {
        case .once, .twice: break
        case .disconnected: cut()
        case .diskFull:
            judge.isJournalTroubled = true
            disk.setHook { operation, _ in operation == .createSegment ? .fail(.noSpace) : nil }
            makeSegment()
        case .diskFailed:
            judge.isJournalTroubled = true
            disk.setHook { operation, _ in operation == .sync ? .fail(.inputOutput) : nil }
            commit()
        }
    }

    /// What the committer's thread does when it looks around.
    private func makeSegment() {
        guard let committer else { return }
        do throws(JournalError) { _ = try committer.prepareNextSegment() } catch {
            assert(committer.preparationFailure != nil, "Invariant: a refusal is remembered")
        }
    }

    mutating func noteKill() {
        if kill.allowedWrites != nil, kill.at == nil { kill.at = clock.now }
    }

    /// After the script: no entry works any more, the state outlives the process, exits still leave, and only a resume
    /// ends it.
    mutating func endKill() {
        guard let at = kill.at else { return judge.fail("matrix", "the moment of the kill never came") }
        losesNextEntry = false
        run(until: max(clock.now, at + Self.cancelBound))
        let working = server.venue.openOrders(client: Self.client).filter { report in
            server.venue.order(report.id, client: Self.client)?.order.reduceOnly == false
        }
        if let order = working.first { judge.fail("L-07", "entry \(order.id) still works after the kill") }
        expectKilled("before the restart")
        disk.setHook(nil)
        judge.isJournalTroubled = false
        crash(on: nil)
        run(until: clock.now + .seconds(2))
        expectKilled("after the restart")
        operate(OperatorCommand(.flatten))
        run(until: clock.now + .seconds(2))
        let held = server.venue.ledger.positions.contains { $0.quantity.raw != 0 }
        if held { judge.fail("S-11", "an exit did not leave while killed") }
        kill.allowedWrites = nil
        operate(OperatorCommand(.resume))
        run(until: clock.now + .seconds(1))
        let state = withEngine { $0.tradingState }
        if state != .active { judge.fail("S-11", "not active after the resume") }
    }

    private mutating func expectKilled(_ place: String) {
        let state = withEngine { $0.tradingState }
        if state != .killed { judge.fail("S-11", "not killed \(place)") }
        if !killSwitch.engaged.contains(.kill) { judge.fail("S-11", "the kill word is low \(place)") }
    }
}
