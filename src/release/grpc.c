/* gRPC as a server needs it. Debian's libgrpc.a also brings what only clients use: xDS with all of
 * Envoy's messages, balancers, a name server's client. They get in by being registered, so here
 * they register nothing, and the linker leaves out what is behind them: 3 MiB of the program, a
 * fifth of what the loader has to relocate. GRPC_NO_XDS does the same to most of it when gRPC is
 * compiled.
 *
 * The names are C++ names of gRPC 1.51. A gRPC that has others links as well, only larger; one that
 * keeps more behind such a name does not link, and the linker says which line has to go. */

#define BUILDER "EPNS_17CoreConfiguration7BuilderE"
#define LEFT_OUT(name, symbol)                                                                     \
    void name(void *) __asm__(symbol);                                                             \
    void name(void *builder)                                                                       \
    {                                                                                              \
        (void)builder;                                                                             \
    }

LEFT_OUT(no_xds, "_ZN9grpc_core20RegisterExtraFilters" BUILDER)
LEFT_OUT(no_grpclb, "_ZN9grpc_core20RegisterGrpcLbPolicy" BUILDER)
LEFT_OUT(no_rls, "_ZN9grpc_core19RegisterRlsLbPolicy" BUILDER)
LEFT_OUT(no_ring_hash, "_ZN9grpc_core24RegisterRingHashLbPolicy" BUILDER)
LEFT_OUT(no_priority, "_ZN9grpc_core24RegisterPriorityLbPolicy" BUILDER)
LEFT_OUT(no_weighted_target, "_ZN9grpc_core30RegisterWeightedTargetLbPolicy" BUILDER)
LEFT_OUT(no_outlier_detection, "_ZN9grpc_core32RegisterOutlierDetectionLbPolicy" BUILDER)
LEFT_OUT(no_fault_injection, "_ZN9grpc_core28FaultInjectionFilterRegister" BUILDER)
LEFT_OUT(no_ares, "_ZN9grpc_core23RegisterAresDnsResolver" BUILDER)

/* What grpc_init and grpc_shutdown call for the same name server's client. */
LEFT_OUT(no_ares_begin, "_Z27grpc_resolver_dns_ares_initv")
LEFT_OUT(no_ares_end, "_Z31grpc_resolver_dns_ares_shutdownv")
