// Made of schemas/execution_fill.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let executionFill = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.execution_fill.v1","title":"One ex\#
        ecution, with the prices that its cost is judged by","type":"object","required":["event","version","sequence\#
        ","ts","signal","signal_id","intent_id","parent_id","client_order_id","execution_id","venue","account","symb\#
        ol","side","position_side","price","quantity","fee","liquidity","origin","venue_ts","venue_order_id","arriva\#
        l_price","intended_price","realized_pnl","is_late","is_external"],"additionalProperties":false,"properties":\#
        {"event":{"const":"execution_fill"},"version":{"const":1},"sequence":{"type":"integer","minimum":0},"ts":{"$\#
        ref":"#/$defs/time_or_null","description":"The engine's time: when the cause was received."},"signal":{"$ref\#
        ":"#/$defs/signal"},"signal_id":{"$ref":"#/$defs/text_or_null","description":"The sender's id of the signal.\#
        "},"intent_id":{"$ref":"#/$defs/intent_id"},"parent_id":{"type":["integer","null"]},"client_order_id":{"$ref\#
        ":"#/$defs/client_order_id"},"execution_id":{"$ref":"#/$defs/venue_number"},"venue":{"$ref":"#/$defs/text_or\#
        _null"},"account":{"$ref":"#/$defs/text_or_null","description":"\"default\": this version has one."},"symbol\#
        ":{"$ref":"#/$defs/text_or_null"},"side":{"enum":["BUY","SELL"]},"position_side":{"enum":["BOTH","LONG","SHO\#
        RT"]},"price":{"$ref":"#/$defs/decimal"},"quantity":{"$ref":"#/$defs/amount"},"fee":{"$ref":"#/$defs/decimal\#
        ","description":"In the quote currency; negative for a rebate."},"liquidity":{"enum":["maker","taker"]},"ori\#
        gin":{"enum":["order","liquidation","deleveraging","settlement"],"description":"Who made it: an order, or th\#
        e venue closing the position."},"venue_ts":{"$ref":"#/$defs/time_or_null"},"venue_order_id":{"$ref":"#/$defs\#
        /venue_number"},"arrival_price":{"$ref":"#/$defs/decimal_or_null","description":"Mid when the parent was acc\#
        epted."},"intended_price":{"$ref":"#/$defs/decimal_or_null","description":"Limit or touch when the order was\#
         sent."},"realized_pnl":{"$ref":"#/$defs/decimal","description":"Without the fee."},"is_late":{"type":"boole\#
        an"},"is_external":{"type":"boolean","description":"Not of our making."}},"$defs":{"decimal":{"description":\#
        "Exact, at most 8 fraction digits.","type":"string","pattern":"^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"decim\#
        al_or_null":{"anyOf":[{"$ref":"#/$defs/decimal"},{"type":"null"}]},"amount":{"description":"Never negative."\#
        ,"type":"string","pattern":"^(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"time":{"type":"string","pattern":"^[0-9]{4\#
        }-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.([0-9]{3}|[0-9]{9})Z$"},"time_or_null":{"anyOf":[{"$ref":"#\#
        /$defs/time"},{"type":"null"}]},"text_or_null":{"type":["string","null"]},"signal":{"description":"Our numbe\#
        r of the signal; null when there is none.","type":["string","null"],"pattern":"^s-[1-9][0-9]*$"},"intent_id"\#
        :{"type":["string","null"],"pattern":"^i-[0-9a-f]{4}-[0-9a-f]{8}$"},"client_order_id":{"type":["string","nul\#
        l"],"pattern":"^fl-[0-9a-f]{4}-[0-9a-f]{8}-[0-9a-f]{2}-[0-9a-f]{4}-[0-9a-f]{2}-[0-9a-f]{6}$"},"venue_number"\#
        :{"description":"A number as text, since it may pass 2^53; null when the venue gave none.","type":["string",\#
        "null"],"pattern":"^[1-9][0-9]*$"}}}
        """#
}
