internal import Glibc

/// A file of a `MemoryDisk`: what is stored, what is synced, and what a sync would still write.
///
/// Unchecked because only the disk's state refers to it, behind the disk's lock.
private final class MemoryFile: @unchecked Sendable {
    /// The content while it isn't mapped.
    var bytes: [UInt8]
    /// Holds the content once it is mapped.
    var memory: SegmentMemory?
    /// What a loss of power leaves for certain.
    var durable: [UInt8]
    /// What the last sync saw, whether it succeeded or not: only what differs from it is written by the next.
    var seen: [UInt8]

    init(_ bytes: [UInt8], isSynced: Bool) {
        self.bytes = bytes
        durable = isSynced ? bytes : []
        seen = durable
    }

    var byteCount: Int { memory?.byteCount ?? bytes.count }
    var content: [UInt8] { memory.map { $0.copy(from: 0, count: $0.byteCount) } ?? bytes }

    /// What the last sync looked at: a store may have been under way in it.
    private var lastSynced = 0..<0

    /// What is mapped anew may hold anything that was not synced before; nothing of it was stored by this mapping.
    func wasMapped() {
        if let memory { lastSynced = memory.takeStored() }
    }

    /// A sync has failed: what it should have written is not dirty any more.
    func forgetUnsynced() {
        seen = content
        if let memory { _ = memory.takeStored() }
        lastSynced = 0..<0
    }

    func sync() {
        guard let memory, durable.count == memory.byteCount, seen.count == memory.byteCount else {
            syncWhole()
            return
        }
        let stored = memory.takeStored()
        let range = Self.sectors(Self.union(stored, lastSynced), limit: memory.byteCount)
        // A store makes its page dirty even where it changes nothing.
        let dirty = Self.sectors(stored, limit: memory.byteCount)
        lastSynced = stored
        let size = JournalFormat.sectorByteCount
        let now = memory.copy(from: range.lowerBound, count: range.count)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: size) {
            let end = min(start + size, range.upperBound)
            let place = start - range.lowerBound
            if dirty.contains(start) || Self.differ(now, at: place, seen, at: start, count: end - start) {
                durable.replaceSubrange(start..<end, with: now[place..<place + end - start])
                seen.replaceSubrange(start..<end, with: now[place..<place + end - start])
            }
        }
    }

    private func syncWhole() {
        let now = content
        let size = JournalFormat.sectorByteCount
        if durable.count != now.count {
            durable = now
        } else if seen.count == now.count {
            for start in stride(from: 0, to: now.count, by: size) {
                let sector = start..<min(start + size, now.count)
                if Self.differ(now, at: start, seen, at: start, count: sector.count) {
                    durable.replaceSubrange(sector, with: now[sector])
                }
            }
        }
        seen = now
    }

    private static func union(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
        if a.isEmpty { return b }
        if b.isEmpty { return a }
        return min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
    }

    /// Widened to whole sectors.
    private static func sectors(_ range: Range<Int>, limit: Int) -> Range<Int> {
        let size = JournalFormat.sectorByteCount
        let end = min(limit, (range.upperBound + size - 1) / size * size)
        return range.lowerBound / size * size..<end
    }

    /// A sector at a time by the system: element by element takes an unoptimised test a second for each segment.
    private static func differ(_ a: [UInt8], at place: Int, _ b: [UInt8], at other: Int, count: Int) -> Bool {
        precondition(place + count <= a.count, "Invariant: a sector lies inside both contents")
        precondition(other + count <= b.count, "Invariant: a sector lies inside both contents")
        return unsafe a.withUnsafeBytes { left in
            unsafe b.withUnsafeBytes { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return false }
                // SAFETY: the ranges lie inside both arrays, as checked; the pointers stay in the closures.
                return unsafe memcmp(left + place, right + other, count) != 0
            }
        }
    }
}

/// The content of a `MemoryDisk`, which guards it with a lock.
struct MemoryDiskState: ~Copyable, Sendable {
    var freeByteCount: Int
    private var entries: [String: MemoryFile] = [:]
    private var durableEntries: [String: MemoryFile] = [:]
    private var lockTicket: UInt64 = 0
    private var isLocked = false

    init(freeByteCount: Int) { self.freeByteCount = freeByteCount }

    var names: [String] { entries.keys.sorted() }

    func byteCount(_ name: String) -> Int? { entries[name]?.byteCount }

    func read(_ name: String, from offset: Int, count: Int) -> [UInt8]? {
        guard let file = entries[name] else { return nil }
        if let memory = file.memory { return memory.copy(from: offset, count: count) }
        let start = min(max(offset, 0), file.bytes.count)
        return Array(file.bytes[start..<min(start + max(count, 0), file.bytes.count)])
    }

    /// Claims room for a file's new size, and gives back what it had. False when there is too little.
    mutating func takesRoom(for name: String, _ byteCount: Int) -> Bool {
        let had = entries[name]?.byteCount ?? 0
        if freeByteCount == Int.max { return true }
        guard freeByteCount + had >= byteCount else { return false }
        freeByteCount += had - byteCount
        return true
    }

    mutating func write(_ name: String, _ bytes: [UInt8], isSynced: Bool) {
        if let file = entries[name], file.memory == nil {
            file.bytes = bytes
            if isSynced { file.sync() }
        } else {
            entries[name] = MemoryFile(bytes, isSynced: isSynced)
        }
    }

    mutating func rename(_ name: String, _ other: String) -> Bool {
        guard let file = entries.removeValue(forKey: name) else { return false }
        entries[other] = file
        return true
    }

    mutating func remove(_ name: String) -> Bool {
        guard let file = entries.removeValue(forKey: name) else { return false }
        if freeByteCount != Int.max { freeByteCount += file.byteCount }
        return true
    }

    mutating func syncDirectory() { durableEntries = entries }

    func map(_ name: String) -> SegmentMemory? {
        guard let file = entries[name] else { return nil }
        if let memory = file.memory { return memory }
        let memory = SegmentMemory(name: name, content: file.bytes)
        file.memory = memory
        file.bytes = []
        file.wasMapped()
        return memory
    }

    private func file(of segment: SegmentMemory) -> MemoryFile? {
        for name in names { if let file = entries[name], file.memory === segment { return file } }
        return nil
    }

    func sync(_ segment: SegmentMemory) { file(of: segment)?.sync() }

    func forgetUnsynced(_ segment: SegmentMemory) {
        file(of: segment)?.forgetUnsynced()
    }

    mutating func lock() -> UInt64? {
        if isLocked { return nil }
        isLocked = true
        lockTicket += 1
        return lockTicket
    }

    mutating func unlock(_ ticket: UInt64) { if ticket == lockTicket { isLocked = false } }

    // Faults from outside

    mutating func change(_ name: String, _ body: (inout [UInt8]) -> Void) {
        guard let file = entries[name] else { return }
        var bytes = file.content
        body(&bytes)
        body(&file.durable)
        file.seen = file.durable
        if let memory = file.memory, memory.byteCount == bytes.count {
            memory.store(bytes, at: 0)
        } else {
            file.memory = nil
            file.bytes = bytes
        }
    }

    mutating func vanish(_ name: String) {
        entries[name] = nil
        durableEntries[name] = nil
    }

    mutating func place(_ name: String, _ bytes: [UInt8]) {
        let file = MemoryFile(bytes, isSynced: true)
        entries[name] = file
        durableEntries[name] = file
    }

    func afterProcessCrash() -> MemoryDiskState {
        var next = MemoryDiskState(freeByteCount: freeByteCount)
        for name in names {
            guard let file = entries[name] else { continue }
            let copy = MemoryFile(file.content, isSynced: false)
            copy.durable = file.durable
            copy.seen = file.seen
            next.entries[name] = copy
            if durableEntries[name] === file { next.durableEntries[name] = copy }
        }
        return next
    }

    func afterPowerLoss(_ keeps: (String, Int) -> Bool) -> MemoryDiskState {
        var next = MemoryDiskState(freeByteCount: freeByteCount)
        let size = JournalFormat.sectorByteCount
        for name in durableEntries.keys.sorted() {
            guard let file = durableEntries[name] else { continue }
            let stored = file.content
            var found = file.durable
            if found.count != stored.count { found = keeps(name, 0) ? stored : found }
            for start in stride(from: 0, to: found.count, by: size) where found.count == stored.count {
                let sector = start..<min(start + size, found.count)
                if found[sector] != stored[sector], keeps(name, start / size) {
                    found.replaceSubrange(sector, with: stored[sector])
                }
            }
            next.place(name, found)
        }
        return next
    }
}
