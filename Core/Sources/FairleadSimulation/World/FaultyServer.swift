import FairleadModel
import FairleadPaper

/// The venue's end of the wire: the production server, with the active faults between it and the bytes, on decoded
/// frames. Without such faults bytes pass as they are.
struct FaultyServer: ~Copyable {
    /// A frame that a fault holds back, and the connection that it belongs to.
    struct Late {
        var message: PaperMessage
        var generation: UInt32
    }

    var server: PaperServer
    var late: ContiguousArray<Late> = []
    private var reader = PaperFrameReader()
    /// Bytes of an unfinished frame were passed on as they came: the rest of it must pass too.
    private var isPassing = true

    init(_ server: consuming PaperServer) { self.server = server }

    /// A new connection begins.
    mutating func open() -> Int? {
        reader = PaperFrameReader()
        isPassing = true
        return server.open()
    }

    /// Bytes of the router, as the wire has cut them. `decide` says what becomes of each frame where it is wanted.
    mutating func received(
        _ bytes: ContiguousArray<UInt8>,
        on connection: Int,
        isJudged: Bool,
        at now: Timestamp,
        _ decide: (PaperMessage) -> FrameFate
    ) -> ContiguousArray<(PaperMessage, TimeSpan)> {
        if reader.unreadCount == 0 { isPassing = !isJudged }
        if isPassing {
            server.received(bytes.span, on: connection, at: now)
            skim(bytes)
            return []
        }
        var held: ContiguousArray<(PaperMessage, TimeSpan)> = []
        reader.append(bytes.span)
        do throws(PaperFrameError) {
            while let message = try reader.next() {
                switch decide(message) {
                case .pass: pass(message, on: connection, at: now)
                case .lose: continue
                case .late(let span): held.append((message, span))
                case .twice(let span):
                    pass(message, on: connection, at: now)
                    held.append((message, span))
                case .instead(let frame):
                    pass(PaperMessage(number: message.number, frame: frame), on: connection, at: now)
                }
            }
        } catch {
            // The router never sends such bytes: the server shall say so.
            server.received(bytes.span, on: connection, at: now)
        }
        return held
    }

    /// Keeps count of where frames end.
    private mutating func skim(_ bytes: ContiguousArray<UInt8>) {
        reader.append(bytes.span)
        do throws(PaperFrameError) { while try reader.next() != nil {} } catch { reader = PaperFrameReader() }
    }

    mutating func pass(_ message: PaperMessage, on connection: Int, at now: Timestamp) {
        var bytes: ContiguousArray<UInt8> = []
        message.frame.append(number: message.number, to: &bytes)
        server.received(bytes.span, on: connection, at: now)
    }

    /// What the venue has to say to a connection: whole frames.
    mutating func takeOutput(of connection: Int) -> ContiguousArray<UInt8> {
        let output = server.output(of: connection)
        guard !output.isEmpty else { return [] }
        let bytes = ContiguousArray(output)
        server.wrote(bytes.count, on: connection)
        return bytes
    }
}
