import FairleadModel

/// How a typed value and a document's value become each other. What it decodes was checked by its kind.
struct KeyCodec<Value: Sendable>: Sendable {
    let kind: ConfigurationKind
    let encode: @Sendable (Value) -> ConfigurationValue
    let decode: @Sendable (ConfigurationValue) -> Value

    /// A decimal whose raw value is `scale.up / scale.down` of what its unit counts in 10^-8.
    fileprivate static func scaled(
        _ unit: ConfigurationUnit,
        _ range: ClosedRange<Int64>,
        above: Bool,
        up: Int64,
        down: Int64,
        make: @escaping @Sendable (Int64) -> Value,
        raw: @escaping @Sendable (Value) -> Int64
    ) -> KeyCodec {
        let one = FixedPoint.one
        return KeyCodec(
            kind: .number(
                unit,
                range: range.lowerBound * one...range.upperBound * one,
                isAboveMinimum: above,
                step: down
            ),
            encode: { .number(raw: raw($0) / up * down) },
            decode: { value in
                guard case .number(let number) = value else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return make(number / down * up)
            }
        )
    }
}

extension KeyCodec where Value == Bool {
    static var flag: KeyCodec {
        KeyCodec(
            kind: .flag,
            encode: { .flag($0) },
            decode: { value in
                guard case .flag(let flag) = value else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return flag
            }
        )
    }
}

extension KeyCodec where Value: FixedWidthInteger & Sendable {
    static func count(_ range: ClosedRange<Int64>) -> KeyCodec {
        KeyCodec(
            kind: .count(range),
            encode: { .count(Int64($0)) },
            decode: { value in
                guard case .count(let count) = value else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return Value(count)
            }
        )
    }
}

extension KeyCodec where Value == Rate {
    static func bps(_ range: ClosedRange<Int64>) -> KeyCodec {
        scaled(.bps, range, above: false, up: 1, down: 10_000, make: { Rate(raw: $0) }, raw: \.raw)
    }
    /// Over 0 and at most 1.
    static var fraction: KeyCodec {
        scaled(.fraction, 0...1, above: true, up: 1, down: 1, make: { Rate(raw: $0) }, raw: \.raw)
    }
    /// Over 0 and at most a half: a share of the traded volume.
    static var participation: KeyCodec {
        KeyCodec(
            kind: .number(.fraction, range: 0...FixedPoint.one / 2, isAboveMinimum: true, step: 1),
            encode: { .number(raw: $0.raw) },
            decode: { value in
                guard case .number(let raw) = value else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return Rate(raw: raw)
            }
        )
    }
    /// 0 to `AdaptiveConfiguration.explorationLimit`.
    static var exploration: KeyCodec {
        KeyCodec(
            kind: .number(
                .fraction,
                range: 0...AdaptiveConfiguration.explorationLimit.raw,
                isAboveMinimum: false,
                step: 1
            ),
            encode: { .number(raw: $0.raw) },
            decode: { value in
                guard case .number(let raw) = value else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return Rate(raw: raw)
            }
        )
    }
    /// 0 to 1.
    static var share: KeyCodec {
        scaled(.fraction, 0...1, above: false, up: 1, down: 1, make: { Rate(raw: $0) }, raw: \.raw)
    }
    /// -1 to 1.
    static var signedFraction: KeyCodec {
        scaled(.fraction, -1...1, above: false, up: 1, down: 1, make: { Rate(raw: $0) }, raw: \.raw)
    }
    /// Over 0, and may pass 1.
    static func ratio(upTo maximum: Int64) -> KeyCodec {
        scaled(.ratio, 0...maximum, above: true, up: 1, down: 1, make: { Rate(raw: $0) }, raw: \.raw)
    }
    /// 0, or any number up to `maximum`.
    static func multiple(upTo maximum: Int64) -> KeyCodec {
        scaled(.ratio, 0...maximum, above: false, up: 1, down: 1, make: { Rate(raw: $0) }, raw: \.raw)
    }
    static func perSecond(upTo maximum: Int64) -> KeyCodec {
        scaled(.perSecond, 0...maximum, above: true, up: 1, down: 1, make: { Rate(raw: $0) }, raw: \.raw)
    }
}

extension KeyCodec where Value == TimeSpan {
    private static func span(_ unit: ConfigurationUnit, _ range: ClosedRange<Int64>, up: Int64, down: Int64) -> KeyCodec
    {
        scaled(
            unit,
            range,
            above: false,
            up: up,
            down: down,
            make: { TimeSpan(nanoseconds: $0) },
            raw: \.nanoseconds
        )
    }
    static func milliseconds(_ range: ClosedRange<Int64>) -> KeyCodec { span(.milliseconds, range, up: 1, down: 100) }
    static func seconds(_ range: ClosedRange<Int64>) -> KeyCodec { span(.seconds, range, up: 10, down: 1) }
    static func minutes(_ range: ClosedRange<Int64>) -> KeyCodec { span(.minutes, range, up: 600, down: 1) }
    static func hours(_ range: ClosedRange<Int64>) -> KeyCodec { span(.hours, range, up: 36_000, down: 1) }
}

extension KeyCodec where Value == Price {
    /// Over 0 and within `Price.bound`.
    static var price: KeyCodec {
        scaled(.price, 0...1_000_000_000, above: true, up: 1, down: 1, make: { Price(raw: $0) }, raw: \.raw)
    }
}

extension KeyCodec where Value == Quantity {
    /// Over 0 and within `Quantity.bound`.
    static var quantity: KeyCodec {
        scaled(.quantity, 0...10_000_000_000, above: true, up: 1, down: 1, make: { Quantity(raw: $0) }, raw: \.raw)
    }
}

extension KeyCodec where Value == Money {
    /// Within `Money.bound`; `isAboveZero` refuses zero.
    static func money(isAboveZero: Bool) -> KeyCodec {
        KeyCodec(
            kind: .money(maximum: Money.bound, isAboveZero: isAboveZero),
            encode: { .money($0) },
            decode: { value in
                guard case .money(let money) = value else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return money
            }
        )
    }
}

extension KeyCodec where Value: ConfigurationChoice {
    static var choice: KeyCodec {
        KeyCodec(
            kind: .choice(Value.allCases.map(\.word)),
            encode: { .text($0.word) },
            decode: { value in
                guard case .text(let word) = value, let choice = Value.allCases.first(where: { $0.word == word }) else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return choice
            }
        )
    }
}

extension KeyCodec where Value == String {
    static func text(_ rule: TextRule) -> KeyCodec {
        KeyCodec(
            kind: .text(rule),
            encode: { .text($0) },
            decode: { value in
                guard case .text(let text) = value else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return text
            }
        )
    }
}

extension KeyCodec where Value == [String] {
    static func texts(_ rule: TextRule, limit: Int) -> KeyCodec {
        KeyCodec(
            kind: .texts(rule, limit: limit),
            encode: { .texts($0) },
            decode: { value in
                guard case .texts(let texts) = value else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return texts
            }
        )
    }
}

extension KeyCodec where Value == [TimeSpan] {
    /// In milliseconds, none below the one before it.
    static func milliseconds(_ range: ClosedRange<Int64>, limit: Int) -> KeyCodec {
        let one = FixedPoint.one
        return KeyCodec(
            kind: .numbers(
                .milliseconds,
                range: range.lowerBound * one...range.upperBound * one,
                step: 100,
                limit: limit
            ),
            encode: { .numbers(raw: $0.map { $0.nanoseconds * 100 }) },
            decode: { value in
                guard case .numbers(let raws) = value else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return raws.map { TimeSpan(nanoseconds: $0 / 100) }
            }
        )
    }
}

extension KeyCodec where Value == [Rate] {
    /// Ratios, none below the one before it.
    static func ratios(from least: Int64, to most: Int64, limit: Int) -> KeyCodec {
        let one = FixedPoint.one
        return KeyCodec(
            kind: .numbers(.ratio, range: least * one...most * one, step: 1, limit: limit),
            encode: { .numbers(raw: $0.map(\.raw)) },
            decode: { value in
                guard case .numbers(let raws) = value else {
                    preconditionFailure("Invariant: a checked value has its key's kind")
                }
                return raws.map { Rate(raw: $0) }
            }
        )
    }
}
