/* html_sheet.h - the rules of a page's <style> elements, found by tag, class or
 * id. Selectors of one element only (".x", "td.x", "#y"): what else there is in
 * CSS is not looked at. */
#pragma once
#include "content/html_style.h"

#define HTML_RULES_MAX 1024u /* distinct selectors; later ones are not looked at */

struct html_sheet;

/* NULL when out of memory. */
MUST_USE struct html_sheet *html_sheet_new(struct arena *a);
/* Adds the text of one <style>. Linear. False: out of memory. */
MUST_USE bool html_sheet_add(struct html_sheet *s, struct bytes css);
/* Merges into *style what the sheet says of an element. Returns whether it is named in a rule for some
 * screens only (@media): what is hidden here may be shown there. */
bool html_sheet_apply(const struct html_sheet *s, struct bytes tag, struct bytes id, struct bytes classes,
                      struct html_style *style);
