// Made of schemas/logs/route_decisions.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let logsRouteDecisions = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.log.route_decisions.v1","title":"H\#
        ow parents are routed, line by line","description":"route_decision.v1.json holds a route_decision in full; t\#
        he last one of a parent is in router_metrics.","type":"object","required":["event","version","sequence","ts"\#
        ],"properties":{"event":{"enum":["route_decision","parent_progress","arm_decision"]},"version":{"const":1},"\#
        sequence":{"type":"integer","minimum":0,"description":"Of the cause, in the journal."},"ts":{"type":"string"\#
        ,"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{9}Z$"}},"allOf":[{"if":{"properti\#
        es":{"event":{"const":"route_decision"}}},"then":{"required":["moment"],"properties":{"moment":{"enum":["sta\#
        rt","requote","fallback","slice"]}}}},{"if":{"properties":{"event":{"const":"parent_progress"}}},"then":{"re\#
        quired":["symbol","side","change","algorithm","slice","slices","approved_quantity","filled_quantity","due_qu\#
        antity","carried_quantity"],"properties":{"symbol":{"$ref":"#/$defs/text_or_null"},"side":{"$ref":"#/$defs/s\#
        ide"},"change":{"enum":["planned","slice","spread_pause","spread_resume","paused","resumed","amended","sweep\#
        ","flat_curve"]},"slice":{"type":"integer","minimum":0},"slices":{"type":"integer","minimum":0},"approved_qu\#
        antity":{"$ref":"#/$defs/amount"},"filled_quantity":{"$ref":"#/$defs/amount"},"due_quantity":{"$ref":"#/$def\#
        s/amount"},"carried_quantity":{"$ref":"#/$defs/amount"}}}},{"if":{"properties":{"event":{"const":"arm_decisi\#
        on"}}},"then":{"required":["symbol","side","chosen","executed","static_arm","preferred","is_explored","prope\#
        nsity","features","arms"],"properties":{"symbol":{"$ref":"#/$defs/text_or_null"},"side":{"$ref":"#/$defs/sid\#
        e"},"is_explored":{"type":"boolean"},"propensity":{"$ref":"#/$defs/share"},"features":{"type":"object"},"arm\#
        s":{"type":"array","minItems":1}}}}],"$defs":{"decimal":{"type":"string","pattern":"^-?(0|[1-9][0-9]*)(\\.[0\#
        -9]*[1-9])?$"},"amount":{"type":"string","pattern":"^(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"share":{"type":"nu\#
        mber","minimum":0,"maximum":1},"number_or_null":{"type":["number","null"]},"text_or_null":{"type":["string",\#
        "null"]},"side":{"enum":["BUY","SELL"]},"quality":{"enum":["good","ok","degraded","broken"]}}}
        """#
}
