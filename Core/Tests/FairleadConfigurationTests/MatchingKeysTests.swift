import FairleadModel
import Testing

@testable import FairleadConfiguration

/// What `market.depth` and `paper.queue_model` become.
@Suite struct MatchingKeysTests {
    /// Goal: recorded markets are met at their depth and fill by trades alone, others by the touch, unless a person
    /// says otherwise; the canonical text gives the same back. Method: each choice with and without a recording.
    @Test func choicesFollowTheMarket() throws {
        for (word, onTape, elsewhere) in [
            (nil, PaperQueueModel.riskAverse, PaperQueueModel.touch), ("by_market", .riskAverse, .touch),
            ("touch", .touch, .touch), ("risk_averse", .riskAverse, .riskAverse),
            ("probabilistic", .probabilistic, .probabilistic),
        ] {
            var documents = try TestDocuments.smallest()
            documents.set(.runtime, "paper.queue_model", word.map { .string($0) })
            let resolved = try documents.resolve().get()
            let choice = resolved.runtime.paper.queueModel
            #expect(choice.model(isRecorded: true) == onTape, "\(word ?? "nothing")")
            #expect(choice.model(isRecorded: false) == elsewhere, "\(word ?? "nothing")")
            #expect(resolved.runtime.market.depth == .book)
            let again = try ConfigurationDecoder.decodeCanonical(resolved.canonicalText).get()
            #expect(again == resolved)
        }
        var documents = try TestDocuments.smallest()
        documents.set(.runtime, "market.depth", "touch")
        #expect(try documents.resolve().get().runtime.market.depth == .touch)
    }

    /// Goal: a tape's journal that is older than the keys was made by the touch; another market's goes on under the
    /// configuration of today. Method: canonical texts without the keys.
    @Test func olderJournalsKeepTheTouch() throws {
        let resolved = try TestDocuments.smallest().resolve().get()
        let text = resolved.canonicalText.replacing(#""queue_model":"by_market","#, with: "")
            .replacing(#""depth":"book","#, with: "")
        #expect(text.count == resolved.canonicalText.count - 41)
        let older = try ConfigurationDecoder.decodeCanonical(text).get()
        #expect(older.runtime.market.depth == .touch)
        #expect(older.runtime.paper.queueModel == .touch)
        let synthetic = try TestDocuments().resolve().get()
        let without = synthetic.canonicalText.replacing(#""queue_model":"by_market","#, with: "")
            .replacing(#""depth":"book","#, with: "")
        #expect(try ConfigurationDecoder.decodeCanonical(without).get() == synthetic)
    }
}
