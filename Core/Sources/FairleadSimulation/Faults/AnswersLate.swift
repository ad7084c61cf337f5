import FairleadModel
import FairleadPaper

/// N2, N4: answers and fills come late, and so in another order than they were said; up to two minutes, as long as
/// their connection stands.
struct AnswersLate: Fault {
    var name: String { "late_answer" }
    var row: String { "N2 N4" }
    var reach: FaultReach { .answers }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...120_000)), value: random.next(in: 10...500))
    }

    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard message.subject != nil, window.strikes() else { return .pass }
        let longest: Int64 = window.random.chance(1, in: 10) ? 120_000 : 1_500
        return .late(.milliseconds(window.random.next(in: 1...longest)))
    }
}

/// N4: answers and fills are told twice, the second time up to a minute later.
struct AnswersTwice: Fault {
    var name: String { "duplicate" }
    var row: String { "N4" }
    var reach: FaultReach { .answers }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...300_000)), value: random.next(in: 50...500))
    }

    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard message.subject != nil, window.strikes() else { return .pass }
        return .twice(.milliseconds(window.random.next(in: 0...(window.random.chance(1, in: 4) ? 60_000 : 500))))
    }
}
