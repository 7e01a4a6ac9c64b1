# C17, the warnings of our style, and what each preset adds.
include(CheckCCompilerFlag)
include(GNUInstallDirs)

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(REPRISE_WERROR "Warnings are errors" OFF)
option(REPRISE_HARDEN "Hardening flags of a release" OFF)
set(REPRISE_SANITIZE "" CACHE STRING "Sanitizers, comma separated (address,undefined)")
option(REPRISE_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)

add_library(reprise_flags INTERFACE)
# <pcap.h> wants the BSD integer names, hidden by -std=c17.
target_compile_definitions(reprise_flags INTERFACE _DEFAULT_SOURCE _POSIX_C_SOURCE=200809L)
target_include_directories(reprise_flags INTERFACE ${PROJECT_SOURCE_DIR})
# An assert names its file as the project does, wherever it was built.
target_compile_options(reprise_flags INTERFACE -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
target_compile_options(reprise_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wformat=2 -Wundef -Wvla
    -Wstrict-prototypes -Wmissing-prototypes)
if(REPRISE_WERROR)
    target_compile_options(reprise_flags INTERFACE -Werror)
endif()
if(REPRISE_SANITIZE)
    target_compile_options(reprise_flags INTERFACE
        -fsanitize=${REPRISE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(reprise_flags INTERFACE -fsanitize=${REPRISE_SANITIZE})
endif()
if(REPRISE_FUZZ)
    target_compile_options(reprise_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(REPRISE_HARDEN)
    target_compile_options(reprise_flags INTERFACE
        -fstack-protector-strong -fstack-clash-protection -fPIE)
    target_compile_definitions(reprise_flags INTERFACE _FORTIFY_SOURCE=2)
    target_link_options(reprise_flags INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
    # Control-flow protection in hardware: x86 has it, other processors refuse the flag.
    check_c_compiler_flag(-fcf-protection REPRISE_HAS_CF_PROTECTION)
    if(REPRISE_HAS_CF_PROTECTION)
        target_compile_options(reprise_flags INTERFACE -fcf-protection)
    endif()
endif()

if(CMAKE_INTERPROCEDURAL_OPTIMIZATION)
    # Objects that can also be read as they are: the hardening check looks into them.
    target_compile_options(reprise_flags INTERFACE -ffat-lto-objects)
endif()

# reprise_folder(name SOURCES... LINK... PRIVATE...): the library of one folder.
function(reprise_folder name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE" ${ARGN})
    add_library(reprise_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(reprise_${name} PUBLIC reprise_flags ${ARG_LINK} PRIVATE ${ARG_PRIVATE})
endfunction()
