import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadMarketData
import FairleadModel
import FairleadNode
import FairleadPaper

/// What the journal on the disk tells, read as another process would read it: after a crash, and at the end.
struct JournalStory {
    /// Submits that the journal knows of: the intents (S-16).
    var submits: [ClientOrderID: OrderSubmission] = [:]
    var fills: [ExecutionID: FillRecord] = [:]
    /// Executions that were booked twice.
    var repeatedFills: [ExecutionID] = []
    var fundings: [ExecutionID: FundingPayment] = [:]
    /// Payments that were booked twice.
    var repeatedFundings: [ExecutionID] = []
    /// Signals by number, with what became of them.
    var terms: [SignalNumber: SignalTerms] = [:]
    /// Signals whose terms are the last that a life wrote: a loss of power took what should have followed. Nobody was
    /// told that they were received.
    var cutOff: Set<SignalNumber> = []
    private var staged: SignalNumber?
    var acknowledgements: [SignalNumber: SignalAcknowledgement] = [:]
    var repeatedAcknowledgements: [SignalNumber] = []
    /// In the order of the journal.
    var accepted: ContiguousArray<SignalAcknowledgement> = []
    var closed: [IntentID: ParentRecord] = [:]
    /// What reconciliations added to positions beside fills.
    var adjustments: [PositionKey: Int64] = [:]
    var repeatedClosings: [IntentID] = []
    var openParents: ContiguousArray<IntentID> = []
    /// Operators' stops that stand.
    var engaged = false
    var epochs = 0
    /// Signals, by their time of receipt.
    var receivedAt: [SignalNumber: Timestamp] = [:]
    /// Hashes of the configurations that it went under, in order.
    var configurations: [Digest256] = []
    /// Ends of overrides before their time.
    var overridesRemoved: [RiskChange] = []
    var volume = VolumeStory()
    var result: ReplayResult?
    var refusal: NodeError?

    init(_ disk: any Disk) {
        do throws(NodeError) {
            var replayer = try Replayer(disk)
            var told = JournalStory()
            try replayer.run { told.note($0) }
            replayer.withEngine { engine in
                engine.forEachOpenParent { told.openParents.append($0.intent) }
            }
            told.result = replayer.result()
            self = told
        } catch {
            if case .noConfiguration = error, Self.isBlank(disk) { return }
            refusal = error
        }
    }

    private init() {}

    /// Nothing of a journal that was just begun had reached the disk when the power went: the next start begins it
    /// again, in epochs of its own.
    private static func isBlank(_ disk: any Disk) -> Bool {
        do throws(JournalError) {
            var reader = try JournalReader(disk)
            while let record = try reader.next() {
                guard case .manifest = record.body else { return false }
            }
            return true
        } catch {
            return false
        }
    }

    /// Of a journal that has just begun.
    static var none: JournalStory { JournalStory() }

    private mutating func note(_ item: ReplayItem) {
        switch item {
        case .record(let record): note(record)
        case .notice(let entry): note(entry)
        case .command(let command, _, _):
            if case .submit(let order) = command { submits[order.id] = order }
        }
    }

    private mutating func note(_ record: JournalRecord) {
        switch record.body {
        case .signalTerms(let signal):
            terms[signal.number] = signal
            receivedAt[signal.number] = record.time
            staged = signal.number
        case .event(.operated(let command)):
            if command.action.stopsEntries { engaged = true }
            if command.action == .resume { engaged = false }
        case .event(.epochOpened):
            epochs += 1
            if let staged { cutOff.insert(staged) }
            staged = nil
        case .event(.signalReceived): staged = nil
        case .event(.traded(let trade)): volume.note(trade)
        case .configuration(let configuration): configurations.append(configuration.hash)
        case .event, .text, .marketReference, .manifest, .snapshotMark, .seal, .note: break
        }
    }

    private mutating func note(_ entry: NoticeEntry) {
        switch entry.notice {
        case .progressed(let record): volume.note(record, terms[record.number])
        case .orderChanged(let change): volume.note(change)
        case .filled(let record):
            volume.note(record.execution)
            if fills.updateValue(record, forKey: record.execution.executionID) != nil {
                repeatedFills.append(record.execution.executionID)
            }
        case .funded(let record):
            if fundings.updateValue(record.payment, forKey: record.payment.id) != nil {
                repeatedFundings.append(record.payment.id)
            }
        case .acknowledged(let told):
            if acknowledgements.updateValue(told, forKey: told.number) != nil {
                repeatedAcknowledgements.append(told.number)
            }
            if told.disposition == .accepted { accepted.append(told) }
        case .parentClosed(let record):
            if closed.updateValue(record, forKey: record.intent) != nil { repeatedClosings.append(record.intent) }
        case .divergence(let record):
            let key = PositionKey(record.instrument, record.positionSide)
            adjustments[key, default: 0] += record.venue.raw - record.ours.raw
        case .riskChanged(let change):
            if change.kind == .removed || change.kind == .replaced { overridesRemoved.append(change) }
        case .sized, .riskRow, .riskDecided, .routed, .armChosen, .positionChanged, .levelChanged,
            .tradingStateChanged, .riskModeChanged, .alarm, .venueChanged, .policyComputed, .barClosed,
            .operatorRefused, .profitMeasured, .fillMeasured, .markoutMeasured, .shortfallMeasured, .tradeClosed,
            .positionDecided:
            break
        }
    }
}
