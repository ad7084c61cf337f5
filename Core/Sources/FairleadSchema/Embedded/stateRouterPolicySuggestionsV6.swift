// Made of schemas/state/router_policy_suggestions_v6.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateRouterPolicySuggestionsV6 = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.router_policy_suggestions_v6\#
        .v1","title":"What autotune would change of the router's policies","description":"What is not known is left \#
        out.","type":"object","required":["cycle","journal_id","environment","updated_ts","apply_enabled","risk_mode\#
        ","warnings","symbols"],"additionalProperties":false,"properties":{"cycle":{"type":"integer","minimum":0,"de\#
        scription":"The journal sequence that the file stands at: the same in all files of a publish."},"journal_id"\#
        :{"type":"string","pattern":"^[0-9a-f]{32}$","description":"Cycles of one journal never go back; another jou\#
        rnal counts anew."},"environment":{"enum":["paper","testnet","production"]},"updated_ts":{"$ref":"#/$defs/ti\#
        me","description":"The engine's time at the cycle."},"apply_enabled":{"type":"boolean","description":"Sugges\#
        tions are applied, in bounded steps."},"risk_mode":{"enum":["normal","cautious","defensive","halted"],"descr\#
        iption":"As autotune sees it: cautious where it is not known or stale. defensive and halted apply nothing."}\#
        ,"warnings":{"type":"array","items":{"enum":["allocator_state_missing","allocator_state_stale"]},"descriptio\#
        n":"Why the risk mode is not believed."},"symbols":{"type":"object","additionalProperties":{"type":"object",\#
        "required":["regime","current_policy","proposed_policy","changed","rationale","is_listed","applied"],"additi\#
        onalProperties":false,"properties":{"regime":{"enum":["broken","fallback_heavy","slippage_hot","maker_strong\#
        ","balanced"]},"current_policy":{"type":"object","description":"As computed, before anything is applied.","r\#
        equired":["maker_first","taker_bias","bias","quality","regime","reason","offset_bps"],"additionalProperties"\#
        :false,"properties":{"maker_first":{"type":"boolean"},"taker_bias":{"$ref":"#/$defs/bias"},"bias":{"$ref":"#\#
        /$defs/share"},"quality":{"enum":["good","ok","degraded","broken"]},"regime":{"enum":["quiet","normal","hot"\#
        ,"panic"]},"reason":{"type":"string"},"offset_bps":{"type":"number"}}},"proposed_policy":{"type":"object","r\#
        equired":["maker_first","taker_bias","bias","offset_bps"],"additionalProperties":false,"properties":{"maker_\#
        first":{"type":"boolean"},"taker_bias":{"$ref":"#/$defs/bias"},"bias":{"$ref":"#/$defs/share"},"offset_bps":\#
        {"type":"number"}}},"changed":{"type":"boolean","description":"The two differ."},"rationale":{"type":"string\#
        ","description":"Semicolon-joined."},"is_listed":{"type":"boolean","description":"In autotune.symbols."},"ap\#
        plied":{"type":"boolean","description":"Something of it is in the policy in force."}}}}},"$defs":{"time":{"t\#
        ype":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"},"share":{"typ\#
        e":"number","minimum":0,"maximum":1},"bias":{"enum":["prefer_maker","balanced","prefer_taker"]}}}
        """#
}
