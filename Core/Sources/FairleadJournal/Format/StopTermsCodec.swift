import FairleadModel

/// The canonical bytes of how a signal's stop moves: 154 bytes, every field in its place, unused stages zero.
enum StopTermsCodec {
    static let byteCount = 154

    static func encode(_ stop: StopTerms, _ sink: inout ByteSink) {
        sink.put(stop.limitPrice)
        encode(stop.trail, &sink)
        sink.put(stop.activation)
        sink.put(stop.adjustment.trigger)
        sink.put(stop.adjustment.form.rawValue)
        sink.put(stop.adjustment.price)
        sink.put(stop.adjustment.limitPrice)
        encode(stop.adjustment.trail, &sink)
        sink.put(stop.stages.count)
        for index in 0..<ProfitStages.limit {
            let isUsed = index < Int(stop.stages.count)
            sink.put(isUsed ? stop.stages[index].profit : .zero)
            sink.put(isUsed ? stop.stages[index].stop : .zero)
        }
    }

    private static func encode(_ trail: TrailingDistance, _ sink: inout ByteSink) {
        sink.put(trail.amount)
        sink.put(trail.share)
    }

    static func decode(_ bytes: RawSpan, _ position: inout Int) throws(FieldError) -> StopTerms {
        var stop = StopTerms()
        stop.limitPrice = Field.price(bytes, &position)
        stop.trail = distance(bytes, &position)
        stop.activation = Field.price(bytes, &position)
        stop.adjustment.trigger = Field.price(bytes, &position)
        stop.adjustment.form = try Field.choice(.stopForm, bytes, &position)
        stop.adjustment.price = Field.price(bytes, &position)
        stop.adjustment.limitPrice = Field.price(bytes, &position)
        stop.adjustment.trail = distance(bytes, &position)
        let count = ByteSource.take(UInt8.self, bytes, &position)
        guard count <= ProfitStages.limit else { throw FieldError(.stageCount, UInt64(count)) }
        for index in 0..<ProfitStages.limit {
            let profit = Field.rate(bytes, &position)
            let stage = ProfitStage(profit: profit, stop: Field.rate(bytes, &position))
            if index < Int(count) {
                stop.stages.append(stage)
            } else if stage.profit != .zero || stage.stop != .zero {
                throw FieldError(.padding, UInt64(index))
            }
        }
        return stop
    }

    private static func distance(_ bytes: RawSpan, _ position: inout Int) -> TrailingDistance {
        let amount = Field.price(bytes, &position)
        return TrailingDistance(amount: amount, share: Field.rate(bytes, &position))
    }
}
