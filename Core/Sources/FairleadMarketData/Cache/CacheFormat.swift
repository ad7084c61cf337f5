/// The layout of our tape files; `docs/MARKET-DATA.md` shows it as tables, and a test walks both.
///
/// Numbers of fixed size are little-endian. A column holds LEB128 numbers, signed ones zigzagged.
enum CacheFormat {
    static let magic: ContiguousArray<UInt8> = [0x46, 0x4C, 0x54, 0x41, 0x50, 0x45, 0x0D, 0x0A]
    static let version: UInt16 = 1
    /// Magic, version, two bytes of zero, and the check sum of the twelve.
    static let fileHeaderSize = 16
    /// Kind, three bytes of zero, the payload's length and check sum, and the check sum of the twelve.
    static let blockHeaderSize = 16
    /// The fixed part of a block of records, the columns' lengths included.
    static let recordsHeaderSize = 64 + 4 * CacheColumn.allCases.count
    /// The largest payload; a longer one is damage.
    static let payloadLimit = 16 << 20
    /// A block is closed at so many records or levels, whatever comes first.
    static let recordsPerBlock = 8192
    static let levelsPerBlock = 65_536
    /// Symbols of one file.
    static let symbolLimit = TapeSymbols.discoveryLimit
    static let endSize = 64

    enum BlockKind: UInt8 {
        case symbols = 1
        case records = 2
        case end = 3
    }

    enum RecordKind: UInt8, CaseIterable {
        case quote = 0
        case trade = 1
        case mark = 2
        case bar = 3
        case depth = 4
    }

    /// A record's tag: its kind, whether the venue's time is known, and its symbol's place in the file's table.
    static func tag(_ kind: RecordKind, hasVenueTime: Bool, symbol: Int) -> UInt64 {
        UInt64(kind.rawValue) | (hasVenueTime ? 8 : 0) | UInt64(symbol) << 4
    }

    static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value &<< 1 ^ value &>> 63) }

    static func unzigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
    }

    static func store(_ value: UInt64, _ size: Int, to bytes: inout ContiguousArray<UInt8>) {
        for shift in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift * 8))) }
    }

    static func load(_ bytes: ContiguousArray<UInt8>, _ offset: Int, _ size: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<size { value |= UInt64(bytes[offset + index]) << UInt64(index * 8) }
        return value
    }
}

/// The columns of a block of records, in their order in the file.
enum CacheColumn: Int, CaseIterable {
    /// One a record: see `CacheFormat.tag`.
    case tag = 0
    case time
    case venueTime
    case updateID
    case bid
    case ask
    case bidQuantity
    case askQuantity
    case tradePrice
    case tradeQuantity
    /// The conditions, shifted by one, and 1 for a seller's trade.
    case tradeFlags
    case mark
    /// Seven a bar: open, high, low, close, volume, length, and how long before the record's time it ended.
    case bar
    case depthLast
    /// How many identifiers before the last the first is.
    case depthFirst
    /// 0: none. Otherwise one more than the zigzagged distance from the first identifier.
    case depthPrevious
    /// The number of bids, shifted by one, and 1 for a snapshot.
    case depthBids
    case depthAsks
    case levelPrice
    case levelQuantity
}

/// What was last seen of a symbol in a block: what the next number is a difference from. All zero where a block begins.
struct CachePredecessor: BitwiseCopyable {
    var bid: Int64 = 0
    var ask: Int64 = 0
    var bidQuantity: Int64 = 0
    var askQuantity: Int64 = 0
    var tradePrice: Int64 = 0
    var mark: Int64 = 0
    var close: Int64 = 0
    var firstBid: Int64 = 0
    var firstAsk: Int64 = 0
}

/// Why a tape file of ours can't be read any further.
public struct CacheFault: Error, Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    @frozen public enum Reason: Error, Hashable, Sendable, BitwiseCopyable {
        case unsupportedVersion(UInt16)
        /// A check sum differs: bytes were changed.
        case checkSum
        /// The check sums are right, and what they cover makes no sense.
        case malformed
        /// The file ends before its end block: the copy or the import was cut off.
        case truncated
        /// Bytes follow the end block.
        case behindEnd
    }

    public var reason: Reason
    /// The block, from 1; 0 is the file's header.
    public var block: UInt64
    /// Of the block in the file.
    public var offset: UInt64

    public var description: String {
        let place = "block \(block) at byte \(offset): "
        switch reason {
        case .unsupportedVersion(let version): return "is a tape of version \(version), which can't be read here"
        case .checkSum: return place + "damaged, the check sum differs"
        case .malformed: return place + "damaged, its numbers make no sense"
        case .truncated: return place + "the file is cut off"
        case .behindEnd: return place + "bytes follow the file's end"
        }
    }
}
