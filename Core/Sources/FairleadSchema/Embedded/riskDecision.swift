// Made of schemas/risk_decision.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let riskDecision = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.risk_decision.v1","title":"What th\#
        e risk gateway decided about a parent order; the rules one by one are risk_row events","type":"object","requ\#
        ired":["event","version","sequence","ts","signal","signal_id","venue","account","symbol","side","is_reducing\#
        ","approved","reason","reasons","sized_quantity","approved_quantity"],"additionalProperties":false,"properti\#
        es":{"event":{"const":"risk_decision"},"version":{"const":1},"sequence":{"type":"integer","minimum":0},"ts":\#
        {"$ref":"#/$defs/time_or_null","description":"The engine's time: when the cause was received."},"signal":{"$\#
        ref":"#/$defs/signal"},"signal_id":{"$ref":"#/$defs/text_or_null","description":"The sender's id of the sign\#
        al."},"venue":{"$ref":"#/$defs/text_or_null"},"account":{"$ref":"#/$defs/text_or_null","description":"\"defa\#
        ult\": this version has one."},"symbol":{"$ref":"#/$defs/text_or_null"},"side":{"enum":["BUY","SELL"]},"is_r\#
        educing":{"type":"boolean","description":"Computed, never believed."},"approved":{"type":"boolean"},"reason"\#
        :{"enum":["kill_switch","not_reconciled","signal_expired","restricted_symbol","not_whitelisted","side_blocke\#
        d","invalid_order","nothing_to_reduce","negative_edge","price_collar","stale_market_data","nav_stale","portf\#
        olio_dd_circuit","day_loss_limit","week_loss_limit","nav_drawdown_limit","correlation_cap","var_limit","cvar\#
        _limit","min_notional","max_order_notional","max_order_qty","per_trade_nav_pct","symbol_cap","tier_cap","tie\#
        r_block","portfolio_cap","leverage_exceeded","effective_leverage_exceeded","max_concurrent","already_in_trad\#
        e","cooldown","burst_limit","order_rate_limit","repeated_execution","self_cross","buying_power","unknown_ord\#
        er","duplicate_order","reject_storm","market_closed","no_reference_price","environment_guard","strategy_disa\#
        bled",null],"description":"The first of reasons; null when approved."},"reasons":{"description":"In table or\#
        der.","type":"array","items":{"enum":["kill_switch","not_reconciled","signal_expired","restricted_symbol","n\#
        ot_whitelisted","side_blocked","invalid_order","nothing_to_reduce","negative_edge","price_collar","stale_mar\#
        ket_data","nav_stale","portfolio_dd_circuit","day_loss_limit","week_loss_limit","nav_drawdown_limit","correl\#
        ation_cap","var_limit","cvar_limit","min_notional","max_order_notional","max_order_qty","per_trade_nav_pct",\#
        "symbol_cap","tier_cap","tier_block","portfolio_cap","leverage_exceeded","effective_leverage_exceeded","max_\#
        concurrent","already_in_trade","cooldown","burst_limit","order_rate_limit","repeated_execution","self_cross"\#
        ,"buying_power","unknown_order","duplicate_order","reject_storm","market_closed","no_reference_price","envir\#
        onment_guard","strategy_disabled"]}},"sized_quantity":{"$ref":"#/$defs/amount"},"approved_quantity":{"$ref":\#
        "#/$defs/amount","description":"Never more than sized_quantity."}},"$defs":{"amount":{"description":"Never n\#
        egative.","type":"string","pattern":"^(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"time":{"type":"string","pattern":\#
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.([0-9]{3}|[0-9]{9})Z$"},"time_or_null":{"anyOf":[{\#
        "$ref":"#/$defs/time"},{"type":"null"}]},"text_or_null":{"type":["string","null"]},"signal":{"description":"\#
        Our number of the signal; null when there is none.","type":["string","null"],"pattern":"^s-[1-9][0-9]*$"}}}
        """#
}
