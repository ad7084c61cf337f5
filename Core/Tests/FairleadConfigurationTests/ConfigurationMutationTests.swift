import FairleadModel
import Testing

@testable import FairleadConfiguration

@Suite struct ConfigurationMutationTests {
    /// What a case did to one path, and whether it must be refused.
    private struct Change {
        var document: ConfigurationDocument
        var path: String
        var isBad: Bool
    }

    /// Shows that no wrong document gets through and no fault hides another. 10,000 seeded cases set one to six keys to
    /// good, mistyped, excessive or misspelt values; each bad one must be named, and what resolves must round trip.
    @Test func mutatedDocumentsAreRefusedByName() throws {
        let seed: UInt64 = 0x5EED_0001
        print("configuration mutations: 10000 cases, seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        let smallest = try TestDocuments.smallest()
        let whole = try TestDocuments()
        var resolved = 0
        for number in 0..<10_000 {
            var documents = number % 50 == 0 ? whole : smallest
            var changes: [Change] = []
            for _ in 0...random.next(below: 6) { mutate(&documents, &changes, &random) }
            switch documents.resolve() {
            case .failure(let errors):
                #expect(!errors.list.isEmpty)
                for change in changes where change.isBad {
                    let isNamed = errors.list.contains { $0.document == change.document && $0.path == change.path }
                    #expect(isNamed, "case \(number) of seed \(seed): \(change.path) is not named in \(errors)")
                }
            case .success(let configuration):
                resolved += 1
                #expect(!changes.contains { $0.isBad }, "case \(number) of seed \(seed): \(changes)")
                // Every eighth: the round trip costs more than all the rest.
                guard resolved % 8 == 0 else { continue }
                let again = try ConfigurationDecoder.decodeCanonical(configuration.canonicalText).get()
                #expect(again == configuration, "case \(number) of seed \(seed)")
            }
        }
        // Both outcomes are common, else the test would say little.
        #expect((500...9_000).contains(resolved), "\(resolved) of 10000 resolved")
    }

    private func mutate(
        _ documents: inout TestDocuments,
        _ changes: inout [Change],
        _ random: inout DeterministicRandom
    ) {
        let (key, path) = KeyTableTests.places[Int(random.next(below: UInt64(KeyTableTests.places.count)))]
        guard path != "instruments[0].symbol", !changes.contains(where: { $0.path.hasPrefix(path) }) else { return }
        func pick(_ values: [JSONValue]) -> JSONValue? {
            values.isEmpty ? nil : values[Int(random.next(below: UInt64(values.count)))]
        }
        switch random.next(below: 10) {
        case 0:
            guard let value = pick(key.kind.mistypedValues) else { return }
            documents.set(key.document, path, value)
            changes.append(Change(document: key.document, path: path, isBad: true))
        case 1:
            guard let value = pick(key.kind.excessiveValues) else { return }
            documents.set(key.document, path, value)
            changes.append(Change(document: key.document, path: path, isBad: true))
        case 2:
            let misspelt = path + "x"
            documents.set(key.document, misspelt, pick(key.kind.goodValues))
            changes.append(Change(document: key.document, path: misspelt, isBad: true))
        case 3:
            documents.set(key.document, path, nil)
            changes.append(Change(document: key.document, path: path, isBad: false))
        default:
            guard case .enforced = key.status, let value = pick(key.kind.goodValues) else { return }
            documents.set(key.document, path, value)
            changes.append(Change(document: key.document, path: path, isBad: false))
        }
    }

    /// Shows that no bytes crash the decoder. 3,000 seeded cases flip, drop, double or cut bytes of small documents and
    /// of the canonical text; each ends in a configuration or in errors that say where and why.
    @Test func mutatedBytesNeverCrash() throws {
        let seed: UInt64 = 0x5EED_0002
        print("configuration bytes: 3000 cases, seed \(seed)")
        var random = DeterministicRandom(seed: seed)
        var documents = try TestDocuments.smallest()
        documents.set(.risk, "price_collar_bps", 50)
        documents.set(.strategy, "router.wide_spread_action", "veto")
        let texts = documents.documents
        let canonical = Array(try documents.resolve().get().canonicalText.utf8)
        for number in 0..<3_000 {
            let outcome: Result<ResolvedConfiguration, ConfigurationErrors>
            if number % 3 == 0 {
                let bytes = damaged(canonical, &random)
                outcome = ConfigurationDecoder.decodeCanonical(String(decoding: bytes, as: UTF8.self))
            } else {
                var broken = texts
                let document = ConfigurationDocument.allCases[Int(random.next(below: 3))]
                broken[document] = damaged(texts[document], &random)
                outcome = ConfigurationDecoder.resolve(broken)
            }
            guard case .failure(let errors) = outcome else { continue }
            #expect(
                !errors.list.isEmpty && errors.list.allSatisfy { !$0.reason.isEmpty },
                "case \(number), seed \(seed)"
            )
        }
    }

    private func damaged(_ bytes: [UInt8], _ random: inout DeterministicRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.next(below: 3) where !bytes.isEmpty {
            let at = Int(random.next(below: UInt64(bytes.count)))
            switch random.next(below: 5) {
            case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(bytes[at], at: at)
            case 3: bytes[at] = Array("{}[]\",:0-.e".utf8)[Int(random.next(below: 11))]
            default: bytes.removeLast(min(bytes.count, Int(random.next(below: 8))))
            }
        }
        return bytes
    }
}
