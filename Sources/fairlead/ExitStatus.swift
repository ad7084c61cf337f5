/// How a command ends: the numbers that scripts and service managers rely on. `fairlead help exit-codes` and
/// `docs/COMMAND-LINE.md` list them.
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    case failure = 1
    /// The command line was not understood.
    case usage = 2
    /// `status` and `health --check`: it runs, and not as it should.
    case degraded = 3
    /// A signal refused by risk, or a person's order by the engine.
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

    /// One line of the manual: what it means, and where to look next.
    var meaning: String {
        switch self {
        case .success: "it was done"
        case .failure: "it was not done; stderr says why"
        case .usage: "the command line was not understood; --help shows it"
        case .degraded: "status, health: the engine runs, and not as it should; fairlead health names the part"
        case .vetoed: "refused: a signal by risk, a person's order by the engine; fairlead why ID shows the reason"
        case .reconciliationMismatch: "reconcile: the venue said otherwise; rebuild-history --check: the history does"
        case .journalQuarantined: "the journal is damaged; fairlead run --recover-from-venue starts a fresh one"
        case .killed: "status, health: halted or killed; fairlead resume lets new exposure out again"
        case .invalidInput: "a signal or a file can't be used; fairlead signal validate names the fields"
        case .unavailable: "no engine, venue or journal there, or no answer (stderr says what may still be done)"
        case .permission: "a file or socket belongs to somebody else"
        case .invalidConfiguration: "the configuration can't be used; fairlead config validate lists the faults"
        case .interrupted: "stopped by Ctrl-C before it was done (run: by a second one)"
        }
    }
}

/// A command's end that is no success: the status, and a sentence for stderr.
struct CommandFailure: Error, Equatable {
    var status: ExitStatus
    /// Empty when all was said already.
    var message: String
    /// Something was ordered and not answered.
    var mayBeDone = false
    /// An engine holds the journal and can't be asked: it may trade.
    var isEngineHidden = false

    init(_ status: ExitStatus, _ message: String = "") {
        self.status = status
        self.message = message
    }
}
