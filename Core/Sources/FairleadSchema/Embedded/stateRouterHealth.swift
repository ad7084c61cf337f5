// Made of schemas/state/router_health.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateRouterHealth = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.router_health.v1","title":"H\#
        ow well the router executes, and the policy that follows","description":"What is not known is left out. Aver\#
        ages are weighted by notional; bps are a cost where they are positive.","type":"object","required":["cycle",\#
        "journal_id","environment","updated_ts","router_health","summary","symbols"],"additionalProperties":false,"p\#
        roperties":{"cycle":{"type":"integer","minimum":0,"description":"The journal sequence that the file stands a\#
        t: the same in all files of a publish."},"journal_id":{"type":"string","pattern":"^[0-9a-f]{32}$","descripti\#
        on":"Cycles of one journal never go back; another journal counts anew."},"environment":{"enum":["paper","tes\#
        tnet","production"]},"updated_ts":{"$ref":"#/$defs/time","description":"The engine's time at the cycle."},"r\#
        outer_health":{"type":"object","required":["global","per_symbol"],"additionalProperties":false,"properties":\#
        {"global":{"type":"object","description":"All symbols together; neutral, and without averages, before the fi\#
        rst fill.","required":["quality_score","slippage_drift_bucket","latency_bucket","twap_usage_ratio","router_b\#
        ucket"],"additionalProperties":false,"properties":{"quality_score":{"$ref":"#/$defs/score"},"avg_slippage_bp\#
        s":{"type":"number","description":"Against the intended price."},"slippage_drift_bps":{"type":"number"},"sli\#
        ppage_drift_bucket":{"$ref":"#/$defs/drift"},"avg_latency_ms":{"type":"number","minimum":0},"latency_bucket"\#
        :{"$ref":"#/$defs/latency"},"twap_usage_ratio":{"$ref":"#/$defs/share"},"router_bucket":{"$ref":"#/$defs/buc\#
        ket","description":"The one with the most notional."}}},"per_symbol":{"type":"object","additionalProperties"\#
        :{"$ref":"#/$defs/symbol"}}}},"summary":{"type":"object","required":["count","quality_counts"],"additionalPr\#
        operties":false,"properties":{"count":{"type":"integer","minimum":0},"quality_counts":{"type":"object","desc\#
        ription":"Symbols by the quality of their policy.","required":["good","ok","degraded","broken"],"additionalP\#
        roperties":{"type":"integer","minimum":0}}}},"symbols":{"type":"array","items":{"$ref":"#/$defs/symbol"},"de\#
        scription":"`per_symbol` as a list."}},"$defs":{"time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{\#
        2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"},"score":{"type":"number","minimum":0.2,"maximum":1,"description\#
        ":"For people: no order depends on it."},"share":{"type":"number","minimum":0,"maximum":1},"drift":{"enum":[\#
        "GREEN","YELLOW","RED"]},"latency":{"enum":["FAST","NORMAL","SLOW"]},"bucket":{"enum":["A_HIGH","B_MEDIUM","\#
        C_LOW"]},"bias":{"enum":["prefer_maker","balanced","prefer_taker"]},"quality":{"enum":["good","ok","degraded\#
        ","broken"]},"symbol":{"type":"object","required":["symbol","router_bucket","sample_count","maker_first","ta\#
        ker_bias","bias","quality","offset_bps","policy"],"additionalProperties":false,"properties":{"symbol":{"type\#
        ":"string"},"quality_score":{"$ref":"#/$defs/score"},"avg_slippage_bps":{"type":"number","description":"Agai\#
        nst the intended price."},"slippage_drift_bps":{"type":"number","description":"Average over all fills, each \#
        new one counting 0.3, less the baseline."},"slippage_drift_bucket":{"$ref":"#/$defs/drift"},"avg_latency_ms"\#
        :{"type":"number","minimum":0,"description":"To the venue's first word on an order."},"latency_bucket":{"$re\#
        f":"#/$defs/latency"},"last_order_ts":{"$ref":"#/$defs/time"},"last_fill_ts":{"$ref":"#/$defs/time"},"twap_u\#
        sage_ratio":{"$ref":"#/$defs/share","description":"Share of the notional that TWAP children traded."},"child\#
        _orders":{"type":"object","description":"Of TWAPs.","required":["count","fill_ratio"],"additionalProperties"\#
        :false,"properties":{"count":{"type":"integer","minimum":0},"fill_ratio":{"type":"number","minimum":0,"descr\#
        iption":"Filled by intended notional; 1 where nothing was intended."}}},"router_bucket":{"$ref":"#/$defs/buc\#
        ket"},"cost_drift":{"type":"object","description":"Costs less what was expected of them (the fee, and the ba\#
        seline), over all fills.","required":["fills","residual_bps","is_alarmed"],"additionalProperties":false,"pro\#
        perties":{"fills":{"type":"integer","minimum":1},"residual_bps":{"type":"number","description":"Average, eac\#
        h new one counting 0.2."},"is_alarmed":{"type":"boolean","description":"CUSUM or Page-Hinkley say that costs\#
         have shifted upward."}}},"maker_fill_rate":{"$ref":"#/$defs/share","description":"Of parents that started a\#
        s maker: filled by makers alone. Decayed, as observed, before the prior."},"fallback_rate":{"$ref":"#/$defs/\#
        share","description":"Of the same: given way to a taker."},"slippage_p50":{"type":"number","description":"Of\#
         the same, in bps."},"slippage_p95":{"type":"number"},"ack_latency_ms":{"type":"number","minimum":0,"descrip\#
        tion":"Median over all orders."},"sample_count":{"type":"integer","minimum":0,"description":"Decayed number \#
        of parents that started as maker, rounded down."},"maker_first":{"type":"boolean"},"taker_bias":{"$ref":"#/$\#
        defs/bias"},"bias":{"$ref":"#/$defs/share","description":"0 maker, 1 taker."},"quality":{"$ref":"#/$defs/qua\#
        lity"},"offset_bps":{"type":"number"},"policy":{"type":"object","required":["maker_first","taker_bias","bias\#
        ","quality","regime","reason","offset_bps"],"additionalProperties":false,"properties":{"maker_first":{"type"\#
        :"boolean"},"taker_bias":{"$ref":"#/$defs/bias"},"bias":{"$ref":"#/$defs/share"},"quality":{"$ref":"#/$defs/\#
        quality"},"regime":{"enum":["quiet","normal","hot","panic"]},"reason":{"type":"string"},"offset_bps":{"type"\#
        :"number"}}},"updated_ts":{"$ref":"#/$defs/time","description":"When the policy was last computed."}}}}}
        """#
}
