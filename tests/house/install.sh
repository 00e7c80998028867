#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs a build, moves it, and from outside the tree builds and runs small C and C++ programs against it: through
# find_package and through pkg-config, shared and static.  The C program is the one the README shows.
# SMMU_SOURCE_DIR, SMMU_BUILD_DIR: the repository and its build.  CC, CXX, CMAKE: programs; without CXX there is no C++.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
house=$SMMU_SOURCE_DIR/tests/house

"$CMAKE" --install "$SMMU_BUILD_DIR" --prefix "$work/first" >"$work/log"
mv "$work/first" "$work/prefix"

mkdir "$work/program"
cd "$work/program"
awk '/^```/ { inside = /^```c$/; next } inside' "$SMMU_SOURCE_DIR/README.md" >consumer.c
grep -q smmu3_create consumer.c
cp "$house/consumer.cc" "$house/machine.c" .
cp "$house/consumer.cmake" CMakeLists.txt

echo "== find_package"
"$CMAKE" -S . -B build -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_C_COMPILER="$CC" \
	${CXX:+-DCMAKE_CXX_COMPILER="$CXX"} >"$work/log" || { cat "$work/log"; exit 1; }
"$CMAKE" --build build
(cd build && ctest --output-on-failure)

echo "== pkg-config"
libdir=$(dirname "$(find "$work/prefix" -name libsmmu.a)")
export PKG_CONFIG_PATH="$libdir/pkgconfig" LD_LIBRARY_PATH="$libdir"

# consume COMPILER SOURCE PACKAGE
consume() {
	echo "$2 with $3"
	# shellcheck disable=SC2046
	$1 "$2" -o shared $(pkg-config --cflags --libs "$3")
	./shared
	# shellcheck disable=SC2046
	$1 "$2" -static -o static $(pkg-config --static --cflags --libs "$3")
	./static
}

consume "$CC" consumer.c smmu
[ -z "${CXX:-}" ] || consume "$CXX" consumer.cc smmu
[ ! -e "$libdir/pkgconfig/smmu-platform.pc" ] || consume "$CC" machine.c smmu-platform

echo "== an incompatible version is refused"
sed -i 's/find_package(smmu 0.1/find_package(smmu 0.0/' CMakeLists.txt
if "$CMAKE" -S . -B other -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix" >"$work/log" 2>&1; then
	echo "version 0.0 was found"
	exit 1
fi
