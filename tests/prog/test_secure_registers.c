/* SPDX-License-Identifier: MIT */
/* Registers of the Secure programming interface: what they hold, and who reaches them.  6.2, 6.3.52
 * to 6.3.91 */
#include "run.h"
#include "secure.h"

#include <check.h>

enum { PAGE_S = 0x8000, PAGE_ONE = 0x10000 };

static uint64_t read_from(struct machine *m, enum smmu3_pas from, uint64_t offset, unsigned size)
{
	uint64_t value;

	ck_assert_int_eq(smmu3_mmio_read(m->smmu, from, offset, size, &value), 0);
	return value;
}

static void write_from(struct machine *m, enum smmu3_pas from, uint64_t offset, unsigned size,
		       uint64_t value)
{
	ck_assert_int_eq(smmu3_mmio_write(m->smmu, from, offset, size, value), 0);
}

/* ---- What they hold ---- */

/* CR-002, SEC-006, SIF and VMW likewise: the bits of S_CR0, all acknowledged, and no other */
START_TEST(s_cr0_has_its_own_bits)
{
	struct machine *m = secure_machine();

	open_secure_machine(m);
	/* SMMUEN, EVENTQEN, CMDQEN, SIF, VMW, NSSTALLD */
	set_secure(m, CR0, ~0u);
	ck_assert_uint_eq(secure_reg(m, CR0), 0x3ed);
	ck_assert_uint_eq(secure_reg(m, CR0 + 4), 0x3ed);
	ck_assert_uint_eq(reg(m, CR0), 0);
	set_secure(m, CR0, 0);
	ck_assert_uint_eq(secure_reg(m, CR0), 0);
	ck_assert_uint_eq(secure_reg(m, CR0 + 4), 0);
	close_machine(m);
}
END_TEST

/* GBP-001, GBP-009: S_GBPA has NSCFG; S_AGBPA holds nothing, as nothing is implementation defined
 */
START_TEST(s_gbpa_has_nscfg_and_s_agbpa_nothing)
{
	struct machine *m = secure_machine();

	open_secure_machine(m);
	set_secure(m, GBPA, ~0u);
	ck_assert_uint_eq(secure_reg(m, GBPA), 0x1fff1f);
	ck_assert_uint_eq(reg(m, GBPA), 0x1000); /* untouched */
	set_secure(m, GBPA, 0);                  /* without Update */
	ck_assert_uint_eq(secure_reg(m, GBPA), 0x1fff1f);
	set_secure(m, 0x48, ~0u);
	ck_assert_uint_eq(secure_reg(m, 0x48), 0);
	set_reg(m, 0x48, ~0u);
	ck_assert_uint_eq(reg(m, 0x48), 0);
	close_machine(m);
}
END_TEST

/* CR-004, REG-018: registers are guarded by the enables of their own state */
START_TEST(guards_are_of_the_own_state)
{
	struct machine *m = secure_machine();

	open_secure_machine(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_secure64(m, STRTAB_BASE, STREAMS_AT + 0x1000);
	set_secure64(m, CMDQ_BASE, COMMANDS_AT + 0x2000);
	ck_assert_uint_eq(secure_reg64(m, STRTAB_BASE), STREAMS_AT + 0x1000);
	ck_assert_uint_eq(secure_reg64(m, CMDQ_BASE), COMMANDS_AT + 0x2000);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_reg(m, CR0, 0);
	set_secure64(m, STRTAB_BASE, 0);
	set_secure64(m, CMDQ_BASE, 0);
	set_secure(m, S_EVENTQ_PROD, 3);
	ck_assert_uint_eq(secure_reg64(m, STRTAB_BASE), STREAMS_AT + 0x1000);
	ck_assert_uint_eq(secure_reg64(m, CMDQ_BASE), COMMANDS_AT + 0x2000);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 0);
	set_reg64(m, CMDQ_BASE, 0);
	ck_assert_uint_eq(reg64(m, CMDQ_BASE), 0);
	close_machine(m);
}
END_TEST

/* REG-026: the indexes of the Secure Event queue are in its Page 0; there is no Secure PRI queue,
 * and what Secure software finds in Page 1 is the Non-secure one's */
START_TEST(the_secure_event_queue_has_its_indexes_in_page_0)
{
	struct machine *m = secure_machine();

	open_secure_machine(m);
	set_secure(m, S_EVENTQ_PROD, 5);
	set_secure(m, S_EVENTQ_CONS, 0x80000003);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 5);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_CONS), 0x80000003);
	ck_assert_uint_eq(reg64(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(read_from(m, SMMU3_PAS_SECURE, PAGE_ONE + PAGE_S + 0xa8, 8), 0);
	set_reg(m, EVENTQ_PROD, 2);
	ck_assert_uint_eq(read_from(m, SMMU3_PAS_SECURE, EVENTQ_PROD, 4), 2);
	for (uint64_t offset = 0xc0; offset < 0xe0; offset += 4) {
		set_secure(m, offset, ~0u);
		ck_assert_uint_eq(secure_reg(m, offset), 0);
	}
	close_machine(m);
}
END_TEST

/* ---- Who reaches them ---- */

/* REG-018: from the Non-secure and the Realm PA space they are zero and cannot be written; from
 * Root they are as from Secure */
START_TEST(secure_registers_are_reached_from_secure_and_root)
{
	static const bool reaches[] = { [SMMU3_PAS_NS] = false,
					[SMMU3_PAS_SECURE] = true,
					[SMMU3_PAS_REALM] = false,
					[SMMU3_PAS_ROOT] = true };
	const enum smmu3_pas from = (enum smmu3_pas)_i;
	const uint32_t there = reaches[from] ? UINT32_MAX : 0;
	struct machine *m = secure_machine();

	open_secure_machine(m);
	ck_assert_uint_eq(read_from(m, from, PAGE_S + 4, 4), 0x80000010 & there);
	ck_assert_uint_eq(read_from(m, from, PAGE_S + CR1, 4), 0xd75 & there);
	ck_assert_uint_eq(read_from(m, from, PAGE_S + STRTAB_BASE, 8), STREAMS_AT & there);
	write_from(m, from, PAGE_S + CR0, 4, SMMUEN);
	ck_assert_uint_eq(secure_reg(m, CR0), SMMUEN & there);
	write_from(m, from, PAGE_S + S_EVENTQ_CONS, 4, 4);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_CONS), 4 & there);
	write_from(m, from, PAGE_S + S_INIT, 4, 1);
	ck_assert_uint_eq(count(m, INVALIDATES), there & 1);
	close_machine(m);
}
END_TEST

/* REG-020: Non-secure registers are everybody's */
START_TEST(non_secure_registers_are_reached_from_everywhere)
{
	const enum smmu3_pas from = (enum smmu3_pas)_i;
	struct machine *m = secure_started();

	for (uint64_t offset = 0; offset < PAGE_S; offset += 4)
		ck_assert_uint_eq(read_from(m, from, offset, 4), reg(m, offset));
	write_from(m, from, EVENTQ_CONS, 4, 6);
	ck_assert_uint_eq(reg(m, EVENTQ_CONS), 6);
	queue_command(m, PREFETCH);
	write_from(m, from, CMDQ_PROD, 4, m->prod);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 0);
	close_machine(m);
}
END_TEST

/* ---- S_INIT ---- */

/* GBP-010: the host is told once, of everything of every state; INV_ALL reads 1 until it is done */
START_TEST(inv_all_invalidates_everything_and_reads_0_when_it_has)
{
	struct machine *m = secure_machine();

	open_secure_machine(m);
	look_away(m);
	ck_assert_uint_eq(secure_reg(m, S_INIT), 0);
	set_secure(m, S_INIT, 1);
	ck_assert_uint_eq(m->seen_count, 1);
	ck_assert_uint_eq(nth(m, 0, INVALIDATES)->scope.kind, SMMU3_INVALIDATES_ALL);
	ck_assert_uint_eq(nth(m, 0, INVALIDATES)->s_init, 1);
	ck_assert_uint_eq(secure_reg(m, S_INIT), 0);
	set_secure(m, S_INIT, 0);
	set_secure(m, S_INIT, ~1u);
	ck_assert_uint_eq(m->seen_count, 1);
	ck_assert_uint_eq(secure_reg(m, S_INIT), 0);
	close_machine(m);
}
END_TEST

/* GBP-010: what was kept is gone: here an STE, which the next transaction reads again */
START_TEST(inv_all_drops_what_was_kept)
{
	struct machine *m = secure_machine();

	m->config.caches = (struct smmu3_caches){ .stes = 16, .cds = 16, .tlb = 16 };
	make_stream(m, 1, S1_ONLY);
	mend(m, 1);
	start_secure_machine(m);
	pass(m, 1);
	*ste(m, 1, 0) = 0;
	pass(m, 1); /* kept */
	set_secure(m, S_INIT, 1);
	fault(m, 1);
	close_machine(m);
}
END_TEST

/* GBP-012: libsmmu does it with SMMUEN = 1, too, and lets nobody cancel it */
static void cancel(struct machine *m, const struct happening *now)
{
	(void)now;
	m->inside = NULL;
	set_secure(m, S_INIT, 0);
	ck_assert_uint_eq(secure_reg(m, S_INIT), 1);
}

START_TEST(inv_all_is_not_cancelled)
{
	struct machine *m = secure_started();

	m->inside = cancel;
	set_secure(m, S_INIT, 1);
	ck_assert_uint_eq(count(m, INVALIDATES), 1);
	ck_assert_uint_eq(secure_reg(m, S_INIT), 0);
	close_machine(m);
}
END_TEST

/* GBP-010: a write of 1 invalidates what was there before it, also where an invalidation is under
 * way already */
static void once_more(struct machine *m, const struct happening *now)
{
	(void)now;
	m->inside = NULL;
	set_secure(m, S_INIT, 1);
}

START_TEST(inv_all_of_one_under_way_comes_after_it)
{
	struct machine *m = secure_started();

	m->inside = once_more;
	set_secure(m, S_INIT, 1);
	ck_assert_uint_eq(count(m, INVALIDATES), 2);
	ck_assert_uint_eq(nth(m, 1, INVALIDATES)->s_init, 1);
	ck_assert_uint_eq(secure_reg(m, S_INIT), 0);
	close_machine(m);
}
END_TEST

/* GBP-010: it comes before commands that wait */
static void queue_and_init(struct machine *m, const struct happening *now)
{
	(void)now;
	m->inside = NULL;
	submit_secure(m, CFGI_ALL);
	set_secure(m, S_INIT, 1);
}

START_TEST(inv_all_comes_before_commands_of_its_interface)
{
	struct machine *m = secure_started();

	m->inside = queue_and_init;
	submit_secure(m, PREFETCH);
	ck_assert_uint_eq(nth(m, 1, INVALIDATES)->scope.kind, SMMU3_INVALIDATES_ALL);
	ck_assert_uint_eq(nth(m, 2, READS)->access.reason, SMMU3_REASON_CMDQ);
	ck_assert_uint_eq(nth(m, 3, INVALIDATES)->scope.kind, SMMU3_INVALIDATES_STREAM);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, s_cr0_has_its_own_bits);
	tcase_add_test(tests, s_gbpa_has_nscfg_and_s_agbpa_nothing);
	tcase_add_test(tests, guards_are_of_the_own_state);
	tcase_add_test(tests, the_secure_event_queue_has_its_indexes_in_page_0);
	tcase_add_loop_test(tests, secure_registers_are_reached_from_secure_and_root, 0, 4);
	tcase_add_loop_test(tests, non_secure_registers_are_reached_from_everywhere, 0, 4);
	tcase_add_test(tests, inv_all_invalidates_everything_and_reads_0_when_it_has);
	tcase_add_test(tests, inv_all_drops_what_was_kept);
	tcase_add_test(tests, inv_all_is_not_cancelled);
	tcase_add_test(tests, inv_all_of_one_under_way_comes_after_it);
	tcase_add_test(tests, inv_all_comes_before_commands_of_its_interface);
}

int main(void)
{
	return run("secure-registers", add);
}
