/* The encoded message of a denial: its bytes as hexadecimal digits, and a number behind them that
 * only this sim gives. */
#include "sts_session.h"

static struct str seal(const struct call *call, struct str digits)
{
    return arena_fmt(call->arena, "%016llx",
                     (unsigned long long)state_chance(&call->sim->state, digits, 1));
}

struct str denial_encode(const struct call *call, struct str plain)
{
    struct buf out = buf_in(call->arena, 64 * 1024);
    for (size_t i = 0; i < plain.len; i++)
        buf_printf(&out, "%02x", (unsigned)(unsigned char)plain.ptr[i]);
    return arena_cat(call->arena, buf_str(&out), seal(call, buf_str(&out)));
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool denial_decode(const struct call *call, struct str encoded, struct str *ret_plain)
{
    enum { seal_size = 16 };
    struct buf out = buf_in(call->arena, 64 * 1024);

    if (encoded.len < seal_size || encoded.len % 2 != 0)
        return false;
    struct str digits = str_sub(encoded, 0, encoded.len - seal_size);
    if (!str_eq(str_from(encoded, digits.len), seal(call, digits)))
        return false;
    for (size_t i = 0; i < digits.len; i += 2) {
        int high = digit(digits.ptr[i]), low = digit(digits.ptr[i + 1]);
        if (high < 0 || low < 0)
            return false;
        buf_putc(&out, (char)(high * 16 + low));
    }
    *ret_plain = buf_str(&out);
    return true;
}
