// Made of schemas/state/risk_snapshot.v1.json by scripts/embed-schemas.
extension EmbeddedSchemas {
    static let stateRiskSnapshot = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"fairlead.state.risk_snapshot.v1","title":"W\#
        hat the risk gateway sees of the account","description":"What is not known is left out.","type":"object","re\#
        quired":["cycle","journal_id","environment","updated_ts","trading_state","trading_state_cause","is_frozen","\#
        risk_mode","dd_state","is_drawdown_latched","open_positions","live_orders","unknown_orders","limits","limits\#
        _source","overrides","disabled_strategies","symbols","tails","correlation_groups","tiers"],"additionalProper\#
        ties":false,"properties":{"cycle":{"type":"integer","minimum":0,"description":"The journal sequence that the\#
         file stands at: the same in all files of a publish."},"journal_id":{"type":"string","pattern":"^[0-9a-f]{32\#
        }$","description":"Cycles of one journal never go back; another journal counts anew."},"environment":{"enum"\#
        :["paper","testnet","production"]},"updated_ts":{"$ref":"#/$defs/time","description":"The engine's time at t\#
        he cycle."},"nav":{"$ref":"#/$defs/decimal","description":"The same as in nav.json of the same cycle."},"tra\#
        ding_state":{"enum":["active","reducing","halted","killed"]},"trading_state_cause":{"type":"string","minLeng\#
        th":1},"is_frozen":{"type":"boolean"},"risk_mode":{"enum":["normal","cautious","defensive","halted"]},"dd_st\#
        ate":{"enum":["normal","warn","panic"]},"drawdown_ratio":{"type":"number"},"day_loss_ratio":{"type":"number"\#
        },"week_loss_ratio":{"type":"number","description":"Since Monday 00:00 UTC."},"router_quality_score":{"type"\#
        :"number","description":"Of all symbols; below 0.5 the risk mode is cautious."},"is_drawdown_latched":{"type\#
        ":"boolean","description":"The drawdown circuit waits for a person."},"gross_exposure":{"$ref":"#/$defs/deci\#
        mal","description":"Worst case: positions and working orders."},"gross_exposure_ratio":{"type":"number","des\#
        cription":"To NAV."},"open_positions":{"type":"integer","minimum":0},"live_orders":{"type":"integer","minimu\#
        m":0},"unknown_orders":{"type":"integer","minimum":0},"tails":{"type":"object","required":["status"],"additi\#
        onalProperties":false,"properties":{"status":{"enum":["known","insufficient_history","no_price","no_nav"]},"\#
        warning":{"type":"string","minLength":1},"scenarios":{"type":"integer","minimum":0},"var_historical_ratio":{\#
        "type":"number"},"var_ewma_ratio":{"type":"number"},"var_ratio":{"type":"number","description":"The larger, \#
        which gates."},"cvar_historical_ratio":{"type":"number"},"cvar_ewma_ratio":{"type":"number"},"cvar_ratio":{"\#
        type":"number"}},"description":"Of the portfolio for a day over NAV: value at risk at 99 %, expected shortfa\#
        ll at 95 %; a gain is negative."},"correlation_groups":{"type":"object","additionalProperties":{"type":"obje\#
        ct","required":["max_nav_pct"],"additionalProperties":false,"properties":{"max_nav_pct":{"type":"number"},"g\#
        ross_ratio":{"type":"number"}}}},"tiers":{"type":"object","additionalProperties":{"type":"object","required"\#
        :["is_blocked"],"additionalProperties":false,"properties":{"per_symbol_nav_pct":{"type":"number"},"blocked_f\#
        rom":{"enum":["normal","cautious","defensive","halted"]},"is_blocked":{"type":"boolean"}}},"description":"Ti\#
        ers with a limit."},"limits":{"type":"object","required":[],"additionalProperties":false,"properties":{"circ\#
        uit_breakers.max_portfolio_dd_nav_pct":{"type":"number"},"daily_loss_limit_pct":{"type":"number"},"weekly_lo\#
        ss_limit_pct":{"type":"number"},"max_nav_drawdown_pct":{"type":"number"},"max_portfolio_var_pct":{"type":"nu\#
        mber"},"max_position_cvar_pct":{"type":"number"},"max_pair_correlation":{"type":"number"},"max_trade_nav_pct\#
        ":{"type":"number"},"max_gross_exposure_pct":{"type":"number"},"max_leverage":{"type":"number"},"max_effecti\#
        ve_leverage":{"type":"number"},"price_collar_bps":{"type":"number"},"exit_price_collar_bps":{"type":"number"\#
        },"nav_freshness_seconds":{"type":"number"},"min_notional":{"$ref":"#/$defs/decimal"},"max_order_notional":{\#
        "$ref":"#/$defs/decimal"},"max_order_qty":{"$ref":"#/$defs/decimal"},"max_concurrent_positions":{"type":"int\#
        eger","minimum":0},"max_trades_per_symbol_per_hour":{"type":"integer","minimum":0}},"description":"As config\#
        ured, by their keys in risk_limits.json; one that is off is absent. What stands in for them for a while is i\#
        n overrides."},"limits_source":{"type":"string","minLength":1,"description":"The environment whose limits th\#
        ese are; testnet_overrides where some hold in the testnet alone."},"overrides":{"type":"array","maxItems":64\#
        ,"items":{"type":"object","required":["limit","key","unit","value","author_uid","since","until"],"additional\#
        Properties":false,"properties":{"limit":{"type":"string","minLength":1},"key":{"type":"string","minLength":1\#
        ,"description":"In risk_limits.json; a star stands for a symbol, a tier or a group."},"unit":{"enum":["ratio\#
        ","money","quantity","count","ms","s","min"]},"value":{"$ref":"#/$defs/decimal"},"configured":{"$ref":"#/$de\#
        fs/decimal"},"symbol":{"type":"string","minLength":1},"strategy":{"type":"string","minLength":1},"reason":{"\#
        type":"string","minLength":1},"author_uid":{"type":"integer","minimum":0},"since":{"$ref":"#/$defs/time"},"u\#
        ntil":{"$ref":"#/$defs/time"}}},"description":"Limits that people have set for a while, in the order in whic\#
        h they were set; configured is what holds without it, absent where the limit is off; without symbol or strat\#
        egy it holds for all."},"disabled_strategies":{"type":"array","items":{"type":"string","minLength":1},"descr\#
        iption":"Strategies of which nothing is entered until a person enables them."},"symbols":{"type":"object","a\#
        dditionalProperties":{"type":"object","required":["is_halted","is_buy_disabled","is_sell_disabled","unknown_\#
        orders"],"additionalProperties":false,"properties":{"is_halted":{"type":"boolean"},"is_buy_disabled":{"type"\#
        :"boolean","description":"By a person, until the symbol is enabled."},"is_sell_disabled":{"type":"boolean"},\#
        "latches":{"type":"array","items":{"enum":["reject_storm","over_send","repeated_execution"]},"minItems":1,"d\#
        escription":"What holds its entries until a person enables the symbol; absent where nothing does."},"unknown\#
        _orders":{"type":"integer","minimum":0},"tier":{"enum":["CORE","SATELLITE","TACTICAL","ALT-EXT"]},"cvar_rati\#
        o":{"type":"number","description":"The position's expected shortfall, 95 % of a day, over NAV."}}}}},"$defs"\#
        :{"decimal":{"description":"Exact, at most 8 fraction digits.","type":"string","pattern":"^-?(0|[1-9][0-9]*)\#
        (\\.[0-9]*[1-9])?$"},"time":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{\#
        2}\\.[0-9]{3}Z$"}}}
        """#
}
