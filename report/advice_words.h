/* What the rules of advice say (report/advice_rules.h), after the share they are about, where they
 * have one. Pure: of our own words, no untrusted text. */
#ifndef REPRISE_REPORT_ADVICE_WORDS_H
#define REPRISE_REPORT_ADVICE_WORDS_H

#include "report/advice_rules.h"

/* Every ticket seen had one: 0 leaves the lifetime open (RFC 5077, 3.3). */
bool advice_words_has_hint(const struct advice_host *host);

/* Goes on with the sentence, and adds the figures it has. */
typedef void advice_words(const struct advice_host *host, struct advice_finding *out);

advice_words advice_words_share_key;
advice_words advice_words_share_sessions;
advice_words advice_words_expired;
advice_words advice_words_keep_keys;
advice_words advice_words_keep_promise;
advice_words advice_words_keep_ids;
advice_words advice_words_keep_ids_longer;
advice_words advice_words_raise_hint;
advice_words advice_words_not_offered;
advice_words advice_words_issue;
advice_words advice_words_change_key;
advice_words advice_words_zero_name;
advice_words advice_words_plaintext;
advice_words advice_words_repeated_iv;
advice_words advice_words_stalled;
advice_words advice_words_retried;

#endif
