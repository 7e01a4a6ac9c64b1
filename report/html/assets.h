/* The style sheet and the script of the HTML report, as they are in this folder: cmake/embed.cmake
 * makes the arrays. */
#ifndef REPRISE_REPORT_HTML_ASSETS_H
#define REPRISE_REPORT_HTML_ASSETS_H

#include <stddef.h>

extern const unsigned char html_css[];
extern const size_t html_css_bytes;

extern const unsigned char html_js[];
extern const size_t html_js_bytes;

#endif
