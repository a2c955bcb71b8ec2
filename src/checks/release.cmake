# What is shipped: programs that need glibc and nothing else, hardened, the same bytes from the same sources wherever
# they are built, with what a debugger wants to know in a file beside them. docs/RELEASE.md says how it is checked.
# Included by every build; only HP_STATIC and the build type Release make it do something.

# Archives that Debian does not ship in a usable form are made once (src/checks/archives) and kept in HP_ARCHIVES.
set(HP_OWN_ARCHIVES libcurl libmicrohttpd libcjson)
if(HP_STATIC)
  set(HP_ARCHIVES ${CMAKE_BINARY_DIR}/archives CACHE PATH "where the archives of our own making lie")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/archives)
  message(STATUS "Static libraries of curl, libmicrohttpd and cJSON: ${HP_ARCHIVES} (made when they are not there)")
  execute_process(COMMAND ${CMAKE_COMMAND} -E env CC=${CMAKE_C_COMPILER} ${CMAKE_CURRENT_LIST_DIR}/archives ${HP_ARCHIVES}
    RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "The static libraries could not be made; src/checks/archives said why. -DHP_STATIC=OFF builds without it.")
  endif()
endif()

# The archives that go into a program for a pkg-config module, in the order of linking.
function(hp_archives_of module ret_archives)
  if(module IN_LIST HP_OWN_ARCHIVES)
    set(archives ${HP_ARCHIVES}/lib/${module}.a)
    if(module STREQUAL libcurl)
      list(APPEND archives -l:libssl.a -l:libcrypto.a -l:libz.a)
    endif()
  else()
    set(archives ${PKG_${module}_STATIC_LIBRARIES})
    list(REMOVE_ITEM archives dl rt m pthread atomic) # glibc's, and what the compiler brings
    list(TRANSFORM archives REPLACE "^yajl$" "yajl_s")
    list(TRANSFORM archives REPLACE "(.+)" "-l:lib\\1.a")
  endif()
  list(REMOVE_DUPLICATES archives)
  set(${ret_archives} ${archives} PARENT_SCOPE)
endfunction()

# Paths of the build are cut off, so that neither an assertion nor the debugger's file tells where it was built.
function(hp_release_flags target)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    return()
  endif()
  target_compile_options(${target} PRIVATE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong
    -fstack-clash-protection
    -ffunction-sections -fdata-sections -fno-plt
    -ffile-prefix-map=${CMAKE_BINARY_DIR}=build -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(${target} PRIVATE -fcf-protection)
  endif()
endfunction()

# Static programs bring src/release with them. The debugger's half goes to bin/.debug/PROGRAM.debug, where gdb, addr2line
# and valgrind look by themselves; the program keeps its build-id. The linker's map tells what is inside (src/checks/inside).
function(hp_release_program target uses)
  if(HP_STATIC)
    set(release ${CMAKE_SOURCE_DIR}/src/release)
    target_sources(${target} PRIVATE ${release}/glibc.c ${release}/openssl.c)
    if(plugin IN_LIST uses)
      target_sources(${target} PRIVATE ${release}/grpc.c)
    endif()
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc -Wl,--exclude-libs,ALL)
  endif()
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    return()
  endif()
  set(debug ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/.debug)
  target_link_options(${target} PRIVATE -pie -Wl,-z,relro,-z,now,-z,noexecstack,--build-id=sha1
    -Wl,--gc-sections,--as-needed,-O1,--hash-style=gnu,-Map=${debug}/${target}.map)
  file(MAKE_DIRECTORY ${debug})
  add_custom_command(TARGET ${target} POST_BUILD VERBATIM WORKING_DIRECTORY ${debug}
    COMMAND ${CMAKE_OBJCOPY} --only-keep-debug $<TARGET_FILE:${target}> ${target}.debug
    COMMAND ${CMAKE_OBJCOPY} --strip-all --add-gnu-debuglink=${target}.debug $<TARGET_FILE:${target}>)
endfunction()
