// Made of schemas/state/execution_health.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateExecutionHealth = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.execution_health.v1","title"\#
        :"How each symbol's executions fare, and what went wrong","description":"What is not known is left out.","ty\#
        pe":"object","required":["cycle","journal_id","environment","updated_ts","execution_health","errors","error_\#
        count","is_complete"],"additionalProperties":false,"properties":{"cycle":{"type":"integer","minimum":0,"desc\#
        ription":"The journal sequence that the file stands at: the same in all files of a publish."},"journal_id":{\#
        "type":"string","pattern":"^[0-9a-f]{32}$","description":"Cycles of one journal never go back; another journ\#
        al counts anew."},"environment":{"enum":["paper","testnet","production"]},"updated_ts":{"$ref":"#/$defs/time\#
        ","description":"The engine's time at the cycle."},"execution_health":{"type":"object","additionalProperties\#
        ":{"$ref":"#/$defs/symbol"}},"errors":{"$ref":"#/$defs/errors","description":"Of no symbol."},"error_count":\#
        {"type":"integer","minimum":0,"description":"All errors, of symbols and of none."},"is_complete":{"type":"bo\#
        olean","description":"Fallbacks and errors are counted from the journal's beginning; otherwise since diagnos\#
        tics.json says."}},"$defs":{"decimal":{"description":"Exact, at most 8 fraction digits.","type":"string","pa\#
        ttern":"^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2\#
        }T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"},"share":{"type":"number","minimum":0,"maximum":1},"errors":{"typ\#
        e":"object","description":"By component, where there was any.","additionalProperties":{"type":"object","requ\#
        ired":["count","last_error","last_error_ts"],"additionalProperties":false,"properties":{"count":{"type":"int\#
        eger","minimum":1},"last_error":{"type":"string","minLength":1},"last_error_ts":{"$ref":"#/$defs/time"}}}},"\#
        symbol":{"type":"object","required":["router","risk","vol","sizing","errors"],"additionalProperties":false,"\#
        properties":{"router":{"type":"object","required":["fallback_count","sample_count","policy","maker_offset_bp\#
        s","warnings"],"additionalProperties":false,"properties":{"maker_fill_ratio":{"$ref":"#/$defs/share","descri\#
        ption":"As in router_health.json."},"fallback_ratio":{"$ref":"#/$defs/share"},"fallback_count":{"type":"inte\#
        ger","minimum":0,"description":"Makers that gave way."},"slip_q50":{"type":"number","description":"In bps."}\#
        ,"slip_q95":{"type":"number"},"ack_latency_ms":{"type":"number","minimum":0},"sample_count":{"type":"integer\#
        ","minimum":0},"policy":{"type":"object","required":["maker_first","taker_bias","bias","quality","regime","r\#
        eason","offset_bps"],"additionalProperties":false,"properties":{"maker_first":{"type":"boolean"},"taker_bias\#
        ":{"enum":["prefer_maker","balanced","prefer_taker"]},"bias":{"$ref":"#/$defs/share"},"quality":{"enum":["go\#
        od","ok","degraded","broken"]},"regime":{"enum":["quiet","normal","hot","panic"]},"reason":{"type":"string"}\#
        ,"offset_bps":{"type":"number"}}},"maker_offset_bps":{"type":"object","required":["suggested"],"additionalPr\#
        operties":false,"properties":{"suggested":{"type":"number","description":"As computed, before autotune."},"a\#
        pplied":{"type":"number","description":"Of the last route decision."}}},"last_route_decision":{"type":"objec\#
        t","required":["ts","moment","routed_as","offset_suggested_bps","offset_applied_bps"],"additionalProperties"\#
        :false,"properties":{"ts":{"$ref":"#/$defs/time"},"moment":{"enum":["start","requote","fallback","slice"]},"\#
        routed_as":{"enum":["maker","taker","maker_then_taker","limit","market","twap","vwap","pov","iceberg"]},"vet\#
        o_reason":{"type":"string"},"fallback_reason":{"type":"string"},"offset_suggested_bps":{"type":"number"},"of\#
        fset_applied_bps":{"type":"number"}}},"warnings":{"type":"array","items":{"enum":["high_fallback_ratio","ele\#
        vated_median_slippage","slow_ack","stale_book"]}}}},"risk":{"type":"object","required":["dd_state","risk_mod\#
        e","is_halted","unknown_orders"],"additionalProperties":false,"properties":{"day_loss_ratio":{"type":"number\#
        ","description":"Of the NAV at 00:00 UTC; negative for a profit."},"dd_state":{"enum":["normal","warn","pani\#
        c"]},"risk_mode":{"enum":["normal","cautious","defensive","halted"]},"is_halted":{"type":"boolean"},"unknown\#
        _orders":{"type":"integer","minimum":0}}},"vol":{"type":"object","required":["regime","regime_assumed"],"add\#
        itionalProperties":false,"properties":{"atr_pct":{"type":"number","minimum":0,"description":"Mean true range\#
         of 50 bars, a share of the price."},"atr_median_pct":{"type":"number","minimum":0,"description":"Median tru\#
        e range of 500 bars, a share of the price."},"atr_long_pct":{"type":"number","minimum":0,"description":"Mean\#
         true range of 500 bars, a share of the price."},"atr_ratio":{"type":"number","minimum":0,"description":"atr\#
        _pct over atr_long_pct: what the regime is of."},"regime":{"enum":["quiet","normal","hot","panic"]},"regime_\#
        assumed":{"type":"boolean","description":"For want of bars."}}},"sizing":{"type":"object","description":"The\#
         last size that was made of a signal, with the factors that were used; empty before the first.","required":[\#
        ],"additionalProperties":false,"properties":{"ts":{"$ref":"#/$defs/time"},"requested_quantity":{"$ref":"#/$d\#
        efs/decimal"},"sized_quantity":{"$ref":"#/$defs/decimal"},"reference_price":{"$ref":"#/$defs/decimal"},"basi\#
        s":{"enum":["base_fraction","edge","negative_edge"],"description":"Of Kelly's rule; absent where the signal \#
        gave its size."},"closed_trades":{"type":"integer","minimum":0},"win_rate":{"$ref":"#/$defs/share"},"payoff_\#
        ratio":{"type":"number","minimum":0},"kelly_fraction":{"type":"number"},"confidence_factor":{"$ref":"#/$defs\#
        /share"},"kelly_multiplier":{"type":"number","minimum":0},"correlation_load":{"type":"number","minimum":0,"d\#
        escription":"The size is divided by 1 and it."},"clamps":{"type":"array","items":{"enum":["max_fraction","ma\#
        x_buying_power_fraction"]}},"volatility_regime":{"enum":["low","normal","high","crisis"]},"regime_multiplier\#
        ":{"$ref":"#/$defs/share"},"nav_fraction":{"type":"number","minimum":0}}},"errors":{"$ref":"#/$defs/errors"}\#
        }}}}
        """#
}
