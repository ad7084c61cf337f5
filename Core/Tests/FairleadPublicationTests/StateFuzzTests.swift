import FairleadJournal
import FairleadModel
import Foundation
import Testing

@testable import FairleadPublication

/// Single fields of a real run's files, damaged at random: what the loaders and the check make of each.
@Suite struct StateFuzzTests {
    /// What happens to one field.
    enum Damage: String, CaseIterable {
        case deleted, null, wrongType, hugeNumber, negative, nested, notANumber, truncated
    }

    /// A place in a document.
    private struct Place {
        /// As findings name it: "router_health.global.quality_score".
        var field: String
        /// Keys and indices from the root.
        var steps: [JSONStep]
        var value: JSONValue
    }

    private enum JSONStep {
        case key(String)
        case index(Int)
    }

    /// All places of a document, whole objects and arrays too.
    private static func places(_ value: JSONValue, _ field: String = "", _ steps: [JSONStep] = []) -> [Place] {
        var found: [Place] = steps.isEmpty ? [] : [Place(field: field, steps: steps, value: value)]
        for member in value.object ?? [] {
            let name = field.isEmpty ? member.key : "\(field).\(member.key)"
            found += places(member.value, name, steps + [.key(member.key)])
        }
        for (index, element) in (value.array ?? []).enumerated() {
            found += places(element, "\(field)[\(index)]", steps + [.index(index)])
        }
        return found
    }

    /// The document with another value at a place; nil takes it away.
    private static func changed(_ value: JSONValue, _ steps: ArraySlice<JSONStep>, _ new: JSONValue?) -> JSONValue {
        guard let step = steps.first else { return new ?? .null }
        let rest = steps.dropFirst()
        switch step {
        case .key(let key):
            return .object(
                (value.object ?? []).compactMap { member in
                    if member.key != key { return member }
                    if rest.isEmpty, new == nil { return nil }
                    return JSONMember(key, changed(member.value, rest, new))
                }
            )
        case .index(let index):
            var elements = value.array ?? []
            elements[index] = changed(elements[index], rest, new)
            return .array(elements)
        }
    }

    /// The bytes of the damaged file; nil where the damage means nothing there.
    private static func bytes(
        _ damage: Damage,
        _ document: JSONValue,
        _ place: Place,
        _ random: inout DeterministicRandom
    )
        -> [UInt8]?
    {
        func write(_ new: JSONValue?) -> [UInt8] {
            JSONWriter.bytes(of: changed(document, place.steps[...], new), .pretty, keys: .given)
        }
        switch damage {
        case .deleted:
            // An element of a list has no name to miss it by; the counts of lists are damaged in their own right.
            if case .index = place.steps[place.steps.count - 1] { return nil }
            return write(nil)
        case .null: return write(.null)
        case .wrongType: return write(place.value.string == nil && place.value.object == nil ? "x" : false)
        case .hugeNumber: return write(.number(random.chance(1, in: 2) ? "1e300" : "99999999999999999999"))
        case .negative: return place.value.integer == nil ? nil : write(-1)
        case .nested: return write(["value": place.value])
        case .notANumber:
            let mark = "\"fuzz-not-a-number\""
            let text = String(decoding: write("fuzz-not-a-number"), as: UTF8.self)
            let word = ["NaN", "Infinity", "-Infinity"][Int(random.next(below: 3))]
            return Array(text.replacing(mark, with: word).utf8)
        case .truncated:
            let whole = JSONWriter.bytes(of: document, .pretty)
            return Array(whole.prefix(Int(random.next(below: UInt64(whole.count)))))
        }
    }

    // MARK: - What the loaders say

    /// Everything that the views of a file know, by name. What is unknown is not there; rows go by their names.
    private static func facts(_ file: StateFile, _ snapshot: StateSnapshot) -> [String: String] {
        var facts: [String: String] = [:]
        switch file {
        case .nav, .navState: flatten(snapshot.account, "account", &facts)
        case .riskSnapshot: flatten(snapshot.risk, "risk", &facts)
        case .engineMetadata, .syncedState: flatten(snapshot.engine, "engine", &facts)
        case .positionsState: flatten(snapshot.positions, "positions", &facts)
        case .routerHealth:
            flatten(snapshot.routerGlobalQuality, "router", &facts)
            flatten(snapshot.routerSymbolQualities as Any, "symbols", &facts)
        case .diagnostics: flatten(snapshot.runtimeDiagnostics, "diagnostics", &facts)
        case .executionHealth: flatten(snapshot.health, "health", &facts)
        // The loaders have no views of these: the check alone speaks of them.
        case .positionsLedger, .routerSuggestions, .expectancy, .symbolScores, .allocation, .indicators: break
        }
        return facts
    }

    private static func flatten(_ value: Any, _ path: String, _ facts: inout [String: String]) {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: for child in mirror.children { flatten(child.value, path, &facts) }
        case .collection:
            let texts = mirror.children.compactMap { $0.value as? String }
            if texts.count == mirror.children.count { return facts[path] = texts.joined(separator: "; ") }
            for child in mirror.children { flatten(child.value, "\(path)[\(name(of: child.value))]", &facts) }
        case .dictionary:
            for child in mirror.children {
                let pair = Mirror(reflecting: child.value).children.map(\.value)
                flatten(pair[1], "\(path)[\(pair[0])]", &facts)
            }
        case .struct where !(value is any CustomStringConvertible):
            for child in mirror.children { flatten(child.value, "\(path).\(child.label ?? "")", &facts) }
        default: facts[path] = "\(value)"
        }
    }

    private static func name(of row: Any) -> String {
        let children = Mirror(reflecting: row).children
        let names = ["symbol", "name", "component"].compactMap { label in
            children.first { $0.label == label }.map { "\($0.value)" }
        }
        return names.joined(separator: " ")
    }

    // MARK: - The runs

    /// The file as the loaders find it, and as the check does.
    private static func judge(_ file: StateFile, _ bytes: [UInt8], _ clean: Clean) throws -> (
        facts: [String: String], findings: [ContractFinding]
    ) {
        let disk = MemoryDisk()
        try disk.write(file.fileName, bytes)
        let damaged = StateReader(disk).read(file)
        let documents = StateFile.allCases.map { $0 == file ? damaged : clean.snapshot[$0] }
        var findings = clean.contract.findings(file, bytes)
        var values = clean.values
        do throws(JSONError) {
            values[file] = try JSONParser.parse(bytes)
        } catch {
            values[file] = nil
        }
        findings += clean.contract.disagreements(values)
        return (facts(file, StateSnapshot(documents)), findings)
    }

    /// The undamaged files.
    private struct Clean {
        var snapshot: StateSnapshot
        var values: [StateFile: JSONValue] = [:]
        let contract = StateContract()
    }

    private static func isAbout(_ finding: ContractFinding, _ file: StateFile, _ place: Place) -> Bool {
        guard finding.file == file.fileName else {
            // The other side of what must be said alike.
            return place.field.hasSuffix(finding.field.split(separator: ".").last.map(String.init) ?? "?")
        }
        return finding.field.isEmpty || place.field.hasPrefix(finding.field) || finding.field.hasPrefix(place.field)
            || finding.field.hasPrefix("symbols") && place.field.contains("per_symbol")
            || finding.field.hasPrefix("summary") && place.field.contains("per_symbol")
            || finding.field.contains(".missing.") && place.field.contains("last_")
    }

    /// Goal: a damaged field is unknown to the loaders, or refused by the check with its name; never a crash, never a
    /// value that the undamaged files don't say. Method: 1,200 damages of single fields of a run's files; what the
    /// loaders know afterwards must have been known before, unless the check refuses the field by its name.
    @Test func damagesAreToleratedOrRefused() throws {
        let seed = ProcessInfo.processInfo.environment["FAIRLEAD_FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_240_808
        let run = try PublishedRun.play(.on)
        var clean = Clean(snapshot: StateReader(run.state).snapshot())
        for file in StateFile.allCases { clean.values[file] = try PublicationFixture.document(run.state, file) }
        let known = Dictionary(uniqueKeysWithValues: StateFile.allCases.map { ($0, Self.facts($0, clean.snapshot)) })
        #expect(known.values.reduce(0) { $0 + $1.count } > 250)
        #expect(clean.contract.disagreements(clean.values).isEmpty)
        var random = DeterministicRandom(seed: seed)
        let places = clean.values.mapValues { Self.places($0) }
        var counts: [String: Int] = [:]
        var done = 0
        while done < 1200 {
            let file = StateFile.allCases[Int(random.next(below: UInt64(StateFile.allCases.count)))]
            let damage = Damage.allCases[Int(random.next(below: UInt64(Damage.allCases.count)))]
            guard let all = places[file], let document = clean.values[file] else { continue }
            let place = all[Int(random.next(below: UInt64(all.count)))]
            guard let bytes = Self.bytes(damage, document, place, &random) else { continue }
            done += 1
            let (facts, findings) = try Self.judge(file, bytes, clean)
            let strange = facts.filter { known[file]?[$0.key] != $0.value }
            let named = findings.filter { Self.isAbout($0, file, place) }
            let note: Comment = "seed \(seed), \(done): \(file.fileName) \(place.field) \(damage.rawValue)"
            if !strange.isEmpty {
                #expect(
                    !named.isEmpty,
                    "\(note): the loaders say \(strange.prefix(3)), the check \(findings.prefix(3))"
                )
            }
            if !findings.isEmpty { #expect(!named.isEmpty, "\(note): \(findings.prefix(3))") }
            counts[findings.isEmpty ? "tolerated" : strange.isEmpty ? "both" : "refused", default: 0] += 1
            if damage != .deleted, damage != .hugeNumber { #expect(!findings.isEmpty, note) }
        }
        print("state fuzz: seed \(seed), \(done) damages: \(counts.sorted { $0.key < $1.key })")
        #expect((counts["both"] ?? 0) + (counts["refused"] ?? 0) > 1000)
    }
}
