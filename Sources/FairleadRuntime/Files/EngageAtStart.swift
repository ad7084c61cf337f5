import FairleadJournal
public import FairleadNode

/// What a person engaged while no engine ran: a file of the home that the next start obeys before anything is sent,
/// and removes once its own journal has it.
public struct EngageAtStart {
    public static let fileName = "engage-at-start"
    /// What a start has taken and not journaled yet: an order that comes meanwhile has a file of its own.
    static let takenName = fileName + ".taken"

    private let home: String

    public init(home: String) { self.home = home }

    /// Only a home that is there can wait for a start: a slip in its path must not look like a halt.
    public var hasHome: Bool {
        do throws(DiskError) {
            _ = try disk()
            return true
        } catch {
            return false
        }
    }

    /// What waits; empty when nothing does. A file that can't be understood was an order to hold something back: it
    /// counts as the gravest.
    public func read() throws(LiveError) -> KillBits {
        guard hasHome else { return [] }
        return try bits(of: Self.fileName).union(try bits(of: Self.takenName))
    }

    /// Adds to what waits. Durable when it returns.
    public func add(_ bits: KillBits) throws(LiveError) {
        let text = Self.text(try read().union(bits)).map { $0 + "\n" }.joined()
        try onDisk { disk throws(DiskError) in try disk.replace(Self.fileName, Array(text.utf8)) }
    }

    /// What a start must engage. It stays until `forget`, also over a crash; what is added later stays for the next
    /// `take`.
    func take() throws(LiveError) -> KillBits {
        guard hasHome else { return [] }
        let old = try bits(of: Self.takenName)
        if try bits(of: Self.fileName).isEmpty { return old }
        if !old.isEmpty { try add(old) }
        try onDisk { disk throws(DiskError) in
            try disk.rename(Self.fileName, to: Self.takenName)
            try disk.syncDirectory()
        }
        return try bits(of: Self.takenName)
    }

    /// The journal has what was taken.
    func forget() throws(LiveError) { try remove([Self.takenName]) }

    /// Takes back all that waits. Durable when it returns.
    public func remove() throws(LiveError) { try remove([Self.fileName, Self.takenName]) }

    private func remove(_ names: [String]) throws(LiveError) {
        try onDisk { disk throws(DiskError) in
            for name in names {
                do throws(DiskError) { try disk.remove(name) } catch {
                    if error.kind != .notFound { throw error }
                }
            }
            try disk.syncDirectory()
        }
    }

    private func bits(of name: String) throws(LiveError) -> KillBits {
        let bytes: [UInt8]
        do throws(DiskError) { bytes = try disk().readAll(name, limit: 4096) } catch {
            if error.kind == .notFound { return [] }
            throw LiveError(HomePaths.under(home, name), error)
        }
        var bits: KillBits = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let known = Self.names.first(where: { $0.name == line }) else { return .kill }
            bits.formUnion(known.bits)
        }
        return bits.isEmpty ? .kill : bits
    }

    private func disk() throws(DiskError) -> PosixDisk { try PosixDisk(path: home, make: false) }

    private func onDisk(_ body: (PosixDisk) throws(DiskError) -> Void) throws(LiveError) {
        do throws(DiskError) { try body(try disk()) } catch { throw LiveError(home, error) }
    }

    /// The bits by their names, the gravest first.
    public static func text(_ bits: KillBits) -> [String] {
        names.filter { bits.contains($0.bits) }.map(\.name)
    }

    private static let names: [(bits: KillBits, name: String)] = [
        (.kill, "kill"), (.halt, "halt"), (.frozen, "frozen"), (.stopEntries, "stop-entries"),
    ]
}
