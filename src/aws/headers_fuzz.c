#include "transport.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_new(8 << 20);
    struct str text = {(const char *)bytes, size < 64 << 10 ? size : 64 << 10};
    struct http_answer answer = {0};
    int64_t ms;
    answer.header_count = http_headers_read(arena, text, &answer.headers);
    http_date_parse(http_header(&answer, "date"), &ms);
    http_date_parse(text, &ms);
    arena_free(arena);
    return 0;
}
