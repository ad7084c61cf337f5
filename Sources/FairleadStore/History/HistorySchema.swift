internal import GRDB

/// The tables by version. A version that was released never changes: what comes after it is a migration of its own.
enum HistorySchema {
    /// The version that this program writes: SQLite's `user_version`.
    static let version = 8

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 tables") { database in
            for statement in first { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        migrator.registerMigration("2 twap") { database in
            for statement in second { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA user_version = 2")
        }
        migrator.registerMigration("3 sizing and autotune") { database in
            for statement in third { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA user_version = 3")
        }
        migrator.registerMigration("4 algorithms") { database in
            for statement in fourth { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA user_version = 4")
        }
        migrator.registerMigration("5 stops") { database in
            try database.execute(sql: "ALTER TABLE signals ADD COLUMN stop_terms TEXT")
            try database.execute(sql: "PRAGMA user_version = 5")
        }
        migrator.registerMigration("6 adaptive") { database in
            for statement in sixth { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA user_version = 6")
        }
        migrator.registerMigration("7 overrides") { database in
            for statement in overrides { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA user_version = 7")
        }
        migrator.registerMigration("8 positions") { database in
            for statement in positions { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA user_version = 8")
        }
        return migrator
    }

    // `docs/HISTORY.md` tells what the columns mean.

    private static let first =
        [
            // The one row says of which journal the history is and how far it goes.
            """
            CREATE TABLE history (
                id INTEGER PRIMARY KEY CHECK (id = 1), journal_id TEXT NOT NULL, stored_through INTEGER NOT NULL,
                stored_ts INTEGER, chain INTEGER NOT NULL, kept_since INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE TABLE gaps (after INTEGER PRIMARY KEY, through INTEGER NOT NULL) STRICT",
            """
            CREATE TABLE instruments (
                handle INTEGER PRIMARY KEY, symbol TEXT NOT NULL, venue TEXT NOT NULL, multiplier INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE TABLE strategies (handle INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
            """
            CREATE TABLE signals (
                number INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, ts INTEGER NOT NULL, signal_id TEXT,
                source TEXT, strategy TEXT, symbol TEXT, side TEXT, position_side TEXT, intent TEXT, reduce_only
                INTEGER,
                size_kind TEXT, size TEXT, confidence INTEGER, order_type TEXT, limit_price INTEGER, time_in_force TEXT,
                signal_ts INTEGER, expires_ts INTEGER, style TEXT, maker_first INTEGER, maker_price INTEGER,
                maker_quantity INTEGER, take_profits TEXT, stop_loss INTEGER, meta TEXT, refusal TEXT
            ) STRICT
            """,
            "CREATE INDEX signals_by_signal_id ON signals (signal_id)",
            "CREATE INDEX signals_by_strategy ON signals (strategy)",
            """
            CREATE TABLE acknowledgements (
                \(key), signal INTEGER, source TEXT NOT NULL, symbol TEXT, disposition TEXT NOT NULL, intent_id TEXT,
                reasons TEXT, invalid TEXT, duplicate_of INTEGER
            ) STRICT
            """,
            "CREATE INDEX acknowledgements_by_signal ON acknowledgements (signal)",
            "CREATE INDEX acknowledgements_by_intent ON acknowledgements (intent_id) WHERE intent_id IS NOT NULL",
            """
            CREATE TABLE sizings (
                \(key), signal INTEGER, symbol TEXT, requested_kind TEXT NOT NULL, requested TEXT, reference_price
                INTEGER,
                nav INTEGER, requested_quantity INTEGER NOT NULL, sized_quantity INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE INDEX sizings_by_signal ON sizings (signal)",
            """
            CREATE TABLE risk_rows (
                \(key), signal INTEGER, rule TEXT NOT NULL, status TEXT NOT NULL, unit TEXT NOT NULL, observed INTEGER,
                threshold INTEGER
            ) STRICT
            """,
            """
            CREATE TABLE decisions (
                \(key), signal INTEGER, symbol TEXT, side TEXT NOT NULL, is_reducing INTEGER NOT NULL, reasons TEXT,
                sized_quantity INTEGER NOT NULL, approved_quantity INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE INDEX decisions_by_signal ON decisions (signal)",
            """
            CREATE TABLE routes (
                \(key), signal INTEGER, intent_id TEXT, symbol TEXT, side TEXT NOT NULL, moment TEXT NOT NULL,
                routed_as TEXT NOT NULL, maker_start INTEGER NOT NULL, is_maker_final INTEGER NOT NULL,
                used_fallback INTEGER NOT NULL, veto_reason TEXT, fallback_reason TEXT, price INTEGER,
                effective_price INTEGER, quantity INTEGER NOT NULL, bid INTEGER, ask INTEGER, spread INTEGER,
                book_age INTEGER NOT NULL, offset_applied INTEGER NOT NULL, policy_quality TEXT NOT NULL,
                policy_taker_bias TEXT NOT NULL, policy_maker_first INTEGER NOT NULL, policy_regime TEXT NOT NULL,
                policy_regime_assumed INTEGER NOT NULL, policy_bootstrap INTEGER NOT NULL,
                policy_overridden INTEGER NOT NULL, policy_bias INTEGER NOT NULL, policy_offset INTEGER NOT NULL,
                signal_to_decision INTEGER NOT NULL, decision_to_send INTEGER, send_to_ack INTEGER, ack_to_fill INTEGER
            ) STRICT
            """,
            "CREATE INDEX routes_by_signal ON routes (signal)",
        ] + orders + quality

    private static let orders = [
        """
        CREATE TABLE orders (
            \(key), signal INTEGER, client_order_id TEXT NOT NULL UNIQUE, intent_id TEXT, leg TEXT NOT NULL,
            symbol TEXT, side TEXT NOT NULL, position_side TEXT NOT NULL, order_type TEXT NOT NULL,
            time_in_force TEXT NOT NULL, reduce_only INTEGER NOT NULL, state TEXT NOT NULL, price INTEGER,
            quantity INTEGER NOT NULL, filled INTEGER NOT NULL, venue_order_id INTEGER, end_reason TEXT,
            reject_reason TEXT, updated_id INTEGER NOT NULL, updated_ts INTEGER NOT NULL, is_live INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX orders_by_signal ON orders (signal)",
        "CREATE INDEX orders_by_intent ON orders (intent_id)",
        "CREATE INDEX orders_by_symbol ON orders (symbol, updated_ts)",
        "CREATE INDEX orders_by_time ON orders (updated_ts)",
        "CREATE INDEX orders_live ON orders (id) WHERE is_live = 1",
        """
        CREATE TABLE order_events (
            \(key), order_id INTEGER NOT NULL, state_before TEXT NOT NULL, venue_ts INTEGER, state TEXT NOT NULL,
            price INTEGER, quantity INTEGER NOT NULL, filled INTEGER NOT NULL, venue_order_id INTEGER,
            end_reason TEXT, reject_reason TEXT
        ) STRICT
        """,
        "CREATE INDEX order_events_by_order ON order_events (order_id)",
        """
        CREATE TABLE fills (
            \(key), signal INTEGER, client_order_id TEXT, intent_id TEXT, execution_id INTEGER,
            venue_order_id INTEGER, symbol TEXT, side TEXT NOT NULL, position_side TEXT NOT NULL,
            price INTEGER NOT NULL, quantity INTEGER NOT NULL, fee INTEGER NOT NULL, liquidity TEXT NOT NULL,
            venue_ts INTEGER, arrival_price INTEGER, intended_price INTEGER, realized_pnl INTEGER NOT NULL,
            is_late INTEGER NOT NULL, is_external INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX fills_by_signal ON fills (signal)",
        "CREATE INDEX fills_by_intent ON fills (intent_id)",
        "CREATE INDEX fills_by_symbol ON fills (symbol, ts)",
        "CREATE INDEX fills_by_time ON fills (ts)",
        """
        CREATE TABLE parents (
            \(key), signal INTEGER, intent_id TEXT, symbol TEXT, strategy TEXT, source TEXT NOT NULL,
            side TEXT NOT NULL, is_reducing INTEGER NOT NULL, outcome TEXT NOT NULL, routed_as TEXT NOT NULL,
            fallback_reason TEXT, approved_quantity INTEGER NOT NULL, filled_quantity INTEGER NOT NULL,
            maker_filled_quantity INTEGER NOT NULL, average_price INTEGER, arrival_price INTEGER,
            fees INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX parents_by_signal ON parents (signal)",
        "CREATE INDEX parents_by_intent ON parents (intent_id)",
        "CREATE INDEX parents_by_strategy ON parents (strategy, ts)",
        """
        CREATE TABLE levels (
            \(key), signal INTEGER, symbol TEXT, position_side TEXT NOT NULL, kind TEXT NOT NULL,
            change TEXT NOT NULL, price INTEGER NOT NULL, quantity INTEGER NOT NULL, trigger_price INTEGER
        ) STRICT
        """,
        "CREATE INDEX levels_by_signal ON levels (signal)",
        """
        CREATE TABLE refusals (
            \(key), signal INTEGER, client_order_id TEXT, symbol TEXT, action TEXT NOT NULL, reason TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX refusals_by_signal ON refusals (signal)",
    ]

    private static let quality = [
        """
        CREATE TABLE fill_measures (
            \(key), signal INTEGER, client_order_id TEXT, execution_id INTEGER, symbol TEXT, side TEXT NOT NULL,
            liquidity TEXT NOT NULL, is_twap_child INTEGER NOT NULL, is_late INTEGER NOT NULL, price INTEGER NOT NULL,
            quantity INTEGER NOT NULL, notional INTEGER NOT NULL, fee INTEGER NOT NULL, intended_price INTEGER,
            arrival_price INTEGER, decision_price INTEGER, mid_price INTEGER, latency INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX fill_measures_by_signal ON fill_measures (signal)",
        """
        CREATE TABLE markouts (
            \(key), signal INTEGER, client_order_id TEXT, execution_id INTEGER, symbol TEXT, side TEXT NOT NULL,
            liquidity TEXT NOT NULL, price INTEGER NOT NULL, quantity INTEGER NOT NULL, notional INTEGER NOT NULL,
            fill_ts INTEGER, mid_price INTEGER, mid_50ms INTEGER, mid_1s INTEGER, mid_5s INTEGER, mid_30s INTEGER,
            mid_60s INTEGER, mid_300s INTEGER, reached INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX markouts_by_signal ON markouts (signal)",
        """
        CREATE TABLE shortfalls (
            \(key), signal INTEGER, intent_id TEXT, symbol TEXT, strategy TEXT, side TEXT NOT NULL,
            decision_basis TEXT NOT NULL, approved_quantity INTEGER NOT NULL, filled_quantity INTEGER NOT NULL,
            decision_price INTEGER, arrival_price INTEGER, end_price INTEGER, notional INTEGER NOT NULL,
            delay INTEGER, trading INTEGER, spread INTEGER, impact INTEGER, opportunity INTEGER,
            fees INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX shortfalls_by_signal ON shortfalls (signal)",
        """
        CREATE TABLE fundings (
            \(key), execution_id INTEGER, symbol TEXT, position_side TEXT NOT NULL, position_quantity INTEGER NOT NULL,
            mark_price INTEGER NOT NULL, rate INTEGER NOT NULL, amount INTEGER NOT NULL, venue_ts INTEGER,
            total INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX fundings_by_symbol ON fundings (symbol, ts)",
    ]

    private static let sixth = [
        """
        CREATE TABLE arm_decisions (
            \(key), signal INTEGER, intent_id TEXT, symbol TEXT, side TEXT NOT NULL, chosen TEXT NOT NULL,
            executed TEXT NOT NULL, static_arm TEXT NOT NULL, preferred TEXT NOT NULL, reason TEXT,
            is_explored INTEGER NOT NULL, own_share INTEGER NOT NULL, spread_ticks INTEGER NOT NULL,
            regime TEXT NOT NULL, weight INTEGER NOT NULL,
            cost_take INTEGER, cost_join_short INTEGER, cost_join_long INTEGER, cost_deeper_short INTEGER,
            cost_deeper_long INTEGER,
            propensity_take INTEGER NOT NULL, propensity_join_short INTEGER NOT NULL,
            propensity_join_long INTEGER NOT NULL, propensity_deeper_short INTEGER NOT NULL,
            propensity_deeper_long INTEGER NOT NULL,
            fill_take INTEGER NOT NULL, fill_join_short INTEGER NOT NULL, fill_join_long INTEGER NOT NULL,
            fill_deeper_short INTEGER NOT NULL, fill_deeper_long INTEGER NOT NULL,
            samples_take INTEGER NOT NULL, samples_join_short INTEGER NOT NULL, samples_join_long INTEGER NOT NULL,
            samples_deeper_short INTEGER NOT NULL, samples_deeper_long INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX arm_decisions_by_signal ON arm_decisions (signal)",
        "CREATE INDEX arm_decisions_by_symbol ON arm_decisions (symbol, ts)",
    ]

    private static let fourth = [
        "ALTER TABLE signals ADD COLUMN participation INTEGER",
        "ALTER TABLE signals ADD COLUMN duration_ms INTEGER",
        "ALTER TABLE signals ADD COLUMN display_quantity INTEGER",
        "ALTER TABLE parent_progress ADD COLUMN algorithm TEXT NOT NULL DEFAULT 'auto'",
        "UPDATE parent_progress SET algorithm = 'twap' WHERE slices IS NOT NULL",
    ]

    private static let second = [
        "ALTER TABLE signals ADD COLUMN twap_slices INTEGER",
        "ALTER TABLE signals ADD COLUMN twap_interval_ms INTEGER",
        "ALTER TABLE signals ADD COLUMN twap_jitter INTEGER",
        """
        CREATE TABLE parent_progress (
            \(key), signal INTEGER, intent_id TEXT, symbol TEXT, side TEXT NOT NULL, event TEXT NOT NULL,
            slice INTEGER, slices INTEGER, approved_quantity INTEGER NOT NULL,
            filled_quantity INTEGER NOT NULL, due_quantity INTEGER NOT NULL, carried_quantity INTEGER NOT NULL,
            limit_price INTEGER, until_ts INTEGER, deadline_ts INTEGER
        ) STRICT
        """,
        "CREATE INDEX parent_progress_by_signal ON parent_progress (signal)",
    ]

    /// NULL in each column of `sizings` is a size that the signal gave, and 0 of a route what autotune left alone: rows
    /// of before are complete.
    private static let third = [
        "ALTER TABLE sizings ADD COLUMN basis TEXT",
        "ALTER TABLE sizings ADD COLUMN closed_trades INTEGER",
        "ALTER TABLE sizings ADD COLUMN win_rate INTEGER",
        "ALTER TABLE sizings ADD COLUMN payoff_ratio INTEGER",
        "ALTER TABLE sizings ADD COLUMN kelly_fraction INTEGER",
        "ALTER TABLE sizings ADD COLUMN confidence_factor INTEGER",
        "ALTER TABLE sizings ADD COLUMN kelly_multiplier INTEGER",
        "ALTER TABLE sizings ADD COLUMN clamps INTEGER",
        "ALTER TABLE sizings ADD COLUMN correlation_load INTEGER",
        "ALTER TABLE sizings ADD COLUMN volatility_regime TEXT",
        "ALTER TABLE sizings ADD COLUMN regime_multiplier INTEGER",
        "ALTER TABLE sizings ADD COLUMN nav_fraction INTEGER",
        """
        CREATE TABLE closed_trades (
            \(key), signal INTEGER, symbol TEXT, position_side TEXT NOT NULL, strategy TEXT, side TEXT NOT NULL,
            exit TEXT NOT NULL, opened_ts INTEGER, closed_ts INTEGER, quantity INTEGER NOT NULL,
            entry_notional INTEGER NOT NULL, pnl INTEGER NOT NULL, fees INTEGER NOT NULL, funding INTEGER NOT NULL,
            return_on_notional INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX closed_trades_by_signal ON closed_trades (signal)",
        "CREATE INDEX closed_trades_by_strategy ON closed_trades (strategy, ts)",
        "ALTER TABLE routes ADD COLUMN autotune_bias INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE routes ADD COLUMN autotune_offset INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE routes ADD COLUMN autotune_flipped INTEGER NOT NULL DEFAULT 0",
    ]

    /// No row of before was of an override.
    private static let overrides = [
        "ALTER TABLE risk_rows ADD COLUMN is_override INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE risk_changes (
            \(key), change TEXT NOT NULL, action TEXT NOT NULL, rule_limit TEXT, value INTEGER NOT NULL,
            configured INTEGER, symbol TEXT, strategy TEXT, since_ts INTEGER, until_ts INTEGER, order_number INTEGER,
            author_uid INTEGER NOT NULL, refusal TEXT, reason TEXT
        ) STRICT
        """,
        "CREATE INDEX risk_changes_by_limit ON risk_changes (rule_limit, ts)",
    ]

    private static let positions = [
        """
        CREATE TABLE position_decisions (
            \(key), signal INTEGER, action TEXT NOT NULL, symbol TEXT, position_side TEXT NOT NULL,
            position_quantity INTEGER NOT NULL, traded_quantity INTEGER NOT NULL, take_profit INTEGER,
            stop_loss INTEGER, author_uid INTEGER NOT NULL, refusal TEXT
        ) STRICT
        """
    ]

    private static let key =
        "id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, sequence INTEGER GENERATED ALWAYS AS (id >> 24) VIRTUAL"
}
