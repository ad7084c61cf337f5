import FairleadNode
import Foundation
import Testing

@testable import FairleadRuntime

/// What waits in a home for the next start.
struct EngageAtStartTests {
    private static func files(_ directory: TemporaryDirectory) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    }

    /// Goal: no order is lost, whenever it comes. Method: orders before a start takes them, between that and its
    /// journal, after a crash in between, and a start that takes all of them.
    @Test func ordersAddUp() throws {
        let directory = try TemporaryDirectory()
        let order = EngageAtStart(home: directory.path)
        #expect(order.hasHome)
        #expect(try order.read() == [])
        #expect(try order.take() == [])
        try order.add(.stopEntries)
        try order.add([.halt, .frozen])
        #expect(try order.read() == [.stopEntries, .halt, .frozen])
        #expect(try order.take() == [.stopEntries, .halt, .frozen])
        #expect(try Self.files(directory) == [EngageAtStart.takenName])
        try order.add(.kill)
        // The first start has journaled what it took; the order that came meanwhile still waits.
        try order.forget()
        #expect(try order.read() == [.kill, .stopEntries, .halt, .frozen])
        #expect(try order.take() == [.kill, .stopEntries, .halt, .frozen])
        // A start that died before its journal had it: the next one takes it again, with what came since.
        #expect(try order.take() == [.kill, .stopEntries, .halt, .frozen])
        try order.forget()
        #expect(try Self.files(directory) == [])
        try order.add(.halt)
        _ = try order.take()
        try Data("stop-entries\n".utf8).write(to: URL(fileURLWithPath: directory.path + "/" + EngageAtStart.fileName))
        #expect(try order.take() == [.halt, .stopEntries])
        try order.add(.kill)
        try order.remove()
        #expect(try Self.files(directory) == [])
        try order.remove()
    }

    /// Goal: what can't be understood holds everything back, and a home that isn't there waits for nothing.
    /// Method: an empty file, a word nobody knows, a path of no directory.
    @Test(arguments: ["", "hlat\n", "halt\nx\n", "{"])
    func damageIsTheGravest(_ text: String) throws {
        let directory = try TemporaryDirectory()
        let order = EngageAtStart(home: directory.path)
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory.path + "/" + EngageAtStart.fileName))
        #expect(try order.read() == .kill)
        #expect(try order.take() == .kill)
        let absent = EngageAtStart(home: directory.path + "/none")
        #expect(!absent.hasHome)
        #expect(try absent.read() == [])
        #expect(try absent.take() == [])
        #expect(throws: LiveError.self) { try absent.add(.kill) }
    }
}
