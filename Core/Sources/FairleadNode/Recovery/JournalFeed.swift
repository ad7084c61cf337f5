import FairleadJournal
import FairleadModel

/// A journal's inputs in order, each with the one after it in sight. Bookkeeping is passed over.
struct JournalFeed: ~Copyable {
    private var reader: JournalReader
    private var ahead: JournalRecord?
    private var isPrimed = false
    /// The configuration that was in force at the last input.
    private(set) var sequence: UInt64
    /// The checksum of the last input's record: what a snapshot of this place holds.
    private(set) var chain: UInt32 = 0
    let journalID: JournalID

    /// The inputs after `sequence`; 0 for all of them.
    init(_ disk: any Disk, after sequence: UInt64) throws(NodeError) {
        reader = try NodeError.journaling { () throws(JournalError) in try JournalReader(disk, from: sequence + 1) }
        journalID = reader.journalID
        self.sequence = sequence
    }

    /// The next input; nil at the end.
    mutating func next() throws(NodeError) -> JournalRecord? {
        if !isPrimed || ahead == nil { try look() }
        isPrimed = true
        // Taken, not copied: a record may own memory, and asking whether it does costs as much as applying it.
        guard let record = ahead.take() else { return nil }
        do throws(NodeError) { try look() } catch {
            ahead = record
            throw error
        }
        take(record)
        return record
    }

    /// The next input if the one after it is in sight as well: what may be taken of a journal that is being written, of
    /// which everything through `last` is there.
    mutating func nextFollowed(durableThrough last: UInt64?) throws(NodeError) -> JournalRecord? {
        if !isPrimed || ahead == nil { ahead = try read(durableThrough: last) }
        isPrimed = true
        guard let record = ahead else { return nil }
        guard let following = try read(durableThrough: last) else { return nil }
        ahead = following
        take(record)
        return record
    }

    /// The event that follows the input that was given last; nil at the end, and where something else follows.
    var following: Event? {
        if case .event(let event) = ahead?.body { event } else { nil }
    }

    private mutating func take(_ record: JournalRecord) {
        sequence = record.sequence
        chain = record.header.checksum
    }

    private mutating func look() throws(NodeError) { ahead = try read() }

    private mutating func read(durableThrough last: UInt64? = nil) throws(NodeError) -> JournalRecord? {
        do throws(JournalError) {
            while let record = try reader.next(durableThrough: last) {
                if record.header.type.isInput { return record }
            }
            return nil
        } catch {
            throw .journal(error)
        }
    }
}
