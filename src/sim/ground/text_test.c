#include "text.h"

#include <hp/base/test.h>

static const struct {
    const char *text, *pattern;
    unsigned how;
    bool fits;
} rows[] = {
    {"nodes", "nodes", 0, true},
    {"nodes", "node", 0, false},
    {"nodes", "no*es", 0, true},
    {"nodes", "*", 0, true},
    {"nodes", "n?des", 0, true},
    {"nodes", "nodes?", 0, false},
    {"nodes", "nodes*", 0, true},
    {"", "*", 0, true},
    {"", "?", 0, false},
    {"", "", 0, true},
    {"a", "", 0, false},
    {"ab-ab-abc", "*ab?", 0, true},
    {"ab-ab-abc", "*ab?d", 0, false},
    {"Nodes", "nodes", 0, false},
    {"Nodes", "nO*S", TEXT_NO_CASE, true},
    {"no*es", "no\\*es", TEXT_ESCAPES, true},
    {"nodes", "no\\*es", TEXT_ESCAPES, false},
    {"nodes", "nod\\?s", TEXT_ESCAPES, false},
    {"a\\b", "a\\\\b", TEXT_ESCAPES, true},
    {"a\\", "a\\", TEXT_ESCAPES, true},
    {"a\\x", "a\\*", 0, true},
};

START_TEST(a_pattern_fits_as_aws_says)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(text_like(str_of(rows[i].text), str_of(rows[i].pattern), rows[i].how) ==
                          rows[i].fits,
                      "%s: %s", rows[i].text, rows[i].pattern);
}
END_TEST

TESTS("sim/text", a_pattern_fits_as_aws_says)
