/* SPDX-License-Identifier: MIT */
/* Audits of whole machines: who is a subject, what each reaches and as whom it is told, which
 * structures are out of reach, what a firewall leaves.  audit.h */
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <smmu/audit.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Tables from 0x800fffff downward: of a master's map, of 48 bits, four pages; then the linear
 * Stream table of 1K, CDs and queues. */
#define HEAD                                                                                \
	"version: 1\n"                                                                      \
	"smmu: [{features: {secure: true}, stream_table: {format: linear, log2size: 4}}]\n" \
	"memory:\n"                                                                         \
	"  - {name: ns_ram, base: 0x80000000, size: 1M}\n"                                  \
	"  - {name: s_ram, base: 0x70000000, size: 1M, pas: secure}\n"

/* "who: input pa space size perm[ region]" and "rule who[ with]: input pa size" of all, a line
 * each. */
struct told {
	struct loading loading;
	struct smmu3_audit *audit;
	char text[16384];
};

static void put(struct told *told, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct told *told, const char *format, ...)
{
	const size_t at = strlen(told->text);
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(told->text + at, sizeof(told->text) - at, format, arguments);
	va_end(arguments);
}

static void put_subject(struct told *told, const struct smmu3_audit_subject *subject)
{
	const char *const secure = subject->sec_sid == SMMU3_PAS_SECURE ? "s" : "";

	if (subject->master)
		put(told, "%s", subject->master);
	put(told, "%s%u", secure, subject->sid);
	if (subject->count > 1)
		put(told, "-%u", subject->sid + subject->count - 1);
	if (subject->ssv)
		put(told, ".%u", subject->ssid);
}

static void put_ranges(struct told *told, const struct smmu3_audit_subject *subject)
{
	static const char letters[] = "rwxrwx";

	for (size_t i = 0; i < subject->ranges; i++) {
		const struct smmu3_audit_range *const range = smmu3_audit_range(
			told->audit, subject->first_range + i);
		const struct smmu3_reach *const reach = &range->reach;

		put_subject(told, subject);
		put(told, ": %llx %llx %u %llx ", (unsigned long long)reach->input,
		    (unsigned long long)reach->pa, reach->pas, (unsigned long long)reach->size);
		for (unsigned bit = 0; bit < 6; bit++)
			put(told, "%c", reach->perm >> bit & 1 ? letters[bit] : '-');
		put(told, range->region ? " %s\n" : "\n", range->region);
	}
	if (subject->why) {
		put_subject(told, subject);
		put(told, ": ends %u\n", subject->event);
	}
}

static struct told tell(const char *text, uint64_t budget)
{
	const struct smmu3_audit_options options = { .size = sizeof(options), .budget = budget };
	const struct smmu3_audit_subject *subject;
	const struct smmu3_audit_finding *finding;
	struct told told = { .loading = load_good(text) };
	int code = 1;

	told.audit = smmu3_machine_audit(told.loading.machine, &options, &code);
	ck_assert_int_eq(code, 0);
	for (size_t i = 0; (subject = smmu3_audit_subject(told.audit, i)); i++)
		put_ranges(&told, subject);
	for (size_t i = 0; (finding = smmu3_audit_finding(told.audit, i)); i++) {
		put(&told, "%s ", finding->rule->name);
		put_subject(&told, smmu3_audit_subject(told.audit, finding->subject));
		if (finding->who)
			put(&told, " %s", finding->who);
		if (finding->other != SIZE_MAX) {
			put(&told, " ");
			put_subject(&told, smmu3_audit_subject(told.audit, finding->other));
		}
		if (finding->size)
			put(&told, ": %llx %llx %llx", (unsigned long long)finding->input,
			    (unsigned long long)finding->pa, (unsigned long long)finding->size);
		put(&told, "\n");
	}
	return told;
}

static void forget(struct told *told)
{
	smmu3_audit_free(told->audit);
	unload(&told->loading);
}

static void expect(const char *text, const char *said)
{
	struct told told = tell(text, 0);

	ck_assert_str_eq(told.text, said);
	ck_assert(smmu3_audit_complete(told.audit));
	forget(&told);
}

#define MAP(pa, more) "map: [{va: 0x1000, pa: " pa ", size: 8K" more "}]"

/* audit.h: masters in order, by SubstreamID, then streams without a master; neighbours that fare
 * alike are one. */
START_TEST(subjects_are_masters_and_then_the_other_streams)
{
	expect(HEAD
	       "masters:\n"
	       "  - {name: b, stream_id: 2, cdmax: 3, substreams: [{ssid: 6, " MAP("0x80002000", "") "}], " MAP(
		       "0x80000000",
		       "") "}\n"
			   "  - {name: a, stream_id: 4, count: 3, " MAP(
				   "0x80004000",
				   ", perm: ro") "}\n"
						 "  - {name: c, stream_id: 8, security: secure, " MAP(
							 "0x70000000", "") "}\n",
	       "b2: 1000 80000000 0 2000 rw-rw-\n"
	       "b2.6: 1000 80002000 0 2000 rw-rw-\n"
	       "a4-6: 1000 80004000 0 2000 r--r--\n"
	       "cs8: 1000 70000000 1 2000 rw-rw-\n");
}
END_TEST

/* audit.h */
START_TEST(where_all_accesses_end_that_is_told)
{
	expect(HEAD
	       "masters:\n"
	       "  - {name: a, stream_id: 1, mode: abort}\n"
	       "  - {name: b, stream_id: 2, mode: invalid}\n"
	       "  - {name: c, stream_id: 3, s1dss: terminate, substreams: [{ssid: 1, cd: {TG0: 3}, " MAP(
		       "0x80000000", "") "}]}\n",
	       "a1: ends 0\nb2: ends 4\nc3: ends 6\nc3.1: ends 10\nillegal c3.1\n");
}
END_TEST

/* 3.4.1, audit.h: what a bus cannot drive nobody asks for, and NS that a Secure master drives
 * counts. */
START_TEST(a_master_asks_for_what_it_drives)
{
	expect(HEAD
	       "masters:\n"
	       "  - {name: a, stream_id: 1, mode: bypass, bus_width: 16}\n"
	       "  - {name: b, stream_id: 1, mode: bypass, bus_width: 12, security: secure}\n"
	       "  - {name: c, stream_id: 2, mode: bypass, bus_width: 12, security: secure, ns: true}\n",
	       "a1: 0 0 0 10000 rwxrwx\nbs1: 0 0 1 1000 rwxrwx\ncs2: 0 0 0 1000 rwxrwx\n"
	       "bypass a1: 0 0 10000\nbypass bs1: 0 0 1000\nbypass cs2: 0 0 1000\n");
}
END_TEST

/* audit.h: of each master four pages of tables; then the Stream table, CDs, the Command queue. */
START_TEST(structures_are_found_where_they_are)
{
	expect(HEAD "masters:\n"
		    "  - {name: a, stream_id: 1, map: [{va: 0, pa: 0x800fc000, size: 16K}]}\n"
		    "  - {name: b, stream_id: 2, map: [{va: 0, pa: 0x800f8000, size: 4K}]}\n",
	       "a1: 0 800fc000 0 4000 rw-rw-\n"
	       "b2: 0 800f8000 0 1000 rw-rw-\n"
	       "structures a1 translation tables: 0 800fc000 4000\n"
	       "structures b2 translation tables: 0 800f8000 1000\n");
	expect(HEAD
	       "masters:\n"
	       "  - {name: a, stream_id: 1, " MAP(
		       "0x80000000",
		       "") "}\n"
			   "  - {name: b, stream_id: 2, map: [{va: 0, pa: 0x800f0000, size: 32K}]}\n",
	       "a1: 1000 80000000 0 2000 rw-rw-\n"
	       "b2: 0 800f0000 0 8000 rw-rw-\n"
	       "structures b2 Command queue: 6000 800f6000 1000\n"
	       "structures b2 Context descriptors: 7b80 800f7b80 80\n"
	       "structures b2 Stream table: 7c00 800f7c00 400\n");
}
END_TEST

/* audit.h: the sweep keeps of each kind what ends last; what has ended is compared with nothing. */
START_TEST(a_range_is_compared_with_what_still_goes_on)
{
	expect(HEAD
	       "masters:\n"
	       "  - {name: a, stream_id: 1, map: [{va: 0, pa: 0x80000000, size: 32K}, {va: 0x10000, pa: 0x80002000, size: 4K}]}\n"
	       "  - {name: b, stream_id: 2, map: [{va: 0, pa: 0x80001000, size: 4K}]}\n"
	       "  - {name: c, stream_id: 3, map: [{va: 0, pa: 0x80007000, size: 8K, sh: osh}]}\n"
	       "  - {name: d, stream_id: 4, map: [{va: 0, pa: 0x80009000, size: 4K, attr: nc}]}\n",
	       "a1: 0 80000000 0 8000 rw-rw-\n"
	       "a1: 10000 80002000 0 1000 rw-rw-\n"
	       "b2: 0 80001000 0 1000 rw-rw-\n"
	       "c3: 0 80007000 0 2000 rw-rw-\n"
	       "d4: 0 80009000 0 1000 rw-rw-\n"
	       "shareability-mismatch c3 a1: 0 80007000 1000\n");
}
END_TEST

/* audit.h: of one's own ranges none hides those of others. */
START_TEST(a_master_is_not_compared_with_itself)
{
	expect(HEAD
	       "masters:\n"
	       "  - {name: a, stream_id: 1, map: [{va: 0, pa: 0x80000000, size: 4K}, {va: 0x10000, pa: 0x80000000, size: 8K, sh: osh}]}\n",
	       "a1: 0 80000000 0 1000 rw-rw-\n"
	       "a1: 10000 80000000 0 2000 rw-rw-\n");
	expect(HEAD
	       "masters:\n"
	       "  - {name: a, stream_id: 1, map: [{va: 0, pa: 0x80000000, size: 4K}]}\n"
	       "  - {name: b, stream_id: 2, map: [{va: 0, pa: 0x80000000, size: 8K}, {va: 0x10000, pa: 0x80000000, size: 4K, sh: osh}]}\n",
	       "a1: 0 80000000 0 1000 rw-rw-\n"
	       "b2: 0 80000000 0 2000 rw-rw-\n"
	       "b2: 10000 80000000 0 1000 rw-rw-\n"
	       "shareability-mismatch b2 a1: 10000 80000000 1000\n");
}
END_TEST

#define FIREWALL(more)                                             \
	"firewall:\n  mode: tzasc\n  regions:\n"                   \
	"    - {name: dram, memory: ns_ram, ns: rw, secure: rw}\n" \
	"    - {name: vault, memory: s_ram, secure: rw}\n" more

/* audit.h: what the firewall denies is told with the region, and is no finding. */
START_TEST(what_a_firewall_denies_is_no_finding)
{
	expect(HEAD "masters:\n"
		    "  - {name: a, stream_id: 1, mode: bypass, bus_width: 32}\n"
		    "  - {name: b, stream_id: 2, " MAP("0x80000000", "") "}\n" FIREWALL(
			    "    - {name: rom, base: 0x80001000, size: 4K, ns: ro}\n"
			    "    - {name: hole, base: 0x80010000, size: 64K, secure: rw}\n"),
	       "a1: 0 0 0 70000000 ------ default\n"
	       "a1: 70000000 70000000 0 100000 ------ vault\n"
	       "a1: 70100000 70100000 0 ff00000 ------ default\n"
	       "a1: 80000000 80000000 0 1000 rwxrwx\n"
	       "a1: 80001000 80001000 0 1000 r-xr-x rom\n"
	       "a1: 80002000 80002000 0 e000 rwxrwx\n"
	       "a1: 80010000 80010000 0 10000 ------ hole\n"
	       "a1: 80020000 80020000 0 e0000 rwxrwx\n"
	       "a1: 80100000 80100000 0 7ff00000 ------ default\n"
	       "b2: 1000 80000000 0 1000 rw-rw-\n"
	       "b2: 2000 80001000 0 1000 r--r-- rom\n"
	       "bypass a1: 80000000 80000000 10000\n"
	       "bypass a1: 80020000 80020000 e0000\n"
	       "structures a1 Command queue: 800fa000 800fa000 1000\n"
	       "structures a1 Context descriptors: 800fbbc0 800fbbc0 40\n"
	       "structures a1 Event queue: 800f0000 800f0000 8000\n"
	       "structures a1 Stream table: 800fbc00 800fbc00 400\n"
	       "structures a1 translation tables: 800fc000 800fc000 4000\n");
}
END_TEST

/* audit.h: an address is there in the space of its memory alone. */
START_TEST(strict_spaces_leave_no_alias)
{
	expect(HEAD
	       "masters:\n"
	       "  - {name: a, stream_id: 1, security: secure, map: [{va: 0, pa: 0x80000000, size: 4K, ns: false},"
	       " {va: 0x1000, pa: 0x70000000, size: 4K}]}\n"
	       "firewall: {mode: strict}\n",
	       "as1: 0 80000000 1 1000 ------ ns_ram\n"
	       "as1: 1000 70000000 1 1000 rw-rw-\n");
}
END_TEST

/* audit.h: a master behind no SMMU is kept off by the firewall alone. */
START_TEST(a_master_behind_no_smmu_is_a_subject)
{
	expect(HEAD "masters:\n"
		    "  - {name: uart, smmu: none, security: secure, bus_width: 32}\n" FIREWALL(""),
	       "uarts0: 0 0 1 70000000 ------ default\n"
	       "uarts0: 70000000 70000000 1 100000 rwxrwx\n"
	       "uarts0: 70100000 70100000 1 ff00000 ------ default\n"
	       "uarts0: 80000000 80000000 1 100000 rwxrwx\n"
	       "uarts0: 80100000 80100000 1 7ff00000 ------ default\n"
	       "secure-alias uarts0: 80000000 80000000 100000\n");
}
END_TEST

/* audit.h: a limit is said. */
START_TEST(a_budget_that_ends_is_said)
{
	struct told told = tell(HEAD "masters:\n  - {name: a, stream_id: 1, " MAP("0x80000000",
										  "") "}\n",
				100);
	const struct smmu3_audit_options unknown = {
		.size = sizeof(unknown), .ns_only = (const char *const[]){ "a", "b", NULL }
	};
	int code = 0;

	ck_assert(!smmu3_audit_complete(told.audit));
	ck_assert_uint_eq(smmu3_audit_subject(told.audit, 0)->cut, 1);
	ck_assert_ptr_null(smmu3_machine_audit(told.loading.machine, &unknown, &code));
	ck_assert_int_eq(code, -SMMU3_E_NOT_FOUND);
	ck_assert_ptr_null(smmu3_machine_audit(told.loading.machine,
					       &(struct smmu3_audit_options){ 0 }, &code));
	ck_assert_int_eq(code, -SMMU3_E_ARGUMENT);
	ck_assert_ptr_null(smmu3_audit_subject(told.audit, 1));
	forget(&told);
	smmu3_audit_free(NULL);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, subjects_are_masters_and_then_the_other_streams);
	tcase_add_test(tests, where_all_accesses_end_that_is_told);
	tcase_add_test(tests, a_master_asks_for_what_it_drives);
	tcase_add_test(tests, structures_are_found_where_they_are);
	tcase_add_test(tests, a_range_is_compared_with_what_still_goes_on);
	tcase_add_test(tests, a_master_is_not_compared_with_itself);
	tcase_add_test(tests, what_a_firewall_denies_is_no_finding);
	tcase_add_test(tests, strict_spaces_leave_no_alias);
	tcase_add_test(tests, a_master_behind_no_smmu_is_a_subject);
	tcase_add_test(tests, a_budget_that_ends_is_said);
}

int main(void)
{
	return run_suite("audit_machine", add);
}
