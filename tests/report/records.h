/* Records for tests, made of a few words each; and a fixed set of them for the golden files. */
#ifndef REPRISE_TESTS_REPORT_RECORDS_H
#define REPRISE_TESTS_REPORT_RECORDS_H

#include "store/record.h"

#include <stddef.h>

static const int64_t records_ms = 1000000;
static const int64_t records_s = 1000000000;
/* 2026-03-01T10:00:00Z */
static const int64_t records_start_ns = 1772359200LL * 1000000000;

struct records_spec {
    const char *host; /* also the SNI */
    const char *client;
    uint16_t version;
    enum verdict verdict;
    enum offer offered;
    enum outcome outcome;
    int rtts_tls;        /* 0 with accepted early data; -1 for unknown */
    double handshake_ms; /* < 0: unknown */
    double rtt_ms;       /* < 0: unknown */
};

/* A record as the dissector and the store would leave it; everything else unknown. */
struct record records_make(const struct records_spec *spec);

/* The address in text, IPv4 or IPv6. */
struct endpoint records_endpoint(const char *address, uint16_t port);

/* Text of any bytes. */
struct wire_text records_text(const char *text, size_t len);

/* The set behind the golden files: its size, one of it. */
size_t records_golden_count(void);
struct record records_golden(size_t index);
struct run_record records_golden_run(void);
size_t records_golden_sessions(void);
struct session_record records_golden_session(size_t index);
size_t records_golden_keys(void);
struct key_use_record records_golden_key(size_t index);

#endif
