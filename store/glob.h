/* Host patterns: * for any bytes, ? for one, letters in either case (ASCII). Nothing else is
 * special: [ stands for itself, as in "[2001:db8::1]:*". */
#ifndef REPRISE_STORE_GLOB_H
#define REPRISE_STORE_GLOB_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>

/* In time of at most pattern_len * len, without recursion. */
bool glob_matches(const char *pattern, size_t pattern_len, const char *text, size_t len);

#endif
