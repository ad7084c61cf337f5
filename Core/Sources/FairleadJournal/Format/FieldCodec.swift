internal import FairleadModel

/// Bytes of a known size that hold no value of their type: which field, and what stood there.
public struct FieldError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field, or the record itself.
    public var field: StaticName
    /// The number found there: an enum's raw value, a size, or the bits of a negative quantity.
    public var found: UInt64

    init(_ field: StaticName, _ found: UInt64) {
        self.field = field
        self.found = found
    }

    public var description: String { "\(field.rawValue) can't be \(found)" }
}

/// The fields that may hold a value without meaning.
public enum StaticName: String, Sendable {
    case eventNumber = "event number"
    case size
    case boolean
    case quantity
    case side
    case positionSide = "position side"
    case liquidity
    case origin
    case slot
    case leg
    case state
    case action
    case riskAction = "risk action"
    case positionAction = "position action"
    case limit
    case source
    case intent
    case orderType = "order type"
    case timeInForce = "time in force"
    case style
    case signalSize = "signal size"
    case makerFirst = "maker first"
    case takeProfitCount = "take-profit count"
    case stopForm = "form of a stop"
    case stageCount = "profit stage count"
    case rejectReason = "reject reason"
    case endReason = "end reason"
    case egressRefusal = "egress refusal"
    case invalidSignalReason = "invalid-signal reason"
    case textKind = "text kind"
    case runStatus = "run status"
    case utf8 = "UTF-8 text"
    case padding
    case configurationHash = "configuration hash"
}

// The small values that several records share, each in its one form.

extension ByteSink {
    @inline(__always) mutating func put(_ id: ClientOrderID) {
        put(id.parent)
        put(id.slot)
        put(id.epoch.number)
        put(id.slice)
        put(id.leg.rawValue)
        put(id.attempt)
    }

    @inline(__always) mutating func put(_ value: Price) { put(value.raw) }
    @inline(__always) mutating func put(_ value: Quantity) { put(value.raw) }
    @inline(__always) mutating func put(_ value: Rate) { put(value.raw) }
    @inline(__always) mutating func put(_ value: Timestamp) { put(value.nanoseconds) }
    @inline(__always) mutating func put(_ value: InstrumentHandle) { put(value.index) }
}

/// A cursor's worth of checked reads. Sizes were compared before, so that a read can't leave the span.
enum Field {
    @inline(__always) static func choice<Choice: RawRepresentable>(
        _ name: StaticName,
        _ bytes: RawSpan,
        _ position: inout Int
    ) throws(FieldError) -> Choice where Choice.RawValue == UInt8 {
        let raw = ByteSource.take(UInt8.self, bytes, &position)
        guard let known = Choice(rawValue: raw) else { throw FieldError(name, UInt64(raw)) }
        return known
    }

    /// How an execution was made, in one byte: its liquidity in the low half, who made it in the high one, which is 0
    /// for an order's.
    @inline(__always) static func byte(_ liquidity: Liquidity, _ origin: ExecutionOrigin) -> UInt8 {
        liquidity.rawValue | origin.rawValue << 4
    }

    @inline(__always) static func making(
        _ bytes: RawSpan,
        _ position: inout Int
    ) throws(FieldError) -> (Liquidity, ExecutionOrigin) {
        let raw = ByteSource.take(UInt8.self, bytes, &position)
        guard let liquidity = Liquidity(rawValue: raw & 0xF) else { throw FieldError(.liquidity, UInt64(raw)) }
        guard let origin = ExecutionOrigin(rawValue: raw >> 4) else { throw FieldError(.origin, UInt64(raw)) }
        return (liquidity, origin)
    }

    @inline(__always) static func boolean(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> Bool {
        let raw = ByteSource.take(UInt8.self, bytes, &position)
        guard raw <= 1 else { throw FieldError(.boolean, UInt64(raw)) }
        return raw == 1
    }

    @inline(__always) static func order(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> ClientOrderID {
        let parent = ByteSource.take(UInt32.self, bytes, &position)
        let slot = ByteSource.take(UInt32.self, bytes, &position)
        guard slot <= ClientOrderID.slotLimit else { throw FieldError(.slot, UInt64(slot)) }
        let epoch = Epoch(number: ByteSource.take(bytes, &position))
        let slice = ByteSource.take(UInt16.self, bytes, &position)
        let leg: OrderLeg = try choice(.leg, bytes, &position)
        let attempt = ByteSource.take(UInt8.self, bytes, &position)
        return ClientOrderID(epoch: epoch, parent: parent, leg: leg, slice: slice, attempt: attempt, slot: slot)
    }

    @inline(__always) static func price(_ bytes: RawSpan, _ position: inout Int) -> Price {
        Price(raw: ByteSource.take(bytes, &position))
    }

    @inline(__always) static func quantity(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> Quantity {
        let raw = ByteSource.take(Int64.self, bytes, &position)
        guard raw >= 0 else { throw FieldError(.quantity, UInt64(bitPattern: raw)) }
        return Quantity(raw: raw)
    }

    @inline(__always) static func rate(_ bytes: RawSpan, _ position: inout Int) -> Rate {
        Rate(raw: ByteSource.take(bytes, &position))
    }

    @inline(__always) static func time(_ bytes: RawSpan, _ position: inout Int) -> Timestamp {
        Timestamp(nanoseconds: ByteSource.take(bytes, &position))
    }

    @inline(__always) static func instrument(_ bytes: RawSpan, _ position: inout Int) -> InstrumentHandle {
        InstrumentHandle(index: ByteSource.take(UInt16.self, bytes, &position))
    }

    @inline(__always) static func venue(_ bytes: RawSpan, _ position: inout Int) -> VenueHandle {
        VenueHandle(index: ByteSource.take(bytes, &position))
    }
}
