/* engine.log, which anything may have written: a rank and a node's name come out of it, or nothing.
 */
#include "last_words.h"

#include <hp/base/must.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str rest = {(const char *)bytes, size}, line;

    while (str_next(&rest, '\n', &line)) {
        struct str node;
        int64_t rank;
        last_words_of_line(line, &rank, &node);
        must(rank >= -1, "a rank, or none");
        must(str_empty(node) ||
                 (node.ptr >= line.ptr && node.ptr + node.len <= line.ptr + line.len),
             "a name is part of the line");
        for (size_t i = 0; i < node.len; i++)
            must(node.ptr[i] > ' ' || node.ptr[i] < 0, "a name is one word");
    }
    return 0;
}
