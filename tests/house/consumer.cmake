# SPDX-License-Identifier: MIT
# The CMakeLists.txt of a program outside the tree, which finds an installed libsmmu.
cmake_minimum_required(VERSION 3.22)
project(consumer LANGUAGES C)
find_package(smmu 0.1 REQUIRED CONFIG)

function(consume name library)
	add_executable(${name} ${ARGN})
	target_link_libraries(${name} PRIVATE ${library})
	list(APPEND programs ${name})
	set(programs ${programs} PARENT_SCOPE)
endfunction()

consume(c-shared smmu::smmu consumer.c)
consume(c-static smmu::smmu_static consumer.c)
if(TARGET smmu::platform)
	consume(machine-shared smmu::platform machine.c)
	consume(machine-static smmu::platform_static machine.c)
endif()
if(CMAKE_CXX_COMPILER)
	enable_language(CXX)
	consume(cxx-shared smmu::smmu consumer.cc)
	consume(cxx-static smmu::smmu_static consumer.cc)
endif()

enable_testing()
foreach(program ${programs})
	add_test(NAME ${program} COMMAND ${program})
endforeach()
