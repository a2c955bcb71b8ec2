#include "base64.h"
#include <hp/base/test.h>

static const struct {
    const char *text, *bytes; /* bytes NULL: it is none */
} rows[] = {
    {"", ""},
    {"Zm9vYg==", "foob"},
    {"Zm9v\r\n YmE=\n", "fooba"},
    {"Zm9vYmE", "fooba"},
    {"fn5-", "~~~"},
    {"Pz8_", "???"},
    {"Pz8/", "???"},
    {"Zg==Zg==", NULL},
    {"Zg===", NULL},
    {"<xml>", NULL},
    {"Zm9v\x80", NULL},
};

START_TEST(both_alphabets_are_read_and_nothing_else)
{
    scoped(arena_freep) struct arena *arena = arena_new(65536);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str bytes = S("");
        bool read = base64_read(arena, str_of(rows[i].text), &bytes);
        ck_assert_msg(read == (rows[i].bytes != NULL), "%s", rows[i].text);
        if (read)
            ck_assert_str(bytes, str_of(rows[i].bytes));
    }
    ck_assert(!base64_read(arena, (struct str){"Zg\0=", 4}, &(struct str){NULL, 0}));
}
END_TEST

TESTS("sim/base64", both_alphabets_are_read_and_nothing_else)
