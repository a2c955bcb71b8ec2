#include "pack.h"

int pack_peek(const struct pack *pack)
{
    return pack->at == pack->end ? -1 : *pack->at;
}

/* A big-endian number of 1, 2, 4 or 8 bytes. When they are not all there, what is there goes. */
static bool take_big_endian(struct pack *pack, size_t len, uint64_t *ret_number)
{
    uint64_t number = 0;

    if (pack_left(pack) < len) {
        pack->at = pack->end;
        return false;
    }
    for (size_t i = 0; i < len; i++)
        number = number << 8 | pack->at[i];
    pack->at += len;
    *ret_number = number;
    return true;
}

enum pack_number pack_take_number(struct pack *pack, int64_t *ret_signed, uint64_t *ret_unsigned,
                                  double *ret_real)
{
    int code = pack_peek(pack);
    uint64_t bits;

    if (code >= 0 && (code <= 0x7f || code >= 0xe0)) {
        pack->at++;
        *ret_signed = (int8_t)code;
        return PACK_SIGNED;
    }
    if (code < PACK_FLOAT || code > PACK_INT64)
        return PACK_NO_NUMBER;
    static const unsigned char sizes[] = {4, 8, 1, 2, 4, 8, 1, 2, 4, 8};
    size_t size = sizes[code - PACK_FLOAT];
    pack->at++;
    if (!take_big_endian(pack, size, &bits))
        return PACK_CUT_OFF;
    if (code == PACK_FLOAT) {
        float real;
        uint32_t half = (uint32_t)bits;
        memcpy(&real, &half, sizeof real);
        *ret_real = (double)real;
        return PACK_REAL;
    }
    if (code == PACK_DOUBLE) {
        memcpy(ret_real, &bits, sizeof bits);
        return PACK_REAL;
    }
    if (code <= PACK_UINT64) {
        *ret_unsigned = bits;
        return PACK_UNSIGNED;
    }
    *ret_signed = (int64_t)(bits << (64 - 8 * size)) >> (64 - 8 * size);
    return PACK_SIGNED;
}

static bool take_length(struct pack *pack, int code, int first, uint64_t *ret_len)
{
    return take_big_endian(pack, (size_t)1 << (code - first), ret_len);
}

bool pack_take_bytes(struct pack *pack, struct str *ret_bytes)
{
    int code = pack_peek(pack);
    uint64_t len;

    if (code < 0)
        return false;
    pack->at++;
    if (code >= 0xa0 && code <= 0xbf) {
        len = (uint64_t)code & 0x1f;
    } else if (code >= PACK_STR8 && code <= PACK_STR32) {
        if (!take_length(pack, code, PACK_STR8, &len))
            return false;
    } else if (code >= PACK_BIN8 && code <= PACK_BIN32) {
        if (!take_length(pack, code, PACK_BIN8, &len))
            return false;
    } else if (code == PACK_NIL) {
        len = 0;
    } else {
        return false;
    }
    if (len > pack_left(pack)) {
        pack->at = pack->end;
        return false;
    }
    *ret_bytes = (struct str){(const char *)pack->at, (size_t)len};
    pack->at += len;
    return true;
}

bool pack_take_bool(struct pack *pack, bool *ret_truth)
{
    int code = pack_peek(pack);

    if (code != PACK_FALSE && code != PACK_TRUE && code != PACK_NIL)
        return false;
    pack->at++;
    *ret_truth = code == PACK_TRUE;
    return true;
}

bool pack_take_array(struct pack *pack, size_t *ret_count)
{
    int code = pack_peek(pack);
    uint64_t count = (uint64_t)code & 0x0f;

    if (code < 0)
        return false;
    if ((code & 0xf0) != 0x90 && code != PACK_ARRAY16 && code != PACK_ARRAY32)
        return false;
    pack->at++;
    if ((code & 0xf0) != 0x90 && !take_big_endian(pack, code == PACK_ARRAY16 ? 2 : 4, &count))
        return false;
    *ret_count = (size_t)count;
    return true;
}

bool pack_take_map(struct pack *pack, size_t *ret_count)
{
    int code = pack_peek(pack);
    uint64_t count = (uint64_t)code & 0x0f;

    if (code < 0)
        return false;
    if ((code & 0xf0) != 0x80 && code != PACK_MAP16 && code != PACK_MAP32)
        return false;
    pack->at++;
    if ((code & 0xf0) != 0x80 && !take_big_endian(pack, code == PACK_MAP16 ? 2 : 4, &count))
        return false;
    *ret_count = (size_t)count;
    return true;
}

bool pack_take_ext(struct pack *pack, int *ret_type, size_t *ret_len)
{
    int code = pack_peek(pack);
    uint64_t len, type;

    if (!pack_is_ext(code))
        return false;
    pack->at++;
    if (code >= PACK_FIXEXT1)
        len = (uint64_t)1 << (code - PACK_FIXEXT1);
    else if (!take_length(pack, code, PACK_EXT8, &len))
        return false;
    if (!take_big_endian(pack, 1, &type))
        return false;
    *ret_type = (int8_t)type;
    *ret_len = (size_t)len;
    return true;
}

static bool pass(struct pack *pack, size_t len)
{
    if (len > pack_left(pack))
        return false;
    pack->at += len;
    return true;
}

bool pack_skip(struct pack *pack)
{
    uint64_t owed = 1; /* values still to be passed over */

    while (owed > 0) {
        int code = pack_peek(pack), type;
        size_t count = 0;
        int64_t number;
        uint64_t bits;
        double real;
        bool truth;
        struct str bytes;

        owed--;
        if (pack_is_ext(code)) {
            if (!pack_take_ext(pack, &type, &count) || !pass(pack, count))
                return false;
        } else if (pack_take_array(pack, &count)) {
            owed += count;
        } else if (pack_take_map(pack, &count)) {
            owed += 2 * count;
        } else if (!pack_take_bool(pack, &truth)) {
            enum pack_number kind = pack_take_number(pack, &number, &bits, &real);
            if (kind == PACK_CUT_OFF || (kind == PACK_NO_NUMBER && !pack_take_bytes(pack, &bytes)))
                return false;
        }
        if (owed > pack_left(pack))
            return false;
    }
    return true;
}
