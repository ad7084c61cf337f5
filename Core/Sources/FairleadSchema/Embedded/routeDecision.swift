// Made of schemas/route_decision.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let routeDecision = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.route_decision.v1","title":"How a \#
        parent order is routed; again before each further order, at each fallback and at its end","type":"object","r\#
        equired":["event","version","sequence","ts","signal","signal_id","intent_id","venue","account","symbol","sid\#
        e","moment","route","routed_as","maker_start","is_maker_final","used_fallback","veto_reason","fallback_reaso\#
        n","price","effective_px","quantity","bid","ask","spread_bps","book_age_ms","offset_bps","policy","autotune"\#
        ,"latency_ms"],"additionalProperties":false,"properties":{"event":{"const":"route_decision"},"version":{"con\#
        st":1},"sequence":{"type":"integer","minimum":0},"ts":{"$ref":"#/$defs/time_or_null","description":"The engi\#
        ne's time: when the cause was received."},"signal":{"$ref":"#/$defs/signal"},"signal_id":{"$ref":"#/$defs/te\#
        xt_or_null","description":"The sender's id of the signal."},"intent_id":{"$ref":"#/$defs/intent_id"},"venue"\#
        :{"$ref":"#/$defs/text_or_null"},"account":{"$ref":"#/$defs/text_or_null","description":"\"default\": this v\#
        ersion has one."},"symbol":{"$ref":"#/$defs/text_or_null"},"side":{"enum":["BUY","SELL"]},"moment":{"enum":[\#
        "start","requote","fallback","end","slice"],"description":"Before the first order; before a further one of t\#
        he same kind; the maker gives way to a taker; the parent has ended; before the first order of a TWAP's furth\#
        er slice."},"route":{"enum":["maker_first","maker","taker","maker_then_taker","limit","market","twap","vwap"\#
        ,"pov","iceberg"]},"routed_as":{"enum":["maker","taker","maker_then_taker","limit","market","twap","vwap","p\#
        ov","iceberg"]},"maker_start":{"type":"boolean"},"is_maker_final":{"type":"boolean","description":"The paren\#
        t has ended, and all that was filled was filled by its maker; false before the end."},"used_fallback":{"type\#
        ":"boolean"},"veto_reason":{"enum":["maker_not_requested","reduce_only","maker_context_invalid","book_missin\#
        g","book_stale","book_crossed","router_health_stale","quality_ok","quality_degraded","quality_broken","polic\#
        y_maker_off","prefer_taker","spread_too_wide","adaptive_take",null],"description":"The first gate that was s\#
        hut: why it did not start as maker, or was not quoted again. adaptive_take: none; taking was expected to cos\#
        t less."},"fallback_reason":{"enum":["post_only_rejects","slippage","maker_timeout","maker_submit_failed",nu\#
        ll]},"price":{"$ref":"#/$defs/decimal_or_null","description":"The order's limit; null for a market order. At\#
         the end: the average of what was filled."},"effective_px":{"$ref":"#/$defs/decimal_or_null","description":"\#
        The price with the maker's or the taker's fee (at the end: the fees paid): what one unit costs or brings. Of\#
         a market order: the touch it takes from."},"quantity":{"$ref":"#/$defs/amount","description":"What is left \#
        to send; at the end: what was filled."},"bid":{"$ref":"#/$defs/decimal_or_null"},"ask":{"$ref":"#/$defs/deci\#
        mal_or_null"},"spread_bps":{"type":["number","null"]},"book_age_ms":{"type":["number","null"]},"offset_bps":\#
        {"type":"object","required":["suggested","autotuned","applied"],"additionalProperties":false,"description":"\#
        As computed; with what autotune moved; of this order.","properties":{"suggested":{"type":"number"},"autotune\#
        d":{"type":"number"},"applied":{"type":"number"}}},"policy":{"type":"object","required":["maker_first","take\#
        r_bias","bias","quality","regime","reason","offset_bps"],"additionalProperties":false,"properties":{"maker_f\#
        irst":{"type":"boolean"},"taker_bias":{"enum":["prefer_maker","balanced","prefer_taker"]},"bias":{"descripti\#
        on":"0 maker, 1 taker.","type":"number"},"quality":{"enum":["good","ok","degraded","broken"]},"regime":{"enu\#
        m":["quiet","normal","hot","panic"]},"reason":{"type":"string"},"offset_bps":{"type":"number"}}},"autotune":\#
        {"type":"object","description":"What autotune moved of the policy.","required":["before","after","changed"],\#
        "additionalProperties":false,"properties":{"before":{"$ref":"#/$defs/tuned"},"after":{"$ref":"#/$defs/tuned"\#
        },"changed":{"type":"boolean"}}},"latency_ms":{"type":"object","description":"By the engine's time. The last\#
         three are of the parent's latest order so far; null for what has not happened.","required":["signal_to_deci\#
        sion","decision_to_send","send_to_ack","ack_to_fill"],"additionalProperties":false,"properties":{"signal_to_\#
        decision":{"type":"number"},"decision_to_send":{"type":["number","null"],"description":"To the handing out a\#
        t the engine's edge, which is in the decision's own step."},"send_to_ack":{"type":["number","null"],"descrip\#
        tion":"To the venue's first word on the order."},"ack_to_fill":{"type":["number","null"],"description":"To t\#
        he order's first fill."}}}},"$defs":{"tuned":{"type":"object","required":["maker_first","taker_bias","bias",\#
        "offset_bps"],"additionalProperties":false,"properties":{"maker_first":{"type":"boolean"},"taker_bias":{"enu\#
        m":["prefer_maker","balanced","prefer_taker"]},"bias":{"type":"number"},"offset_bps":{"type":"number"}}},"de\#
        cimal":{"description":"Exact, at most 8 fraction digits.","type":"string","pattern":"^-?(0|[1-9][0-9]*)(\\.[\#
        0-9]*[1-9])?$"},"decimal_or_null":{"anyOf":[{"$ref":"#/$defs/decimal"},{"type":"null"}]},"amount":{"descript\#
        ion":"Never negative.","type":"string","pattern":"^(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"time":{"type":"strin\#
        g","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.([0-9]{3}|[0-9]{9})Z$"},"time_or_null\#
        ":{"anyOf":[{"$ref":"#/$defs/time"},{"type":"null"}]},"text_or_null":{"type":["string","null"]},"signal":{"d\#
        escription":"Our number of the signal; null when there is none.","type":["string","null"],"pattern":"^s-[1-9\#
        ][0-9]*$"},"intent_id":{"type":["string","null"],"pattern":"^i-[0-9a-f]{4}-[0-9a-f]{8}$"}}}
        """#
}
