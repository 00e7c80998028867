#!/bin/sh
# SPDX-License-Identifier: MIT
# Each public header compiles alone as C99, C11 and C++11; each internal one as C11.
# C++ goes without -Wshadow: a function may be named like its struct there as in C, but g++ remarks on it.
# SMMU_SOURCE_DIR: the repository.  CC, CXX: the compilers; without CXX there is no C++.
set -u
failed=0

warnings="-Wall -Wextra -Wpedantic -Wconversion -Werror"

# compiles HEADER COMPILER LANGUAGE STANDARD FOLDER
compiles() {
	[ "$3" = c ] && shadow=-Wshadow || shadow=
	# shellcheck disable=SC2086
	printf '#include <%s>\ntypedef int not_empty;\n' "$1" | $2 -x "$3" -std="$4" -fsyntax-only $warnings $shadow \
		-I"$SMMU_SOURCE_DIR/$5" -I"$SMMU_SOURCE_DIR/include" - && return
	echo "$1 does not compile alone as $4"
	failed=1
}

cd "$SMMU_SOURCE_DIR/include" || exit 1
for header in smmu/*.h; do
	compiles "$header" "$CC" c c99 include
	compiles "$header" "$CC" c c11 include
	[ -z "${CXX:-}" ] || compiles "$header" "$CXX" c++ c++11 include
done

cd "$SMMU_SOURCE_DIR/lib" || exit 1
for header in $(find . -name '*.h' ! -path './platform/*' | sed 's,^\./,,' | sort); do
	compiles "$header" "$CC" c c11 lib
done
exit $failed
