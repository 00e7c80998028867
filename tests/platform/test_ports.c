/* SPDX-License-Identifier: MIT */
/* Machines whose accesses go through ports. */
#include "load.h"
#include "support/suite.h"

#include <check.h>

/* Memory at 0x80000000; the master's tables end where memory does, its level 3 is at 0xbfffc000.
 * An access to 0x20000000 goes to 0x88004000. */
static const char config[] = "version: 1\n"
			     "memory: [{name: ram, base: 0x80000000, size: 1G}]\n"
			     "masters: [{name: dma, stream_id: 2, asid: 6,\n"
			     "  map: [{va: 0x20000000, pa: 0x88004000, size: 4K}]}]\n";

static const char access_line[] = "R dma 0x20000000 64";
static const char changes[] = "! w64 0xbfffc000 0x60000090000f43"; /* to 0x90000000 */

static const struct smmu3_port_config places = { sizeof(places), 16, 4 };

/* _i: in batches */
START_TEST(a_port_keeps_what_accesses_found_until_software_invalidates_it)
{
	struct loading machine = load_good(config);

	ck_assert_int_eq(smmu3_machine_use_ports(machine.machine, &places, _i), 0);
	ck_assert_uint_eq(perform(&machine, access_line).pa, 0x88004000);
	(void)perform(&machine, changes);
	ck_assert_uint_eq(perform(&machine, access_line).pa, 0x88004000);
	(void)perform(&machine, "! tlbi nh_asid asid=6");
	(void)perform(&machine, "! sync");
	ck_assert_uint_eq(perform(&machine, access_line).pa, 0x90000000);
	unload(&machine);
}
END_TEST

START_TEST(without_ports_the_same_machine_keeps_nothing)
{
	struct loading machine = load_good(config);

	ck_assert_uint_eq(perform(&machine, access_line).pa, 0x88004000);
	(void)perform(&machine, changes);
	ck_assert_uint_eq(perform(&machine, access_line).pa, 0x90000000);
	unload(&machine);
}
END_TEST

/* As configured: of an SMMU without caches that keeps nothing. */
START_TEST(other_ports_take_the_place_of_those_that_there_are)
{
	struct loading machine = load_good(config);

	ck_assert_int_eq(smmu3_machine_use_ports(machine.machine, &places, false), 0);
	ck_assert_uint_eq(perform(&machine, access_line).pa, 0x88004000);
	ck_assert_int_eq(smmu3_machine_use_ports(machine.machine, NULL, true), 0);
	(void)perform(&machine, changes);
	ck_assert_uint_eq(perform(&machine, access_line).pa, 0x90000000);
	unload(&machine);
}
END_TEST

START_TEST(sizes_that_are_none_are_refused)
{
	static const struct smmu3_port_config wrong = { sizeof(wrong), 3, 4 };
	struct loading machine = load_good(config);

	ck_assert_int_eq(smmu3_machine_use_ports(machine.machine, &wrong, false),
			 -SMMU3_E_ARGUMENT);
	ck_assert_uint_eq(perform(&machine, access_line).pa, 0x88004000);
	unload(&machine);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_port_keeps_what_accesses_found_until_software_invalidates_it,
			    0, 2);
	tcase_add_test(tests, without_ports_the_same_machine_keeps_nothing);
	tcase_add_test(tests, other_ports_take_the_place_of_those_that_there_are);
	tcase_add_test(tests, sizes_that_are_none_are_refused);
}

int main(void)
{
	return run_suite("platform: ports", add);
}
