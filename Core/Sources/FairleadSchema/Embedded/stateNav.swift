// Made of schemas/state/nav.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateNav = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.nav.v1","title":"What the ac\#
        count is worth","description":"What is not known is left out.","type":"object","required":["cycle","journal_\#
        id","environment","updated_ts","reporting_currency","realized_pnl","fees","result_today","open_positions"],"\#
        additionalProperties":false,"properties":{"cycle":{"type":"integer","minimum":0,"description":"The journal s\#
        equence that the file stands at: the same in all files of a publish."},"journal_id":{"type":"string","patter\#
        n":"^[0-9a-f]{32}$","description":"Cycles of one journal never go back; another journal counts anew."},"envi\#
        ronment":{"enum":["paper","testnet","production"]},"updated_ts":{"$ref":"#/$defs/time","description":"The en\#
        gine's time at the cycle."},"reporting_currency":{"type":"string","minLength":1},"nav":{"$ref":"#/$defs/deci\#
        mal","description":"Cash and unrealised profit."},"nav_ts":{"$ref":"#/$defs/time","description":"When it was\#
         read last."},"cash":{"$ref":"#/$defs/decimal"},"cash_ts":{"$ref":"#/$defs/time","description":"When the ven\#
        ue last said it."},"realized_pnl":{"$ref":"#/$defs/decimal","description":"Without fees."},"unrealized_pnl":\#
        {"$ref":"#/$defs/decimal","description":"Absent while an open position has no mark."},"fees":{"$ref":"#/$def\#
        s/decimal"},"result_today":{"$ref":"#/$defs/decimal","description":"Realised since 00:00 UTC, fees subtracte\#
        d."},"open_positions":{"type":"integer","minimum":0}},"$defs":{"decimal":{"description":"Exact, at most 8 fr\#
        action digits.","type":"string","pattern":"^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"time":{"type":"string","p\#
        attern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"}}}
        """#
}
