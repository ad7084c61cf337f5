internal import FairleadModel
internal import GRDB

/// A record's columns, visited in their order: one walk names them, writes them and reads them.
///
/// Prices, quantities, rates and amounts are integers of 10^-8; times integers of nanoseconds; choices their names;
/// identifiers their texts; sums of money, which may pass 64 bits, decimal texts. NULL stands for what is not there.
struct ColumnWalk {
    private enum Way {
        case naming
        case writing
        case reading
    }

    private let way: Way
    var names: HistoryNames
    private(set) var columns: [String] = []
    private(set) var values: [DatabaseValue] = []
    private let row: Row?
    private var index: Int
    /// The first column that could not be read; what follows it is not looked at.
    private(set) var fault: HistoryFault?

    static func naming() -> ColumnWalk { ColumnWalk(.naming, HistoryNames(), nil, 0) }
    static func writing(_ names: HistoryNames) -> ColumnWalk { ColumnWalk(.writing, names, nil, 0) }
    /// Reads from column `index` of `row` on.
    static func reading(_ row: Row, from index: Int, _ names: HistoryNames) -> ColumnWalk {
        ColumnWalk(.reading, names, row, index)
    }

    private init(_ way: Way, _ names: HistoryNames, _ row: Row?, _ index: Int) {
        self.way = way
        self.names = names
        self.row = row
        self.index = index
    }

    var isReading: Bool { way == .reading }
    var isWriting: Bool { way == .writing }

    /// Makes room for the next record that is written.
    mutating func restart() { values.removeAll(keepingCapacity: true) }

    mutating func put(_ value: DatabaseValue) { values.append(value) }

    /// Passes over columns: NULL in each when writing.
    mutating func skip(_ count: Int) {
        for _ in 0..<count { values.append(.null) }
        index += count
    }

    // MARK: - Kinds of columns

    /// Names the column, or gives what is to be written to `write`, or what was read to `read`.
    private mutating func column(
        _ name: String,
        _ write: @autoclosure () -> DatabaseValue,
        _ read: (DatabaseValue) throws(HistoryFault) -> Void
    ) {
        switch way {
        case .naming: columns.append(name)
        case .writing: values.append(write())
        case .reading:
            guard fault == nil, let row else { return }
            guard index < row.count else {
                fault = .unreadable(column: name, reason: "is missing")
                return
            }
            do throws(HistoryFault) { try read(row[index]) } catch { fault = error }
            index += 1
        }
    }

    mutating func integer(_ name: String, _ value: inout Int64) {
        let written = value
        var found = written
        column(name, written.databaseValue) { stored throws(HistoryFault) in found = try stored.integer(name) }
        value = found
    }

    mutating func integer(_ name: String, orNull value: inout Int64?) {
        let written = value
        var found = written
        column(name, written.databaseValue) { stored throws(HistoryFault) in
            found = stored.isNull ? nil : try stored.integer(name)
        }
        value = found
    }

    /// A small number; NULL for `none`.
    mutating func count<Number: FixedWidthInteger & UnsignedInteger>(
        _ name: String,
        orNull value: inout Number,
        none: Number
    ) {
        var wide: Int64? = value == none ? nil : Int64(value)
        integer(name, orNull: &wide)
        guard let wide else { return value = none }
        guard let found = Number(exactly: wide) else { return refuse(name, "\(wide) is out of range") }
        value = found
    }

    mutating func flag(_ name: String, _ value: inout Bool) {
        var number: Int64 = value ? 1 : 0
        integer(name, &number)
        value = number != 0
    }

    mutating func text(_ name: String, _ value: inout String?) {
        let written = value
        var found = written
        column(name, written.databaseValue) { stored throws(HistoryFault) in
            found = stored.isNull ? nil : try stored.text(name)
        }
        value = found
    }

    /// A choice by its name; NULL where that is empty.
    mutating func choice<Choice: NamedChoice>(_ name: String, _ value: inout Choice) {
        let written = value
        var found = written
        column(name, written.name.isEmpty ? .null : written.name.databaseValue) { stored throws(HistoryFault) in
            let text = stored.isNull ? "" : try stored.text(name)
            guard let choice = Choice(name: text) else {
                throw HistoryFault.unreadable(column: name, reason: "'\(text)' is not one of \(Choice.names)")
            }
            found = choice
        }
        value = found
    }

    mutating func choice<Choice: NamedChoice>(_ name: String, orNull value: inout Choice?) {
        let written = value
        var found = written
        column(name, (written?.name).databaseValue) { stored throws(HistoryFault) in
            guard !stored.isNull else { return found = nil }
            let text = try stored.text(name)
            guard let choice = Choice(name: text) else {
                throw HistoryFault.unreadable(column: name, reason: "'\(text)' is not one of \(Choice.names)")
            }
            found = choice
        }
        value = found
    }

    /// Any value with a text; NULL for `none`.
    mutating func identifier<ID: IdentifierValue & Equatable>(_ name: String, _ value: inout ID, none: ID) {
        let written = value
        var found = written
        column(name, written == none ? .null : written.description.databaseValue) { stored throws(HistoryFault) in
            guard !stored.isNull else { return found = none }
            do throws(IdentifierError) { found = try ID(text: stored.plainText) } catch {
                throw HistoryFault.unreadable(column: name, reason: error.name)
            }
        }
        value = found
    }

    mutating func symbol(_ name: String, _ value: inout InstrumentHandle) {
        let written = value
        var found = written
        let names = names
        column(name, names.symbol(of: written).databaseValue) { stored throws(HistoryFault) in
            guard !stored.isNull else { return found = .none }
            let text = try stored.text(name)
            guard let handle = names.instrument(named: text) else {
                throw HistoryFault.unreadable(column: name, reason: "no instrument is named '\(text)'")
            }
            found = handle
        }
        value = found
    }

    /// A strategy by its name; NULL for the unnamed one.
    mutating func strategy(_ name: String, _ value: inout StrategyHandle) {
        let written = value
        var found = written
        let names = names
        column(name, written == .unnamed ? .null : names.name(of: written).databaseValue) {
            stored throws(HistoryFault) in
            guard !stored.isNull else { return found = .unnamed }
            let text = try stored.text(name)
            guard let handle = names.strategy(named: text) else {
                throw HistoryFault.unreadable(column: name, reason: "no strategy is named '\(text)'")
            }
            found = handle
        }
        value = found
    }
}

// What is written as one of the kinds above.
extension ColumnWalk {
    mutating func price(_ name: String, _ value: inout Price) { integer(name, &value.raw) }
    mutating func quantity(_ name: String, _ value: inout Quantity) { integer(name, &value.raw) }
    mutating func rate(_ name: String, _ value: inout Rate) { integer(name, &value.raw) }

    /// NULL for zero, which means "none".
    mutating func price(_ name: String, orNull value: inout Price) {
        var raw = value == .zero ? nil : value.raw
        integer(name, orNull: &raw)
        value = Price(raw: raw ?? 0)
    }

    mutating func quantity(_ name: String, orNull value: inout Quantity) {
        var raw = value == .zero ? nil : value.raw
        integer(name, orNull: &raw)
        value = Quantity(raw: raw ?? 0)
    }

    mutating func rate(_ name: String, orNull value: inout Rate?) {
        var raw = value?.raw
        integer(name, orNull: &raw)
        value = raw.map { Rate(raw: $0) }
    }

    /// NULL for `none`: never, unless the field's "none" is another.
    mutating func time(_ name: String, _ value: inout Timestamp, none: Timestamp = .never) {
        var raw = value == none ? nil : value.nanoseconds
        integer(name, orNull: &raw)
        value = raw.map { Timestamp(nanoseconds: $0) } ?? none
    }

    mutating func span(_ name: String, _ value: inout TimeSpan) { integer(name, &value.nanoseconds) }

    mutating func span(_ name: String, orNull value: inout TimeSpan?) {
        var raw = value?.nanoseconds
        integer(name, orNull: &raw)
        value = raw.map { TimeSpan(nanoseconds: $0) }
    }

    /// A signal's number; NULL for none.
    mutating func signal(_ name: String, _ value: inout SignalNumber) {
        var raw = value == .none ? nil : value.column
        integer(name, orNull: &raw)
        value = raw.map { SignalNumber(column: $0) } ?? .none
    }

    /// A venue's number; NULL for 0, which is none.
    mutating func number(_ name: String, _ value: inout UInt64) {
        var raw = value == 0 ? nil : Int64(bitPattern: value)
        integer(name, orNull: &raw)
        value = raw.map { UInt64(bitPattern: $0) } ?? 0
    }

    mutating func intent(_ name: String, _ value: inout IntentID) { identifier(name, &value, none: .none) }
    mutating func order(_ name: String, _ value: inout ClientOrderID) { identifier(name, &value, none: .none) }

    /// The names in table order, between commas; NULL for none.
    mutating func reasons(_ name: String, _ value: inout VetoReasons) {
        var names = value.isEmpty ? nil : value.all.map(\.name).joined(separator: ",")
        text(name, &names)
        guard isReading else { return }
        var found = VetoReasons()
        for part in (names ?? "").split(separator: ",") {
            guard let reason = VetoReason(name: String(part)) else {
                return refuse(name, "'\(part)' is no reason")
            }
            found.insert(reason)
        }
        value = found
    }

    /// A decimal text of a value that is read as strictly as one from outside.
    mutating func decimal<Value: DecimalValue>(_ name: String, _ value: inout Value?) {
        var written = value?.description
        text(name, &written)
        guard isReading else { return }
        guard let written else { return value = nil }
        do throws(DecimalError) { value = try Value(text: written) } catch { refuse(name, error.name) }
    }

    mutating func refuse(_ name: String, _ reason: String) {
        if fault == nil { fault = .unreadable(column: name, reason: reason) }
    }
}

extension DatabaseValue {
    func integer(_ column: String) throws(HistoryFault) -> Int64 {
        guard case .int64(let value) = storage else {
            throw .unreadable(column: column, reason: "holds no integer")
        }
        return value
    }

    func text(_ column: String) throws(HistoryFault) -> String {
        guard case .string(let value) = storage else { throw .unreadable(column: column, reason: "holds no text") }
        return value
    }

    /// The text, or one that no identifier has.
    var plainText: String { if case .string(let value) = storage { value } else { "" } }
}
