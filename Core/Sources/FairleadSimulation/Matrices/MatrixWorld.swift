import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadPaper

/// What one pump of the router did, in a golden run that is only recorded.
struct PumpLog {
    /// Bytes of records before and after, and how much of them a loss of power leaves for certain.
    var before: UInt64
    var after: UInt64
    var durable: UInt64
    /// For each write to the channel, the bytes of records that stood before it.
    var writes: [UInt64]
}

/// What goes wrong in one case of a matrix. At most one of them is set.
struct MatrixFault {
    /// The process dies: within the pump of this number (from 0), when so many of its writes were made and so many
    /// records of the journal stand.
    struct Crash: Hashable {
        var pump: Int
        var writes: Int
        var records: Int
    }

    /// The kill switch is engaged.
    struct Kill: Hashable {
        enum Moment: Hashable {
            /// Before the pump of this number.
            case pump(Int)
            /// When the router asks for the so-manieth time whether it may write.
            case ask(Int)
        }

        enum Manner: String, Hashable, CaseIterable {
            case once
            case twice
            case disconnected
            case diskFull = "disk full"
            case diskFailed = "disk failed"
        }

        var moment: Moment
        var manner: Manner
    }

    var crash: Crash?
    var kill: Kill?
    /// The connection is cut when so many bytes have passed, the router's to the venue or the venue's to the router.
    var cutOutward = Int.max
    var cutInward = Int.max
}

/// A golden run as it is lived: the production node, journal, session and venue, under one virtual clock, with a
/// scripted market. The simplest world that can tear a journal and cut a line at any byte; cheap enough for a hundred
/// thousand lives.
struct MatrixWorld: ~Copyable {
    let run: GoldenRun
    let configuration: ResolvedConfiguration
    let isDurableOnDisk: Bool
    let fault: MatrixFault
    /// The golden run's journal, for a crash.
    let images: JournalImages?
    let clock: VirtualClock
    var disk = MemoryDisk()
    var node: Node?
    var channel = MatrixChannel()
    var killSwitch = KillSwitch()
    var server: PaperServer
    var connection: Int?
    var generation = 0
    let start: Timestamp

    // The script
    var nextStep = 0
    var nextBeat: Timestamp
    var bid: Int64
    var sent: [[UInt8]] = []
    var losesNextEntry = false

    // What was counted
    var pumps = 0
    var log: [PumpLog] = []
    var isLogged = false
    /// Bytes of records of earlier lives.
    var storedBefore: UInt64 = 0
    var durable: UInt64 = 0
    var outward = 0
    var inward = 0
    var cuts = 0
    var crashes = 0
    var needsPump = false
    var hasStruck = false
    /// Pumps, questions and bytes of the script, without the quiet after it.
    var scriptPumps = 0
    var scriptAsks = 0
    var scriptOutward = 0
    var scriptInward = 0
    /// Stop at the first pump after the fault; `isStopped` says that it was reached.
    var stopsAfterStrike = false
    var isStopped = false
    /// Writes that were carried on or lost, over all lives.
    var carriedWrites = 0
    var kill = KillRecord()

    // The judges
    var judge = MatrixJudge()
    var noticeCursor: UInt64 = 0

    static let bitcoin = InstrumentHandle(0)
    static let client: UInt32 = 1
    static let origin = Timestamp(milliseconds: 1_723_075_200_000)
    static let firstBid: Int64 = 618_000

    init(
        _ run: GoldenRun,
        _ configuration: ResolvedConfiguration,
        fault: MatrixFault = MatrixFault(),
        images: JournalImages? = nil,
        isLogged: Bool = false
    ) {
        self.run = run
        self.configuration = configuration
        self.fault = fault
        self.images = images
        self.isLogged = isLogged
        isDurableOnDisk = configuration.runtime.journal.durability == .disk
        start = Self.origin
        clock = VirtualClock(start)
        nextBeat = start + .milliseconds(100)
        bid = Self.firstBid
        let venue = PaperVenueConfiguration(
            instruments: configuration.engine.instruments,
            paper: configuration.runtime.paper,
            hours: configuration.engine.tradingHours
        )
        server = PaperServer(venue: PaperVenue(configuration: venue))
        startProcess()
    }

    // MARK: - The process

    mutating func startProcess() {
        let fresh = MatrixChannel()
        fresh.count(from: channel)
        channel = fresh
        carriedWrites = fresh.writeCount
        killSwitch = KillSwitch()
        armKill()
        var setup = NodeSetup(disk: disk, configuration: configuration, clock: clock, killSwitch: killSwitch)
        setup.channel = channel
        setup.preparesInline = true
        setup.runID = Digest128(high: 1, low: 2)
        setup.segmentByteCount = run.segmentByteCount
        do throws(NodeError) {
            node = try Node.open(setup)
        } catch {
            node = nil
            judge.fail("start", "the router does not start: \(error)")
            return
        }
        channel.committer = committer
        noticeCursor = 0
        let before = storedBefore
        // What opening found was synced by it.
        durable = before
        pumped(before: before)
        // And what it wrote, before it returned.
        durable = stored
        needsPump = true
        _ = crashIfDue()
    }

    var committer: JournalCommitter? {
        switch node {
        case .some(let node): node.committer
        case .none: nil
        }
    }

    /// Bytes of records over all lives.
    var stored: UInt64 { storedBefore + (committer?.storedByteCount ?? 0) }

    /// The process dies and starts again at once, on these files or on its own as they stand.
    mutating func crash(on files: [(name: String, bytes: [UInt8])]?) {
        crashes += 1
        storedBefore = stored
        dropConnection()
        node = nil
        disk = files.map { JournalImages.disk($0) } ?? disk.crash(.process)
        judge.restarted()
        startProcess()
    }

    // MARK: - One pump

    mutating func pump() {
        needsPump = false
        engageIfDue()
        let before = stored
        node?.pump()
        readNotices()
        noteKill()
        pumped(before: before)
        if crashIfDue() { return }
        let struckBefore = hasStruck
        carryWrites(channel.writes.count)
        if node?.nextWake == .never { needsPump = true }
        if stopsAfterStrike, struckBefore { isStopped = true }
        // A sync of a disk in memory is not free: only where something waits for it.
        if isDurableOnDisk, (node?.waitingCommands ?? 0) > 0 { commit() }
    }

    private mutating func pumped(before: UInt64) {
        if isLogged {
            let made = channel.writes.map { storedBefore + $0.stored }
            log.append(PumpLog(before: before, after: stored, durable: durable, writes: made))
        }
        pumps += 1
    }

    /// Whether the fault is a crash in the pump that has just been.
    private mutating func crashIfDue() -> Bool {
        guard !hasStruck, let crash = fault.crash, crash.pump == pumps - 1, let images else { return false }
        hasStruck = true
        carryWrites(crash.writes)
        channel.writes.removeAll()
        self.crash(on: images.image(after: crash.records))
        return true
    }

    /// A refused commit is the journal's to remember; the node looks at it there.
    mutating func commit() {
        guard let committer else { return }
        let through = stored
        do throws(JournalError) {
            try committer.commit()
            durable = through
        } catch {
            assert(committer.isFailed, "Invariant: a refused commit is remembered")
        }
        needsPump = true
    }

    mutating func readNotices() {
        guard let end = node?.notices.end, end > noticeCursor else { return }
        var told: ContiguousArray<NoticeEntry> = []
        var cursor = noticeCursor
        switch node {
        case .some(let node): _ = node.notices.read(from: &cursor) { told.append($0) }
        case .none: break
        }
        noticeCursor = cursor
        for entry in told { note(entry) }
    }

    private mutating func note(_ entry: NoticeEntry) {
        judge.note(entry)
        guard case .acknowledged(let told) = entry.notice, told.disposition == .accepted else { return }
        var approved: Quantity?
        _ = withEngine { engine in
            engine.forEachOpenParent { if $0.intent == told.intent { approved = $0.approved } }
        }
        judge.approve(told, approved)
    }

    borrowing func withEngine<Result>(_ body: (borrowing Engine) -> Result) -> Result? {
        switch node {
        case .some(let node): node.withEngine(body)
        case .none: nil
        }
    }
}
