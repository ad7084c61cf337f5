/// The first version's tables as they were released, and a few rows: never changed.
enum FirstVersion {
    static let statements = tables + rows

    private static let tables = [
        """
        CREATE TABLE history ( id INTEGER PRIMARY KEY CHECK (id = 1), journal_id TEXT NOT NULL, stored_through \
        INTEGER NOT NULL, stored_ts INTEGER, chain INTEGER NOT NULL, kept_since INTEGER NOT NULL ) STRICT
        """,
        """
        CREATE TABLE gaps (after INTEGER PRIMARY KEY, through INTEGER NOT NULL) STRICT
        """,
        """
        CREATE TABLE instruments ( handle INTEGER PRIMARY KEY, symbol TEXT NOT NULL, venue TEXT NOT NULL, multiplier \
        INTEGER NOT NULL ) STRICT
        """,
        """
        CREATE TABLE strategies (handle INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT
        """,
        """
        CREATE TABLE signals ( number INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, ts INTEGER NOT NULL, signal_id \
        TEXT, source TEXT, strategy TEXT, symbol TEXT, side TEXT, position_side TEXT, intent TEXT, reduce_only \
        INTEGER, size_kind TEXT, size TEXT, confidence INTEGER, order_type TEXT, limit_price INTEGER, time_in_force \
        TEXT, signal_ts INTEGER, expires_ts INTEGER, style TEXT, maker_first INTEGER, maker_price INTEGER, \
        maker_quantity INTEGER, take_profits TEXT, stop_loss INTEGER, meta TEXT, refusal TEXT ) STRICT
        """,
        """
        CREATE INDEX signals_by_signal_id ON signals (signal_id)
        """,
        """
        CREATE INDEX signals_by_strategy ON signals (strategy)
        """,
        """
        CREATE TABLE acknowledgements ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED \
        ALWAYS AS (id >> 24) VIRTUAL, signal INTEGER, source TEXT NOT NULL, symbol TEXT, disposition TEXT NOT NULL, \
        intent_id TEXT, reasons TEXT, invalid TEXT, duplicate_of INTEGER ) STRICT
        """,
        """
        CREATE INDEX acknowledgements_by_signal ON acknowledgements (signal)
        """,
        """
        CREATE INDEX acknowledgements_by_intent ON acknowledgements (intent_id) WHERE intent_id IS NOT NULL
        """,
        """
        CREATE TABLE sizings ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS (id \
        >> 24) VIRTUAL, signal INTEGER, symbol TEXT, requested_kind TEXT NOT NULL, requested TEXT, reference_price \
        INTEGER, nav INTEGER, requested_quantity INTEGER NOT NULL, sized_quantity INTEGER NOT NULL ) STRICT
        """,
        """
        CREATE INDEX sizings_by_signal ON sizings (signal)
        """,
        """
        CREATE TABLE risk_rows ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS \
        (id >> 24) VIRTUAL, signal INTEGER, rule TEXT NOT NULL, status TEXT NOT NULL, unit TEXT NOT NULL, observed \
        INTEGER, threshold INTEGER ) STRICT
        """,
        """
        CREATE TABLE decisions ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS \
        (id >> 24) VIRTUAL, signal INTEGER, symbol TEXT, side TEXT NOT NULL, is_reducing INTEGER NOT NULL, reasons \
        TEXT, sized_quantity INTEGER NOT NULL, approved_quantity INTEGER NOT NULL ) STRICT
        """,
        """
        CREATE INDEX decisions_by_signal ON decisions (signal)
        """,
        """
        CREATE TABLE routes ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS (id \
        >> 24) VIRTUAL, signal INTEGER, intent_id TEXT, symbol TEXT, side TEXT NOT NULL, moment TEXT NOT NULL, \
        routed_as TEXT NOT NULL, maker_start INTEGER NOT NULL, is_maker_final INTEGER NOT NULL, used_fallback \
        INTEGER NOT NULL, veto_reason TEXT, fallback_reason TEXT, price INTEGER, effective_price INTEGER, quantity \
        INTEGER NOT NULL, bid INTEGER, ask INTEGER, spread INTEGER, book_age INTEGER NOT NULL, offset_applied \
        INTEGER NOT NULL, policy_quality TEXT NOT NULL, policy_taker_bias TEXT NOT NULL, policy_maker_first INTEGER \
        NOT NULL, policy_regime TEXT NOT NULL, policy_regime_assumed INTEGER NOT NULL, policy_bootstrap INTEGER NOT \
        NULL, policy_overridden INTEGER NOT NULL, policy_bias INTEGER NOT NULL, policy_offset INTEGER NOT NULL, \
        signal_to_decision INTEGER NOT NULL, decision_to_send INTEGER, send_to_ack INTEGER, ack_to_fill INTEGER ) \
        STRICT
        """,
        """
        CREATE INDEX routes_by_signal ON routes (signal)
        """,
        """
        CREATE TABLE orders ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS (id \
        >> 24) VIRTUAL, signal INTEGER, client_order_id TEXT NOT NULL UNIQUE, intent_id TEXT, leg TEXT NOT NULL, \
        symbol TEXT, side TEXT NOT NULL, position_side TEXT NOT NULL, order_type TEXT NOT NULL, time_in_force TEXT \
        NOT NULL, reduce_only INTEGER NOT NULL, state TEXT NOT NULL, price INTEGER, quantity INTEGER NOT NULL, \
        filled INTEGER NOT NULL, venue_order_id INTEGER, end_reason TEXT, reject_reason TEXT, updated_id INTEGER NOT \
        NULL, updated_ts INTEGER NOT NULL, is_live INTEGER NOT NULL ) STRICT
        """,
        """
        CREATE INDEX orders_by_signal ON orders (signal)
        """,
        """
        CREATE INDEX orders_by_intent ON orders (intent_id)
        """,
        """
        CREATE INDEX orders_by_symbol ON orders (symbol, updated_ts)
        """,
        """
        CREATE INDEX orders_by_time ON orders (updated_ts)
        """,
        """
        CREATE INDEX orders_live ON orders (id) WHERE is_live = 1
        """,
        """
        CREATE TABLE order_events ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS \
        AS (id >> 24) VIRTUAL, order_id INTEGER NOT NULL, state_before TEXT NOT NULL, venue_ts INTEGER, state TEXT \
        NOT NULL, price INTEGER, quantity INTEGER NOT NULL, filled INTEGER NOT NULL, venue_order_id INTEGER, \
        end_reason TEXT, reject_reason TEXT ) STRICT
        """,
        """
        CREATE INDEX order_events_by_order ON order_events (order_id)
        """,
        """
        CREATE TABLE fills ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS (id \
        >> 24) VIRTUAL, signal INTEGER, client_order_id TEXT, intent_id TEXT, execution_id INTEGER, venue_order_id \
        INTEGER, symbol TEXT, side TEXT NOT NULL, position_side TEXT NOT NULL, price INTEGER NOT NULL, quantity \
        INTEGER NOT NULL, fee INTEGER NOT NULL, liquidity TEXT NOT NULL, venue_ts INTEGER, arrival_price INTEGER, \
        intended_price INTEGER, realized_pnl INTEGER NOT NULL, is_late INTEGER NOT NULL, is_external INTEGER NOT \
        NULL ) STRICT
        """,
        """
        CREATE INDEX fills_by_signal ON fills (signal)
        """,
        """
        CREATE INDEX fills_by_intent ON fills (intent_id)
        """,
        """
        CREATE INDEX fills_by_symbol ON fills (symbol, ts)
        """,
        """
        CREATE INDEX fills_by_time ON fills (ts)
        """,
        """
        CREATE TABLE parents ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS (id \
        >> 24) VIRTUAL, signal INTEGER, intent_id TEXT, symbol TEXT, strategy TEXT, source TEXT NOT NULL, side TEXT \
        NOT NULL, is_reducing INTEGER NOT NULL, outcome TEXT NOT NULL, routed_as TEXT NOT NULL, fallback_reason \
        TEXT, approved_quantity INTEGER NOT NULL, filled_quantity INTEGER NOT NULL, maker_filled_quantity INTEGER \
        NOT NULL, average_price INTEGER, arrival_price INTEGER, fees INTEGER NOT NULL ) STRICT
        """,
        """
        CREATE INDEX parents_by_signal ON parents (signal)
        """,
        """
        CREATE INDEX parents_by_intent ON parents (intent_id)
        """,
        """
        CREATE INDEX parents_by_strategy ON parents (strategy, ts)
        """,
        """
        CREATE TABLE levels ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS (id \
        >> 24) VIRTUAL, signal INTEGER, symbol TEXT, position_side TEXT NOT NULL, kind TEXT NOT NULL, change TEXT \
        NOT NULL, price INTEGER NOT NULL, quantity INTEGER NOT NULL, trigger_price INTEGER ) STRICT
        """,
        """
        CREATE INDEX levels_by_signal ON levels (signal)
        """,
        """
        CREATE TABLE refusals ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS \
        (id >> 24) VIRTUAL, signal INTEGER, client_order_id TEXT, symbol TEXT, action TEXT NOT NULL, reason TEXT NOT \
        NULL ) STRICT
        """,
        """
        CREATE INDEX refusals_by_signal ON refusals (signal)
        """,
        """
        CREATE TABLE fill_measures ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS \
        AS (id >> 24) VIRTUAL, signal INTEGER, client_order_id TEXT, execution_id INTEGER, symbol TEXT, side TEXT \
        NOT NULL, liquidity TEXT NOT NULL, is_twap_child INTEGER NOT NULL, is_late INTEGER NOT NULL, price INTEGER \
        NOT NULL, quantity INTEGER NOT NULL, notional INTEGER NOT NULL, fee INTEGER NOT NULL, intended_price \
        INTEGER, arrival_price INTEGER, decision_price INTEGER, mid_price INTEGER, latency INTEGER NOT NULL ) STRICT
        """,
        """
        CREATE INDEX fill_measures_by_signal ON fill_measures (signal)
        """,
        """
        CREATE TABLE markouts ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS \
        (id >> 24) VIRTUAL, signal INTEGER, client_order_id TEXT, execution_id INTEGER, symbol TEXT, side TEXT NOT \
        NULL, liquidity TEXT NOT NULL, price INTEGER NOT NULL, quantity INTEGER NOT NULL, notional INTEGER NOT NULL, \
        fill_ts INTEGER, mid_price INTEGER, mid_50ms INTEGER, mid_1s INTEGER, mid_5s INTEGER, mid_30s INTEGER, \
        mid_60s INTEGER, mid_300s INTEGER, reached INTEGER NOT NULL ) STRICT
        """,
        """
        CREATE INDEX markouts_by_signal ON markouts (signal)
        """,
        """
        CREATE TABLE shortfalls ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS \
        (id >> 24) VIRTUAL, signal INTEGER, intent_id TEXT, symbol TEXT, strategy TEXT, side TEXT NOT NULL, \
        decision_basis TEXT NOT NULL, approved_quantity INTEGER NOT NULL, filled_quantity INTEGER NOT NULL, \
        decision_price INTEGER, arrival_price INTEGER, end_price INTEGER, notional INTEGER NOT NULL, delay INTEGER, \
        trading INTEGER, spread INTEGER, impact INTEGER, opportunity INTEGER, fees INTEGER NOT NULL ) STRICT
        """,
        """
        CREATE INDEX shortfalls_by_signal ON shortfalls (signal)
        """,
        """
        CREATE TABLE fundings ( id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS \
        (id >> 24) VIRTUAL, execution_id INTEGER, symbol TEXT, position_side TEXT NOT NULL, position_quantity \
        INTEGER NOT NULL, mark_price INTEGER NOT NULL, rate INTEGER NOT NULL, amount INTEGER NOT NULL, venue_ts \
        INTEGER, total INTEGER NOT NULL ) STRICT
        """,
        """
        CREATE INDEX fundings_by_symbol ON fundings (symbol, ts)
        """,
    ]

    private static let rows = [
        "INSERT INTO history VALUES (1, '00000000000000070000000000000002', 100, 1723075200000000000, 0, 0)",
        "INSERT INTO instruments VALUES (0, 'BTCUSDT', 'paper', 1)",
        "INSERT INTO strategies VALUES (0, ''), (1, 'screener'), (2, 'trend')",
        """
        INSERT INTO signals (number, sequence, ts, signal_id, source, strategy, symbol, side, position_side, intent, \
        reduce_only, size_kind, size, confidence, order_type, time_in_force, style) \
        VALUES (1, 40, 1723075200000000000, 'mine', 'file', 'trend', 'BTCUSDT', 'BUY', 'BOTH', 'entry', 0, 'quantity', \
        '0.1', 100000000, 'market', 'GTC', 'auto')
        """,
        """
        INSERT INTO acknowledgements (id, ts, signal, source, symbol, disposition, intent_id) \
        VALUES (687865856, 1723075200000000000, 1, 'file', 'BTCUSDT', 'accepted', 'i-0001-00000001')
        """,
        """
        INSERT INTO fills (id, ts, signal, client_order_id, intent_id, execution_id, venue_order_id, symbol, side, \
        position_side, price, quantity, fee, liquidity, venue_ts, realized_pnl, is_late, is_external) \
        VALUES (754974720, 1723075201000000000, 1, 'fl-0001-00000001-02-0000-00-000000', 'i-0001-00000001', 9, 8, \
        'BTCUSDT', 'BUY', 'BOTH', 6180020000000, 10000000, 309001, 'taker', 1723075201000000000, 0, 0, 0)
        """,
        "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)",
        "INSERT INTO grdb_migrations VALUES ('1 tables')",
        "PRAGMA user_version = 1",
    ]
}
