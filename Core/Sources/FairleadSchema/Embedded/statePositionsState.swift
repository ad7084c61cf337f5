// Made of schemas/state/positions_state.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let statePositionsState = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.positions_state.v1","title":\#
        "The open positions","description":"What is not known is left out.","type":"object","required":["cycle","jou\#
        rnal_id","environment","updated_ts","count","positions"],"additionalProperties":false,"properties":{"cycle":\#
        {"type":"integer","minimum":0,"description":"The journal sequence that the file stands at: the same in all f\#
        iles of a publish."},"journal_id":{"type":"string","pattern":"^[0-9a-f]{32}$","description":"Cycles of one j\#
        ournal never go back; another journal counts anew."},"environment":{"enum":["paper","testnet","production"]}\#
        ,"updated_ts":{"$ref":"#/$defs/time","description":"The engine's time at the cycle."},"count":{"type":"integ\#
        er","minimum":0},"positions":{"type":"array","items":{"type":"object","required":["venue","account","symbol"\#
        ,"position_side","quantity","realized_pnl","fees"],"additionalProperties":false,"properties":{"venue":{"type\#
        ":"string","minLength":1},"account":{"type":"string","minLength":1},"symbol":{"type":"string","minLength":1}\#
        ,"position_side":{"enum":["BOTH","LONG","SHORT"]},"quantity":{"$ref":"#/$defs/decimal","description":"Negati\#
        ve for a short position."},"realized_pnl":{"$ref":"#/$defs/decimal"},"fees":{"$ref":"#/$defs/decimal"},"crea\#
        ted_ts":{"$ref":"#/$defs/time"},"updated_ts":{"$ref":"#/$defs/time"},"entry_price":{"$ref":"#/$defs/decimal"\#
        ,"description":"The average."},"mark_price":{"$ref":"#/$defs/decimal"},"notional":{"$ref":"#/$defs/decimal",\#
        "description":"At the mark; negative for a short position."},"unrealized_pnl":{"$ref":"#/$defs/decimal"},"un\#
        realized_pct":{"type":"number","description":"A fraction of the cost."},"stop_loss":{"$ref":"#/$defs/decimal\#
        ","description":"The nearest one at work."},"take_profit":{"$ref":"#/$defs/decimal","description":"The neare\#
        st one at work."},"native_levels":{"type":"integer","minimum":1,"description":"Levels whose orders are at th\#
        e venue; absent where all are only watched."},"strategy":{"type":"string","minLength":1},"external":{"enum":\#
        ["undecided","closing","ignored"],"description":"Somebody else has traded it: what a person has to decide, o\#
        r has decided. Absent where nobody has."},"external_traded":{"$ref":"#/$defs/decimal","description":"What ot\#
        hers have traded of it since, net."},"external_since":{"$ref":"#/$defs/time"}}}}},"$defs":{"decimal":{"descr\#
        iption":"Exact, at most 8 fraction digits.","type":"string","pattern":"^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"\#
        },"time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"}}}
        """#
}
