// Made of schemas/order_lifecycle.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let orderLifecycle = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.order_lifecycle.v1","title":"One s\#
        tep in the life of an order","type":"object","required":["event","version","sequence","ts","signal","signal_\#
        id","intent_id","parent_id","client_order_id","venue_order_id","venue","account","symbol","side","position_s\#
        ide","leg","order_type","time_in_force","reduce_only","from","to","price","quantity","filled","end_reason","\#
        reject_reason","venue_ts"],"additionalProperties":false,"properties":{"event":{"const":"order_lifecycle"},"v\#
        ersion":{"const":1},"sequence":{"type":"integer","minimum":0},"ts":{"$ref":"#/$defs/time_or_null","descripti\#
        on":"The engine's time: when the cause was received."},"signal":{"$ref":"#/$defs/signal"},"signal_id":{"$ref\#
        ":"#/$defs/text_or_null","description":"The sender's id of the signal."},"intent_id":{"$ref":"#/$defs/intent\#
        _id"},"parent_id":{"type":["integer","null"]},"client_order_id":{"$ref":"#/$defs/client_order_id"},"venue_or\#
        der_id":{"$ref":"#/$defs/venue_number"},"venue":{"$ref":"#/$defs/text_or_null"},"account":{"$ref":"#/$defs/t\#
        ext_or_null","description":"\"default\": this version has one."},"symbol":{"$ref":"#/$defs/text_or_null"},"s\#
        ide":{"enum":["BUY","SELL"]},"position_side":{"enum":["BOTH","LONG","SHORT"]},"leg":{"enum":["direct","maker\#
        ","taker","exit"]},"order_type":{"enum":["market","limit","post_only","marketable_limit"]},"time_in_force":{\#
        "enum":["GTC","IOC","FOK","GTD"]},"reduce_only":{"type":"boolean"},"from":{"enum":["created","submitted","pe\#
        nding_unknown","accepted","working","partially_filled","pending_cancel","pending_replace","filled","cancelle\#
        d","rejected","expired"]},"to":{"enum":["created","submitted","pending_unknown","accepted","working","partia\#
        lly_filled","pending_cancel","pending_replace","filled","cancelled","rejected","expired"]},"price":{"$ref":"\#
        #/$defs/decimal_or_null","description":"null for a market order."},"quantity":{"$ref":"#/$defs/amount"},"fil\#
        led":{"$ref":"#/$defs/amount"},"end_reason":{"enum":["requested","immediate_or_cancel","time_in_force","pres\#
        umed_dead","never_sent","venue","operator_resolved",null]},"reject_reason":{"enum":["unspecified","would_tak\#
        e","reduce_only_rejected","below_minimum_notional","off_tick","off_lot","quantity_out_of_range","price_out_o\#
        f_range","insufficient_margin","unknown_instrument","duplicate_order_id","order_not_found","order_already_en\#
        ded","request_expired","no_liquidity","throttled","banned","position_side_mismatch","malformed","market_halt\#
        ed","would_trigger","already_triggered",null]},"venue_ts":{"$ref":"#/$defs/time_or_null"},"trigger_price":{"\#
        $ref":"#/$defs/amount","description":"What it waits for at the venue; absent for an order that waits for not\#
        hing, or no more."}},"$defs":{"decimal":{"description":"Exact, at most 8 fraction digits.","type":"string","\#
        pattern":"^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"decimal_or_null":{"anyOf":[{"$ref":"#/$defs/decimal"},{"ty\#
        pe":"null"}]},"amount":{"description":"Never negative.","type":"string","pattern":"^(0|[1-9][0-9]*)(\\.[0-9]\#
        *[1-9])?$"},"time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.([0-\#
        9]{3}|[0-9]{9})Z$"},"time_or_null":{"anyOf":[{"$ref":"#/$defs/time"},{"type":"null"}]},"text_or_null":{"type\#
        ":["string","null"]},"signal":{"description":"Our number of the signal; null when there is none.","type":["s\#
        tring","null"],"pattern":"^s-[1-9][0-9]*$"},"intent_id":{"type":["string","null"],"pattern":"^i-[0-9a-f]{4}-\#
        [0-9a-f]{8}$"},"client_order_id":{"type":["string","null"],"pattern":"^fl-[0-9a-f]{4}-[0-9a-f]{8}-[0-9a-f]{2\#
        }-[0-9a-f]{4}-[0-9a-f]{2}-[0-9a-f]{6}$"},"venue_number":{"description":"A number as text, since it may pass \#
        2^53; null when the venue gave none.","type":["string","null"],"pattern":"^[1-9][0-9]*$"}}}
        """#
}
