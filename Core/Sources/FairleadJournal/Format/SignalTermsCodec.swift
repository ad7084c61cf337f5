public import FairleadModel

/// The canonical bytes of a signal's terms: 191 bytes, every field in its place, unused take-profit levels zero. Of
/// style `twap`, and of those after it, eight bytes follow; of `vwap`, `pov` and `iceberg` fourteen more; and how a
/// stop moves, where it does. What stands before something that is used is there too, as what is absent.
public enum SignalTermsCodec {
    public static let byteCount = 191
    static let twapByteCount = 8
    static let algorithmByteCount = 14
    static let slicedByteCount = byteCount + twapByteCount
    static let scheduledByteCount = slicedByteCount + algorithmByteCount
    public static let maximumByteCount = scheduledByteCount + StopTermsCodec.byteCount

    /// How long the canonical bytes of terms are.
    static func byteCount(of terms: SignalTerms) -> Int {
        if !terms.stop.isNone { return maximumByteCount }
        return switch terms.style {
        case .auto, .makerFirst, .taker, .adaptive: byteCount
        case .twap: slicedByteCount
        case .vwap, .pov, .iceberg: scheduledByteCount
        }
    }

    public static func encode(_ terms: SignalTerms) -> [UInt8] {
        ByteSource.encoded(limit: maximumByteCount) { encode(terms, &$0) }
    }

    static func encode(_ terms: SignalTerms, _ sink: inout ByteSink) {
        sink.put(terms.number.value)
        sink.put(terms.digest.high)
        sink.put(terms.digest.low)
        sink.put(terms.source.rawValue)
        sink.put(terms.instrument)
        sink.put(terms.strategy.index)
        sink.put(terms.side.rawValue)
        sink.put(terms.positionSide.rawValue)
        sink.put(terms.intent.rawValue)
        sink.put(terms.reduceOnly)
        encode(terms.size, &sink)
        sink.put(terms.confidence)
        sink.put(terms.orderType.rawValue)
        sink.put(terms.limitPrice)
        sink.put(terms.timeInForce.rawValue)
        sink.put(terms.time)
        sink.put(terms.expiresAt)
        sink.put(terms.style.rawValue)
        sink.put(UInt8(terms.makerFirst.map { $0 ? 2 : 1 } ?? 0))
        sink.put(terms.makerPrice)
        sink.put(terms.makerQuantity)
        sink.put(terms.takeProfits.count)
        for index in 0..<TakeProfitLevels.limit {
            let isUsed = index < Int(terms.takeProfits.count)
            sink.put(isUsed ? terms.takeProfits[index].price : .zero)
            sink.put(isUsed ? terms.takeProfits[index].fraction : .zero)
        }
        sink.put(terms.stopLoss)
        let length = byteCount(of: terms)
        guard length > byteCount else { return }
        let twap = terms.style.isScheduled ? terms.twap : TwapTerms()
        sink.put(twap.slices)
        sink.put(twap.jitter)
        sink.put(twap.intervalMilliseconds)
        guard length > slicedByteCount else { return }
        let algorithm = terms.style.isScheduled && terms.style != .twap ? terms.algorithm : AlgorithmTerms()
        sink.put(algorithm.participation)
        sink.put(algorithm.durationMilliseconds)
        sink.put(algorithm.display)
        if length > scheduledByteCount { StopTermsCodec.encode(terms.stop, &sink) }
    }

    private static func encode(_ size: SignalSize, _ sink: inout ByteSink) {
        switch size {
        case .quantity(let quantity):
            sink.put(UInt8(0))
            sink.put(Int128(quantity.raw))
        case .notional(let money):
            sink.put(UInt8(1))
            sink.put(money.raw)
        case .navFraction(let rate):
            sink.put(UInt8(2))
            sink.put(Int128(rate.raw))
        case .wholePosition:
            sink.put(UInt8(3))
            sink.put(Int128(0))
        case .kelly(let share):
            sink.put(UInt8(4))
            sink.put(Int128(share.raw))
        }
    }

    public static func decode(_ bytes: RawSpan) throws(FieldError) -> SignalTerms {
        guard bytes.byteCount >= byteCount else {
            throw FieldError(.size, UInt64(bytes.byteCount))
        }
        var position = 0
        let number = SignalNumber(value: ByteSource.take(bytes, &position))
        let high = ByteSource.take(UInt64.self, bytes, &position)
        let low = ByteSource.take(UInt64.self, bytes, &position)
        let source: SignalSource = try Field.choice(.source, bytes, &position)
        let instrument = Field.instrument(bytes, &position)
        let strategy = StrategyHandle(index: ByteSource.take(UInt16.self, bytes, &position))
        let side: Side = try Field.choice(.side, bytes, &position)
        let positionSide: PositionSide = try Field.choice(.positionSide, bytes, &position)
        let intent: Intent = try Field.choice(.intent, bytes, &position)
        let reduceOnly = try Field.boolean(bytes, &position)
        let size = try decodeSize(bytes, &position)
        var terms = SignalTerms(
            number: number,
            digest: Digest128(high: high, low: low),
            instrument: instrument,
            side: side,
            size: size,
            source: source
        )
        terms.strategy = strategy
        terms.positionSide = positionSide
        terms.intent = intent
        terms.reduceOnly = reduceOnly
        terms.confidence = Field.rate(bytes, &position)
        terms.orderType = try Field.choice(.orderType, bytes, &position)
        terms.limitPrice = Field.price(bytes, &position)
        terms.timeInForce = try Field.choice(.timeInForce, bytes, &position)
        terms.time = Field.time(bytes, &position)
        terms.expiresAt = Field.time(bytes, &position)
        terms.style = try Field.choice(.style, bytes, &position)
        terms.makerFirst = try decodeMakerFirst(bytes, &position)
        terms.makerPrice = Field.price(bytes, &position)
        terms.makerQuantity = try Field.quantity(bytes, &position)
        terms.takeProfits = try decodeTakeProfits(bytes, &position)
        terms.stopLoss = Field.price(bytes, &position)
        try decodeTail(bytes, &position, into: &terms)
        return terms
    }

    /// What is longer than it need be is refused: it would be a second form of the same terms.
    private static func decodeTail(
        _ bytes: RawSpan,
        _ position: inout Int,
        into terms: inout SignalTerms
    ) throws(FieldError) {
        let length = bytes.byteCount
        guard [byteCount, slicedByteCount, scheduledByteCount, maximumByteCount].contains(length) else {
            throw FieldError(.size, UInt64(length))
        }
        if length > byteCount { terms.twap = decodeTwap(bytes, &position) }
        if length > slicedByteCount { terms.algorithm = try decodeAlgorithm(bytes, &position) }
        if length > scheduledByteCount { terms.stop = try StopTermsCodec.decode(bytes, &position) }
        guard length == byteCount(of: terms) else { throw FieldError(.size, UInt64(length)) }
        guard terms.style.isScheduled || terms.twap == TwapTerms() else {
            throw FieldError(.padding, UInt64(terms.twap.slices))
        }
        guard terms.style.isScheduled && terms.style != .twap || terms.algorithm == AlgorithmTerms() else {
            throw FieldError(.padding, UInt64(terms.algorithm.participation))
        }
    }

    private static func decodeAlgorithm(
        _ bytes: RawSpan,
        _ position: inout Int
    ) throws(FieldError) -> AlgorithmTerms {
        var terms = AlgorithmTerms()
        terms.participation = ByteSource.take(bytes, &position)
        terms.durationMilliseconds = ByteSource.take(bytes, &position)
        terms.display = try Field.quantity(bytes, &position)
        return terms
    }

    private static func decodeTwap(_ bytes: RawSpan, _ position: inout Int) -> TwapTerms {
        TwapTerms(
            slices: ByteSource.take(UInt16.self, bytes, &position),
            jitter: ByteSource.take(UInt16.self, bytes, &position),
            intervalMilliseconds: ByteSource.take(UInt32.self, bytes, &position)
        )
    }

    private static func decodeSize(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> SignalSize {
        let kind = ByteSource.take(UInt8.self, bytes, &position)
        let value = ByteSource.take(Int128.self, bytes, &position)
        if kind == 1 { return .notional(Money(raw: value)) }
        // The other sizes have 64 bits; more would be a second form of the same signal.
        guard let narrow = Int64(exactly: value) else { throw FieldError(.signalSize, UInt64(kind)) }
        switch kind {
        case 0 where narrow >= 0: return .quantity(Quantity(raw: narrow))
        case 2: return .navFraction(Rate(raw: narrow))
        case 3 where narrow == 0: return .wholePosition
        case 4: return .kelly(Rate(raw: narrow))
        default: throw FieldError(.signalSize, UInt64(kind))
        }
    }

    private static func decodeMakerFirst(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> Bool? {
        switch ByteSource.take(UInt8.self, bytes, &position) {
        case 0: return nil
        case 1: return false
        case 2: return true
        case let other: throw FieldError(.makerFirst, UInt64(other))
        }
    }

    private static func decodeTakeProfits(
        _ bytes: RawSpan,
        _ position: inout Int
    ) throws(FieldError) -> TakeProfitLevels {
        let count = ByteSource.take(UInt8.self, bytes, &position)
        guard count <= TakeProfitLevels.limit else { throw FieldError(.takeProfitCount, UInt64(count)) }
        var levels = TakeProfitLevels()
        for index in 0..<TakeProfitLevels.limit {
            let price = Field.price(bytes, &position)
            let level = TakeProfitLevel(price: price, fraction: Field.rate(bytes, &position))
            if index < Int(count) {
                levels.append(level)
            } else if level.price != .zero || level.fraction != .zero {
                throw FieldError(.padding, UInt64(index))
            }
        }
        return levels
    }
}
