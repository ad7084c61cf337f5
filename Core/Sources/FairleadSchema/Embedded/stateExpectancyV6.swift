// Made of schemas/state/expectancy_v6.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateExpectancyV6 = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.expectancy_v6.v1","title":"W\#
        hat closed trades came to","description":"What is not known is left out.","type":"object","required":["cycle\#
        ","journal_id","environment","updated_ts","lookback_days","closed_trades","dropped_trades","unmeasured_trade\#
        s","symbols","strategies","hours"],"additionalProperties":false,"properties":{"cycle":{"type":"integer","min\#
        imum":0,"description":"The journal sequence that the file stands at: the same in all files of a publish."},"\#
        journal_id":{"type":"string","pattern":"^[0-9a-f]{32}$","description":"Cycles of one journal never go back; \#
        another journal counts anew."},"environment":{"enum":["paper","testnet","production"]},"updated_ts":{"$ref":\#
        "#/$defs/time","description":"The engine's time at the cycle."},"lookback_days":{"type":"integer","minimum":\#
        1,"description":"Trades that were closed within so many days."},"closed_trades":{"type":"integer","minimum":\#
        0},"dropped_trades":{"type":"integer","minimum":0,"description":"Trades that were let go before their time, \#
        since there was no room."},"unmeasured_trades":{"type":"integer","minimum":0,"description":"Positions that c\#
        ame back to flat and are no strategy's trade: begun or changed by the venue's word or another client."},"sym\#
        bols":{"type":"object","additionalProperties":{"$ref":"#/$defs/expectancy"}},"strategies":{"type":"object","\#
        additionalProperties":{"$ref":"#/$defs/expectancy"}},"hours":{"type":"object","additionalProperties":{"$ref"\#
        :"#/$defs/expectancy"},"description":"By the hour of the day, UTC, at which a trade was opened."}},"$defs":{\#
        "expectancy":{"type":"object","required":["count","mature","hit_rate","avg_return","expectancy","expectancy_\#
        per_risk","max_drawdown","dd_adjusted"],"additionalProperties":false,"properties":{"count":{"type":"integer"\#
        ,"minimum":1},"mature":{"type":"boolean","description":"False under 30 trades."},"hit_rate":{"type":"number"\#
        ,"minimum":0,"maximum":1,"description":"Wins over all trades, break-evens among them."},"avg_return":{"type"\#
        :"number","description":"On entry notional, net of fees and funding."},"avg_win":{"type":"number","minimum":\#
        0,"description":"In the quote currency."},"avg_loss":{"type":"number","maximum":0},"expectancy":{"type":"num\#
        ber","description":"hit_rate avg_win + (1 - hit_rate) avg_loss, of a trade."},"expectancy_per_risk":{"type":\#
        "number","description":"Of each unit of avg_loss; the expectancy where there is no loss."},"max_drawdown":{"\#
        type":"number","minimum":0,"description":"Of the running sum of results."},"dd_adjusted":{"type":"number","d\#
        escription":"expectancy - max_drawdown / count."}}},"time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0\#
        -9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"}}}
        """#
}
