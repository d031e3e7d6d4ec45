# Compiler settings that every target of ours shares; nothing is set globally but the output folder and the language.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(PROBATUM_CCACHE ccache)
if(PROBATUM_CCACHE)
  # The pre-compiled headers and several checkouts of one tree share a cache only with these settings.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${PROBATUM_CCACHE})
endif()

add_library(probatum_options INTERFACE)
target_compile_options(probatum_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)

find_program(PROBATUM_MOLD mold)
if(PROBATUM_MOLD)
  target_link_options(probatum_options INTERFACE -fuse-ld=mold)
endif()

if(PROBATUM_SANITIZE)
  target_compile_options(probatum_options INTERFACE
    -fsanitize=${PROBATUM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(probatum_options INTERFACE -fsanitize=${PROBATUM_SANITIZE})
  if(PROBATUM_SANITIZE MATCHES "thread")
    # ThreadSanitizer does not understand fences; Asio has a switch for it.
    target_compile_definitions(probatum_options INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
    target_compile_options(probatum_options INTERFACE -Wno-tsan)
  endif()
endif()

if(PROBATUM_FUZZ)
  # Edge counters in every library, so that libFuzzer sees into the decoders and not only into its own target.
  target_compile_options(probatum_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
