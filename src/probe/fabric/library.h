/* Within this floor: libfabric itself, opened at run time, so that reading and comparing reports
 * needs none, and an EFA installer's is found where it lies. The functions that it exports are
 * declared by its own headers and defined in library.c, which hands them on. */
#ifndef HP_PROBE_LIBRARY_H
#define HP_PROBE_LIBRARY_H

#include "facts/error.h"

#include <rdma/fabric.h>

/* What the headers know. */
#define LIBRARY_HEADERS FI_VERSION(FI_MAJOR_VERSION, FI_MINOR_VERSION)

/* Before any other function of libfabric, and from one thread. The library named in
 * HYPERPOD_PROBE_LIBFABRIC, or the loader's libfabric.so.1, or the EFA installer's. False, then and
 * whenever it is asked again: there is none, or it is older than the headers. */
bool library_open(struct probe_error *reterr);
/* Where it lies; NULL before library_open. */
const char *library_path(void);
/* The API to ask for. */
uint32_t library_api(void);

/* The symbol version whose struct fi_info is that of the headers. A library's newest has members
 * that they do not know. */
extern const char library_layout[];

#endif
