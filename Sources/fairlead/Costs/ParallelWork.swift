import FairleadRuntime
import Foundation
import Synchronization

/// Pieces of work on so many threads; each outcome stands under its piece's place, whoever did it.
final class ParallelWork<Outcome: Sendable>: Sendable {
    private let next = Atomic<Int>(0)
    private let done = Atomic<Int>(0)
    private let outcomes: Mutex<[Outcome?]>
    private let failure = Mutex<CommandFailure?>(nil)
    private let count: Int
    private let body: @Sendable (Int) throws -> Outcome

    /// A node is a large value.
    private static var stackSize: Int { 64 << 20 }

    init(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Outcome) {
        self.count = count
        self.body = body
        outcomes = Mutex([Outcome?](repeating: nil, count: count))
    }

    /// Runs all, and gives the outcomes in the order of their pieces. Ends early when it is asked to stop, or when one
    /// fails.
    func run(jobs: Int, _ stop: StopRequest, _ title: String) throws -> [Outcome] {
        let working = DispatchGroup()
        for _ in 0..<jobs {
            working.enter()
            let thread = Thread { [self] in
                work(stop)
                working.leave()
            }
            thread.stackSize = Self.stackSize
            thread.start()
        }
        var progress = ProgressLine()
        while working.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            let done = done.load(ordering: .relaxed)
            progress.show(Double(done) / Double(max(1, count))) { "\(title)  \(done) of \(self.count)" }
        }
        progress.clear()
        if let failure = failure.withLock({ $0 }) { throw failure }
        if stop.isAsked { throw CommandFailure(.interrupted, "stopped; nothing was written") }
        return outcomes.withLock { $0.compactMap(\.self) }
    }

    private func work(_ stop: StopRequest) {
        while !stop.isAsked, failure.withLock({ $0 == nil }) {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            do {
                let outcome = try body(index)
                outcomes.withLock { $0[index] = outcome }
            } catch let error as CommandFailure {
                failure.withLock { $0 = $0 ?? error }
            } catch {
                failure.withLock { $0 = $0 ?? CommandFailure(.failure, "\(error)") }
            }
            done.wrappingAdd(1, ordering: .relaxed)
        }
    }
}
