// Made of schemas/state/diagnostics.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateDiagnostics = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.diagnostics.v1","title":"Wha\#
        t is counted of signals, orders and exits","description":"What is not known is left out.","type":"object","r\#
        equired":["cycle","journal_id","environment","updated_ts","runtime_diagnostics"],"additionalProperties":fals\#
        e,"properties":{"cycle":{"type":"integer","minimum":0,"description":"The journal sequence that the file stan\#
        ds at: the same in all files of a publish."},"journal_id":{"type":"string","pattern":"^[0-9a-f]{32}$","descr\#
        iption":"Cycles of one journal never go back; another journal counts anew."},"environment":{"enum":["paper",\#
        "testnet","production"]},"updated_ts":{"$ref":"#/$defs/time","description":"The engine's time at the cycle."\#
        },"runtime_diagnostics":{"type":"object","required":[],"additionalProperties":false,"properties":{"veto_coun\#
        ters":{"type":"object","required":["by_reason","total_signals","total_orders","total_vetoes","is_complete","\#
        window","by_symbol"],"additionalProperties":false,"properties":{"by_reason":{"type":"object","additionalProp\#
        erties":{"type":"integer","minimum":0},"description":"By the primary reason; sums to total_vetoes."},"total_\#
        signals":{"type":"integer","minimum":0},"total_orders":{"type":"integer","minimum":0,"description":"Child or\#
        ders that were handed out."},"total_vetoes":{"type":"integer","minimum":0},"is_complete":{"type":"boolean","\#
        description":"The totals are of the whole journal; otherwise since `since`."},"since":{"$ref":"#/$defs/time"\#
        },"last_signal_ts":{"$ref":"#/$defs/time"},"last_order_ts":{"$ref":"#/$defs/time"},"last_veto_ts":{"$ref":"#\#
        /$defs/time"},"window":{"type":"object","required":["signals","orders","vetoes","by_reason","veto_rate"],"ad\#
        ditionalProperties":false,"properties":{"signals":{"type":"integer","minimum":0},"orders":{"type":"integer",\#
        "minimum":0,"description":"Since the window's first signal."},"vetoes":{"type":"integer","minimum":0},"by_re\#
        ason":{"type":"object","additionalProperties":{"type":"integer","minimum":0}},"veto_rate":{"type":"number","\#
        minimum":0,"maximum":1},"since":{"$ref":"#/$defs/time","description":"The window's first signal."}}},"by_sym\#
        bol":{"type":"object","additionalProperties":{"type":"object","required":["gated_by"],"additionalProperties"\#
        :false,"properties":{"gated_by":{"type":"array","items":{"type":"string","minLength":1},"description":"Why t\#
        he newest signal was vetoed."},"last_signal_ts":{"$ref":"#/$defs/time"},"last_order_ts":{"$ref":"#/$defs/tim\#
        e"},"last_veto_ts":{"$ref":"#/$defs/time"}}}}}},"exit_pipeline":{"type":"object","required":["open_positions\#
        _count","tp_sl_registered_count","tp_sl_missing_count","sl_missing_count","tp_sl_coverage_pct","tp_sl_quanti\#
        ty_coverage_pct","underwater_without_tp_sl_count","ledger_registry_mismatch","mismatch_breakdown"],"addition\#
        alProperties":false,"properties":{"last_exit_scan_ts":{"$ref":"#/$defs/time"},"last_exit_trigger_ts":{"$ref"\#
        :"#/$defs/time"},"last_router_event_ts":{"$ref":"#/$defs/time"},"open_positions_count":{"type":"integer","mi\#
        nimum":0},"tp_sl_registered_count":{"type":"integer","minimum":0},"tp_sl_missing_count":{"type":"integer","m\#
        inimum":0},"sl_missing_count":{"type":"integer","minimum":0},"tp_sl_coverage_pct":{"type":"number","minimum"\#
        :0,"maximum":1,"description":"A ratio; 0 without positions."},"tp_sl_quantity_coverage_pct":{"type":"number"\#
        ,"minimum":0,"maximum":1,"description":"What levels at work would close of the positions, weighed by cost; 0\#
         without positions."},"underwater_without_tp_sl_count":{"type":"integer","minimum":0},"tp_sl_canary":{"type"\#
        :"boolean"},"ledger_registry_mismatch":{"type":"boolean"},"mismatch_breakdown":{"type":"object","required":[\#
        "missing_tp_sl_entries","stale_tp_sl_entries","missing_ledger_positions","ghost_ledger_entries"],"additional\#
        Properties":false,"properties":{"missing_tp_sl_entries":{"type":"integer","minimum":0},"stale_tp_sl_entries"\#
        :{"type":"integer","minimum":0},"missing_ledger_positions":{"type":"integer","minimum":0,"description":"Posi\#
        tions that somebody else has traded and no person has decided on, or that are being closed for it."},"ghost_\#
        ledger_entries":{"type":"integer","minimum":0,"description":"Undecided ones of which our own trades had made\#
         more than there is now."}}}}},"liveness":{"type":"object","required":["idle_signals","idle_orders","idle_ex\#
        its","idle_exit_scans","idle_router","details","missing","clock_skew","invalid"],"additionalProperties":fals\#
        e,"properties":{"idle_signals":{"type":"boolean"},"idle_orders":{"type":"boolean"},"idle_exits":{"type":"boo\#
        lean"},"idle_exit_scans":{"type":"boolean"},"idle_router":{"type":"boolean"},"details":{"type":"object","add\#
        itionalProperties":{"type":"number","minimum":0},"description":"Ages in seconds; what never was: its bound a\#
        nd 1."},"missing":{"type":"object","additionalProperties":{"const":true},"description":"What never was."},"c\#
        lock_skew":{"type":"object","additionalProperties":{"const":true},"description":"What lies in the future: it\#
        s age counts as 0."},"invalid":{"type":"object","additionalProperties":{"const":true},"description":"What ha\#
        s a time that can't be: its age counts as its bound and 1."}}}},"description":"Empty while diagnostics are t\#
        urned off."}},"$defs":{"decimal":{"description":"Exact, at most 8 fraction digits.","type":"string","pattern\#
        ":"^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$"},"time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-\#
        9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"}}}
        """#
}
