/* report.json: a run and what the judge made of it, all in one document that outlives both; and
 * matrix.f32 beside it. */
#ifndef HP_PROBE_DOCUMENT_H
#define HP_PROBE_DOCUMENT_H

#include "judged.h"

#define PROBE_REPORT_SCHEMA "hyperpod-probe-report/1"
enum { PROBE_REPORT_MAX_BYTES = 32 << 20 };

/* The text lives in the arena. run->judged must be there. */
bool document_write(const struct probe_run *run, struct arena *arena, struct str *ret_json,
                    struct probe_error *reterr);
/* A run without cells. False: EXIT_BAD_DATA, with the place. */
struct probe_run *document_read(struct str json, const char *what, struct probe_error *reterr);
/* The same from a file. */
struct probe_run *document_load(const char *path, struct probe_error *reterr);
/* The JSON schema that report.json keeps; lives in the arena. */
struct str document_schema(struct arena *arena);

/* The file's SHA-256 in hex into the matrix of run->judged, with its name and size. */
bool document_hash_matrix(struct probe_run *run, const char *path, struct probe_error *reterr);
/* Maps the matrix of a report that lies in the folder, after its hash was compared. */
bool document_map_matrix(struct probe_run *run, const char *folder, struct probe_error *reterr);

#endif
