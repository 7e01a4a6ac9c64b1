/* The one rule of the ledger that is SQL: private to statements.c. */
#ifndef REPRISE_STORE_LEDGER_SQL_H
#define REPRISE_STORE_LEDGER_SQL_H

/* Which refusals a change of key explains. Values: 1 host, 2 server, 3 the first handshake to look
 * at; of more than a thousand the newest.
 *
 * "The host's newer tickets carry another key name, and the old one is no longer accepted": the
 * server had the old key (it issued or accepted a ticket under it); no server of the host issued or
 * accepted one after the refusal; and the server has a newer key. Newer is a key whose first ticket
 * was issued after the host's last one under the old key. Where issues are not seen (TLS 1.3), it
 * is one that was first seen later and has been used, if the old one was not accepted again after a
 * refusal: servers that share an address but no key look like that. */
/* clang-format off */
#define LEDGER_JUDGE_REFUSALS                                                                      \
    "UPDATE handshake SET refusal_cause = judged.cause FROM (SELECT r.id,"                         \
    " iif(r.last_issued_ns <= r.time_ns IS NOT 0 AND r.last_accepted_ns <= r.time_ns IS NOT 0"     \
    " AND EXISTS (SELECT 1 FROM ticket_key_use AS old, ticket_key_use AS new"                      \
    " WHERE old.host = ?1 AND old.server = ?2 AND old.key = r.key"                                 \
    " AND old.issued_count + old.accepted_count > 0"                                               \
    " AND new.host = ?1 AND new.server = ?2 AND new.key <> r.key"                                  \
    " AND CASE WHEN new.first_issued_ns IS NOT NULL AND r.last_issued_ns IS NOT NULL"              \
    " THEN new.first_issued_ns > r.last_issued_ns AND new.first_issued_ns <= r.time_ns"            \
    " ELSE new.first_seen_ns > old.first_seen_ns AND new.issued_count + new.accepted_count > 0"    \
    " AND old.last_accepted_ns > old.first_refused_ns IS NOT 1 END),"                              \
    " 2, r.cause_without_key) AS cause FROM (SELECT h.id, h.time_ns, h.cause_without_key, s.key,"  \
    " (SELECT max(last_issued_ns) FROM ticket_key_use WHERE key = s.key AND host = ?1)"            \
    " AS last_issued_ns,"                                                                          \
    " (SELECT max(last_accepted_ns) FROM ticket_key_use WHERE key = s.key AND host = ?1)"          \
    " AS last_accepted_ns"                                                                         \
    " FROM handshake AS h JOIN session AS s ON s.id = h.session_offered"                           \
    " WHERE h.host = ?1 AND h.server_less_host = ?2 - ?1 AND h.cause_without_key IS NOT NULL AND h.id >= ?3"      \
    " AND s.key IS NOT NULL"                                                                       \
    " ORDER BY h.id DESC LIMIT 1000) AS r) AS judged"                                              \
    " WHERE handshake.id = judged.id AND handshake.refusal_cause <> judged.cause"
/* clang-format on */

/* The same where the refused ticket's own key is not known. Values as above.
 *
 * A ticket that begins otherwise than all under a key is not under it, whether its own first bytes
 * are a name or not. So the key changed between the issue of the refused ticket and the first one
 * under the new key - unless there is a second issuer behind the address. It would show: the
 * refused ticket would be accepted again, or more tickets would come that begin like it, or that
 * begin like nothing known. Where one did since the new key's first, nothing is claimed. All that
 * is compared is in ticket_beginning: a refused ticket that is no more there was perhaps not
 * compared with the new key's, and says nothing. */
/* clang-format off */
#define LEDGER_JUDGE_UNKNOWN                                                                       \
    "UPDATE handshake SET refusal_cause = 2 WHERE id IN (SELECT h.id FROM ticket_beginning AS old" \
    " CROSS JOIN session AS s ON s.id = old.session"                                               \
    " CROSS JOIN handshake AS h ON h.session_offered = s.id"                                       \
    " WHERE old.id BETWEEN 12 * ?2 AND 12 * ?2 + 11 AND old.host = ?1 AND old.issued_count > 0"    \
    " AND old.first_refused_ns IS NOT NULL AND s.key IS NULL"                                      \
    " AND s.accepted_count = old.accepted_count"                                                   \
    " AND h.host = ?1 AND h.server_less_host = ?2 - ?1 AND h.cause_without_key IS NOT NULL"                       \
    " AND h.id >= ?3 AND h.refusal_cause <> 2"                                                     \
    " AND EXISTS (SELECT 1 FROM ticket_key_use AS new JOIN ticket_key AS k ON k.id = new.key"      \
    " WHERE new.host = ?1 AND new.server = ?2 AND k.name_bytes = 16 AND k.layouts & old.layouts"   \
    " AND new.first_issued_ns <= h.time_ns"                                                        \
    " AND NOT EXISTS (SELECT 1 FROM ticket_beginning AS other"                                     \
    " WHERE (other.at_16 = old.at_16 OR other.id BETWEEN 12 * ?2 AND 12 * ?2 + 11)"                \
    " AND max(coalesce(other.last_issued_ns, other.last_accepted_ns),"                             \
    " coalesce(other.last_accepted_ns, other.last_issued_ns)) >= new.first_issued_ns)))"
/* clang-format on */

#endif
