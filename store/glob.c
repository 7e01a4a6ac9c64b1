#include "store/glob.h"

static char lower(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (char)(c - 'A' + 'a');
    }
    return c;
}

static bool matches_one(char pattern, char c)
{
    return pattern == '?' || lower(pattern) == lower(c);
}

bool glob_matches(const char *pattern, size_t pattern_len, const char *text, size_t len)
{
    size_t at = 0;         /* in the text */
    size_t p = 0;          /* in the pattern */
    size_t after_star = 0; /* behind the last * met */
    size_t star_took = 0;  /* up to where in the text that * reaches */
    bool has_star = false;

    while (at < len) {
        if (p < pattern_len && pattern[p] == '*') {
            after_star = ++p;
            star_took = at;
            has_star = true;
        } else if (p < pattern_len && matches_one(pattern[p], text[at])) {
            p++;
            at++;
        } else if (has_star) {
            p = after_star;
            at = ++star_took;
        } else {
            return false;
        }
    }
    while (p < pattern_len && pattern[p] == '*') {
        p++;
    }
    return p == pattern_len;
}
