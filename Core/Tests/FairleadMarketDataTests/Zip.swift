import CZlib
import FairleadMarketData

/// Makes zips for tests: one file, deflated or stored, with its sizes before or behind the data.
enum Zip {
    static func pack(_ text: [UInt8], name: String, isStored: Bool = false, hasDescriptor: Bool = false) -> [UInt8] {
        let packed = isStored ? text : deflated(text)
        // SAFETY: the pointer is used inside the closure only.
        let sum = unsafe text.withUnsafeBufferPointer { bytes in
            unsafe UInt32(truncatingIfNeeded: crc32(0, bytes.baseAddress, UInt32(bytes.count)))
        }
        let sizes = number(sum, 4) + number(UInt32(packed.count), 4) + number(UInt32(text.count), 4)
        let flags: UInt32 = hasDescriptor ? 8 : 0
        let common = number(20, 2) + number(flags, 2) + number(isStored ? 0 : 8, 2) + number(0, 4)
        let nameBytes = Array(name.utf8)
        var zip = number(0x0403_4B50, 4) + common + (hasDescriptor ? [UInt8](repeating: 0, count: 12) : sizes)
        zip += number(UInt32(nameBytes.count), 2) + number(0, 2) + nameBytes + packed
        if hasDescriptor { zip += number(0x0807_4B50, 4) + sizes }
        let directory = zip.count
        zip += number(0x0201_4B50, 4) + number(20, 2) + common + sizes
        zip +=
            number(UInt32(nameBytes.count), 2) + number(0, 4) + number(0, 4) + number(0, 4) + number(0, 4) + nameBytes
        let size = zip.count - directory
        zip += number(0x0605_4B50, 4) + number(0, 4) + number(1, 2) + number(1, 2) + number(UInt32(size), 4)
        return zip + number(UInt32(directory), 4) + number(0, 2)
    }

    /// The gzip of the test's compressor without its ten bytes of header and eight of check sum.
    private static func deflated(_ text: [UInt8]) -> [UInt8] { Array(Gzip.compress(text).dropFirst(10).dropLast(8)) }

    static func number(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) }
    }

    static func readAll(_ bytes: [UInt8], piece: Int = 65_536, room: Int = 1000) throws -> (name: String, text: [UInt8])
    {
        let zip = try ZipByteSource(MemoryByteSource(bytes, pieceSize: piece))
        var buffer = ContiguousArray<UInt8>(repeating: 0, count: room)
        var text: [UInt8] = []
        while true {
            let count = try zip.read(into: &buffer, range: 0..<room)
            if count == 0 { return (zip.name, text) }
            text += buffer[..<count]
        }
    }
}
