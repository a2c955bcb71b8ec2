# Stairs only go down: a file in src/ROOM may include the doors of its own room and of those rooms.cmake names for it,
# a room may name only rooms that stand above it in the list, and a program only opens the doors that it names.
# Runs in the root of the tree that is looked at.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/room.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/rooms.cmake)

set(faults 0)
macro(fault text)
  message(SEND_ERROR "${text}")
  math(EXPR faults "${faults}+1")
endmacro()

macro(check_doors owner uses)
  foreach(file ${ARGN})
    file(STRINGS ${file} lines REGEX "^[ \t]*#[ \t]*include [<\"](hp/|[^\"]*\\.\\.)")
    foreach(line IN LISTS lines)
      if(NOT line MATCHES "<hp/([a-z0-9]+)/")
        fault("${file}: ${line}: other rooms are entered by their doors, <hp/ROOM/X.h>")
      elseif(NOT CMAKE_MATCH_1 STREQUAL "${owner}" AND NOT CMAKE_MATCH_1 IN_LIST ${uses})
        fault("${file}: ${owner} may not use ${CMAKE_MATCH_1}/ (docs/ARCHITECTURE.md)")
      endif()
    endforeach()
  endforeach()
endmacro()

set(seen "")
foreach(room IN LISTS HP_ROOMS)
  foreach(other IN LISTS HP_${room}_USES)
    if(NOT other IN_LIST seen)
      fault("rooms.cmake: ${room} uses ${other}, which does not stand above it")
    endif()
  endforeach()
  list(APPEND seen ${room})
  file(GLOB files src/${room}/*.[ch] include/hp/${room}/*.h)
  check_doors(${room} HP_${room}_USES ${files})
endforeach()

foreach(program IN LISTS HP_PROGRAMS)
  get_filename_component(dir ${HP_${program}_MAIN} DIRECTORY)
  string(REGEX REPLACE "^src/?" "" room "${dir}")
  if(NOT room IN_LIST HP_ROOMS) # a room's own main.c was looked at with the room
    file(GLOB files ${dir}/*.[ch])
    check_doors(${program} HP_${program}_USES ${files})
  endif()
endforeach()

list(LENGTH HP_ROOMS rooms)
message(STATUS "${rooms} rooms, ${faults} faults")
