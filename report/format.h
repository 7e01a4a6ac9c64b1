/* Single figures as text. Each returns `out`, which has room for FORMAT_BYTES. */
#ifndef REPRISE_REPORT_FORMAT_H
#define REPRISE_REPORT_FORMAT_H

#include "dissect/handshake.h"

enum { FORMAT_BYTES = 64 };

/* RFC 3339 in UTC: to the nanosecond, second, hour and day. */
const char *format_time(int64_t time_ns, char out[FORMAT_BYTES]);
const char *format_second(int64_t time_ns, char out[FORMAT_BYTES]);
const char *format_hour(int64_t time_ns, char out[FORMAT_BYTES]);
const char *format_day(int64_t time_ns, char out[FORMAT_BYTES]);
const char *format_time_of_day(int64_t time_ns, char out[FORMAT_BYTES]); /* 10:15:32.123, UTC */

const char *format_address(const struct endpoint *endpoint, char out[FORMAT_BYTES]);
const char *format_hash(const struct session_hash *hash, char out[FORMAT_BYTES]);

/* Names, and the number where there is none: 0x7f1c. Version 0 is not known: "". */
const char *format_version(uint16_t version, char out[FORMAT_BYTES]);
const char *format_cipher(uint16_t cipher, char out[FORMAT_BYTES]);

/* Why a verdict is unknown or failed: "reset", "alert: handshake_failure"; "" for REASON_NONE. */
const char *format_reason(enum reason reason, uint8_t alert, char out[FORMAT_BYTES]);

/* Whole microseconds, half away from zero. */
int64_t format_us(int64_t ns);

/* For people: about three digits. NAN is "-". */
const char *format_ms(double ns, char out[FORMAT_BYTES]);       /* 1.23, 45.6, 789, 101s, 12.3d */
const char *format_duration(double ns, char out[FORMAT_BYTES]); /* 1.23 ms, 4.5 s, 2.5 min */
const char *format_seconds(int64_t seconds, char out[FORMAT_BYTES]); /* 90 s, 5 min, 7 d */
const char *format_rate(double rate, char out[FORMAT_BYTES]);        /* 78.3 % */
const char *format_count(uint64_t count, char out[FORMAT_BYTES]);    /* 1234567, 12.3M */
const char *format_bytes(uint64_t bytes, char out[FORMAT_BYTES]);    /* 512 B, 2.5 KiB */

#endif
