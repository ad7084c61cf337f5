// Key and value in one call, by the value's type: what is not there is written as null, so that a reader can rely on
// the key.
extension JSONWriter {
    public mutating func field(_ key: String, _ text: String?) {
        self.key(key)
        if let text { string(text) } else { null() }
    }

    public mutating func field(_ key: String, _ flag: Bool) {
        self.key(key)
        bool(flag)
    }

    public mutating func field(_ key: String, _ value: some BinaryInteger) {
        self.key(key)
        integer(value)
    }

    /// A statistic; null unless finite.
    public mutating func field(_ key: String, _ value: Double?) {
        self.key(key)
        number(value ?? .nan)
    }

    /// A decimal as a string.
    public mutating func field(_ key: String, _ value: some DecimalValue) {
        self.key(key)
        decimal(value)
    }

    /// A price as a string; null for zero, which means "none".
    public mutating func field(_ key: String, orNull price: Price) {
        self.key(key)
        if price == .zero { null() } else { decimal(price) }
    }

    /// A raw amount in units of 10^-8 as a decimal string.
    public mutating func field(_ key: String, raw amount: Int64) {
        self.key(key)
        decimal(raw: amount)
    }

    /// The same; null where the amount is not known.
    public mutating func field(_ key: String, rawOrNull amount: Int64?) {
        self.key(key)
        if let amount { decimal(raw: amount) } else { null() }
    }

    public mutating func field(_ key: String, _ time: Timestamp, _ precision: TimestampPrecision = .milliseconds) {
        self.key(key)
        timestamp(time, precision)
    }

    public mutating func field(_ key: String, _ identifier: some IdentifierValue) {
        self.key(key)
        self.identifier(identifier)
    }

    /// The name of a choice; null where the name is empty ("no reason").
    public mutating func field(_ key: String, _ choice: some NamedChoice) {
        field(key, choice.name.isEmpty ? nil : choice.name)
    }
}
