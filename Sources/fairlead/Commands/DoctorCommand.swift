import ArgumentParser
import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadRuntime
import Foundation

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at what a run needs: configuration, home, journal, disk, clock, socket. Exit 1 when one fails.",
        discussion: """
            EXAMPLES
              fairlead doctor
              fairlead doctor --home run --json
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var output: OutputOptions

    /// One look: what, whether it is well, and a sentence.
    struct Finding {
        var name: String
        var isWell: Bool
        var reason: String
    }

    func run() throws {
        let paths = place.paths
        let findings = [configuration(), home(paths), space(paths), clock(), journal(paths), engine(paths)]
        let rows = findings.map { finding -> JSONValue in
            ["name": .string(finding.name), "is_healthy": .bool(finding.isWell), "reason": .string(finding.reason)]
        }
        output.show(["environment": "paper", "components": .array(rows)]) { _ in
            let lines = findings.map { finding in
                let mark = finding.isWell ? output.style.green("ok  ") : output.style.red("FAIL")
                return "\(mark)  \(finding.name): \(finding.reason)"
            }
            return (["\(output.style.paper)  doctor"] + lines).joined(separator: "\n")
        }
        if findings.contains(where: { !$0.isWell }) { throw CommandFailure(.failure) }
    }

    private func configuration() -> Finding {
        do throws(ConfigurationErrors) {
            let resolved = try place.files.resolve()
            return Finding(
                name: "configuration",
                isWell: true,
                reason: "\(resolved.engine.instruments.count) instruments, \(resolved.warnings.count) warnings"
            )
        } catch {
            return Finding(
                name: "configuration",
                isWell: false,
                reason: Self.faults(error, flags: place.flags)
            )
        }
    }

    /// The first fault, how many more, and what lists them.
    static func faults(_ errors: ConfigurationErrors, flags: String) -> String {
        let first = errors.list.first.map { "\($0)" } ?? "can't be used"
        let more = errors.list.count > 1 ? "; \(errors.list.count - 1) more" : ""
        return "\(first)\(more): \(Program.name) config validate\(flags)"
    }

    private func home(_ paths: HomePaths) -> Finding {
        let files = FileManager.default
        guard files.fileExists(atPath: paths.home) else {
            let parent = URL(fileURLWithPath: paths.home).deletingLastPathComponent().path
            let isWell = files.isWritableFile(atPath: parent)
            return Finding(
                name: "home",
                isWell: isWell,
                reason: isWell ? "\(paths.home) will be made" : "\(parent) can't be written"
            )
        }
        let isWell = files.isWritableFile(atPath: paths.home)
        return Finding(
            name: "home",
            isWell: isWell,
            reason: isWell ? "\(paths.home) can be written" : "\(paths.home) can't be written"
        )
    }

    private func space(_ paths: HomePaths) -> Finding {
        let place = FileManager.default.fileExists(atPath: paths.home) ? paths.home : "."
        do {
            let attributes = try FileManager.default.attributesOfFileSystem(forPath: place)
            let free = (attributes[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
            return Self.space(free: free)
        } catch {
            return Finding(name: "disk", isWell: false, reason: error.localizedDescription)
        }
    }

    /// A journal, its snapshots, history and logs find room in this.
    private static let wantedBytes: Int64 = 512 << 20

    static func space(free: Int64) -> Finding {
        let isWell = free > wantedBytes
        let wanted = isWell ? "" : "; a run wants \(wantedBytes >> 20)"
        return Finding(name: "disk", isWell: isWell, reason: "\(free >> 20) MiB free\(wanted)")
    }

    private func clock() -> Finding {
        let now = SystemClock().now
        return Finding(name: "clock", isWell: now.utcDay > 20_000, reason: now.text(.milliseconds))
    }

    private func journal(_ paths: HomePaths) -> Finding {
        guard FileManager.default.fileExists(atPath: paths.journal) else {
            return Finding(name: "journal", isWell: true, reason: "none yet")
        }
        do {
            let disk = try PosixDisk(path: paths.journal, make: false)
            let report = try JournalVerifier.verify(disk)
            let reason = report.damage.map { "\($0)" } ?? "sound through sequence \(report.lastSequence)"
            return Finding(name: "journal", isWell: report.isSound, reason: reason)
        } catch JournalError.noJournal {
            return Finding(name: "journal", isWell: true, reason: "none yet")
        } catch {
            return Finding(name: "journal", isWell: false, reason: "\(error)")
        }
    }

    /// What a running engine says of itself: its state, and whatever its status sends here for.
    static func engine(_ status: JSONValue) -> Finding {
        let here = (status["attention"]?.array ?? []).filter { $0["next"]?.string == "fairlead doctor" }
        let parts = ["runs, \(status["trading_state"]?.string ?? "?")"] + here.compactMap { $0["what"]?.string }
        return Finding(name: "engine", isWell: here.isEmpty, reason: parts.joined(separator: "; "))
    }

    private func engine(_ paths: HomePaths) -> Finding {
        do {
            let patience = EngineClient.readerPatience
            guard let client = try EngineClient.ifRunning(place, timeoutMilliseconds: patience) else {
                return Finding(name: "engine", isWell: true, reason: "none runs in \(paths.home)")
            }
            return Self.engine(try client.ask(.status))
        } catch {
            return Finding(name: "engine", isWell: false, reason: (error as? CommandFailure)?.message ?? "\(error)")
        }
    }
}
