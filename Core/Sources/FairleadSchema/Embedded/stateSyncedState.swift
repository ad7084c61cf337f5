// Made of schemas/state/synced_state.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateSyncedState = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.synced_state.v1","title":"Ho\#
        w far engine and venue agree","description":"What is not known is left out.","type":"object","required":["cy\#
        cle","journal_id","environment","updated_ts","engine_version","v6_flags","is_connected","is_reconciled","div\#
        ergences","live_orders","open_parents","open_positions","unknown_orders"],"additionalProperties":false,"prop\#
        erties":{"cycle":{"type":"integer","minimum":0,"description":"The journal sequence that the file stands at: \#
        the same in all files of a publish."},"journal_id":{"type":"string","pattern":"^[0-9a-f]{32}$","description"\#
        :"Cycles of one journal never go back; another journal counts anew."},"environment":{"enum":["paper","testne\#
        t","production"]},"updated_ts":{"$ref":"#/$defs/time","description":"The engine's time at the cycle."},"engi\#
        ne_version":{"type":"string","minLength":1},"v6_flags":{"type":"object","additionalProperties":{"type":"bool\#
        ean"},"description":"Switches of the parts that exist."},"is_connected":{"type":"boolean"},"is_reconciled":{\#
        "type":"boolean"},"divergences":{"type":"integer","minimum":0},"live_orders":{"type":"integer","minimum":0},\#
        "open_parents":{"type":"integer","minimum":0},"open_positions":{"type":"integer","minimum":0},"unknown_order\#
        s":{"type":"integer","minimum":0}},"$defs":{"decimal":{"description":"Exact, at most 8 fraction digits.","ty\#
        pe":"string","pattern":"^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"time":{"type":"string","pattern":"^[0-9]{4}-\#
        [0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"}}}
        """#
}
