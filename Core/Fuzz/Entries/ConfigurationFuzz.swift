import FairleadConfiguration

/// The configuration's documents: the one that is fed takes the place of the demo's.
enum ConfigurationFuzz {
    private static let demo = InitialDocuments.documents

    static func document(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        var documents = demo
        let all = ConfigurationDocument.allCases
        documents[all[Int(first) % all.count]] = Array(bytes.dropFirst())
        judge(ConfigurationDecoder.resolve(documents))
    }

    static func canonical(_ bytes: [UInt8]) {
        judge(ConfigurationDecoder.decodeCanonical(String(decoding: bytes, as: UTF8.self)))
    }

    private static func judge(_ result: Result<ResolvedConfiguration, ConfigurationErrors>) {
        switch result {
        case .failure(let errors): FuzzEntry.require(!errors.list.isEmpty, "a refusal names an error")
        case .success(let configuration):
            switch ConfigurationDecoder.decodeCanonical(configuration.canonicalText) {
            case .success(let again): FuzzEntry.require(again == configuration, "a document reads as it was written")
            case .failure: FuzzEntry.require(false, "what was resolved can be journaled")
            }
        }
    }
}
