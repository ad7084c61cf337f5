public import FairleadJournal
public import FairleadModel
import FairleadSchema

/// Checks the files of a run against their schemas, the manifest, and each other (SPEC 15).
///
/// Strict where `StateReader` is tolerant: whatever is not exactly as promised is a finding with its file and field.
/// Keeps compiled schemas; not to be shared between threads.
public struct StateContract {
    /// The engine's own files beside the state files.
    static let ownFiles: Set<String> = [StateFiles.checkpointName]

    private let schemas: SchemaShelf

    public init() { schemas = SchemaShelf() }

    // MARK: - State files

    /// What is wrong in one file by itself; `bytes` is nil where there is none.
    public func findings(_ file: StateFile, _ bytes: [UInt8]?) -> [ContractFinding] {
        switch parsed(file, bytes) {
        case .failure(let finding): [finding.finding]
        case .success(let value): findings(file, value)
        }
    }

    /// What is wrong between the files of one publish. Files that can't be read are left out: they have findings of
    /// their own.
    public func disagreements(_ documents: [StateFile: JSONValue]) -> [ContractFinding] {
        StateAgreement(documents).findings
    }

    /// Everything in a directory of state files.
    ///
    /// A running engine changes the names of its files back to back: where only their cycles differ, it looks again.
    public func findings(state disk: any Disk) -> (findings: [ContractFinding], cycle: UInt64?) {
        var last = look(disk)
        for _ in 0..<4 where last.cycle == nil && !last.findings.isEmpty { last = look(disk) }
        return last
    }

    private func look(_ disk: any Disk) -> (findings: [ContractFinding], cycle: UInt64?) {
        var findings: [ContractFinding] = []
        var documents: [StateFile: JSONValue] = [:]
        for file in StateFile.allCases {
            let bytes: [UInt8]?
            do throws(DiskError) {
                bytes = try disk.readAll(file.fileName, limit: StateReader.byteLimit)
            } catch {
                if error.kind != .notFound {
                    findings.append(ContractFinding(file: file.fileName, reason: "can't be read: \(error)"))
                    continue
                }
                bytes = nil
            }
            switch parsed(file, bytes) {
            case .failure(let broken): findings.append(broken.finding)
            case .success(let value):
                findings += self.findings(file, value)
                documents[file] = value
            }
        }
        findings += disagreements(documents) + strangers(disk)
        let cycles = Set(documents.values.map { $0["cycle"]?.count })
        return (findings, cycles.count == 1 ? cycles.first ?? nil : nil)
    }

    /// JSON files that the manifest doesn't know.
    private func strangers(_ disk: any Disk) -> [ContractFinding] {
        let known = Set(StateFile.allCases.map(\.fileName))
        let names: [String]
        do throws(DiskError) { names = try disk.list() } catch {
            return [ContractFinding(file: "logs/state", reason: "can't be listed: \(error)")]
        }
        return names.filter { $0.hasSuffix(".json") && !known.contains($0) }.map {
            ContractFinding(file: $0, reason: "is not in the manifest")
        }
    }

    private struct Broken: Error {
        var finding: ContractFinding
    }

    private func parsed(_ file: StateFile, _ bytes: [UInt8]?) -> Result<JSONValue, Broken> {
        func broken(_ reason: String) -> Result<JSONValue, Broken> {
            .failure(Broken(finding: ContractFinding(file: file.fileName, reason: reason)))
        }
        guard let bytes else { return broken("is missing") }
        do throws(JSONError) {
            return .success(try JSONParser.parse(bytes, limits: TolerantJSON.limits))
        } catch {
            return broken("is no JSON: \(error)")
        }
    }

    private func findings(_ file: StateFile, _ value: JSONValue) -> [ContractFinding] {
        if let broken = schemas.violation(of: value, "schemas/state/\(file.schemaName)") {
            return [ContractFinding(file: file.fileName, field: broken.field, reason: broken.reason)]
        }
        if let field = Self.unsorted(value, "") {
            return [ContractFinding(file: file.fileName, field: field, reason: "its key is out of order")]
        }
        return []
    }

    /// The first key that stands behind one that it should stand before.
    private static func unsorted(_ value: JSONValue, _ path: String) -> String? {
        for (index, element) in (value.array ?? []).enumerated() {
            if let field = unsorted(element, "\(path)[\(index)]") { return field }
        }
        var before: String?
        for member in value.object ?? [] {
            let field = path.isEmpty ? member.key : "\(path).\(member.key)"
            if let before, !before.utf8.lexicographicallyPrecedes(member.key.utf8) { return field }
            before = member.key
            if let inner = unsorted(member.value, field) { return inner }
        }
        return nil
    }

    // MARK: - Logs

    /// What is wrong in a log: of each of its files the lines of the last `byteLimit` bytes. `lines` were looked at.
    public func findings(_ log: ExecutionLog, _ disk: any Disk, byteLimit: Int = 8 << 20) -> (
        findings: [ContractFinding], lines: Int
    ) {
        var findings: [ContractFinding] = []
        var lines = 0
        var newer = UInt64.max
        for number in 0... {
            let name = log.fileName(number)
            let tail: LogTail
            do throws(DiskError) {
                guard let found = try LogTail.read(disk, name, byteLimit: byteLimit) else { break }
                tail = found
            } catch {
                findings.append(ContractFinding(file: name, reason: "can't be read: \(error)"))
                break
            }
            if tail.hasHalfLine { findings.append(ContractFinding(file: name, reason: "ends in half a line")) }
            for (index, line) in tail.lines.enumerated().reversed() {
                let place = tail.place(index, name)
                let (found, sequence) = finding(log, line, place)
                if let found { findings.append(found) }
                if let sequence {
                    if sequence > newer {
                        let reason = "goes back from \(sequence) to \(newer)"
                        findings.append(ContractFinding(file: place, field: "sequence", reason: reason))
                    }
                    newer = sequence
                }
            }
            lines += tail.lines.count
        }
        return (findings, lines)
    }

    private func finding(
        _ log: ExecutionLog,
        _ line: ArraySlice<UInt8>,
        _ place: String
    ) -> (ContractFinding?, sequence: UInt64?) {
        let value: JSONValue
        do throws(JSONError) { value = try JSONParser.parse(Array(line)) } catch {
            return (ContractFinding(file: place, reason: "is no JSON: \(error)"), nil)
        }
        let event = value["event"]?.string ?? ""
        let broken =
            schemas.violation(of: value, log.schemaPath)
            ?? (event == "route_decision" ? schemas.violation(of: value, "schemas/route_decision.v1.json") : nil)
        let finding = broken.map { ContractFinding(file: place, field: $0.field, reason: $0.reason) }
        return (finding, value["sequence"]?.count)
    }
}

/// The embedded schemas, read once each.
private final class SchemaShelf {
    private var schemas: [String: JSONSchema] = [:]

    func violation(of value: JSONValue, _ path: String) -> SchemaViolation? {
        if schemas[path] == nil {
            guard let text = EmbeddedSchemas.text(path) else {
                return SchemaViolation(field: "", reason: "there is no \(path)")
            }
            do throws(JSONError) {
                schemas[path] = JSONSchema(try JSONParser.parse(text))
            } catch {
                return SchemaViolation(field: "", reason: "\(path) is no JSON: \(error)")
            }
        }
        return schemas[path]?.violation(of: value)
    }
}
