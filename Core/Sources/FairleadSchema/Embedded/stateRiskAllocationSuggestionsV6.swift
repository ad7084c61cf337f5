// Made of schemas/state/risk_allocation_suggestions_v6.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateRiskAllocationSuggestionsV6 = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.risk_allocation_suggestions_\#
        v6.v1","title":"What closed trades would change of sizes","description":"Analysis: nothing of it is applied.\#
         What is not known is left out.","type":"object","required":["cycle","journal_id","environment","updated_ts"\#
        ,"risk_mode","lookback_days","strategies","symbols"],"additionalProperties":false,"properties":{"cycle":{"ty\#
        pe":"integer","minimum":0,"description":"The journal sequence that the file stands at: the same in all files\#
         of a publish."},"journal_id":{"type":"string","pattern":"^[0-9a-f]{32}$","description":"Cycles of one journ\#
        al never go back; another journal counts anew."},"environment":{"enum":["paper","testnet","production"]},"up\#
        dated_ts":{"$ref":"#/$defs/time","description":"The engine's time at the cycle."},"risk_mode":{"enum":["norm\#
        al","cautious","defensive","halted"],"description":"Outside of normal nothing is raised."},"lookback_days":{\#
        "type":"integer","minimum":1,"description":"Trades that were closed within so many days."},"strategies":{"ty\#
        pe":"object","additionalProperties":{"type":"object","required":["trades","mature","action","multiplier","st\#
        rength"],"additionalProperties":false,"properties":{"trades":{"type":"integer","minimum":1},"mature":{"type"\#
        :"boolean","description":"False under 30 trades."},"action":{"enum":["wait","keep","raise","lower"],"descrip\#
        tion":"wait: too few trades to say anything."},"multiplier":{"type":"number","enum":[0.5,0.75,1.0,1.1,1.25],\#
        "description":"Of the present size."},"strength":{"type":"number","description":"Of the expectancy, on the s\#
        cale of autotune's signals."},"expectancy":{"type":"number"},"hit_rate":{"$ref":"#/$defs/share"},"kelly_basi\#
        s":{"enum":["base_fraction","edge","negative_edge"]},"kelly_fraction":{"type":"number","minimum":0,"descript\#
        ion":"Of NAV, before confidence and the multiplier."}}}},"symbols":{"type":"object","additionalProperties":{\#
        "type":"object","required":["trades","mature","action","multiplier","strength"],"additionalProperties":false\#
        ,"properties":{"trades":{"type":"integer","minimum":1},"mature":{"type":"boolean","description":"False under\#
         30 trades."},"action":{"enum":["wait","keep","raise","lower"],"description":"wait: too few trades to say an\#
        ything."},"multiplier":{"type":"number","enum":[0.5,0.75,1.0,1.1,1.25],"description":"Of the present size."}\#
        ,"strength":{"type":"number","description":"Of the expectancy, on the scale of autotune's signals."},"expect\#
        ancy":{"type":"number"},"hit_rate":{"$ref":"#/$defs/share"},"score":{"$ref":"#/$defs/share"}}}}},"$defs":{"s\#
        hare":{"type":"number","minimum":0,"maximum":1},"time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{\#
        2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"}}}
        """#
}
