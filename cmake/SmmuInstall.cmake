# SPDX-License-Identifier: MIT
# What `cmake --install` puts where: headers, libraries, a CMake package and pkg-config files.  All may be moved afterwards.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/smmu)
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH SMMU_PC_TO_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" SMMU_PC_TO_PREFIX ${SMMU_PC_TO_PREFIX})

set(headers smmu.h port.h decode.h inspect.h tables.h stats.h adversity.h)
set(libraries smmu smmu_static)
set(pkgconfigs smmu)
if(TARGET smmu_platform)
	list(APPEND headers platform.h trace.h audit.h record.h)
	list(APPEND libraries smmu_platform smmu_platform_static)
	list(APPEND pkgconfigs smmu-platform)
endif()

list(TRANSFORM headers PREPEND ${PROJECT_SOURCE_DIR}/include/smmu/)
install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/smmu)
install(TARGETS ${libraries} EXPORT smmu-targets)
install(EXPORT smmu-targets NAMESPACE smmu:: DESTINATION ${package_dir})

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/smmu-config.cmake.in smmu-config.cmake
	INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(smmu-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/smmu-config.cmake ${PROJECT_BINARY_DIR}/smmu-config-version.cmake
	DESTINATION ${package_dir})

foreach(name ${pkgconfigs})
	configure_file(${PROJECT_SOURCE_DIR}/cmake/${name}.pc.in ${name}.pc @ONLY)
	install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${pkgconfig_dir})
endforeach()

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
	DESTINATION ${CMAKE_INSTALL_DOCDIR})
