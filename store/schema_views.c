#include "store/schema_macros.h"
#include "store/schema_sql.h"

/* One column a line, in the order and under the names of SPEC 6: lined up by hand. */
/* clang-format off */

const char schema_v_handshake_1[] = V_HANDSHAKE("handshake", TEXT("h.key_name"));

const char schema_v_session_1[] =
    "CREATE VIEW v_session AS SELECT"
    " lower(hex(s.hash)) AS session,"
    " " WORD("session_kind", "s.kind") " AS kind,"
    " host.name AS host,"
    " server.address AS server,"
    " server.port AS server_port,"
    " " TIME("s.issued_ns") " AS issued,"
    " s.lifetime_hint_s AS lifetime_hint_s,"
    " s.bytes AS bytes,"
    " s.is_renewal AS is_renewal,"
    " s.offered_count AS offered_count,"
    " s.accepted_count AS accepted_count,"
    " s.refused_count AS refused_count,"
    " s.largest_accepted_age_s AS largest_accepted_age_s,"
    " s.smallest_refused_age_s AS smallest_refused_age_s,"
    " " TIME("s.first_offered_ns") " AS first_offered,"
    " " TIME("s.last_offered_ns") " AS last_offered"
    " FROM session AS s"
    " LEFT JOIN server ON server.id = s.server"
    " LEFT JOIN host ON host.id = s.host;";

const char schema_v_host_1[] = V_HOST("handshake");

const char schema_v_run_1[] =
    "CREATE VIEW v_run AS SELECT"
    " id,"
    " " TIME("started_ns") " AS started,"
    " " TIME("ended_ns") " AS ended,"
    " " TIME("first_frame_ns") " AS first_frame,"
    " " TIME("last_frame_ns") " AS last_frame,"
    " source,"
    " filter,"
    " packets_captured,"
    " packets_received,"
    " packets_dropped_kernel,"
    " packets_dropped_interface,"
    " packets_not_tcp,"
    " packets_undecodable,"
    " bytes,"
    " conversations,"
    " not_tls,"
    " mid_stream_tls,"
    " evicted_handshakes,"
    " evicted_conversations,"
    " not_reassembled_bytes,"
    " damaged_files,"
    " unreadable_files"
    " FROM run;";
