import FairleadModel
import FairleadPaper

/// The way to a venue outside of the process: its session, its channel, and the bytes that came.
struct RemoteLink {
    var session: PaperClientSession
    let channel: any ByteChannel
    var bytes: ByteQueue
    /// What the transport told since the last pump.
    var hasOpened = false
    var hasClosed = false

    init(session: PaperClientSession, channel: any ByteChannel, byteCapacity: Int) {
        self.session = session
        self.channel = channel
        bytes = ByteQueue(capacity: byteCapacity)
    }

    /// True when an order may be written this very moment: nothing waits before it, here or in the channel.
    var isWritable: Bool { session.output.isEmpty && channel.isWritable }

    /// Tells the session what the transport told, bytes before their connection's end.
    mutating func takeInput(at now: Timestamp) {
        if hasOpened {
            hasOpened = false
            session.connected(at: now)
        }
        if bytes.count > 0 {
            bytes.withBytes { session.received($0, at: now) }
            bytes.removeAll()
        }
        if hasClosed {
            hasClosed = false
            session.disconnected(at: now)
        }
        session.advance(to: now)
    }

    /// Carries out what concerns the channel; gives what the engine must be told.
    mutating func nextEvent() -> Event? {
        while let action = session.nextAction() {
            switch action {
            case .deliver(let event): return event
            case .connect: channel.open()
            case .close:
                bytes.removeAll()
                channel.close()
            }
        }
        return nil
    }

    /// Writes what waits, if the channel takes it.
    mutating func flush() {
        guard !session.output.isEmpty, channel.isWritable else { return }
        switch channel.write(session.output.span) {
        case .accepted: session.wrote(session.output.count)
        case .blocked: break
        }
    }

    /// Hands one command out and writes it at once. False when the channel went back on its word: nothing was written,
    /// and the connection is closed, so that the order can't leave behind the guard's back.
    mutating func send(_ command: Command, at now: Timestamp) -> Bool {
        session.command(command, at: now)
        flush()
        if session.output.isEmpty { return true }
        channel.close()
        session.disconnected(at: now)
        return false
    }
}
