/* SPDX-License-Identifier: MIT */
#include "run.h"
#include "support/suite.h"

int run(const char *name, void (*add)(TCase *tests))
{
	Suite *suite = suite_create(name);
	TCase *tests = tcase_create(name);

	add(tests);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
