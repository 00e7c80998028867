/* SPDX-License-Identifier: MIT */
/* The Root registers: what is stored, when, and who reaches them.  6.2.6, 6.3.110 to 6.3.121 */
#include "blob.h"
#include "rooted.h"
#include "run.h"

#include <check.h>

/* ---- What there is at reset ---- */

/* RME-001, IDR-041: ROOT_IDR0 and ROOT_IIDR are the configuration's; the rest is 0 */
START_TEST(at_reset_nothing_is_enabled)
{
	struct machine *m = rooted_machine();

	m->config.iidr = 0x4832f43b;
	open_machine(m);
	ck_assert_uint_eq(root_reg(m, ROOT_IDR0), 7);
	ck_assert_uint_eq(root_reg(m, ROOT_IIDR), 0x4832f43b);
	for (uint64_t offset = ROOT_CR0; offset < 0x10000; offset += 8)
		if (root_reg64(m, offset))
			ck_abort_msg("0x%llx is not 0", (unsigned long long)offset);
	set_root(m, ROOT_IDR0, 0);
	set_root(m, ROOT_IIDR, 0);
	ck_assert_uint_eq(root_reg64(m, ROOT_IDR0), 7);
	ck_assert_uint_eq(root_reg(m, ROOT_IIDR), 0x4832f43b);
	close_machine(m);
}
END_TEST

/* REG-022: without a Root interface there is no such page, whoever asks */
START_TEST(without_root_impl_there_is_no_page)
{
	struct machine *m = machine("generic-3.3");

	open_machine(m);
	set_root(m, ROOT_CR0, ACCESSEN | GPCEN);
	set_root64(m, GPT_BASE, GPT_AT);
	for (uint64_t offset = 0; offset < 0x100; offset += 8)
		ck_assert_uint_eq(root_reg64(m, offset), 0);
	close_machine(m);
}
END_TEST

/* ---- ROOT_CR0 ---- */

/* RME-001: two bits, acknowledged */
START_TEST(root_cr0_has_two_bits_that_are_acknowledged)
{
	struct machine *m = rooted_machine();

	open_machine(m);
	set_root(m, ROOT_CR0, 0xffffffff);
	ck_assert_uint_eq(root_reg64(m, ROOT_CR0), UINT64_C(0x300000003));
	set_root(m, ROOT_CR0ACK, 0);
	ck_assert_uint_eq(root_reg(m, ROOT_CR0ACK), 3);
	set_root64(m, ROOT_CR0, UINT64_C(0x300000001));
	ck_assert_uint_eq(root_reg64(m, ROOT_CR0), UINT64_C(0x100000001));
	smmu3_reset(m->smmu);
	ck_assert_uint_eq(root_reg64(m, ROOT_CR0), 0);
	close_machine(m);
}
END_TEST

/* What CR0 and CR0ACK were inside, together. */
static void write_twice(struct machine *m, const struct happening *now)
{
	uint64_t *seen = m->context;

	if (now->kind != READS || now->access.reason != SMMU3_REASON_CMDQ)
		return;
	m->inside = NULL;
	set_root(m, ROOT_CR0, GPCEN);
	seen[0] = root_reg64(m, ROOT_CR0);
	set_root(m, ROOT_CR0, ACCESSEN);
	seen[1] = root_reg64(m, ROOT_CR0);
}

/* RME-001, RME-004: while an access of the SMMU's own is under way an Update does not complete, and
 * neither bit can be written; then it does, with the value that was written first */
START_TEST(an_update_waits_for_an_access_under_way_and_locks_both_bits)
{
	uint64_t seen[2];
	struct machine *m = rooted();

	m->inside = write_twice;
	m->context = seen;
	submit(m, PREFETCH);
	ck_assert_uint_eq(seen[0], UINT64_C(0x300000002));
	ck_assert_uint_eq(seen[1], UINT64_C(0x300000002));
	ck_assert_uint_eq(root_reg64(m, ROOT_CR0), UINT64_C(0x200000002));
	close_machine(m);
}
END_TEST

static void stop_inside(struct machine *m, const struct happening *now)
{
	uint64_t *seen = m->context;

	if (now->kind != READS || now->access.reason != SMMU3_REASON_GPT)
		return;
	m->inside = NULL;
	set_root(m, ROOT_CR0, ACCESSEN);
	*seen = root_reg64(m, ROOT_CR0);
}

/* RME-003: GPCEN = 0 is acknowledged when fetches of entries are done, and what they led to is told
 */
START_TEST(gpcen_waits_for_transactions_that_are_checked)
{
	uint64_t seen = 0;
	const struct smmu3_direct access = { .addr = RAM_AT + 0x123000, .bytes = 4 };
	struct machine *m = rooted_machine();
	struct smmu3_outcome outcome;

	m->config.caches = (struct smmu3_caches){ 0 };
	start_rooted_machine(m);
	make_streams(m);
	set_gpi(m, RAM_AT + 0x123000, GPI_NONE);
	m->inside = stop_inside;
	m->context = &seen;
	if (_i == 0)
		ck_assert_uint_eq(read_by(m, 4, access.addr).verdict, SMMU3_ABORT);
	else
		ck_assert_uint_eq(smmu3_access_direct(m->smmu, &access, &outcome), SMMU3_ABORT);
	ck_assert_uint_eq(seen, UINT64_C(0x300000001));
	ck_assert_uint_eq(root_reg64(m, ROOT_CR0), UINT64_C(0x100000001));
	expect_told(m, GPF_FAR, FAR_TRANSACTION | access.addr | FPAS_NS);
	ck_assert_uint_eq(read_by(m, 4, access.addr).verdict, SMMU3_OK);
	close_machine(m);
}
END_TEST

/* In the first read for a transaction that nothing checks. */
static void write_cr0_inside(struct machine *m, const struct happening *now)
{
	uint64_t *seen = m->context;

	if (now->kind != READS)
		return;
	m->inside = NULL;
	set_root(m, ROOT_CR0, (uint32_t)seen[0]);
	seen[1] = root_reg64(m, ROOT_CR0);
}

/* RME-003, RME-004: GPCEN = 1 and ACCESSEN = 0 are acknowledged when transactions are done that
 * began while nothing was checked */
START_TEST(an_update_waits_for_transactions_that_nothing_checks)
{
	static const uint32_t cr0[] = { ACCESSEN | GPCEN, 0 };
	uint64_t seen[2] = { cr0[_i] };
	struct machine *m = rooted_machine();

	m->config.caches = (struct smmu3_caches){ 0 };
	start_rooted_machine(m);
	make_streams(m);
	update_root(m, ACCESSEN);
	m->inside = write_cr0_inside;
	m->context = seen;
	(void)read_by(m, 1, RAM_AT + 0x123000);
	ck_assert_uint_eq(seen[1], UINT64_C(0x100000000) | cr0[_i]);
	ck_assert_uint_eq(root_reg64(m, ROOT_CR0), (uint64_t)cr0[_i] << 32 | cr0[_i]);
	close_machine(m);
}
END_TEST

/* ---- GPT_BASE and GPT_BASE_CFG ---- */

/* RME-005, RME-006: bits, of OAS; written as 64 bits and as 32; L0GPTSZ is constant */
START_TEST(the_registers_of_the_table_have_their_bits_alone)
{
	struct machine *m = rooted_machine();

	m->config.idr[5] = (m->config.idr[5] & ~7u) | 5; /* OAS: 48 bits */
	open_machine(m);
	set_root64(m, GPT_BASE, UINT64_MAX);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE), UINT64_C(0xfffffffff000));
	set_root(m, GPT_BASE, 0x12345678);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE), UINT64_C(0xffff12345000));
	set_root(m, GPT_BASE + 4, 0x1a);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE), UINT64_C(0x1a12345000));
	set_root64(m, GPT_BASE_CFG, UINT64_MAX);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE_CFG), 0x2ff07);
	set_root(m, GPT_BASE_CFG, 0x3501);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE_CFG), 0x3501);
	set_root(m, GPT_BASE_CFG + 4, 0xffffffff);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE_CFG), 0x3501);
	set_root64(m, GPT_BASE2, UINT64_MAX);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE2), UINT64_C(0xfffffffff000));
	close_machine(m);
}
END_TEST

/* RME-005, RME-006: read-only while GPCEN is 1, whatever ACCESSEN is */
START_TEST(the_registers_of_the_table_are_locked_while_checks_are_on)
{
	struct machine *m = rooted_machine();

	open_machine(m);
	for (unsigned cr0 = 0; cr0 < 4; cr0++) {
		const uint64_t base = 0x10000 + 0x1000 * (uint64_t)cr0;
		const bool open = !(cr0 & GPCEN);

		update_root(m, 0);
		set_root64(m, GPT_BASE, 0);
		set_root64(m, GPT_BASE_CFG, 0);
		update_root(m, cr0);
		set_root64(m, GPT_BASE, base);
		set_root(m, GPT_BASE_CFG, 0x3500 + cr0);
		ck_assert_uint_eq(root_reg64(m, GPT_BASE), open ? base : 0);
		ck_assert_uint_eq(root_reg64(m, GPT_BASE_CFG), open ? 0x3500 + cr0 : 0);
	}
	close_machine(m);
}
END_TEST

static void stop_checks_and_write(struct machine *m, const struct happening *now)
{
	uint64_t *seen = m->context;

	if (now->kind != READS || now->access.reason != SMMU3_REASON_CMDQ)
		return;
	m->inside = NULL;
	set_root(m, ROOT_CR0, ACCESSEN);
	set_root64(m, GPT_BASE, 0x77000);
	set_root(m, GPT_BASE_CFG, 0);
	seen[0] = root_reg64(m, GPT_BASE);
	seen[1] = root_reg64(m, GPT_BASE_CFG);
}

/* RME-005, RME-006: nor until it is acknowledged that GPCEN is 0 */
START_TEST(the_registers_of_the_table_are_locked_until_checks_are_acknowledged_to_be_off)
{
	uint64_t seen[2];
	struct machine *m = rooted();

	m->inside = stop_checks_and_write;
	m->context = seen;
	submit(m, PREFETCH);
	ck_assert_uint_eq(seen[0], GPT_AT);
	ck_assert_uint_eq(seen[1], GPT_CFG_OF_TESTS);
	ck_assert_uint_eq(root_reg64(m, ROOT_CR0), UINT64_C(0x100000001));
	set_root64(m, GPT_BASE, 0x77000);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE), 0x77000);
	close_machine(m);
}
END_TEST

/* RME-008: GPT_BASE2 goes to GPT_BASE when Update is written 1, while checks are on, too; Update
 * reads 0, and without it nothing happens */
START_TEST(the_base_is_updated_from_its_shadow)
{
	struct machine *m = rooted();

	set_root(m, GPT_BASE2, 0x81234000);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE), GPT_AT);
	set_root(m, GPT_BASE_UPDATE, 0xfffffffe);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE), GPT_AT);
	set_root(m, GPT_BASE_UPDATE, 1);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE), 0x81234000);
	ck_assert_uint_eq(root_reg(m, GPT_BASE_UPDATE), 0);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE2), 0x81234000);
	close_machine(m);
}
END_TEST

/* RME-008: and the new table is used, by an access after an invalidation of everything */
START_TEST(the_new_table_is_used_after_an_invalidation)
{
	struct machine *m = rooted();
	const uint64_t other = RAM_AT + 0x100000;

	make_streams(m);
	ck_assert_uint_eq(read_by(m, 4, RAM_AT).verdict, SMMU3_OK);
	set_root64(m, GPT_BASE2, other); /* of zeroes: nothing in it is valid */
	set_root(m, GPT_BASE_UPDATE, 1);
	tlbi_by_pa(m, TLBI_ALL);
	ck_assert_uint_eq(read_by(m, 4, RAM_AT).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(root_reg64(m, GPT_CFG_FAR) >> 56 & 0xf, 3);
	close_machine(m);
}
END_TEST

/* RME-008, 6.3.114: where nothing is kept of the old one at once */
START_TEST(the_new_table_is_used_at_once)
{
	struct machine *m = rooted_machine();

	m->config.caches = (struct smmu3_caches){ 0 };
	start_rooted_machine(m);
	make_streams(m);
	ck_assert_uint_eq(read_by(m, 4, RAM_AT).verdict, SMMU3_OK);
	set_root64(m, GPT_BASE2, RAM_AT + 0x100000); /* of zeroes */
	set_root(m, GPT_BASE_UPDATE, 1);
	ck_assert_uint_eq(read_by(m, 4, RAM_AT).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

/* ---- Invalidation ---- */

/* RME-021: the bits of ROOT_TLBI, with RGPTM alone; RUN is 0 again when it is done, and 0 written
 * to it does nothing */
START_TEST(root_tlbi_is_there_with_rgptm)
{
	struct machine *m = rooted_machine();
	const bool has = _i;

	m->config.root_idr0 = has ? HAS_ROOT | RGPTM : HAS_ROOT | BGPTM;
	open_machine(m);
	set_root64(m, ROOT_TLBI, UINT64_MAX);
	ck_assert_uint_eq(root_reg64(m, ROOT_TLBI), has ? UINT64_C(0xffffffffff0f3) : 0);
	look_away(m);
	set_root(m, ROOT_TLBI_CTRL, 0xfffffffe);
	ck_assert_uint_eq(count(m, INVALIDATES), 0);
	set_root(m, ROOT_TLBI_CTRL, 1);
	ck_assert_uint_eq(count(m, INVALIDATES), has);
	ck_assert_uint_eq(root_reg(m, ROOT_TLBI_CTRL), 0);
	close_machine(m);
}
END_TEST

static void look_at_run(struct machine *m, const struct happening *now)
{
	uint64_t *seen = m->context;

	if (now->kind != INVALIDATES)
		return;
	seen[0] = root_reg(m, ROOT_TLBI_CTRL);
	set_root64(m, ROOT_TLBI, 0x5000);
	seen[1] = root_reg64(m, ROOT_TLBI);
	set_root(m, ROOT_TLBI_CTRL, 0);
	set_root(m, ROOT_TLBI_CTRL, 1);
	seen[2] = root_reg(m, ROOT_TLBI_CTRL);
}

/* RME-021, RME-023: while accesses under way are waited for RUN is 1, ROOT_TLBI cannot be written,
 * and RUN neither cancels nor repeats it */
START_TEST(an_invalidation_runs_until_accesses_under_way_are_done)
{
	uint64_t seen[3];
	struct machine *m = rooted();

	m->inside = look_at_run;
	m->context = seen;
	tlbi_by_pa(m, RAM_AT | 0x32);
	ck_assert_uint_eq(seen[0], 1);
	ck_assert_uint_eq(seen[1], RAM_AT | 0x32);
	ck_assert_uint_eq(seen[2], 1);
	ck_assert_uint_eq(count(m, INVALIDATES), 1);
	close_machine(m);
}
END_TEST

/* While an entry is read that forbids the access. */
static void invalidate_inside(struct machine *m, const struct happening *now)
{
	uint64_t *seen = m->context;

	if (now->kind != READS || now->access.reason != SMMU3_REASON_GPT)
		return;
	m->inside = NULL;
	set_root64(m, ROOT_TLBI, seen[0]);
	set_root(m, ROOT_TLBI_CTRL, 1);
	seen[1] = root_reg(m, ROOT_TLBI_CTRL);
	set_root(m, ROOT_CR0, ACCESSEN);
	seen[2] = root_reg64(m, ROOT_CR0);
	seen[3] = root_reg(m, ROOT_TLBI_CTRL);
}

/* RME-023, RME-003: RUN is 1 until transactions are done that may have used what went, and what
 * they met is told; an Update begun meanwhile waits, too.  What is not to be invalidated is not
 * waited for */
START_TEST(an_invalidation_waits_for_transactions_under_way)
{
	const uint64_t taken = RAM_AT + 0x123000;
	const bool means_something = _i == 0;
	uint64_t seen[4] = { means_something ? TLBI_ALL : taken | 15 << 4 };
	struct machine *m = rooted_machine();

	m->config.caches = (struct smmu3_caches){ 0 };
	start_rooted_machine(m);
	make_streams(m);
	put_gpi(m, taken, GPI_NONE);
	m->inside = invalidate_inside;
	m->context = seen;
	ck_assert_uint_eq(read_by(m, 4, taken).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(seen[1], means_something);
	ck_assert_uint_eq(seen[2], UINT64_C(0x300000001));
	ck_assert_uint_eq(seen[3], means_something);
	ck_assert_uint_eq(root_reg(m, ROOT_TLBI_CTRL), 0);
	ck_assert_uint_eq(root_reg64(m, ROOT_CR0), UINT64_C(0x100000001));
	ck_assert_uint_eq(count(m, INVALIDATES), means_something);
	expect_told(m, GPF_FAR, FAR_TRANSACTION | taken | FPAS_NS);
	close_machine(m);
}
END_TEST

/* RME-022: the scope that the host is told of: SIZE, L, ALL */
START_TEST(the_scope_of_an_invalidation_is_announced)
{
	static const struct {
		uint64_t tlbi, addr, bytes;
		unsigned leaf;
	} rows[] = {
		{ 0x40000000 | 0 << 4, 0x40000000, UINT64_C(1) << 12, 0 },
		{ 0x40000000 | 1 << 4 | 2, 0x40000000, UINT64_C(1) << 14, 1 },
		{ 0x40000000 | 2 << 4, 0x40000000, UINT64_C(1) << 16, 0 },
		{ 0x40000000 | 3 << 4, 0x40000000, UINT64_C(1) << 21, 0 },
		{ 0x40000000 | 4 << 4, 0x40000000, UINT64_C(1) << 25, 0 },
		{ 0x40000000 | 5 << 4, 0x40000000, UINT64_C(1) << 29, 0 },
		{ 0x40000000 | 6 << 4 | 2, 0x40000000, UINT64_C(1) << 30, 1 },
		{ UINT64_C(0x400000000) | 7 << 4, UINT64_C(0x400000000), UINT64_C(1) << 34, 0 },
		{ UINT64_C(0x1000000000) | 8 << 4, UINT64_C(0x1000000000), UINT64_C(1) << 36, 0 },
		{ UINT64_C(0x8000000000) | 9 << 4, UINT64_C(0x8000000000), UINT64_C(1) << 39, 0 },
		{ 0x40000000 | 15 << 4 | 2 | 1, 0, 0, 0 },
	};
	struct machine *m = rooted();
	const struct smmu3_invalidation *scope;

	tlbi_by_pa(m, rows[_i].tlbi);
	scope = &first(m, INVALIDATES)->scope;
	ck_assert_uint_eq(scope->kind, SMMU3_INVALIDATES_GPT);
	ck_assert_uint_eq(scope->sec_sid, SMMU3_PAS_ROOT);
	ck_assert_uint_eq(scope->addr, rows[_i].addr);
	ck_assert_uint_eq(scope->bytes, rows[_i].bytes);
	ck_assert_uint_eq(scope->leaf, rows[_i].leaf);
	close_machine(m);
}
END_TEST

/* ---- S_INIT ---- */

static uint32_t init_after(struct machine *m)
{
	uint64_t value;

	look_away(m);
	ck_assert_int_eq(smmu3_mmio_write(m->smmu, SMMU3_PAS_SECURE, 0x803c, 4, 1), 0);
	ck_assert_int_eq(smmu3_mmio_read(m->smmu, SMMU3_PAS_SECURE, 0x803c, 4, &value), 0);
	ck_assert_uint_eq(value, 0);
	return count(m, INVALIDATES);
}

/* GBP-011: INV_ALL does nothing while GPCEN is 1, also after the state has been loaded */
START_TEST(inv_all_has_no_effect_while_checks_are_on)
{
	struct machine *m = rooted_machine();

	m->config.s_idr[1] = UINT32_C(1) << 31 | 1u << 29 | 16; /* SECURE_IMPL, SEL2 */
	m->quiet = true;
	open_machine(m);
	ck_assert_uint_eq(init_after(m), 1);
	update_root(m, GPCEN);
	ck_assert_uint_eq(init_after(m), 0);
	reload(m);
	ck_assert_uint_eq(init_after(m), 0);
	update_root(m, ACCESSEN);
	ck_assert_uint_eq(init_after(m), 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, at_reset_nothing_is_enabled);
	tcase_add_test(tests, without_root_impl_there_is_no_page);
	tcase_add_test(tests, root_cr0_has_two_bits_that_are_acknowledged);
	tcase_add_test(tests, an_update_waits_for_an_access_under_way_and_locks_both_bits);
	tcase_add_loop_test(tests, gpcen_waits_for_transactions_that_are_checked, 0, 2);
	tcase_add_loop_test(tests, an_update_waits_for_transactions_that_nothing_checks, 0, 2);
	tcase_add_test(tests, the_registers_of_the_table_have_their_bits_alone);
	tcase_add_test(tests, the_registers_of_the_table_are_locked_while_checks_are_on);
	tcase_add_test(
		tests,
		the_registers_of_the_table_are_locked_until_checks_are_acknowledged_to_be_off);
	tcase_add_test(tests, the_base_is_updated_from_its_shadow);
	tcase_add_test(tests, the_new_table_is_used_after_an_invalidation);
	tcase_add_test(tests, the_new_table_is_used_at_once);
	tcase_add_loop_test(tests, root_tlbi_is_there_with_rgptm, 0, 2);
	tcase_add_test(tests, an_invalidation_runs_until_accesses_under_way_are_done);
	tcase_add_loop_test(tests, an_invalidation_waits_for_transactions_under_way, 0, 2);
	tcase_add_loop_test(tests, the_scope_of_an_invalidation_is_announced, 0, 11);
	tcase_add_test(tests, inv_all_has_no_effect_while_checks_are_on);
}

int main(void)
{
	return run("root-registers", add);
}
