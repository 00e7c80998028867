/* SPDX-License-Identifier: MIT */
/* Granule protection beside a Secure state: each state's own accesses are of its PA space; and
 * whatever anybody but Root does wherever, nothing of Root is read or changed.  3.25, 6.2.6 */
#include "blob.h"
#include "rooted.h"
#include "run.h"
#include "secure.h"

#include <smmu/decode.h>

#include <check.h>
#include <string.h>

#define PAGE (RAM_AT + 0x123000)

static struct machine *rooted_secure(void)
{
	struct machine *m = secure_machine();

	give_root(m);
	m->config.s_idr[1] |= 1u << 29; /* SEL2, as RME demands */
	return m;
}

static struct machine *rooted_secure_started(void)
{
	struct machine *m = rooted_secure();

	open_secure_machine(m);
	start_root(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	look_away(m);
	return m;
}

/* ---- PA spaces ---- */

/* GPC-01, GPC-10, RME-009: Secure structures are read in the Secure space: a granule that is
 * Non-secure stops them, and FPAS says Secure, 0; one that is Secure stops the same of Non-secure
 * streams */
START_TEST(each_state_reads_in_its_own_space)
{
	const bool secure = _i;
	struct machine *m = rooted_secure_started();

	set_gpi(m, STREAMS_AT, secure ? GPI_NS : GPI_S);
	const struct smmu3_outcome of_ns = read_by(m, 2, PAGE), of_s = secure_read(m, 2);

	/* an STE of zeroes is C_BAD_STE, where it can be read */
	ck_assert_uint_eq(of_ns.event, secure ? 0x04 : 0x03);
	ck_assert_uint_eq(of_s.event, secure ? 0x03 : 0x04);
	expect_told(m, GPF_FAR, FAR_TRANSLATION(0x03) | STREAMS_AT | (secure ? 0 : FPAS_NS));
	close_machine(m);
}
END_TEST

/* RME-011, RME-016: the Secure queues, likewise, tell in their own GERROR */
START_TEST(secure_queues_are_checked_in_the_secure_space)
{
	struct machine *m = rooted_secure_started();

	set_gpi(m, COMMANDS_AT, GPI_NS);
	submit_secure(m, PREFETCH);
	submit(m, PREFETCH);
	ck_assert_uint_eq(secure_reg(m, GERROR), CMDQ_ERR);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	expect_told(m, GPF_FAR, FAR_GERROR(0x00) | COMMANDS_AT);
	set_gpi(m, EVENTS_AT, GPI_NS);
	secure_fault(m, 2);
	ck_assert_uint_eq(secure_reg(m, GERROR), CMDQ_ERR | EVENTQ_ABT_ERR);
	expect_told(m, GPF_FAR, FAR_GERROR(0x02) | EVENTS_AT);
	fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* RME-014: of the Secure space what is beyond PPS is forbidden: here where a Secure stream goes
 * that nothing translates */
START_TEST(secure_addresses_beyond_the_table_are_forbidden)
{
	struct machine *m = rooted_secure_started();
	const struct smmu3_txn txn = {
		.addr = UINT64_C(1) << 36, .bytes = 4, .sid = 1, .sec_sid = SMMU3_PAS_SECURE
	};
	struct smmu3_outcome outcome;

	set_secure(m, CR0, 0);
	set_secure(m, GBPA, 0x80001000);
	ck_assert_uint_eq(smmu3_translate(m->smmu, &txn, &outcome), SMMU3_ABORT);
	ck_assert_uint_eq(outcome.decider, SMMU3_BY_GPC);
	expect_told(m, GPF_FAR, FAR_TRANSACTION | txn.addr);
	close_machine(m);
}
END_TEST

/* ---- The sweep ---- */

enum { PATTERNS = 4 };

struct sweep {
	struct machine *m;
	enum smmu3_pas from;
	uint64_t chance;
};

/* Zero, all ones, and two at random. */
static uint64_t pattern(struct sweep *sweep, unsigned n)
{
	sweep->chance = sweep->chance * UINT64_C(6364136223846793005) + 1;
	return n < 2 ? 0 - (uint64_t)n : sweep->chance ^ sweep->chance >> 29;
}

/* An assertion that holds costs a system call. */
static void expect_zero(struct sweep *sweep, uint64_t offset, unsigned size)
{
	uint64_t value;

	if (smmu3_mmio_read(sweep->m->smmu, sweep->from, offset, size, &value) || value)
		ck_abort_msg("0x%llx of the Root page reads 0x%llx", (unsigned long long)offset,
			     (unsigned long long)value);
}

static void visit(struct sweep *sweep, uint64_t offset, unsigned size)
{
	expect_zero(sweep, offset, size);
	for (unsigned n = 0; n < PATTERNS; n++)
		if (smmu3_mmio_write(sweep->m->smmu, sweep->from, offset, size, pattern(sweep, n)))
			ck_abort_msg("0x%llx cannot be written", (unsigned long long)offset);
}

/* REG-022: every aligned offset of the Root page, of 4 and 8 bytes, from every PA space but Root:
 * reads 0, and leaves all state as it was, a fault that is told among it */
START_TEST(nothing_of_root_is_read_or_changed)
{
	struct sweep sweep = { rooted_secure_started(), (enum smmu3_pas)(_i / 2), (uint64_t)_i };
	const unsigned size = _i % 2 ? 8 : 4;

	put_gpt0(sweep.m, 5, 2);
	set_gpi(sweep.m, STREAMS_AT, GPI_NONE);
	set_root64(sweep.m, ROOT_TLBI, PAGE | 2);
	set_root64(sweep.m, GPT_BASE2, PAGE);
	(void)read_by(sweep.m, 2, PAGE);
	set_reg(sweep.m, CR0, 0);
	set_reg(sweep.m, GBPA, 0x80001000);
	(void)read_by(sweep.m, 2, 5 * GB);
	ck_assert(root_reg64(sweep.m, GPF_FAR) && root_reg64(sweep.m, GPT_CFG_FAR));
	struct blob before = saved(sweep.m);

	look_away(sweep.m);
	for (uint64_t offset = ROOT_PAGE; offset < ROOT_PAGE + 0x10000; offset += size)
		visit(&sweep, offset, size);
	struct blob after = saved(sweep.m);

	ck_assert(same_blob(&before, &after));
	ck_assert_uint_eq(sweep.m->seen_count, 0);
	close_machine(sweep.m);
}
END_TEST

/* REG-020, REG-022: from Root the other pages are as ever, and nothing of the Root page is
 * elsewhere
 * */
START_TEST(the_root_page_is_nowhere_else)
{
	struct machine *m = rooted_secure_started();
	uint64_t value;

	for (uint64_t page = 0; page < 0x200000; page += 0x10000) {
		ck_assert_int_eq(smmu3_mmio_read(m->smmu, SMMU3_PAS_ROOT, page + GPT_BASE, 8,
						 &value),
				 0);
		ck_assert(page == ROOT_PAGE ? value == GPT_AT : value != GPT_AT);
	}
	close_machine(m);
}
END_TEST

/* REG-022: registers that would be where those of Root are are refused */
START_TEST(no_other_page_is_where_that_of_root_is)
{
	struct machine *m = rooted_machine();
	struct smmu3_error error;

	m->config.idr[0] |= 1u << 15 | 1u << 20; /* ATOS, VATOS */
	m->config.idr[2] = 8;                    /* BA_VATOS: 0x20000 + 8 * 0x10000 */
	ck_assert_int_eq(smmu3_config_check(&m->config, &error), -SMMU3_E_INCONSISTENT);
	ck_assert_str_eq(error.text, "IDR2.BA_VATOS is where the Root registers are");
	m->config.idr[2] = 7;
	ck_assert_int_eq(smmu3_config_check(&m->config, &error), 0);
	open_machine(m);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_state_reads_in_its_own_space, 0, 2);
	tcase_add_test(tests, secure_queues_are_checked_in_the_secure_space);
	tcase_add_test(tests, secure_addresses_beyond_the_table_are_forbidden);
	tcase_add_loop_test(tests, nothing_of_root_is_read_or_changed, 0, 6);
	tcase_add_test(tests, the_root_page_is_nowhere_else);
	tcase_add_test(tests, no_other_page_is_where_that_of_root_is);
}

int main(void)
{
	return run("root-secure", add);
}
