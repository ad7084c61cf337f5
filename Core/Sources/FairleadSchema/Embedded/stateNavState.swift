// Made of schemas/state/nav_state.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateNavState = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.nav_state.v1","title":"How N\#
        AV is judged","description":"What is not known is left out.","type":"object","required":["cycle","journal_id\#
        ","environment","updated_ts","dd_state","is_stale"],"additionalProperties":false,"properties":{"cycle":{"typ\#
        e":"integer","minimum":0,"description":"The journal sequence that the file stands at: the same in all files \#
        of a publish."},"journal_id":{"type":"string","pattern":"^[0-9a-f]{32}$","description":"Cycles of one journa\#
        l never go back; another journal counts anew."},"environment":{"enum":["paper","testnet","production"]},"upd\#
        ated_ts":{"$ref":"#/$defs/time","description":"The engine's time at the cycle."},"nav":{"$ref":"#/$defs/deci\#
        mal"},"nav_ts":{"$ref":"#/$defs/time"},"nav_age_s":{"type":"number","minimum":0},"peak_nav":{"$ref":"#/$defs\#
        /decimal"},"week_start_nav":{"$ref":"#/$defs/decimal","description":"At 00:00 UTC of Monday, adjusted for tr\#
        ansfers."},"week_loss_ratio":{"type":"number"},"day_start_nav":{"$ref":"#/$defs/decimal","description":"At 0\#
        0:00 UTC, adjusted for transfers."},"day_loss_ratio":{"type":"number","description":"Share of it that is los\#
        t; negative for a profit."},"drawdown_ratio":{"type":"number","description":"Share of the peak that is lost.\#
        "},"dd_state":{"enum":["normal","warn","panic"]},"nav_jump":{"$ref":"#/$defs/decimal","description":"A readi\#
        ng that waits for an explanation."},"is_stale":{"type":"boolean","description":"Older than nav_freshness_sec\#
        onds, never read, or not to be read: the venue is not listed, or a position has no price."}},"$defs":{"decim\#
        al":{"description":"Exact, at most 8 fraction digits.","type":"string","pattern":"^-?(0|[1-9][0-9]*)(\\.[0-9\#
        ]*[1-9])?$"},"time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-\#
        9]{3}Z$"}}}
        """#
}
