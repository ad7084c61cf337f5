import FairleadModel
import Testing

@testable import FairleadNode

@Suite struct EgressQueueTests {
    typealias Fixture = EgressFixture

    func queued(_ command: Command, cause: UInt64 = 1) -> QueuedCommand {
        QueuedCommand(command: command, cause: cause, queuedAt: Fixture.now)
    }

    func submit(_ slot: UInt32, increasing: Bool = true) -> QueuedCommand {
        var order = Fixture.order(slot + 1, slot: slot)
        order.isIncreasing = increasing
        return queued(.submit(order))
    }

    /// Goal: cancels leave before exits and exits before entries, each lane in its order.
    /// Method: commands put in backward and taken lane by lane.
    @Test func priorities() {
        var queue = EgressQueue(orders: 4, requests: 4, entries: 4)
        #expect(queue.append(submit(0)) == true)
        #expect(queue.append(submit(1)) == true)
        #expect(queue.append(submit(2, increasing: false)) == true)
        #expect(queue.append(queued(.query(OrderQuery(id: Fixture.id(1, slot: 0), instrument: .none)))) == true)
        let cancel = OrderCancellation(id: Fixture.id(9, slot: 9), venueOrderID: .none, instrument: .none)
        #expect(queue.append(queued(.cancel(cancel))) == true)
        var order: [String] = []
        while let command = queue.takeFirst() {
            switch command {
            case .cancel: order.append("cancel")
            case .query, .reconcile, .reconnect: order.append("request")
            case .submit(let submission): order.append(submission.isIncreasing ? "entry" : "exit")
            case .replace: order.append("replace")
            }
        }
        #expect(order == ["cancel", "request", "exit", "entry", "entry"])
        #expect(queue.isEmpty)
    }

    /// Goal: a full lane refuses and counts, and the others go on.
    /// Method: five entries into a lane of four, then an exit.
    @Test func bounds() {
        var queue = EgressQueue(orders: 4, requests: 4, entries: 4)
        for slot in 0..<4 as Range<UInt32> { #expect(queue.append(submit(slot)) == true) }
        #expect(queue.append(submit(4)) == false)
        #expect(queue.overflows == 1)
        #expect(queue.append(submit(5, increasing: false)) == true)
        #expect(queue.count == 5)
    }

    /// Goal: a waiting order can be taken out of the middle, once.
    /// Method: three entries, the second removed twice, the rest taken.
    @Test func removesWaiting() {
        var queue = EgressQueue(orders: 4, requests: 4, entries: 4)
        for slot in 0..<3 as Range<UInt32> { #expect(queue.append(submit(slot)) == true) }
        #expect(queue.removeSubmit(Fixture.id(2, slot: 1)) == true)
        #expect(queue.removeSubmit(Fixture.id(2, slot: 1)) == false)
        #expect(queue.removeReplace(Fixture.id(1, slot: 0)) == false)
        #expect(queue.count == 2)
        var slots: [UInt32] = []
        while let command = queue.takeFirst() { if case .submit(let order) = command { slots.append(order.id.slot) } }
        #expect(slots == [0, 2])
    }
}
