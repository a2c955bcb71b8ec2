/* The checksum that S3 looks at. Private to aws. */
#ifndef AWS_CRC32_H
#define AWS_CRC32_H

#include <hp/base/arena.h>

/* CRC-32 (ISO 3309, as gzip has it), big-endian, as base64: the value of x-amz-checksum-crc32. */
struct str crc32_base64(struct arena *arena, struct str bytes);

#endif
