// Made of schemas/state/kpis_v7.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateKpisV7 = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.kpis_v7.v1","title":"How the\#
         desk does","description":"The key indicators of the account, its trades and its executions. What is not kno\#
        wn is left out.","type":"object","required":["cycle","journal_id","environment","updated_ts","account","trad\#
        es","execution","flow","protection"],"additionalProperties":false,"properties":{"cycle":{"type":"integer","m\#
        inimum":0,"description":"The journal sequence that the file stands at: the same in all files of a publish."}\#
        ,"journal_id":{"type":"string","pattern":"^[0-9a-f]{32}$","description":"Cycles of one journal never go back\#
        ; another journal counts anew."},"environment":{"enum":["paper","testnet","production"]},"updated_ts":{"$ref\#
        ":"#/$defs/time","description":"The engine's time at the cycle."},"account":{"type":"object","required":["re\#
        sult_today","realized_pnl","fees","funding","risk_mode","trading_state"],"additionalProperties":false,"prope\#
        rties":{"nav":{"$ref":"#/$defs/decimal"},"result_today":{"$ref":"#/$defs/decimal","description":"Realised si\#
        nce 00:00 UTC, net of fees and funding."},"realized_pnl":{"$ref":"#/$defs/decimal"},"unrealized_pnl":{"$ref"\#
        :"#/$defs/decimal"},"fees":{"$ref":"#/$defs/decimal"},"funding":{"$ref":"#/$defs/decimal"},"drawdown_ratio":\#
        {"type":"number"},"day_loss_ratio":{"type":"number"},"week_loss_ratio":{"type":"number"},"gross_exposure":{"\#
        $ref":"#/$defs/decimal"},"risk_mode":{"enum":["normal","cautious","defensive","halted"]},"trading_state":{"e\#
        num":["active","reducing","halted","killed"]}}},"trades":{"type":"object","description":"Closed trades of si\#
        zing.kelly.lookback_days, over all symbols.","required":["count"],"additionalProperties":false,"properties":\#
        {"count":{"type":"integer","minimum":0},"hit_rate":{"$ref":"#/$defs/share"},"expectancy":{"type":"number","d\#
        escription":"Of a trade, in the quote currency."},"profit_factor":{"type":"number","minimum":0,"description"\#
        :"Won for each unit that was lost."},"profit":{"type":"number"},"fees":{"type":"number"},"max_drawdown":{"ty\#
        pe":"number","minimum":0,"description":"Of the running sum of results."}}},"execution":{"type":"object","req\#
        uired":["quality_score"],"additionalProperties":false,"properties":{"quality_score":{"$ref":"#/$defs/share",\#
        "description":"As global of router_health; neutral before a fill."},"avg_slippage_bps":{"type":"number"},"av\#
        g_latency_ms":{"type":"number","minimum":0},"maker_fill_ratio":{"$ref":"#/$defs/share","description":"Of the\#
         parents that started as maker, over all symbols."},"fallback_ratio":{"$ref":"#/$defs/share"}}},"flow":{"typ\#
        e":"object","description":"Counted over the whole journal; unknown_orders are those of now. signals came fro\#
        m outside, own_signals are the engine's (exits of levels, flattens, the screener): together they are accepte\#
        d, vetoed, duplicates and invalid.","required":["signals","accepted","vetoed","invalid","orders","fills","re\#
        jects","divergences","unknown_orders"],"additionalProperties":{"type":"integer","minimum":0}},"protection":{\#
        "type":"object","required":["open_positions","tp_sl_missing","stop_loss_missing"],"additionalProperties":{"t\#
        ype":"integer","minimum":0}}},"$defs":{"decimal":{"description":"Exact, at most 8 fraction digits.","type":"\#
        string","pattern":"^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"share":{"type":"number","minimum":0,"maximum":1},\#
        "time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"}}}
        """#
}
