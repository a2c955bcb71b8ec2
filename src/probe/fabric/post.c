#include "inside.h"
#include "ticks.h"

#include <sched.h>
#include <stdio.h>

/* An empty look at a queue takes some 50 ns. The clock is read now and then, and on a machine where
 * both ends share a processor the other one gets it after some 25 microseconds in vain. */
enum { LOOKS_PER_CLOCK = 64, LOOKS_PER_YIELD = 512, SLEEP_MS = 1 };

static struct rail_op *op_take(struct rail *rail, bool receive)
{
    struct rail_op *op = rail->free;

    if (op == NULL)
        return NULL;
    rail->free = op->next;
    op->generation = rail->generation;
    op->busy = true;
    op->receive = receive;
    return op;
}

static void op_put(struct rail *rail, struct rail_op *op)
{
    op->busy = false;
    op->next = rail->free;
    rail->free = op;
}

static struct rail_op *op_of(struct rail *rail, void *context)
{
    struct rail_op *op = context;

    return op >= rail->ops && op < rail->ops + rail->op_count && op->busy ? op : NULL;
}

static void completed(struct rail *rail, const struct fi_cq_tagged_entry *entry)
{
    struct rail_op *op = op_of(rail, entry->op_context);

    if (op == NULL)
        return;
    if (op->generation != rail->generation) {
        rail->orphans--;
    } else if (op->receive) {
        rail->receives_posted--;
        rail->receives_ended++;
        rail->flags |= (unsigned)(entry->tag & 15);
        rail->received_len = entry->len;
    } else {
        rail->sends_posted--;
    }
    op_put(rail, op);
}

static void failed(struct rail *rail, struct fid_cq *cq)
{
    struct fi_cq_err_entry entry = {0};
    char words[96] = "";
    ssize_t status = fi_cq_readerr(cq, &entry, 0);
    struct rail_op *op;
    bool ours;

    if (status != 1)
        return;
    op = op_of(rail, entry.op_context);
    ours = op != NULL && op->generation == rail->generation;
    if (op != NULL) {
        if (!ours)
            rail->orphans--;
        else if (op->receive)
            rail->receives_posted--;
        else
            rail->sends_posted--;
        op_put(rail, op);
    }
    if (!ours || entry.err == FI_ECANCELED || rail->failed)
        return;
    const char *said = fi_cq_strerror(cq, entry.prov_errno, entry.err_data, words, sizeof words);
    rail->failed = true;
    snprintf(rail->error, sizeof rail->error, "%s (%d), provider: %s (%d)", fi_strerror(entry.err),
             entry.err, said == NULL || *said == '\0' ? words : said, entry.prov_errno);
}

/* One look at a queue; true: something was there. */
static inline bool look(struct rail *rail, struct fid_cq *cq)
{
    struct fi_cq_tagged_entry entry;
    ssize_t status =
        rail->sleeps ? fi_cq_sread(cq, &entry, 1, NULL, SLEEP_MS) : fi_cq_read(cq, &entry, 1);

    if (status == 1) {
        completed(rail, &entry);
        return true;
    }
    if (status == -FI_EAVAIL) {
        failed(rail, cq);
        return true;
    }
    if (status != -FI_EAGAIN && status < 0 && !rail->failed) {
        rail->failed = true;
        snprintf(rail->error, sizeof rail->error, "the completion queue answers %s",
                 fi_strerror((int)-status));
    }
    return false;
}

/* After a look in vain. Now and then at the other queue too: some providers progress by it. */
static bool in_vain(struct rail *rail, struct fid_cq *other, uint64_t looks, int64_t deadline)
{
    if (looks % LOOKS_PER_CLOCK != 0)
        return false;
    look(rail, other);
    if (looks % LOOKS_PER_YIELD == 0)
        sched_yield();
    return ticks_ns() >= deadline;
}

static enum rail_end ended(const struct rail *rail)
{
    return rail->failed ? RAIL_ERROR_SAID : RAIL_SILENT;
}

/* After a post that said "again": a queue is full, or the connection is being made. Then something
 * has to end, or to come, first. A peer that is gone gives this answer for ever, and to each post
 * tcp;ofi_rxm makes one more attempt to connect. So posts come ever slower; the queues are looked
 * at always. False: the deadline, or an error. */
static const int64_t first_pause_ns = 20000, longest_pause_ns = 200 * TICKS_MS;

static bool again(struct rail *rail, ssize_t status, int64_t *pause, int64_t deadline)
{
    int64_t until = ticks_ns() + *pause;

    if (status != -FI_EAGAIN) {
        if (!rail->failed)
            snprintf(rail->error, sizeof rail->error, "posting: %s", fi_strerror((int)-status));
        rail->failed = true;
        return false;
    }
    for (int64_t now = ticks_ns(); now < deadline && !rail->failed; now = ticks_ns()) {
        if (look(rail, rail->sent)) {
            *pause = first_pause_ns;
            return !rail->failed;
        }
        look(rail, rail->received);
        if (now >= until) {
            *pause = *pause * 2 > longest_pause_ns ? longest_pause_ns : *pause * 2;
            return true;
        }
        if (*pause > TICKS_MS)
            sched_yield();
    }
    return false;
}

/* Every operation has a context of its own; when all are under way, one has to end first. */
static struct rail_op *op_wait(struct rail *rail, bool receive, int64_t *pause, int64_t deadline)
{
    struct rail_op *op;

    while ((op = op_take(rail, receive)) == NULL)
        if (!again(rail, -FI_EAGAIN, pause, deadline))
            return NULL;
    return op;
}

#define POST(rail, is_receive, counter, deadline, call)                                            \
    do {                                                                                           \
        int64_t pause_ = first_pause_ns;                                                           \
        struct rail_op *op = op_wait((rail), (is_receive), &pause_, (deadline));                   \
        ssize_t status_;                                                                           \
        if (op == NULL)                                                                            \
            return ended(rail);                                                                    \
        while ((status_ = (call)) != 0)                                                            \
            if (!again((rail), status_, &pause_, (deadline))) {                                    \
                op_put((rail), op);                                                                \
                return ended(rail);                                                                \
            }                                                                                      \
        (counter)++;                                                                               \
        return RAIL_OK;                                                                            \
    } while (0)

enum rail_end rail_send(struct rail *rail, uint64_t peer, uint64_t tag, const void *bytes,
                        size_t len, int64_t deadline)
{
    if (len < rail->inject) {
        int64_t pause = first_pause_ns;
        ssize_t status;
        while ((status = fi_tinject(rail->ep, bytes, len, peer, tag)) != 0)
            if (!again(rail, status, &pause, deadline))
                return ended(rail);
        return RAIL_OK;
    }
    POST(rail, false, rail->sends_posted, deadline,
         fi_tsend(rail->ep, bytes, len, rail->desc, peer, tag, &op->context));
}

enum rail_end rail_receive(struct rail *rail, uint64_t tag, void *bytes, size_t len,
                           int64_t deadline)
{
    POST(rail, true, rail->receives_posted, deadline,
         fi_trecv(rail->ep, bytes, len, rail->desc, FI_ADDR_UNSPEC, tag, 15, &op->context));
}

enum rail_end rail_write(struct rail *rail, uint64_t peer, const struct rail_window *theirs,
                         size_t at, const void *bytes, size_t len, int64_t deadline)
{
    POST(rail, false, rail->sends_posted, deadline,
         fi_write(rail->ep, bytes, len, rail->desc, peer, theirs->address + at, theirs->key,
                  &op->context));
}

enum rail_end rail_read(struct rail *rail, uint64_t peer, const struct rail_window *theirs,
                        size_t at, void *bytes, size_t len, int64_t deadline)
{
    POST(rail, false, rail->sends_posted, deadline,
         fi_read(rail->ep, bytes, len, rail->desc, peer, theirs->address + at, theirs->key,
                 &op->context));
}

enum rail_end rail_wait_sent(struct rail *rail, int64_t deadline)
{
    uint64_t looks = 0;

    while (rail->sends_posted > 0 && !rail->failed)
        if (!look(rail, rail->sent) && in_vain(rail, rail->received, ++looks, deadline))
            return ended(rail);
    return rail->failed ? RAIL_ERROR_SAID : RAIL_OK;
}

enum rail_end rail_wait_received(struct rail *rail, uint32_t count, int64_t deadline)
{
    uint64_t looks = 0;

    while (rail->receives_ended < count && !rail->failed)
        if (!look(rail, rail->received) && in_vain(rail, rail->sent, ++looks, deadline))
            return ended(rail);
    if (rail->failed)
        return RAIL_ERROR_SAID;
    rail->receives_ended -= count;
    return RAIL_OK;
}

unsigned rail_flags(struct rail *rail)
{
    unsigned flags = rail->flags;

    rail->flags = 0;
    return flags;
}

size_t rail_received_len(const struct rail *rail)
{
    return rail->received_len;
}

void rail_give_up(struct rail *rail)
{
    int64_t deadline = ticks_ns() + 20 * TICKS_MS;
    uint64_t looks = 0;
    bool any = rail->receives_posted > 0;

    for (uint32_t i = 0; i < rail->op_count && any; i++)
        if (rail->ops[i].busy && rail->ops[i].receive &&
            rail->ops[i].generation == rail->generation)
            fi_cancel(&rail->ep->fid, &rail->ops[i].context);
    while (any && rail->receives_posted > 0)
        if (!look(rail, rail->received) && in_vain(rail, rail->sent, ++looks, deadline))
            break;
    rail->orphans += rail->receives_posted + rail->sends_posted;
    rail->receives_posted = rail->sends_posted = rail->receives_ended = rail->flags = 0;
    rail->generation++;
    rail->failed = false;
    rail->error[0] = '\0';
}

uint32_t rail_orphans(const struct rail *rail)
{
    return rail->orphans;
}
