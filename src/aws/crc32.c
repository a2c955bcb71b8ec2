#include "crc32.h"

#include "codec.h"

struct str crc32_base64(struct arena *arena, struct str bytes)
{
    uint32_t table[256], crc = ~UINT32_C(0);
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            table[i] = table[i] >> 1 ^ (table[i] & 1 ? UINT32_C(0xedb88320) : 0);
    }
    for (size_t i = 0; i < bytes.len; i++)
        crc = crc >> 8 ^ table[(crc ^ (unsigned char)bytes.ptr[i]) & 255];
    crc = ~crc;
    char big[4] = {(char)(crc >> 24), (char)(crc >> 16), (char)(crc >> 8), (char)crc};
    return base64_of(arena, (struct str){big, sizeof big});
}
