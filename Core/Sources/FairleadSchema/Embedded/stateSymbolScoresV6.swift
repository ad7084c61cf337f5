// Made of schemas/state/symbol_scores_v6.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateSymbolScoresV6 = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.symbol_scores_v6.v1","title"\#
        :"How much each symbol deserves","description":"What is not known is left out.","type":"object","required":[\#
        "cycle","journal_id","environment","updated_ts","symbols"],"additionalProperties":false,"properties":{"cycle\#
        ":{"type":"integer","minimum":0,"description":"The journal sequence that the file stands at: the same in all\#
         files of a publish."},"journal_id":{"type":"string","pattern":"^[0-9a-f]{32}$","description":"Cycles of one\#
         journal never go back; another journal counts anew."},"environment":{"enum":["paper","testnet","production"\#
        ]},"updated_ts":{"$ref":"#/$defs/time","description":"The engine's time at the cycle."},"symbols":{"type":"o\#
        bject","description":"Symbols with a closed trade, or with an execution in the window of their statistics.",\#
        "additionalProperties":{"type":"object","required":["score","trades","mature","components","inputs"],"additi\#
        onalProperties":false,"properties":{"score":{"$ref":"#/$defs/share"},"trades":{"type":"integer","minimum":0,\#
        "description":"Closed trades that it is made from."},"mature":{"type":"boolean","description":"False under 3\#
        0 trades."},"components":{"type":"object","required":["expectancy","router","slippage","fees","volatility"],\#
        "additionalProperties":false,"properties":{"expectancy":{"$ref":"#/$defs/share"},"router":{"$ref":"#/$defs/s\#
        hare"},"slippage":{"type":"number","minimum":0,"maximum":0.4},"fees":{"type":"number","minimum":0,"maximum":\#
        0.4},"volatility":{"type":"number","minimum":0,"maximum":0.5}}},"inputs":{"type":"object","additionalPropert\#
        ies":false,"properties":{"expectancy":{"type":"number"},"hit_rate":{"$ref":"#/$defs/share"},"quality_score":\#
        {"$ref":"#/$defs/share"},"slippage_p50":{"type":"number","description":"In bps, positive is a cost."},"fees"\#
        :{"type":"number"},"pnl":{"type":"number"},"volatility_scale":{"type":"number","minimum":0,"description":"Sh\#
        ort volatility over long; 1 is as ever."}}}}}}},"$defs":{"share":{"type":"number","minimum":0,"maximum":1},"\#
        time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"}}}
        """#
}
