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

    public init(name: String, _ destination: any LineDestination) {
        self.destination = destination
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
            condition.unlock()
            if !batch.isEmpty, !destination.write(batch) { count(batch) }
            if isLast { break }
        }
        condition.lock()
        isEnded = true
        condition.broadcast()
        condition.unlock()
    }

    private func count(_ batch: [UInt8]) {
        condition.lock()
        for byte in batch where byte == 0x0A { lost += 1 }
        condition.unlock()
    }
}
