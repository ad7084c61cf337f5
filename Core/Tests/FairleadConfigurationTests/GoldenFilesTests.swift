import FairleadConfiguration
import FairleadModel
import Foundation
import Testing

/// The files of the repository that are made from the table.
@Suite struct GoldenFilesTests {
    /// Walks up from this file to the directory that holds `Core`.
    static var root: URL {
        var directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while directory.lastPathComponent != "Core" { directory.deleteLastPathComponent() }
        return directory.deletingLastPathComponent()
    }

    private static var files: [(path: String, text: String)] {
        var files = [("config/README.md", ConfigurationReference.text)]
        for document in ConfigurationDocument.allCases {
            files.append(("config/\(document.fileName)", InitialDocuments.text(of: document)))
            files.append(("schemas/config/\(document.schemaName)", ConfigurationSchema.text(of: document)))
        }
        return files
    }

    /// Keeps the committed documents, schemas and reference equal to what the table says. Compares each file byte by
    /// byte with the generated text; with FAIRLEAD_UPDATE_GOLDEN=1 in the environment it writes them instead.
    @Test func committedFilesAreTheGeneratedOnes() throws {
        let isUpdating = ProcessInfo.processInfo.environment["FAIRLEAD_UPDATE_GOLDEN"] == "1"
        for (path, text) in Self.files {
            let url = Self.root.appendingPathComponent(path)
            if isUpdating {
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(text.utf8).write(to: url)
            }
            let found = String(decoding: try Data(contentsOf: url), as: UTF8.self)
            #expect(found == text, "\(path) differs: run again with FAIRLEAD_UPDATE_GOLDEN=1")
        }
    }

    /// Proves that `make run` starts on documents without a fault. Decodes the three committed files and expects no
    /// warning, three screened instruments and the embedded paper venue.
    @Test func committedDocumentsDecodeWithoutWarning() throws {
        var documents = ConfigurationDocuments(strategy: [], risk: [], runtime: [])
        for document in ConfigurationDocument.allCases {
            let url = Self.root.appendingPathComponent("config/\(document.fileName)")
            documents[document] = Array(try Data(contentsOf: url))
        }
        let resolved = try ConfigurationDecoder.resolve(documents).get()
        #expect(resolved.warnings.isEmpty)
        #expect(resolved.engine.instruments.map(\.symbol) == ["BTCUSDT", "ETHUSDT", "SOLUSDT"])
        #expect(resolved.engine.symbols.map(\.isScreened) == [true, true, true])
        #expect(resolved.runtime.paperConnection == .embedded)
        #expect(resolved.runtime.market.source == .synthetic)
        #expect(resolved.engine.bars.length.seconds == 5)
        #expect(resolved.runtime.market.synthetic.backfillBars == 500)
    }
}
