/* A rail: one endpoint of libfabric (FI_EP_RDM) with what belongs to it: domain, address vector,
 * completion queues, memory. One thread at a time; rails know nothing of each other.
 *
 * A peer may die, stop, or never hear us, and libfabric then tells nothing: a receive that was
 * posted simply stays. So nothing here waits without a deadline (ticks_ns), and what is still under
 * way when one passes is an orphan: its completion, if it ever comes, is taken for nobody's. */
#ifndef HP_PROBE_RAIL_H
#define HP_PROBE_RAIL_H

#include "facts/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RAIL_NAME = 64, RAIL_ADDRESS = 128, RAIL_ERROR = 160, RAIL_PROOF = 2 << 20 };

/* Where a rail could be opened. */
struct rail_place {
    char provider[RAIL_NAME]; /* as libfabric calls it: efa, tcp;ofi_rxm */
    char domain[RAIL_NAME];   /* rdmap79s0-rdm, eth0 */
    char device[RAIL_NAME];   /* of the kernel; empty when libfabric does not say */
    char address[RAIL_NAME];  /* of an IP provider: 10.1.2.3; else empty */
    uint64_t speed_bits;      /* a second; 0: not told */
    int64_t mtu;
    bool loopback;
};

/* The places of a provider, each domain once, IPv4 before IPv6; at most `most`. names: only these
 * domains, devices or addresses, in this order (an address of this machine that libfabric does not
 * list is tried too). -1: none, or one of the names is not there. The library's own answer is in
 * *reterr, with what to look at. */
int rail_find(const char *provider, const struct str *names, uint32_t name_count,
              struct rail_place *ret_places, int most, struct probe_error *reterr);

/* The library that was loaded: "1.17.0", and its path; both empty when there is none (rail_find
 * says why). */
void rail_library(char version[32], char path[256]);

struct rail;

/* buffer_bytes: for each of the two large areas (sent from, received into); what is validated has
 * RAIL_PROOF beside. All of it is registered. */
struct rail *rail_open(const struct rail_place *place, size_t buffer_bytes,
                       struct probe_error *reterr);
void rail_close(struct rail *rail); /* takes NULL; may leave behind what the provider holds on to */

/* What others need in order to reach this rail, at most RAIL_ADDRESS bytes. */
const void *rail_address(const struct rail *rail, size_t *ret_len);
/* Makes a peer known. False: the provider does not take this address. */
bool rail_insert(struct rail *rail, const void *address, size_t len, uint64_t *ret_peer,
                 struct probe_error *reterr);
void rail_remove(struct rail *rail, uint64_t peer);

/* How a wait ended. */
enum rail_end {
    RAIL_OK,
    RAIL_SILENT,     /* the deadline passed */
    RAIL_ERROR_SAID, /* rail_error has the provider's words */
};
const char *rail_error(const struct rail *rail);

size_t rail_inject_below(const struct rail *rail); /* messages shorter than this are injected */
size_t rail_longest(const struct rail *rail);      /* what fits into any area */
bool rail_can_rma(const struct rail *rail);

/* Bytes of the areas: slot i of `size` bytes. Slots are apart as long as they fit. */
enum rail_area { RAIL_SENT, RAIL_RECEIVED, RAIL_PROVED };
void *rail_slot(struct rail *rail, enum rail_area area, uint32_t slot, size_t size);

/* Tagged messages. A tag's low four bits are flags: a receive takes any of them. Posting retries
 * while the provider's queues are full, until the deadline. rail_send of a short message is an
 * injection: nothing is to be waited for. */
enum rail_end rail_send(struct rail *rail, uint64_t peer, uint64_t tag, const void *bytes,
                        size_t len, int64_t deadline);
enum rail_end rail_receive(struct rail *rail, uint64_t tag, void *bytes, size_t len,
                           int64_t deadline);
/* Until everything that was sent has left, and until `count` more receives have ended. */
enum rail_end rail_wait_sent(struct rail *rail, int64_t deadline);
enum rail_end rail_wait_received(struct rail *rail, uint32_t count, int64_t deadline);
/* The flags of all messages that came since it was asked last. */
unsigned rail_flags(struct rail *rail);
size_t rail_received_len(const struct rail *rail);

/* Memory of ours that a peer may write into and read from, and a peer's. */
struct rail_window {
    uint64_t address, key, len;
};
struct rail_window rail_window(const struct rail *rail);
enum rail_end rail_write(struct rail *rail, uint64_t peer, const struct rail_window *theirs,
                         size_t at, const void *bytes, size_t len, int64_t deadline);
enum rail_end rail_read(struct rail *rail, uint64_t peer, const struct rail_window *theirs,
                        size_t at, void *bytes, size_t len, int64_t deadline);

/* Gives up what is under way: receives are taken back, the rest become orphans. */
void rail_give_up(struct rail *rail);
uint32_t rail_orphans(const struct rail *rail);

#endif
