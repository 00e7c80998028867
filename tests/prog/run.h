/* SPDX-License-Identifier: MIT */
#ifndef TESTS_PROG_RUN_H
#define TESTS_PROG_RUN_H

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

/* Runs one case of tests and returns main's result. */
int run(const char *name, void (*add)(TCase *tests));

#endif
