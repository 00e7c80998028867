/* SPDX-License-Identifier: MIT */
/* Running a suite of tests, as every test program ends. */
#ifndef SMMU_TEST_SUITE_H
#define SMMU_TEST_SUITE_H

#include "support/cached.h"
#include "support/ported.h"

#include <check.h>
#include <stdlib.h>

/* Runs the suite and gives it back; the exit status of the program. */
static inline int run_checks(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	cached_begin();
	ported_begin();
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 && cached_end() && ported_end() ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A suite of one case, run; tests are added by `add`. */
static inline int run_suite(const char *name, void (*add)(TCase *))
{
	Suite *suite = suite_create(name);
	TCase *tests = tcase_create(name);

	tcase_set_timeout(tests, 60);
	add(tests);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}

#endif
