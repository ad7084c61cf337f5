// Made of schemas/state/engine_metadata.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateEngineMetadata = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.engine_metadata.v1","title":\#
        "Which engine publishes","description":"What is not known is left out.","type":"object","required":["cycle",\#
        "journal_id","environment","updated_ts","engine_version","build","mode","epoch","reporting_currency","market\#
        _source","configuration_hash","symbols"],"additionalProperties":false,"properties":{"cycle":{"type":"integer\#
        ","minimum":0,"description":"The journal sequence that the file stands at: the same in all files of a publis\#
        h."},"journal_id":{"type":"string","pattern":"^[0-9a-f]{32}$","description":"Cycles of one journal never go \#
        back; another journal counts anew."},"environment":{"enum":["paper","testnet","production"]},"updated_ts":{"\#
        $ref":"#/$defs/time","description":"The engine's time at the cycle."},"engine_version":{"type":"string","min\#
        Length":1},"build":{"type":"string","minLength":1},"mode":{"enum":["dry_run","live","shadow"]},"epoch":{"typ\#
        e":"integer","minimum":0,"description":"Lives of the engine on this journal."},"reporting_currency":{"type":\#
        "string","minLength":1},"market_source":{"enum":["synthetic","tape","venue"]},"configuration_hash":{"type":"\#
        string","pattern":"^[0-9a-f]{64}$","description":"SHA-256 of the resolved configuration."},"symbols":{"type"\#
        :"array","items":{"type":"string","minLength":1}}},"$defs":{"decimal":{"description":"Exact, at most 8 fract\#
        ion digits.","type":"string","pattern":"^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"time":{"type":"string","patt\#
        ern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"}}}
        """#
}
