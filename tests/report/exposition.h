/* A strict reader of Prometheus' text exposition format, version 0.0.4, as far as Reprise uses it:
 * stricter than Prometheus itself, so that what passes here passes there.
 *
 *   # HELP name words
 *   # TYPE name counter|gauge
 *   name{label="value",...} number
 *
 * Each metric has its HELP, then its TYPE, then its samples, at one place; a counter and nothing
 * else ends in _total; no series is there twice; text is UTF-8 without control characters. */
#ifndef REPRISE_TESTS_REPORT_EXPOSITION_H
#define REPRISE_TESTS_REPORT_EXPOSITION_H

#include <stddef.h>

/* NULL, or what is wrong with the text. samples: how many there are. */
const char *exposition_fault(const char *text, size_t *samples);

#endif
