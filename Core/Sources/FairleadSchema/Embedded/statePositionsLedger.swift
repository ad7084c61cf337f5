// Made of schemas/state/positions_ledger.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let statePositionsLedger = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.positions_ledger.v1","title"\#
        :"What every position cost and made","description":"What is not known is left out.","type":"object","require\#
        d":["cycle","journal_id","environment","updated_ts","positions","strategies","realized_pnl","fees","open_pos\#
        itions_count","tp_sl_registered_count","tp_sl_missing_count","sl_missing_count"],"additionalProperties":fals\#
        e,"properties":{"cycle":{"type":"integer","minimum":0,"description":"The journal sequence that the file stan\#
        ds at: the same in all files of a publish."},"journal_id":{"type":"string","pattern":"^[0-9a-f]{32}$","descr\#
        iption":"Cycles of one journal never go back; another journal counts anew."},"environment":{"enum":["paper",\#
        "testnet","production"]},"updated_ts":{"$ref":"#/$defs/time","description":"The engine's time at the cycle."\#
        },"positions":{"type":"array","items":{"type":"object","required":["venue","account","symbol","position_side\#
        ","quantity","realized_pnl","fees","cost"],"additionalProperties":false,"properties":{"venue":{"type":"strin\#
        g","minLength":1},"account":{"type":"string","minLength":1},"symbol":{"type":"string","minLength":1},"positi\#
        on_side":{"enum":["BOTH","LONG","SHORT"]},"quantity":{"$ref":"#/$defs/decimal","description":"Negative for a\#
         short position."},"realized_pnl":{"$ref":"#/$defs/decimal"},"fees":{"$ref":"#/$defs/decimal"},"created_ts":\#
        {"$ref":"#/$defs/time"},"updated_ts":{"$ref":"#/$defs/time"},"cost":{"$ref":"#/$defs/decimal","description":\#
        "What the open quantity was bought for; negative for a short position."}}}},"strategies":{"type":"array","it\#
        ems":{"type":"object","required":["strategy","fills","realized_pnl","fees","result_today"],"additionalProper\#
        ties":false,"properties":{"strategy":{"type":"string","minLength":1},"fills":{"type":"integer","minimum":0},\#
        "realized_pnl":{"$ref":"#/$defs/decimal"},"fees":{"$ref":"#/$defs/decimal"},"result_today":{"$ref":"#/$defs/\#
        decimal"}}}},"cash":{"$ref":"#/$defs/decimal"},"realized_pnl":{"$ref":"#/$defs/decimal"},"fees":{"$ref":"#/$\#
        defs/decimal"},"open_positions_count":{"type":"integer","minimum":0},"tp_sl_registered_count":{"type":"integ\#
        er","minimum":0,"description":"Positions with a level at work."},"tp_sl_missing_count":{"type":"integer","mi\#
        nimum":0},"sl_missing_count":{"type":"integer","minimum":0,"description":"Positions without a stop-loss: a t\#
        ake-profit stops no loss."}},"$defs":{"decimal":{"description":"Exact, at most 8 fraction digits.","type":"s\#
        tring","pattern":"^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{\#
        2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"}}}
        """#
}
