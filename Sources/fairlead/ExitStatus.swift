/// How a command ends: the numbers that scripts and service managers rely on.
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    case failure = 1
    /// The command line was not understood.
    case usage = 2
    /// `status` and `health --check`: it runs, and not as it should.
    case degraded = 3
    /// Refused by risk.
    case vetoed = 4
    case reconciliationMismatch = 5
    /// The journal is damaged; `run --recover-from-venue` goes on without it.
    case journalQuarantined = 6
    /// The kill switch is engaged.
    case killed = 7
    /// A signal, or a file, that can't be used.
    case invalidInput = 65
    case unavailable = 69
    case permission = 77
    case invalidConfiguration = 78
    case interrupted = 130
}

/// A command's end that is no success: the status, and a sentence for stderr.
struct CommandFailure: Error, Equatable {
    var status: ExitStatus
    /// Empty when all was said already.
    var message: String

    init(_ status: ExitStatus, _ message: String = "") {
        self.status = status
        self.message = message
    }
}
