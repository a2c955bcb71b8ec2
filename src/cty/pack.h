/* A bounded reader of msgpack, one token at a time. Where a token is not what was asked for, it
 * consumes what go's library would have consumed: some of go-cty's verdicts depend on it. */
#ifndef CTY_PACK_H
#define CTY_PACK_H

#include <hp/base/str.h>

struct pack {
    const unsigned char *at, *end;
};

enum pack_code {
    PACK_NIL = 0xc0,
    PACK_FALSE = 0xc2,
    PACK_TRUE = 0xc3,
    PACK_BIN8 = 0xc4,
    PACK_BIN32 = 0xc6,
    PACK_EXT8 = 0xc7,
    PACK_EXT32 = 0xc9,
    PACK_FLOAT = 0xca,
    PACK_DOUBLE = 0xcb,
    PACK_UINT8 = 0xcc,
    PACK_UINT64 = 0xcf,
    PACK_INT8 = 0xd0,
    PACK_INT64 = 0xd3,
    PACK_FIXEXT1 = 0xd4,
    PACK_FIXEXT16 = 0xd8,
    PACK_STR8 = 0xd9,
    PACK_STR32 = 0xdb,
    PACK_ARRAY16 = 0xdc,
    PACK_ARRAY32 = 0xdd,
    PACK_MAP16 = 0xde,
    PACK_MAP32 = 0xdf,
};

static inline size_t pack_left(const struct pack *pack)
{
    return (size_t)(pack->end - pack->at);
}
int pack_peek(const struct pack *pack); /* the next byte, or -1 */
static inline bool pack_is_ext(int code)
{
    return (code >= PACK_EXT8 && code <= PACK_EXT32) ||
           (code >= PACK_FIXEXT1 && code <= PACK_FIXEXT16);
}

enum pack_number { PACK_NO_NUMBER, PACK_SIGNED, PACK_UNSIGNED, PACK_REAL, PACK_CUT_OFF };
/* What kind the number is; PACK_NO_NUMBER consumes nothing. */
enum pack_number pack_take_number(struct pack *pack, int64_t *ret_signed, uint64_t *ret_unsigned,
                                  double *ret_real);
/* str or bin. */
bool pack_take_bytes(struct pack *pack, struct str *ret_bytes);
bool pack_take_bool(struct pack *pack, bool *ret_truth);
bool pack_take_array(struct pack *pack, size_t *ret_count);
bool pack_take_map(struct pack *pack, size_t *ret_count);
/* Header only: the body follows. */
bool pack_take_ext(struct pack *pack, int *ret_type, size_t *ret_len);
/* Passes over one whole value. False: it is not well formed. */
bool pack_skip(struct pack *pack);

#endif
