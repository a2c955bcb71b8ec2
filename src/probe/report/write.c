#include "report.h"

#include "facts/file.h"
#include "result/document.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

bool report_write(struct probe_run *run, const char *folder, uint32_t top,
                  struct probe_error *reterr)
{
    scoped(arena_freep) struct arena *arena = arena_new((size_t)512 << 20);
    char path[PATH_MAX];
    struct str json;

    if (!folder_make(folder, reterr))
        return false;
    snprintf(path, sizeof path, "%s/matrix.f32", folder);
    if (run->cells_in_file &&
        (!probe_run_cells_sync(run, path, reterr) || !document_hash_matrix(run, path, reterr)))
        return false;
    if (!document_write(run, arena, &json, reterr))
        return false;
    const struct {
        const char *name;
        struct str text;
    } files[] = {{"report.html", report_html(arena, run, top)},
                 {"junit.xml", report_junit(arena, run)},
                 {"probe.prom", report_prom(arena, run)},
                 {"report.json", json}}; /* last: where it is, all of them are */
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        if (!file_write(path, files[i].text, reterr))
            return false;
    }
    return true;
}
