// Made of schemas/logs/router_metrics.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let logsRouterMetrics = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.log.router_metrics.v1","title":"Wh\#
        at parents came to, and what their fills cost, line by line","description":"route_decision.v1.json holds a r\#
        oute_decision in full; here is the one at a parent's end. bps are a cost where they are positive, except for\#
         mark-outs.","type":"object","required":["event","version","sequence","ts"],"properties":{"event":{"enum":["\#
        route_decision","fill_measured","markout_measured","shortfall_measured"]},"version":{"const":1},"sequence":{\#
        "type":"integer","minimum":0,"description":"Of the cause, in the journal."},"ts":{"type":"string","pattern":\#
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{9}Z$"}},"allOf":[{"if":{"properties":{"event\#
        ":{"const":"route_decision"}}},"then":{"required":["moment"],"properties":{"moment":{"const":"end"}}}},{"if"\#
        :{"properties":{"event":{"const":"fill_measured"}}},"then":{"required":["symbol","side","liquidity","is_twap\#
        _child","is_late","price","quantity","notional","fee","slippage_bps","cost_bps","latency_ms"],"properties":{\#
        "symbol":{"$ref":"#/$defs/text_or_null"},"side":{"$ref":"#/$defs/side"},"liquidity":{"enum":["maker","taker"\#
        ]},"is_twap_child":{"type":"boolean"},"is_late":{"type":"boolean"},"price":{"$ref":"#/$defs/decimal"},"quant\#
        ity":{"$ref":"#/$defs/amount"},"notional":{"$ref":"#/$defs/decimal"},"fee":{"$ref":"#/$defs/decimal"},"slipp\#
        age_bps":{"$ref":"#/$defs/number_or_null"},"cost_bps":{"$ref":"#/$defs/number_or_null"},"latency_ms":{"type"\#
        :"number","minimum":0}}}},{"if":{"properties":{"event":{"const":"markout_measured"}}},"then":{"required":["s\#
        ymbol","side","price","quantity","notional","horizons_reached","horizons"],"properties":{"symbol":{"$ref":"#\#
        /$defs/text_or_null"},"side":{"$ref":"#/$defs/side"},"price":{"$ref":"#/$defs/decimal"},"quantity":{"$ref":"\#
        #/$defs/amount"},"notional":{"$ref":"#/$defs/decimal"},"horizons":{"type":"array","minItems":1}}}},{"if":{"p\#
        roperties":{"event":{"const":"shortfall_measured"}}},"then":{"required":["symbol","side","approved_quantity"\#
        ,"filled_quantity","decision_basis"],"properties":{"symbol":{"$ref":"#/$defs/text_or_null"},"side":{"$ref":"\#
        #/$defs/side"},"approved_quantity":{"$ref":"#/$defs/amount"},"filled_quantity":{"$ref":"#/$defs/amount"},"de\#
        cision_basis":{"$ref":"#/$defs/text_or_null"}}}}],"$defs":{"decimal":{"type":"string","pattern":"^-?(0|[1-9]\#
        [0-9]*)(\\.[0-9]*[1-9])?$"},"amount":{"type":"string","pattern":"^(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"share\#
        ":{"type":"number","minimum":0,"maximum":1},"number_or_null":{"type":["number","null"]},"text_or_null":{"typ\#
        e":["string","null"]},"side":{"enum":["BUY","SELL"]},"quality":{"enum":["good","ok","degraded","broken"]}}}
        """#
}
