import Foundation

/// Where a sink's lines go. Called on the sink's own thread, which it may block.
public protocol LineDestination: AnyObject {
    /// Writes whole lines. False when they could not be written: they are counted as lost.
    func write(_ bytes: [UInt8]) -> Bool
}

/// Lines on their way to a place that may be slow, stuck or full: a bounded queue and a thread of its own.
///
/// `append` never blocks. What finds the queue full is dropped and counted, and a later line says how many.
public final class LineSink: @unchecked Sendable {
    // Unchecked: all state is read and written under the condition's lock; the destination on the thread alone.
    /// Bytes that may wait: 4 MiB.
    public static let byteLimit = 4 << 20

    private let condition = NSCondition()
    private let destination: any LineDestination
    private var waiting: [UInt8] = []
    private var isClosing = false
    private var isEnded = false
    private var lost: UInt64 = 0
    /// Of the lost ones, those that a line spoke of.
    private var told: UInt64 = 0
    private var hasFailed = false
    private let lossLine: @Sendable (UInt64) -> [UInt8]

    /// `lossLine` makes the line that tells of so many lost ones; an empty one tells nothing.
    public init(
        name: String,
        _ destination: any LineDestination,
        lossLine: @escaping @Sendable (UInt64) -> [UInt8] = { _ in [] }
    ) {
        self.destination = destination
        self.lossLine = lossLine
        let thread = Thread { [self] in run() }
        thread.name = name
        thread.start()
    }

    /// Lines that did not arrive.
    public var dropped: UInt64 {
        condition.lock()
        defer { condition.unlock() }
        return lost
    }

    /// True while the destination takes nothing: the newest attempt to write failed.
    public var isFailing: Bool {
        condition.lock()
        defer { condition.unlock() }
        return hasFailed
    }

    /// Takes a line with its line feed. From any thread; never blocks on the destination.
    public func append(_ line: [UInt8]) {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosing, waiting.count + line.count <= Self.byteLimit else {
            lost += 1
            return
        }
        waiting += line
        condition.signal()
    }

    /// Writes what waits, for at most `seconds`, and ends the thread.
    public func close(within seconds: Double) {
        condition.lock()
        isClosing = true
        condition.broadcast()
        let deadline = Date(timeIntervalSinceNow: seconds)
        while !isEnded, condition.wait(until: deadline) {}
        condition.unlock()
    }

    private func run() {
        while true {
            condition.lock()
            while waiting.isEmpty, !isClosing { condition.wait() }
            let batch = waiting
            waiting = []
            let isLast = isClosing
            let untold = lost - told
            condition.unlock()
            let news = untold > 0 ? lossLine(untold) : []
            if !batch.isEmpty || !news.isEmpty { note(destination.write(news + batch), batch, telling: untold) }
            if isLast { break }
        }
        condition.lock()
        isEnded = true
        condition.broadcast()
        condition.unlock()
    }

    private func note(_ isWritten: Bool, _ batch: [UInt8], telling untold: UInt64) {
        condition.lock()
        hasFailed = !isWritten
        if isWritten {
            told += untold
        } else {
            for byte in batch where byte == 0x0A { lost += 1 }
        }
        condition.unlock()
    }
}
