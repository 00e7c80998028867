/* SPDX-License-Identifier: MIT */
/* Lines of a trace, carried out one after another, each judged by what it expects. */
#ifndef TESTS_PLATFORM_STORY_H
#define TESTS_PLATFORM_STORY_H

#include "load.h"

/* Each line must come to what it expects, blocks of ! expect lines strictly; one that begins with
 * "-" must not.  Behind a '|' stands a part of the difference, or of what came. */
void story_told(const char *machine, const char *const *rows, size_t count);

/* Lines that are no lines, as "LINE|COLUMN: sentence". */
void story_refused(const char *const *rows, size_t count);

#define ROWS(...)                             \
	(const char *const[]){ __VA_ARGS__ }, \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *)
#define TELL(machine, ...) story_told(machine, ROWS(__VA_ARGS__))
#define REFUSED(...) story_refused(ROWS(__VA_ARGS__))

#endif
