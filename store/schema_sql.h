/* The SQL that makes the schema: private to schema.c. */
#ifndef REPRISE_STORE_SCHEMA_SQL_H
#define REPRISE_STORE_SCHEMA_SQL_H

extern const char schema_tables[];
extern const char schema_tables_session[];
extern const char schema_not_analysed[];
extern const char schema_tables_ledger[];
extern const char schema_tables_handshake[];
extern const char schema_handshake_plain[];
extern const char schema_rollup[];

extern const char schema_v_not_analysed[];
extern const char schema_v_run[];
extern const char schema_v_handshake_ledger[];
extern const char schema_v_session_ledger[];
extern const char schema_v_host_ledger[];
extern const char schema_v_ticket_key[];
extern const char schema_v_ticket_key_use[];
extern const char schema_v_refusal[];
extern const char schema_v_missed[];
extern const char schema_v_ticket_estimate[];

extern const char schema_leave_1[];
extern const char schema_session_from_1[];
extern const char schema_kind_from_1[];
extern const char schema_handshake_from_1[];

#endif
