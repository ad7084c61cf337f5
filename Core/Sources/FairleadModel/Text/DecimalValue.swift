/// A value that has a decimal text: read strictly and within its bound, printed exactly and as short as it goes.
public protocol DecimalValue {
    /// Reads the whole text; `DecimalError` tells why not.
    init(text: Span<UInt8>) throws(DecimalError)
    /// Appends the canonical text.
    func append(to text: inout [UInt8])
}

extension DecimalValue {
    @inlinable public init(text: String) throws(DecimalError) { try self.init(text: text.utf8.span) }
    @inlinable public init(text: Substring) throws(DecimalError) { try self.init(text: text.utf8.span) }
    @inlinable public init(text: [UInt8]) throws(DecimalError) { try self.init(text: text.span) }

    /// The canonical text: "61800.2".
    public var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Price: DecimalValue, CustomStringConvertible {
    /// 0...`Price.bound`. Zero passes, since venues write it for "no price"; whoever needs a price asks for more.
    @inlinable public init(text: Span<UInt8>) throws(DecimalError) {
        raw = try DecimalText.parse(text)
        guard raw >= 0 else { throw .negative }
        guard raw <= Price.bound.raw else { throw .outOfRange }
    }

    @inlinable public func append(to text: inout [UInt8]) { DecimalText.append(raw: raw, to: &text) }
}

extension Quantity: DecimalValue, CustomStringConvertible {
    /// 0...`Quantity.bound`.
    @inlinable public init(text: Span<UInt8>) throws(DecimalError) {
        let value = try DecimalText.parse(text)
        guard value >= 0 else { throw .negative }
        guard value <= Quantity.bound.raw else { throw .outOfRange }
        self.init(raw: value)
    }

    @inlinable public func append(to text: inout [UInt8]) { DecimalText.append(raw: raw, to: &text) }
}

extension SignedQuantity: DecimalValue, CustomStringConvertible {
    /// At most `Quantity.bound` in size.
    @inlinable public init(text: Span<UInt8>) throws(DecimalError) {
        raw = try DecimalText.parse(text)
        guard raw.magnitude <= UInt64(Quantity.bound.raw) else { throw .outOfRange }
    }

    @inlinable public func append(to text: inout [UInt8]) { DecimalText.append(raw: raw, to: &text) }
}

extension Rate: DecimalValue, CustomStringConvertible {
    /// The largest rate that is accepted from outside: 10^6.
    public static let bound = Rate(raw: 1_000_000 * FixedPoint.one)

    /// At most `Rate.bound` in size, of either sign.
    @inlinable public init(text: Span<UInt8>) throws(DecimalError) {
        raw = try DecimalText.parse(text)
        guard raw.magnitude <= UInt64(Rate.bound.raw) else { throw .outOfRange }
    }

    @inlinable public func append(to text: inout [UInt8]) { DecimalText.append(raw: raw, to: &text) }
}

extension Money: DecimalValue, CustomStringConvertible {
    /// The largest sum that is accepted from outside: 10^15.
    public static let bound = Money(whole: 1_000_000_000_000_000)

    /// At most `Money.bound` in size, of either sign, with up to 16 fraction digits.
    public init(text: Span<UInt8>) throws(DecimalError) { raw = try DecimalText.parseMoney(text) }

    public func append(to text: inout [UInt8]) { DecimalText.append(money: self, to: &text) }
}
