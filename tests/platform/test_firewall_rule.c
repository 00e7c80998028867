/* SPDX-License-Identifier: MIT */
/* The rule of the firewall: regions, default, an access, and who makes it.  An SMMU gives an access
 * its PA space, and what stands behind it lets that pass or not.  IHI 0070 3.10.2, docs/config.md
 */
#include "platform/firewall.h"
#include "support/suite.h"

#include <check.h>

enum { NONE = 0, RO = FIREWALL_READ, WO = FIREWALL_WRITE, RW = RO | WO };

#define NS SMMU3_PAS_NS
#define SECURE SMMU3_PAS_SECURE

/* Who: a stream of the second SMMU, StreamID 7. */
static const struct firewall_who stream7 = { FIREWALL_STREAM, 1, NS, 7 };

struct row {
	uint64_t pa, bytes;
	unsigned pas, wants;
	bool allowed;
	const char *region;
};

static void judge(const struct firewall *firewall, const struct row *row)
{
	const struct firewall_access access = { row->pa, row->bytes, row->pas, row->wants,
						stream7 };
	const struct firewall_verdict verdict = firewall_judge(firewall, &access);

	ck_assert_msg(verdict.allowed == row->allowed, "%#llx", (unsigned long long)row->pa);
	ck_assert_str_eq(verdict.region, row->region);
}

#define JUDGE(firewall, rows)                                              \
	for (unsigned i_ = 0; i_ < sizeof(rows) / sizeof((rows)[0]); i_++) \
	judge(firewall, &(rows)[i_])

/* ---- Regions ---- */

static const struct firewall_region two[] = {
	{ .name = "all", .base = 0x1000, .last = 0x4fff, .perm = { RW, RO, NONE, WO } },
	{ .name = "inner", .base = 0x2000, .last = 0x2fff, .perm = { NONE, RW } },
};
static const struct firewall overlapping = {
	.mode = FIREWALL_TZASC,
	.region = two,
	.count = 2,
	.fallback = { .name = FIREWALL_DEFAULT, .perm = { NONE, RO } },
};

/* 3.10.2: each PA space has permissions of its own, reads and writes apart. */
START_TEST(a_region_grants_each_pa_space_what_it_says)
{
	static const struct row rows[] = {
		{ 0x1000, 64, NS, RO, true, "all" },
		{ 0x1000, 64, NS, WO, true, "all" },
		{ 0x1000, 64, SECURE, RO, true, "all" },
		{ 0x1000, 64, SECURE, WO, false, "all" },
		{ 0x1000, 64, SMMU3_PAS_REALM, RO, false, "all" },
		{ 0x1000, 64, SMMU3_PAS_ROOT, WO, true, "all" },
		{ 0x1000, 64, SMMU3_PAS_ROOT, RO, false, "all" },
		{ 0x1000, 64, NS, RW, true, "all" },      /* an atomic */
		{ 0x1000, 64, SECURE, RW, false, "all" }, /* wants both */
		{ 0x1000, 64, 4, RO, false, "all" },      /* no PA space */
	};

	JUDGE(&overlapping, rows);
}
END_TEST

/* 3.10.2: the last region that has the address decides; a region's ends belong to it. */
START_TEST(of_regions_that_overlap_the_last_decides)
{
	static const struct row rows[] = {
		{ 0x1fff, 1, NS, RO, true, "all" },       { 0x2000, 1, NS, RO, false, "inner" },
		{ 0x2fff, 1, NS, RO, false, "inner" },    { 0x3000, 1, NS, RO, true, "all" },
		{ 0x2000, 1, SECURE, WO, true, "inner" },
	};

	JUDGE(&overlapping, rows);
}
END_TEST

/* 3.10.2: what no region has is the default's to grant. */
START_TEST(outside_all_regions_the_default_decides)
{
	static const struct row rows[] = {
		{ 0xfff, 1, NS, RO, false, "default" },
		{ 0x5000, 1, SECURE, RO, true, "default" },
		{ 0x5000, 1, SECURE, WO, false, "default" },
		{ UINT64_MAX, 1, SECURE, RO, true, "default" },
	};

	JUDGE(&overlapping, rows);
}
END_TEST

/* 3.10.2: an access passes if all of its bytes do; the region that stops the first of them is
 * named. */
START_TEST(every_byte_of_an_access_counts)
{
	static const struct row rows[] = {
		{ 0x1fc0, 0x40, NS, RO, true, "all" },
		{ 0x1fc0, 0x41, NS, RO, false, "inner" },
		{ 0x1fc0, 0x2000, NS, RO, false, "inner" },
		{ 0x2fff, 2, SECURE, RO, true, "inner" },
		{ 0x2fff, 2, SECURE, WO, false, "all" },
		{ 0x4fff, 2, NS, RO, false, "default" },
		{ 0xfff, 2, SECURE, RO, true, "default" },
		{ 0, UINT64_MAX, SECURE, RO, true, "default" },
		{ 1, UINT64_MAX, SECURE, WO, false, "default" },
		{ UINT64_MAX, UINT64_MAX, SECURE, RO, true, "default" },
	};

	JUDGE(&overlapping, rows);
}
END_TEST

/* 3.10.2: what an SMMU may reach directly is cut where another region begins to decide. */
START_TEST(where_another_region_may_decide_is_told)
{
	static const struct {
		uint64_t pa, next;
	} rows[] = { { 0, 0x1000 },      { 0x1000, 0x2000 }, { 0x1fff, 0x2000 },
		     { 0x2000, 0x3000 }, { 0x3000, 0x5000 }, { 0x5000, UINT64_MAX } };
	struct firewall_access access = { .pa = 0x1000, .pas = SECURE, .who = stream7 };

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_uint_eq(firewall_next(&overlapping, NS, rows[i].pa), rows[i].next);
	ck_assert_uint_eq(firewall_grants(&overlapping, &access), RO);
	access.pa = 0x2000;
	ck_assert_uint_eq(firewall_grants(&overlapping, &access), RW);
	access.pas = NS;
	ck_assert_uint_eq(firewall_grants(&overlapping, &access), NONE);
}
END_TEST

/* ---- Who ---- */

/* 3.10.2: Non-secure accesses are those of the lists, whoever else there is; those of other PA
 * spaces are everybody's. */
START_TEST(lists_say_whose_non_secure_accesses_pass)
{
	static const struct firewall_ids streams = { { FIREWALL_STREAM, 1, NS, 6 }, 2 };
	static const struct firewall_ids smmu = { { FIREWALL_SMMU, 1, NS, 0 }, 0 };
	static const struct firewall_ids direct = { { FIREWALL_DIRECT, 3, NS, 0 }, 0 };
	const struct firewall_ids readers[] = { streams, smmu }, writers[] = { direct };
	const struct firewall_region fb = { .name = "fb",
					    .base = 0,
					    .last = 0xfff,
					    .perm = { RW, RO },
					    .listed = true,
					    .reads = readers,
					    .readers = 2,
					    .writes = writers,
					    .writers = 1 };
	const struct firewall firewall = { .mode = FIREWALL_TZC400, .region = &fb, .count = 1 };
	static const struct {
		struct firewall_who who;
		unsigned pas, granted;
	} rows[] = {
		{ { FIREWALL_STREAM, 1, NS, 6 }, NS, RO },
		{ { FIREWALL_STREAM, 1, NS, 7 }, NS, RO },
		{ { FIREWALL_STREAM, 1, NS, 5 }, NS, NONE },
		{ { FIREWALL_STREAM, 1, NS, 8 }, NS, NONE },
		{ { FIREWALL_STREAM, 0, NS, 6 }, NS, NONE },     /* of another SMMU */
		{ { FIREWALL_STREAM, 1, SECURE, 6 }, NS, NONE }, /* another's StreamID */
		{ { FIREWALL_STREAM, 1, SECURE, 6 }, SECURE, RO },
		{ { FIREWALL_STREAM, 0, NS, 99 }, SECURE, RO },
		{ { FIREWALL_SMMU, 1, NS, 0 }, NS, RO },
		{ { FIREWALL_SMMU, 0, NS, 0 }, NS, NONE },
		{ { FIREWALL_DIRECT, 3, NS, 0 }, NS, WO },
		{ { FIREWALL_DIRECT, 1, NS, 6 }, NS, NONE },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct firewall_access access = { .pas = rows[i].pas, .who = rows[i].who };

		ck_assert_msg(firewall_grants(&firewall, &access) == rows[i].granted, "row %u", i);
	}
}
END_TEST

/* ---- Strict PA spaces ---- */

/* 3.10.2: an address is there in the PA space of its memory, and in no other. */
START_TEST(strict_pa_spaces_have_each_address_once)
{
	struct memory memory = { 0 };
	struct firewall strict = { .mode = FIREWALL_STRICT, .memory = &memory };
	static const struct row rows[] = {
		{ 0x1000, 64, NS, RW, true, "dram" },
		{ 0x1000, 64, SECURE, RO, false, "dram" },
		{ 0x3000, 64, SECURE, WO, true, "vault" },
		{ 0x3000, 64, NS, RO, false, "vault" },
		{ 0x1fff, 2, NS, RO, true, "dram" }, /* two memories, one behind the other */
		{ 0x2fff, 2, NS, RO, false, "vault" },
		{ 0x2fff, 1, NS, RO, true, "more" },
		{ 0x4000, 1, SECURE, RO, false, "default" },
		{ 0x5000, 1, NS, RO, true, "default" }, /* pages of an image have no name */
		{ 0x5000, 1, SECURE, RO, false, "default" },
	};

	ck_assert_int_eq(memory_add(&memory, "vault", 0x3000, 0x1000, SECURE), 0);
	ck_assert_int_eq(memory_add(&memory, "dram", 0x1000, 0x1000, NS), 0);
	ck_assert_int_eq(memory_add(&memory, "more", 0x2000, 0x1000, NS), 0);
	ck_assert_int_eq(memory_add(&memory, NULL, 0x5000, 0x1000, NS), 0);
	memory_sort(&memory);
	JUDGE(&strict, rows);
	memory_free(&memory);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_region_grants_each_pa_space_what_it_says);
	tcase_add_test(tests, of_regions_that_overlap_the_last_decides);
	tcase_add_test(tests, outside_all_regions_the_default_decides);
	tcase_add_test(tests, every_byte_of_an_access_counts);
	tcase_add_test(tests, where_another_region_may_decide_is_told);
	tcase_add_test(tests, lists_say_whose_non_secure_accesses_pass);
	tcase_add_test(tests, strict_pa_spaces_have_each_address_once);
}

int main(void)
{
	return run_suite("firewall_rule", add);
}
