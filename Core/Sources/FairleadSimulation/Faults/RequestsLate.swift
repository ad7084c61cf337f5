import FairleadModel
import FairleadPaper

/// N2: a request is on its way for up to two minutes, and arrives behind what was sent after it: in time, or when the
/// venue no longer takes it.
struct RequestsLate: Fault {
    var name: String { "late_request" }
    var row: String { "N2" }
    var reach: FaultReach { .requests }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...120_000)), value: random.next(in: 10...300))
    }

    func fate(ofRequest message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard PaperRequest(message.frame) != nil, window.strikes() else { return .pass }
        let longest: Int64 = window.random.chance(1, in: 8) ? 120_000 : 6_000
        return .late(.milliseconds(window.random.next(in: 1...longest)))
    }
}

/// O1, O5: cancels and amendments are on their way long enough for the market to fill their order first.
struct CancelsLate: Fault {
    var name: String { "late_cancel" }
    var row: String { "O1 O5" }
    var reach: FaultReach { .requests }
    var presence: UInt64 { 80 }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 5_000...600_000)), value: random.next(in: 100...1_000))
    }

    func fate(ofRequest message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard message.isChangeOfOrder, window.strikes() else { return .pass }
        return .late(.milliseconds(window.random.next(in: 50...4_000)))
    }
}

/// N4: a cancel, an amendment or a question arrives twice; the venue answers both. Orders don't: a stream repeats
/// nothing, and one that was refused at the door would live by its second copy.
struct RequestsTwice: Fault {
    var name: String { "duplicate_request" }
    var row: String { "N4 O1" }
    var reach: FaultReach { .requests }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...300_000)), value: random.next(in: 50...500))
    }

    func fate(ofRequest message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard let request = PaperRequest(message.frame) else { return .pass }
        if case .submit = request { return .pass }
        guard window.strikes() else { return .pass }
        return .twice(.milliseconds(window.random.next(in: 0...(window.random.chance(1, in: 4) ? 4_000 : 50))))
    }
}

extension PaperMessage {
    /// Asks for a cancel or an amendment.
    var isChangeOfOrder: Bool {
        guard let request = PaperRequest(frame) else { return false }
        switch request {
        case .cancel, .amend: return true
        case .submit, .query, .list, .time: return false
        }
    }
}
