import FairleadConfiguration
import FairleadJournal
import FairleadModel
import FairleadNode

/// Documents that change under the router: what its runtime does when it is told to read them again.
extension Simulation {
    /// Reads the documents with these changes of the scenario's settings. A sound configuration is taken, by the
    /// running router or by the next start; another changes nothing.
    mutating func reload(_ changes: [String: String]) {
        do throws(ConfigurationErrors) {
            try take(try Self.configuration(scenario, changes: changes))
        } catch {
            trace.note(.text("the configuration is refused: \(error)"), at: now)
        }
    }

    /// Reads the documents while one of them is being written: some of its bytes are missing.
    mutating func reloadHalfWritten(keeping luck: DeterministicRandom) {
        var luck = luck
        var documents = InitialDocuments.documents
        let count = documents.risk.count
        documents.risk = Array(documents.risk.prefix(Int(luck.next(below: UInt64(count - 2)))))
        do throws(ConfigurationErrors) {
            _ = try Self.configuration(scenario, changes: [:], documents: documents)
            fail(Violation("S-26", "half a document was taken for a configuration"))
        } catch {
            trace.note(.text("half a document is refused"), at: now)
        }
    }

    private mutating func take(_ next: ResolvedConfiguration) throws(ConfigurationErrors) {
        switch next.reload(over: configuration) {
        case .failure(let errors): throw errors
        case .success(let changes):
            guard !changes.isEmpty else { return }
            soundConfigurations.insert(ConfigurationRecord(document: next.canonicalText).hash)
            configuration = next
            node?.offer(configuration: next)
            needsPump = true
            trace.note(.text("a configuration is read: \(changes.map(\.description).joined(separator: ", "))"), at: now)
        }
    }
}
