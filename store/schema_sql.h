/* The SQL of each migration: private to schema.c and its tests. */
#ifndef REPRISE_STORE_SCHEMA_SQL_H
#define REPRISE_STORE_SCHEMA_SQL_H

extern const char schema_tables_1[];
extern const char schema_v_handshake_1[];
extern const char schema_v_session_1[];
extern const char schema_v_host_1[];
extern const char schema_v_run_1[];
extern const char schema_not_analysed_2[];

extern const char schema_tables_ledger[];
extern const char schema_tables_handshake[];
extern const char schema_v_handshake_ledger[];
extern const char schema_v_session_ledger[];
extern const char schema_v_host_ledger[];
extern const char schema_v_ticket_key[];
extern const char schema_v_ticket_key_use[];
extern const char schema_v_refusal[];
extern const char schema_v_missed[];
extern const char schema_v_ticket_estimate[];

#endif
