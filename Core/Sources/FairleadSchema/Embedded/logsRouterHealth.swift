// Made of schemas/logs/router_health.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let logsRouterHealth = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.log.router_health.v1","title":"Cha\#
        nges of symbols' policies, line by line","description":"The policy from here on, and the evidence that made \#
        it: decayed, of 7 days, null where it is not known.","type":"object","required":["event","version","sequence\#
        ","ts"],"properties":{"event":{"enum":["router_policy"]},"version":{"const":1},"sequence":{"type":"integer",\#
        "minimum":0,"description":"Of the cause, in the journal."},"ts":{"type":"string","pattern":"^[0-9]{4}-[0-9]{\#
        2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{9}Z$"}},"allOf":[{"if":{"properties":{"event":{"const":"route\#
        r_policy"}}},"then":{"required":["symbol","policy","evidence"],"properties":{"symbol":{"$ref":"#/$defs/text_\#
        or_null"},"policy":{"type":"object","required":["maker_first","taker_bias","bias","quality","regime","reason\#
        ","offset_bps"],"additionalProperties":false,"properties":{"maker_first":{"type":"boolean"},"taker_bias":{"e\#
        num":["prefer_maker","balanced","prefer_taker"]},"bias":{"$ref":"#/$defs/share"},"quality":{"$ref":"#/$defs/\#
        quality"},"regime":{"enum":["quiet","normal","hot","panic"]},"reason":{"type":"string"},"offset_bps":{"type"\#
        :"number"}}},"evidence":{"type":"object","required":["maker_starts","maker_fill_ratio","fallback_ratio","sli\#
        p_p50_bps","slip_p95_bps","ack_latency_ms"],"additionalProperties":false,"properties":{"maker_starts":{"type\#
        ":"number","minimum":0},"maker_fill_ratio":{"$ref":"#/$defs/number_or_null"},"fallback_ratio":{"$ref":"#/$de\#
        fs/number_or_null"},"slip_p50_bps":{"$ref":"#/$defs/number_or_null"},"slip_p95_bps":{"$ref":"#/$defs/number_\#
        or_null"},"ack_latency_ms":{"$ref":"#/$defs/number_or_null"}}}}}}],"$defs":{"decimal":{"type":"string","patt\#
        ern":"^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"amount":{"type":"string","pattern":"^(0|[1-9][0-9]*)(\\.[0-9]*\#
        [1-9])?$"},"share":{"type":"number","minimum":0,"maximum":1},"number_or_null":{"type":["number","null"]},"te\#
        xt_or_null":{"type":["string","null"]},"side":{"enum":["BUY","SELL"]},"quality":{"enum":["good","ok","degrad\#
        ed","broken"]}}}
        """#
}
