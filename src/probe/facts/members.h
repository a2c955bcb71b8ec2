/* Structs and JSON, by tables: a row says where a member lies and what it may be; reading, writing
 * and the JSON schema all follow the rows, so that they cannot differ. */
#ifndef HP_PROBE_MEMBERS_H
#define HP_PROBE_MEMBERS_H

#include "error.h"

#include <cJSON.h>
#include <hp/base/arena.h>
#include <stddef.h>

enum member_kind {
    MEMBER_TEXT,    /* struct str */
    MEMBER_BOOL,    /* bool */
    MEMBER_WHOLE,   /* int64_t */
    MEMBER_INDEX,   /* int32_t, -2..: PROBE_EVERY, PROBE_NONE or a number */
    MEMBER_COUNT,   /* uint32_t */
    MEMBER_SIZE,    /* uint64_t */
    MEMBER_NUMBER,  /* double; NaN is null */
    MEMBER_CHOICE,  /* uint32_t, one of names */
    MEMBER_OBJECT,  /* a struct inside this one */
    MEMBER_MAYBE,   /* a pointer to a struct, NULL: left out */
    MEMBER_LIST,    /* a pointer to structs, how many at count_at */
    MEMBER_TEXTS,   /* a pointer to struct str */
    MEMBER_NUMBERS, /* a pointer to double; NaN is null */
    MEMBER_BYTES,   /* a pointer to uint8_t, written as numbers */
};

struct members;
struct member {
    const char *name;
    enum member_kind kind;
    size_t at, count_at;
    const struct members *of;
    const char *const *names; /* MEMBER_CHOICE */
    uint32_t most;            /* how many names, or how many things a list may have */
    const char *text;         /* what it means, for the schema */
    bool required;
};
struct members {
    const struct member *rows; /* ended by a NULL name */
    size_t size;               /* of the struct */
    const char *text;
    bool strict; /* written by people: a member that nobody knows is refused */
};

#define MEMBER(type, name_, kind_, text_, ...)                                                     \
    {                                                                                              \
        .name = #name_, .kind = kind_, .at = offsetof(type, name_), .text = text_, __VA_ARGS__     \
    }

/* Parses one document; members nobody knows are passed over, unless it
 * is strict. False: *reterr says where and what,
 * with EXIT_BAD_DATA, and *into is half filled. what: "report.json", for the sentence. */
bool members_read(struct arena *arena, struct str json, const char *what,
                  const struct members *members, void *into, struct probe_error *reterr);
/* At which line and column of a text a byte of it stands, from 1. */
void members_place(struct str text, const char *at, int *ret_line, int *ret_column);
/* The caller deletes. Numbers have six digits, texts are UTF-8. NULL: out of memory. */
cJSON *members_write(struct arena *scratch, const struct members *members, const void *from);
/* JSON schema (2020-12) of it. The caller deletes. */
cJSON *members_schema(const struct members *members, const char *id, const char *title);

#endif
