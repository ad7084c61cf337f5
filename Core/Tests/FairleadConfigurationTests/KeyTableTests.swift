import FairleadModel
import Testing

@testable import FairleadConfiguration

@Suite struct KeyTableTests {
    /// Every key at one place: the path of its first instance in the demo's documents.
    static let places: [(key: ConfigurationKey, path: String)] = KeyTable.keys.map { key in
        (key, key.path(symbol: "BTCUSDT", index: 0))
    }

    /// Holds each key to its type. Walks the table, puts values of every other type at each key of the demo's
    /// documents, and expects an error that names exactly that path.
    @Test func eachKeyRefusesOtherTypes() throws {
        for (key, path) in Self.places {
            for value in key.kind.mistypedValues {
                var documents = try TestDocuments()
                documents.set(key.document, path, value)
                let errors = documents.errors()
                #expect(errors.contains { $0.document == key.document && $0.path == path }, "\(path) takes \(value)")
                // Where an instrument has no name, what names it is at fault too.
                let isAlone = errors.allSatisfy { $0.path.hasPrefix(path) || $0.fault == .missing }
                #expect(isAlone || path == "instruments[0].symbol", "\(path): \(errors)")
            }
        }
    }

    /// Holds each key to its range. Walks the table, puts values just beyond every bound at each key, and expects an
    /// error of range that names exactly that path.
    @Test func eachKeyRefusesValuesOutOfRange() throws {
        for (key, path) in Self.places {
            for value in key.kind.excessiveValues {
                var documents = try TestDocuments()
                documents.set(key.document, path, value)
                let found = documents.errors().filter { $0.document == key.document && $0.path == path }
                #expect(!found.isEmpty, "\(path) takes \(value)")
                let allowed: [ConfigurationFault] = [.outOfRange, .literalSecret, .notEnforced]
                #expect(found.allSatisfy { allowed.contains($0.fault) }, "\(path): \(found)")
            }
        }
    }

    /// Holds each key to what its row promises. Walks the table, puts the bounds of its range at each key and expects
    /// no error of type or range there; a limit of a later part is refused by name whatever it holds.
    @Test func eachKeyTakesItsRange() throws {
        for (key, path) in Self.places {
            for value in key.kind.goodValues {
                var documents = try TestDocuments()
                documents.set(key.document, path, value)
                let found = documents.errors().filter { $0.document == key.document && $0.path == path }
                switch key.status {
                case .laterLimit: #expect(found.map(\.fault) == [.notEnforced], "\(path)")
                case .enforced, .later:
                    let faults = found.map(\.fault).filter { $0 == .wrongType || $0 == .outOfRange }
                    // The one lower bound that a rule of its own raises.
                    let isRaised = path == "nav_anomalies.max_multiplier_intraday"
                    #expect(faults.isEmpty || isRaised, "\(path) refuses \(value): \(found)")
                }
            }
        }
    }

    /// Shows what a missing key means. Takes each key out of the demo's documents: a required one is named by an error,
    /// any other leaves its default, read from the typed structs, with the origin `default`.
    @Test func aMissingKeyIsItsDefaultOrNamed() throws {
        for (key, path) in Self.places where key.status == .enforced {
            var documents = try TestDocuments()
            documents.set(key.document, path, nil)
            switch documents.resolve() {
            case .success(let resolved):
                #expect(!key.isRequired, "\(path) may be left out")
                #expect(resolved.origin(key.document, path) == .builtIn)
                if let expected = KeyDefaults.value(of: key), !path.hasPrefix("router.overrides") {
                    #expect(resolved.entries.first { $0.path == path }?.value == expected, "\(path)")
                }
            case .failure(let errors):
                let named = errors.list.map(\.path)
                let isListed = path == "screener.symbols" || key.isRequired
                #expect(isListed && named.contains(path), "\(path): \(errors)")
            }
        }
    }

    /// Proves that each enforced key does something and that no typed field is without a key. Sets each key to another
    /// value, compares all stored fields by reflection, and expects the changed ones together to be all fields.
    @Test func eachKeyHasAFieldAndEachFieldAKey() throws {
        let before = try TestDocuments().resolve().get()
        let fields = Self.fields(before)
        var touched: Set<String> = []
        for (key, path) in Self.places where key.status == .enforced {
            var changed: Set<String> = []
            let current = before.entries.first { $0.path == path && $0.document == key.document }?.value?.json
            for value in key.kind.goodValues + [.number("0.5"), 1, 2, 100, 600, ["BTCUSDT"], ["ETHUSDT"]]
            where value != current {
                guard let checked = Self.accepted(value, key.kind) else { continue }
                var content = before.content
                key.write(&content, 0, checked)
                let after = Self.fields(ResolvedConfiguration(content: content, origins: [:], warnings: []))
                changed.formUnion(after.keys.filter { after[$0] != fields[$0] })
                changed.formUnion(fields.keys.filter { after[$0] != fields[$0] })
            }
            #expect(!changed.isEmpty, "\(path) changes no field")
            touched.formUnion(changed)
        }
        // Computed: live is the mode, hedged follows paper.hedge_mode, one venue;
        // whether absence proves an order's death is the venue's nature (the paper venue's: yes), nobody's choice.
        // whether limits of the testnet are in force follows from the environment and from them.
        let computed = ["areTestnetLimits", "isLive", "isHedged", "venue", "index", "provesDeath"]
        let untouched = fields.keys.filter { field in
            let isFirst = !field.contains("[") || field.contains("[0]")
            return isFirst && !touched.contains(field) && !computed.contains { field.contains(".\($0)") }
        }
        // The name of a synthetic symbol is its place in the document.
        #expect(untouched.sorted() == ["runtime.market.synthetic.symbols[0].symbol"])
    }

    /// The checked value, or nil where the kind refuses it.
    private static func accepted(_ value: JSONValue, _ kind: ConfigurationKind) -> ConfigurationValue? {
        do throws(ValueFault) { return try kind.read(value) } catch { return nil }
    }

    /// All stored fields of both typed structs with their values as text.
    private static func fields(_ resolved: ResolvedConfiguration) -> [String: String] {
        var fields: [String: String] = [:]
        collect(resolved.engine, "engine", &fields)
        collect(resolved.runtime, "runtime", &fields)
        // Limits of the testnet wait beside the account's until the environment is known.
        for kept in resolved.content.kept { fields["kept.\(kept.path)"] = "\(kept.value)" }
        return fields
    }

    private static func collect(_ value: Any, _ path: String, _ fields: inout [String: String]) {
        let mirror = Mirror(reflecting: value)
        let isWhole = value is Price || value is Quantity || value is Rate || value is Money || value is TimeSpan
        guard !isWhole, mirror.displayStyle == .struct || mirror.displayStyle == .collection else {
            fields[path] = "\(value)"
            return
        }
        if mirror.displayStyle == .collection, mirror.children.isEmpty { fields[path] = "[]" }
        for (index, child) in mirror.children.enumerated() {
            collect(child.value, path + (child.label.map { "." + $0 } ?? "[\(index)]"), &fields)
        }
    }

    /// Keeps the table sound. Checks that no path stands twice, that each row has a sentence, and that no row of a
    /// later part is per instrument unless it is refused, since such a value could not be kept.
    @Test func theTableIsSound() {
        var seen: Set<String> = []
        for key in KeyTable.keys {
            #expect(seen.insert(ConfigurationDecoder.place(key.document, key.path)).inserted, "\(key.path)")
            #expect(key.summary.hasSuffix(".") && key.summary.utf8.count <= 110, "\(key.path)")
            if case .later = key.status { #expect(!key.isPerInstrument, "\(key.path)") }
            #expect(!(key.isRequired && key.isOptional), "\(key.path)")
        }
        #expect(KeyTable.keys.count > 200)
    }
}
