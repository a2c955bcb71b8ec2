/* Form bodies of the query and EC2 protocols. */
#ifndef HP_SIM_FORM_H
#define HP_SIM_FORM_H

#include <hp/doc/doc.h>

/* "A.1.B=x" becomes {"A": {"1": {"B": "x"}}}. False: *ret_why says what is wrong. */
bool form_parse(struct arena *arena, struct str body, struct doc **ret_doc, struct str *ret_why);

/* Percent-decoding; plus is a space. False: a broken escape. */
bool form_unescape(struct arena *arena, struct str text, struct str *ret_text);

/* The first parameter that `takes` ("GroupId Filter.N.Value.N …") does not name, or ptr NULL. */
struct str form_stranger(struct arena *arena, const struct doc *input, const char *takes);

/* The elements of a numbered list in order of their numbers; *ret_count of them. */
const struct doc **form_list(struct arena *arena, const struct doc *parent, const char *name,
                             size_t *ret_count);

#endif
