# SPDX-License-Identifier: MIT
# Flags that every target of ours gets, and the libraries.

# Everything a target of ours is compiled with.  PUBLIC uses of it would leak our taste to users: keep it PRIVATE.
add_library(smmu_flags INTERFACE)
target_compile_options(smmu_flags INTERFACE
	-Wall -Wextra -Wpedantic -Wconversion -Wshadow
	$<$<COMPILE_LANGUAGE:C>:-Werror=enum-conversion>
	$<$<BOOL:${SMMU_WERROR}>:-Werror>
	-fvisibility=hidden)
if(SMMU_SANITIZE)
	target_compile_options(smmu_flags INTERFACE -O1 -fsanitize=${SMMU_SANITIZE} -fno-omit-frame-pointer
		-fno-sanitize-recover=all)
	target_link_options(smmu_flags INTERFACE -fsanitize=${SMMU_SANITIZE})
endif()
if(SMMU_COVERAGE)
	target_compile_options(smmu_flags INTERFACE --coverage)
	target_link_options(smmu_flags INTERFACE --coverage)
endif()

# From the objects of one library: NAME (shared), NAME_static, and NAME_internal, the archive that tests link, in which hidden
# functions can still be called.  In NAME_static they are local, so that our names never meet a user's.
function(smmu_add_library name)
	set(objects $<TARGET_OBJECTS:${name}_objects>)

	add_library(${name}_internal STATIC ${objects})
	set_target_properties(${name}_internal PROPERTIES LINKER_LANGUAGE C)

	add_library(${name} SHARED ${objects})
	set_target_properties(${name} PROPERTIES
		LINKER_LANGUAGE C
		VERSION ${PROJECT_VERSION}
		SOVERSION ${PROJECT_VERSION_MAJOR}
		LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/${name}.map)
	target_link_options(${name} PRIVATE -Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/${name}.map)
	if(NOT SMMU_SANITIZE) # whose runtime only programs are linked with
		target_link_options(${name} PRIVATE -Wl,-z,defs)
	endif()

	set(joined ${PROJECT_BINARY_DIR}/${name}_joined.o)
	add_custom_command(OUTPUT ${joined}
		COMMAND ${CMAKE_LINKER} -r -o ${joined} ${objects}
		COMMAND ${CMAKE_OBJCOPY} --localize-hidden ${joined}
		DEPENDS ${name}_objects ${objects}
		COMMAND_EXPAND_LISTS VERBATIM
		COMMENT "Joining ${name} into one object")
	add_library(${name}_static STATIC ${joined})
	set_target_properties(${name}_static PROPERTIES LINKER_LANGUAGE C OUTPUT_NAME ${name})

	string(REGEX REPLACE "^smmu_" "" exported ${name})
	set_target_properties(${name} PROPERTIES EXPORT_NAME ${exported})
	set_target_properties(${name}_static PROPERTIES EXPORT_NAME ${exported}_static)
	add_library(smmu::${exported} ALIAS ${name})
	add_library(smmu::${exported}_static ALIAS ${name}_static)

	foreach(target ${name}_internal ${name} ${name}_static)
		target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:smmu_flags>)
		target_include_directories(${target} PUBLIC
			$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
			$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
	endforeach()
endfunction()

function(smmu_add_objects name)
	add_library(${name}_objects OBJECT ${ARGN})
	set_target_properties(${name}_objects PROPERTIES POSITION_INDEPENDENT_CODE ON)
	target_compile_options(${name}_objects PRIVATE -fno-semantic-interposition)
	target_include_directories(${name}_objects PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/lib)
	target_link_libraries(${name}_objects PRIVATE smmu_flags)
endfunction()

function(smmu_add_libraries)
	set(core_folders base arch mem tlb walk config xlate check prog)
	list(TRANSFORM core_folders PREPEND ${PROJECT_SOURCE_DIR}/lib/)
	list(APPEND core_folders ${PROJECT_SOURCE_DIR}/lib)
	list(TRANSFORM core_folders APPEND /*.c)
	file(GLOB core CONFIGURE_DEPENDS ${core_folders})
	if(NOT core)
		return()
	endif()
	smmu_add_objects(smmu ${core})
	smmu_add_library(smmu)

	file(GLOB platform CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/platform/*.c)
	if(NOT SMMU_BUILD_PLATFORM OR NOT platform)
		return()
	endif()
	find_package(PkgConfig REQUIRED)
	pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
	pkg_check_modules(ZSTD IMPORTED_TARGET libzstd)
	if(NOT ZSTD_FOUND)
		message(FATAL_ERROR "libsmmu_platform writes recordings compressed: it needs libzstd (on Debian: libzstd-dev)")
	endif()
	smmu_add_objects(smmu_platform ${platform})
	target_compile_definitions(smmu_platform_objects PRIVATE _GNU_SOURCE)
	target_link_libraries(smmu_platform_objects PRIVATE PkgConfig::YAML PkgConfig::ZSTD)
	smmu_add_library(smmu_platform)
	target_link_libraries(smmu_platform PUBLIC smmu
		PRIVATE $<BUILD_INTERFACE:PkgConfig::YAML> $<BUILD_INTERFACE:PkgConfig::ZSTD>)
	set_target_properties(smmu_platform PROPERTIES INSTALL_RPATH $ORIGIN) # finds libsmmu beside it, wherever that is
	target_link_libraries(smmu_platform_static PUBLIC smmu_static
		$<BUILD_INTERFACE:PkgConfig::YAML> $<BUILD_INTERFACE:PkgConfig::ZSTD>
		$<INSTALL_INTERFACE:yaml> $<INSTALL_INTERFACE:zstd>)
	target_link_libraries(smmu_platform_internal PUBLIC smmu_internal PkgConfig::YAML PkgConfig::ZSTD)
endfunction()
