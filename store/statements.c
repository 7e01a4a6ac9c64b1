#include "store/statements.h"

#include "store/handshake_kinds.h"
#include "store/ledger_sql.h"
#include "store/pending_handshakes.h"
#include "store/pending_sessions.h"
#include "store/session_index.h"
#include "store/time_spans.h"

/* Of two numbers, or of one where the other is null. */
#define LARGER(a, b) "coalesce(max(" a ", " b "), " a ", " b ")"
#define SMALLER(a, b) "coalesce(min(" a ", " b "), " a ", " b ")"

/* One that is the first, too, is not stored twice. */
#define LAST_OFFERED "coalesce(last_offered_ns, first_offered_ns)"

/* clang-format off */
const struct statement_text write_statements[WRITE_STATEMENT_COUNT] = {
    [WRITE_BEGIN] = {"begin a batch", "BEGIN IMMEDIATE"},
    [WRITE_COMMIT] = {"commit a batch", "COMMIT"},
    [WRITE_ROLLBACK] = {"give up a batch", "ROLLBACK"},
    [WRITE_FIND_META] = {"find its key", "SELECT value FROM meta WHERE key = ?1"},
    [WRITE_ADD_META] = {"keep its key", "INSERT INTO meta (key, value) VALUES (?1, ?2)"},
    [WRITE_SET_WORD] = {"add a word", "INSERT INTO word (kind, number, word) VALUES (?1, ?2, ?3)"
                                      " ON CONFLICT DO UPDATE SET word = excluded.word"
                                      " WHERE word IS NOT excluded.word"},
    [WRITE_FIND_TEXT] = {"find a text", "SELECT id FROM text WHERE value = ?1"},
    [WRITE_ADD_TEXT] = {"add a text", "INSERT INTO text (value) VALUES (?1)"},
    [WRITE_FIND_KIND] = {"find a kind of handshakes",
                         "SELECT id FROM handshake_kind WHERE facts = ?1 AND version = ?2"
                         " AND cipher = ?3 AND anomalies = ?4 AND alpn = ?5 AND carrier = ?6"
                         " AND messages = ?7"},
    [WRITE_ADD_KIND] = {"add a kind of handshakes",
                        "INSERT INTO handshake_kind (" HANDSHAKE_KIND_COLUMNS ")"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
    [WRITE_FIND_HOST] = {"find a host", "SELECT id FROM host WHERE name = ?1"},
    [WRITE_ADD_HOST] = {"add a host", "INSERT INTO host (name, first_seen_ns) VALUES (?1, ?2)"},
    [WRITE_NEXT_UNLABELLED] = {"label a host", "SELECT id, name FROM host WHERE id > ?1"
                                               " ORDER BY id LIMIT 1"},
    [WRITE_LABEL_HOST] = {"label a host", "UPDATE host SET app = ?2 WHERE id = ?1"},
    /* Two programs may have written in turns. */
    [WRITE_SET_LABELLED] = {"label a host",
                            "INSERT INTO meta (key, value) VALUES ('hosts_labelled', ?1)"
                            " ON CONFLICT DO UPDATE SET value = max(value, excluded.value)"},
    [WRITE_FIND_SERVER] = {"find a server",
                           "SELECT id FROM server WHERE address = ?1 AND port = ?2"},
    [WRITE_ADD_SERVER] = {"add a server", "INSERT INTO server (address, port) VALUES (?1, ?2)"},
    [WRITE_DATA_VERSION] = {"begin a batch", "PRAGMA data_version"},
    [WRITE_READ_INDEXED] = {"read recent sessions",
                            "SELECT coalesce((SELECT value FROM meta"
                            " WHERE key = 'sessions_indexed'), 0)"},
    [WRITE_LOAD_SESSIONS] = {"read recent sessions",
                             "SELECT hash, id, issued_ns FROM session WHERE id > ?1"},
    /* Without functions, which can fail: SQLite then copies no page in case they do. */
    [WRITE_INDEX_SESSIONS] = {"index sessions",
                              "INSERT OR ROLLBACK INTO session_index (tag, session)"
                              " SELECT tag, session FROM " SESSION_INDEX_MERGED},
    [WRITE_SET_INDEXED] = {"index sessions",
                           "INSERT INTO meta (key, value) VALUES ('sessions_indexed', ?1)"
                           " ON CONFLICT DO UPDATE SET value = excluded.value"},
    [WRITE_READ_TAGS] = {"read the index of sessions",
                         "SELECT tag FROM session_index WHERE tag > ?1 ORDER BY tag LIMIT ?2"},
    [WRITE_FIND_SESSION] = {"find a session",
                            "SELECT s.id, s.issued_ns FROM session_index AS i"
                            " JOIN session AS s ON s.id = i.session"
                            " WHERE i.tag = ?1 AND s.hash = ?2"},
    [WRITE_LAST_SESSION] = {"add a session", "SELECT max(id) FROM session"},
    [WRITE_ADD_SESSIONS] = {"add a session", "INSERT OR ROLLBACK INTO session ("
                            SESSION_ROW_COLUMNS("last_offered_ns") ") SELECT "
                            SESSION_ROW_COLUMNS("nullif(last_offered_ns, first_offered_ns)")
                            " FROM " PENDING_SESSIONS},
    /* Warnings stay as they are where there are any. */
    [WRITE_ISSUE_SESSION] = {"keep a session's issue",
                             "UPDATE session SET host = ?2, server_less_host = ?3, issued_ns = ?4,"
                             " lifetime_hint_s = ?5, bytes = coalesce(?6, bytes),"
                             " traits = iif(traits >> 5, (traits & ~28) | (?7 & 28), (traits & 3) | ?7),"
                             " key = coalesce(key, ?8), client = ?9, parent = ?10,"
                             " chain_length = ?11, chain_start_ns = ?12 WHERE id = ?1"},
    [WRITE_OFFER_SESSION] = {"count a session's offer",
                             "UPDATE session SET key = coalesce(key, ?2),"
                             " offered_count = offered_count + ?3,"
                             " accepted_count = accepted_count + ?4,"
                             " refused_count = refused_count + ?5,"
                             " largest_accepted_age_s = " LARGER("largest_accepted_age_s", "?6") ","
                             " smallest_refused_age_s = " SMALLER("smallest_refused_age_s", "?7") ","
                             " first_offered_ns = " SMALLER("first_offered_ns", "?8") ","
                             " last_offered_ns = nullif(" LARGER(LAST_OFFERED, "?9") ", "
                             SMALLER("first_offered_ns", "?8") ") WHERE id = ?1"},
    [WRITE_READ_SESSION] = {"read a session",
                            "SELECT lifetime_hint_s, host, host + server_less_host,"
                            " traits >> 3 & 3, coalesce(chain_length, 1),"
                            " coalesce(chain_start_ns, issued_ns) FROM session WHERE id = ?1"},
    [WRITE_KEY_SESSION] = {"keep a session's key", "UPDATE session SET key = ?2, iv = ?3 WHERE id = ?1"},
    [WRITE_WARN_SESSION] = {"warn of a session",
                            "UPDATE session SET traits = traits | ?2 WHERE id = ?1"},
    [WRITE_WARN_SHARED] = {"warn of a session",
                           "UPDATE session SET traits = traits | ?3"
                           " WHERE id = ?1 AND client <> ?2 AND NOT traits & ?3"},
    [WRITE_LOAD_HELD] = {"read sessions that are held",
                         "SELECT client, host, issued_ns, lifetime_hint_s FROM session"
                         " WHERE id > (SELECT max(id) FROM session) - ?1 AND client IS NOT NULL"
                         " AND issued_ns + 1000000000 * iif(lifetime_hint_s > 0, lifetime_hint_s,"
                         " ?2) > (SELECT time_ns FROM handshake ORDER BY id DESC LIMIT 1)"},
    [WRITE_LOAD_IVS] = {"read IVs of tickets",
                        "SELECT iv, id FROM session WHERE iv IS NOT NULL"
                        " AND id > max(?1, (SELECT max(id) FROM session) - ?2)"
                        " AND id <> ?3"},
    [WRITE_LOAD_KEYS] = {"read ticket keys",
                         "SELECT id, name, layouts, warnings FROM ticket_key"
                         " ORDER BY id DESC LIMIT ?1"},
    [WRITE_ADD_KEY] = {"add a ticket key",
                       "INSERT INTO ticket_key (name, name_bytes, layouts, format, warnings)"
                       " VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO UPDATE"
                       " SET layouts = layouts & excluded.layouts"},
    /* RETURNING would tell the same, by way of a table in memory that is made each time. */
    [WRITE_FIND_KEY] = {"add a ticket key", "SELECT id, warnings FROM ticket_key WHERE name = ?1"},
    [WRITE_UPDATE_KEY] = {"write a ticket key",
                          "UPDATE ticket_key SET layouts = ?2, format = ?3, warnings = ?4"
                          " WHERE id = ?1"},
    [WRITE_COUNT_BEGINNINGS] = {"read how tickets begin",
                                "SELECT count(DISTINCT id / 12), max(used)"
                                " FROM ticket_beginning"},
    [WRITE_READ_BEGINNINGS] = {"read how tickets begin",
                               "SELECT id - ?1, used, name_bytes, layouts, warnings, session, host,"
                               " at_4, at_6, at_16, at_20, at_28, first_seen_ns, last_seen_ns,"
                               " first_issued_ns, last_issued_ns, first_accepted_ns,"
                               " last_accepted_ns, first_refused_ns, issued_count, offered_count,"
                               " accepted_count, refused_count FROM ticket_beginning"
                               " WHERE id BETWEEN ?1 AND ?1 + 11 ORDER BY id"},
    [WRITE_KEEP_BEGINNING] = {"keep how a ticket begins",
                              "REPLACE INTO ticket_beginning (id, used, name_bytes, layouts,"
                              " warnings, session, host, at_4, at_6, at_16, at_20, at_28,"
                              " first_seen_ns, last_seen_ns, first_issued_ns, last_issued_ns,"
                              " first_accepted_ns, last_accepted_ns, first_refused_ns,"
                              " issued_count, offered_count, accepted_count, refused_count)"
                              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
                              " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)"},
    [WRITE_DROP_BEGINNINGS] = {"forget how tickets begin",
                               "DELETE FROM ticket_beginning WHERE id BETWEEN ?1 AND ?2"},
    [WRITE_TRIM_BEGINNINGS] = {"forget how tickets begin",
                               "DELETE FROM ticket_beginning WHERE id / 12 IN (SELECT id / 12"
                               " FROM ticket_beginning GROUP BY id / 12 ORDER BY max(used)"
                               " LIMIT ?1)",
                               .is_rare = true},
    [WRITE_FIND_USE] = {"find the use of a key",
                        "SELECT id, first_seen_ns, last_seen_ns, first_issued_ns, last_issued_ns,"
                        " first_accepted_ns, last_accepted_ns, first_refused_ns, issued_count,"
                        " offered_count, accepted_count, refused_count FROM ticket_key_use"
                        " WHERE host = ?1 AND server = ?2 AND key = ?3"},
    [WRITE_ADD_USE] = {"add the use of a key",
                       "INSERT INTO ticket_key_use (host, server, key, first_seen_ns, last_seen_ns,"
                       " first_issued_ns, last_issued_ns, first_accepted_ns, last_accepted_ns,"
                       " first_refused_ns, issued_count, offered_count, accepted_count,"
                       " refused_count, has_claims)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0)"},
    [WRITE_UPDATE_USE] = {"write the use of a key",
                          "UPDATE ticket_key_use SET first_seen_ns = ?4, last_seen_ns = ?5,"
                          " first_issued_ns = ?6, last_issued_ns = ?7, first_accepted_ns = ?8,"
                          " last_accepted_ns = ?9, first_refused_ns = ?10, issued_count = ?11,"
                          " offered_count = ?12, accepted_count = ?13, refused_count = ?14"
                          " WHERE id = ?1"},
    [WRITE_ANY_CLAIMS] = {"find out why offers were refused",
                          "SELECT EXISTS (SELECT 1 FROM handshake WHERE refusal_cause = 2)"},
    [WRITE_HAS_CLAIMS] = {"find out why offers were refused",
                          "SELECT EXISTS (SELECT 1 FROM ticket_key_use"
                          " WHERE key = ?2 AND host = ?1 AND has_claims)"},
    [WRITE_OTHER_KEY] = {"find out why offers were refused",
                         "SELECT EXISTS (SELECT 1 FROM ticket_key_use"
                         " WHERE host = ?1 AND server = ?2 AND key <> ?3)"},
    [WRITE_JUDGE_REFUSALS] = {"find out why offers were refused", LEDGER_JUDGE_REFUSALS,
                              .is_rare = true},
    [WRITE_ANY_UNKNOWN] = {"find out why offers were refused",
                           "SELECT EXISTS (SELECT 1 FROM ticket_beginning"
                           " WHERE id BETWEEN 12 * ?2 AND 12 * ?2 + 11 AND host = ?1"
                           " AND first_refused_ns IS NOT NULL)"},
    [WRITE_JUDGE_UNKNOWN] = {"find out why offers were refused", LEDGER_JUDGE_UNKNOWN,
                             .is_rare = true},
    [WRITE_MARK_CLAIMS] = {"find out why offers were refused",
                           "UPDATE ticket_key_use SET has_claims = 1"
                           " WHERE host = ?1 AND server = ?2 AND NOT has_claims AND key IN (SELECT"
                           " s.key FROM handshake AS h JOIN session AS s ON s.id = h.session_offered"
                           " WHERE h.refusal_cause = 2 AND h.host = ?1 AND h.server_less_host = ?2 - ?1"
                           " AND h.id >= ?3)",
                           .is_rare = true},
    [WRITE_TAKE_BACK] = {"find out why offers were refused",
                         "UPDATE handshake SET refusal_cause = cause_without_key"
                         " WHERE refusal_cause = 2 AND host = ?1 AND time_ns < ?3"
                         " AND (SELECT key FROM session WHERE id = session_offered) = ?2",
                         .is_rare = true},
    [WRITE_COUNT_CLAIMS] = {"find out why offers were refused",
                            "UPDATE ticket_key_use SET has_claims = EXISTS (SELECT 1 FROM handshake"
                            " AS h JOIN session AS s ON s.id = h.session_offered"
                            " WHERE h.refusal_cause = 2 AND h.host = ?1"
                            " AND h.server_less_host = ticket_key_use.server - ?1 AND s.key = ?2)"
                            " WHERE host = ?1 AND key = ?2",
                            .is_rare = true},
    [WRITE_TAKE_BACK_UNKNOWN] = {"find out why offers were refused",
                                 "UPDATE handshake SET refusal_cause = cause_without_key"
                                 " WHERE refusal_cause = 2 AND host = ?1 AND time_ns < ?2"
                                 " AND (SELECT key FROM session WHERE id = session_offered)"
                                 " IS NULL",
                                 .is_rare = true},
    [WRITE_LAST_HANDSHAKE] = {"add a handshake", "SELECT max(id) FROM handshake"},
    [WRITE_ADD_HANDSHAKES] = {"add a handshake",
                              "INSERT OR ROLLBACK INTO handshake (" HANDSHAKE_ROW_COLUMNS ")"
                              " SELECT " HANDSHAKE_ROW_COLUMNS " FROM " PENDING_HANDSHAKES},
    [WRITE_ADD_SPAN] = {"add a handshake", TIME_SPANS_ADD},
    [WRITE_ADD_ROLLUP] = {"sum up handshakes",
                          "INSERT OR REPLACE INTO rollup (first, ids, first_ns, last_ns, packed,"
                          " offers) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"},
    [WRITE_FIND_ROLLUPS] = {"sum up handshakes",
                            "SELECT first_ns, last_ns, packed, offers FROM rollup"
                            " WHERE first >= ?1 AND first < ?2 AND ids = ?3 ORDER BY first"},
    [WRITE_DROP_ROLLUPS] = {"sum up handshakes",
                            "DELETE FROM rollup WHERE first >= ?1 AND first < ?2"},
    [WRITE_ROLLED_UP] = {"sum up handshakes",
                         "SELECT first, ids FROM rollup ORDER BY first DESC"},
    [WRITE_READ_CAUSE] = {"sum up handshakes",
                          "SELECT refusal_cause FROM handshake WHERE id = ?1"},
    [WRITE_DROP_ROLLUP_OF] = {"sum up handshakes",
                              "DELETE FROM rollup WHERE first BETWEEN ?1 - 1048575 AND ?1"
                              " AND first + ids > ?1"},
    [WRITE_FIND_REPLACED] = {"sum up handshakes",
                             "SELECT h.id FROM session AS r CROSS JOIN session AS s"
                             " ON s.id = r.parent CROSS JOIN handshake_span AS span"
                             " ON span.slot BETWEEN " TIME_SPANS_SLOT("r.issued_ns")
                             " AND " TIME_SPANS_SLOT("s.last_offered_ns")
                             " CROSS JOIN handshake_plain AS h"
                             " ON h.id >= span.block << 10 AND h.id < span.block + 1 << 10"
                             " WHERE r.id > ?1 AND r.parent IS NOT NULL"
                             " AND r.issued_ns < (SELECT max(last_ns) FROM rollup)"
                             " AND s.last_offered_ns > r.issued_ns"
                             " AND +h.id < (SELECT max(first + ids) FROM rollup)"
                             " AND h.session_offered = s.id AND h.time_ns > r.issued_ns"
                             " AND h.client = r.client"},
    [WRITE_ADD_RUN] = {"begin a run",
                       "INSERT INTO run (started_ns, ended_ns, first_frame_ns, last_frame_ns,"
                       " source, filter, packets_captured, packets_received,"
                       " packets_dropped_kernel, packets_dropped_interface, packets_not_tcp,"
                       " packets_undecodable, bytes, conversations, not_tls, mid_stream_tls,"
                       " evicted_handshakes, evicted_conversations, not_reassembled_bytes,"
                       " damaged_files, unreadable_files) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
                       " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)"},
    [WRITE_UPDATE_RUN] = {"write a run's figures",
                          "UPDATE run SET started_ns = ?1, ended_ns = ?2, first_frame_ns = ?3,"
                          " last_frame_ns = ?4, source = ?5, filter = ?6, packets_captured = ?7,"
                          " packets_received = ?8, packets_dropped_kernel = ?9,"
                          " packets_dropped_interface = ?10, packets_not_tcp = ?11,"
                          " packets_undecodable = ?12, bytes = ?13, conversations = ?14,"
                          " not_tls = ?15, mid_stream_tls = ?16, evicted_handshakes = ?17,"
                          " evicted_conversations = ?18, not_reassembled_bytes = ?19,"
                          " damaged_files = ?20, unreadable_files = ?21 WHERE id = ?22"},
    [WRITE_SET_NOT_ANALYSED] = {"write what a run did not analyse",
                                "INSERT INTO not_analysed (run, name, packets) VALUES (?1, ?2, ?3)"
                                " ON CONFLICT DO UPDATE SET packets = excluded.packets"
                                " WHERE packets IS NOT excluded.packets"},
};
