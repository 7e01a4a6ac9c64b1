/* What the database gives back: one stored handshake, one session, one run; and what the ledger of
 * sessions knows of ticket keys and of offers that went wrong. */
#ifndef REPRISE_STORE_RECORD_H
#define REPRISE_STORE_RECORD_H

#include "dissect/handshake.h"

#include <stddef.h>

/* One row of `handshake`, with what the store adds to it. Null numbers are HANDSHAKE_NULL. */
struct record {
    int64_t id;
    int64_t run;
    int64_t host_id;            /* equal for equal hosts of one database; 0: not known */
    struct handshake handshake; /* session_offered, issued_* as stored; offered and outcome final */
    struct wire_text host;      /* SNI in lower case (ASCII), or "address:port"; hostile */
    char app[32];               /* application label, "" if none */
    int64_t age_s;              /* offer time less issue time of the offered session */
    enum refusal_cause refusal_cause;
    enum missed missed; /* a resumption that could have been */
    char key_name[33];  /* of the ticket offered, else of the one issued, in hex; "" if not known */
};

/* One row of `session`: a ticket or session ID from issue to reuse. */
struct session_record {
    struct session_hash hash;
    enum session_kind kind;
    struct wire_text host; /* where it was issued, else where it was first offered */
    struct endpoint server;
    int64_t issued_ns;       /* HANDSHAKE_NULL: never seen issued */
    int64_t lifetime_hint_s; /* 0: left open; HANDSHAKE_NULL: unknown */
    int64_t bytes;           /* length of the ticket; HANDSHAKE_NULL: unknown (session IDs) */
    bool is_renewal;
    int64_t offered_count;
    int64_t accepted_count;
    int64_t refused_count;
    int64_t largest_accepted_age_s; /* HANDSHAKE_NULL, as the next */
    int64_t smallest_refused_age_s;
    int64_t first_offered_ns;
    int64_t last_offered_ns;
    char client[46];        /* address it was issued to, as text; "" if never seen issued */
    char key_name[33];      /* of its ticket key, in hex; "" if not known */
    int64_t chain_length;   /* tickets in a row of renewals, with this one; 1: it is no renewal */
    int64_t chain_start_ns; /* issue of the first of the row; HANDSHAKE_NULL: not known */
    bool is_renewed;        /* a resumption with it issued a ticket before the filter's end */
    uint8_t warnings;       /* 1u << enum ticket_warning */
};

/* What figures need of a session, as above. */
struct session_figures {
    int64_t host_id; /* host_record.id, if there is such a host */
    enum session_kind kind;
    int64_t issued_ns;
    int64_t lifetime_hint_s;
    int64_t bytes;
    int64_t largest_accepted_age_s;
    int64_t client_number; /* address_number() of IPv4; HANDSHAKE_NULL: client tells */
    char client[46];
};

/* One row of `host`. */
struct host_record {
    int64_t id;
    struct wire_text name; /* as record.host */
};

/* One row of `ticket_key_use`: a ticket key, as it was seen for a host at a server. */
struct key_use_record {
    int64_t key; /* equal for equal keys */
    char name[33];
    int format;       /* enum ticket_layout; -1: several fit alike */
    uint8_t warnings; /* of the key: 1u << enum ticket_warning */
    struct wire_text host;
    struct endpoint server;
    int64_t first_seen_ns; /* issued or offered */
    int64_t last_seen_ns;
    int64_t issued_count;
    int64_t offered_count;
    int64_t accepted_count;
    int64_t refused_count;
};

/* An offer of a session that did not go as was promised: older than the session's own hint,
 * refused though it was not, or of a ticket that its client had been given a newer one for. */
struct offer_record {
    int64_t id;      /* record.id */
    int64_t host_id; /* as record.host_id, with the next */
    struct wire_text host;
    char client[46]; /* address, as text */
    int64_t time_ns;
    enum outcome outcome;
    int64_t age_s;           /* HANDSHAKE_NULL, and so the next: not known */
    int64_t lifetime_hint_s; /* of the session offered; 0: left open */
    bool is_replaced;        /* a resumption had renewed the client's ticket before */
};

enum { RUN_NOT_ANALYSED_MAX = 128, RUN_NOT_ANALYSED_NAME_BYTES = 32 };

/* Packets that led to nothing that is analysed, by the name of what ended the way. */
struct run_not_analysed {
    char name[RUN_NOT_ANALYSED_NAME_BYTES];
    int64_t packets;
};

/* One row of `run`: a stretch of watching or reading, and what it could not see. */
struct run_record {
    int64_t id;
    int64_t started_ns;     /* wall clock */
    int64_t ended_ns;       /* HANDSHAKE_NULL while it runs, or when it was killed */
    int64_t first_frame_ns; /* capture time */
    int64_t last_frame_ns;
    char source[256]; /* "read FILE...", "watch eth0" */
    char filter[256];
    int64_t packets_captured;
    int64_t packets_received;
    int64_t packets_dropped_kernel; /* HANDSHAKE_NULL: files have none */
    int64_t packets_dropped_interface;
    int64_t packets_not_tcp; /* seen, but not a TCP segment */
    int64_t
        packets_undecodable; /* truncated, malformed, unknown layers, parts of what is not whole */
    int64_t bytes;
    int64_t conversations;
    int64_t not_tls;
    int64_t mid_stream_tls;
    int64_t evicted_handshakes;
    int64_t evicted_conversations;
    int64_t not_reassembled_bytes;
    int64_t damaged_files;
    int64_t unreadable_files;
    /* Going in only: query_begin_not_analysed() reads them, of all runs together. */
    size_t not_analysed_count;
    struct run_not_analysed not_analysed[RUN_NOT_ANALYSED_MAX];
};

#endif
