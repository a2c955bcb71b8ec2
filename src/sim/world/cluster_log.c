#include "cluster_log.h"

#include <hp/base/clock.h>
#include <stdio.h>
#include <stdlib.h>

/* The oldest go. */
enum { most_groups = 500, most_lines = 200000 };

static void line_done(struct log_line *line)
{
    text_done(&line->stream);
    text_done(&line->text);
    free(line);
}

static void group_done(struct log_group *group)
{
    struct log_line *line;
    list_each (line, &group->lines)
        line_done(line);
    list_done(&group->lines);
    text_done(&group->name);
    free(group);
}

void logs_done(struct list *logs)
{
    struct log_group *group;
    list_each (group, logs)
        group_done(group);
    list_done(logs);
}

struct str log_group_name(const struct cluster *cluster)
{
    return text_fmt("/aws/sagemaker/Clusters/%.*s/%.*s", STR(cluster->name), STR(cluster->id));
}

static void *fresh(size_t size)
{
    void *memory = calloc(1, size);
    if (memory == NULL)
        abort();
    return memory;
}

static struct log_group *group_of(struct cluster *cluster)
{
    struct list *logs = &cluster->region->logs;

    for (size_t i = logs->count; i-- > 0;) { /* what is written to is new */
        struct log_group *group = logs->items[i];
        if (str_ends(group->name, cluster->id))
            return group;
    }
    if (logs->count == most_groups) {
        struct log_group *oldest = logs->items[0];
        list_remove(logs, oldest);
        group_done(oldest);
    }
    struct log_group *group = fresh(sizeof *group);
    group->name = log_group_name(cluster);
    list_add(logs, group);
    return group;
}

static void drop_half(struct list *lines)
{
    size_t half = lines->count / 2;
    for (size_t i = 0; i < half; i++)
        line_done(lines->items[i]);
    memmove(lines->items, lines->items + half, (lines->count - half) * sizeof *lines->items);
    lines->count -= half;
}

/* Takes over both texts. */
static void add(struct cluster *cluster, int64_t now_ms, struct str stream, struct str text)
{
    struct log_group *group = group_of(cluster);
    struct log_line *line = fresh(sizeof *line);

    *line = (struct log_line){now_ms, stream, text};
    if (group->lines.count == most_lines)
        drop_half(&group->lines);
    list_add(&group->lines, line);
}

static struct str stream_of(const struct node_group *group, const struct node *node)
{
    return text_fmt("LifecycleConfig/%.*s/%.*s", STR(group->name), STR(node->instance_id));
}

void log_open(struct cluster *cluster, const struct node_group *group, const struct node *node,
              int64_t now_ms)
{
    add(cluster, now_ms, stream_of(group, node), text_of(S("")));
}

void log_write(struct cluster *cluster, const struct node_group *group, const struct node *node,
               int64_t now_ms, const char *format, ...)
{
    char *text = NULL;
    va_list args;

    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    if (len < 0)
        abort();
    add(cluster, now_ms, stream_of(group, node), (struct str){text, (size_t)len});
}

void log_check(struct cluster *cluster, const struct node *node, int64_t now_ms, const char *text)
{
    add(cluster, now_ms, text_fmt("DeepHealthCheckResults/%.*s", STR(node->instance_id)),
        text_of(str_of(text)));
}

static struct doc *describe_line(struct arena *arena, const struct log_line *line)
{
    struct doc *doc = doc_object(arena);
    doc_put(arena, doc, S("stream"), doc_string(arena, line->stream));
    doc_put(arena, doc, S("time"), doc_string(arena, time_rfc3339(arena, line->time_ms)));
    if (line->text.len > 0)
        doc_put(arena, doc, S("text"), doc_string(arena, line->text));
    return doc;
}

struct doc *logs_describe(struct arena *arena, const struct list *logs)
{
    struct doc *list = doc_list(arena);
    const struct log_group *group;
    const struct log_line *line;

    list_each (group, logs) {
        struct doc *doc = doc_object(arena), *lines = doc_list(arena);
        doc_put(arena, doc, S("name"), doc_string(arena, group->name));
        list_each (line, &group->lines)
            doc_add(arena, lines, describe_line(arena, line));
        doc_put(arena, doc, S("lines"), lines);
        doc_add(arena, list, doc);
    }
    return list;
}
