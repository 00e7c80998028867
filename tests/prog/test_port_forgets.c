/* SPDX-License-Identifier: MIT */
/* What commands, broadcasts and registers remove is removed from all ways into an SMMU, also while
 * a translation is under way that has read it.  3.21.1, 3.21.3, 4.7.3 */
#include "counted.h"
#include "monitored.h"
#include "ported.h"
#include "rooted.h"
#include "run.h"
#include "secure.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Commands that remove page 1 of a space, whose table, or CD or STE, was edited. */
static const struct {
	int space;
	bool structure; /* it is the CD or STE */
	struct command command;
} rows[] = {
	/* CMD-TLBI-NH-VA, CMD-TLBI-NH-VAA, RIL-001, TLB-16 to TLB-18 */
	{ 0, false, { { 0x12 | UINT64_C(0x50003) << 32, PAGE(1) | 1 } } },
	{ 0, false, { { 0x12 | UINT64_C(0x50003) << 32, PAGE(1) } } },
	{ 0, false, { { 0x13 | UINT64_C(3) << 32, PAGE(1) | 1 } } },
	{ 0, false, { { 0x12 | 3 << 12 | UINT64_C(0x50003) << 32, 7 << 8 } } }, /* 4 pages */
	{ 0, false, { { 0x11 | UINT64_C(0x50003) << 32, 0 } } },
	{ 0, false, { { 0x10 | UINT64_C(3) << 32, 0 } } },
	/* CMD-TLBI-S12-VMALL, CMD-TLBI-NSNH-ALL, TLB-25, TLB-26 */
	{ 0, false, { { 0x28 | UINT64_C(3) << 32, 0 } } },
	{ 0, false, { { 0x30, 0 } } },
	/* CMD-TLBI-S2-IPA, TLB-23 */
	{ 1, false, { { 0x2a | UINT64_C(4) << 32, PAGE(1) | 1 } } },
	{ 1, false, { { 0x2a | UINT64_C(4) << 32, PAGE(1) } } },
	{ 1, false, { { 0x28 | UINT64_C(4) << 32, 0 } } },
	{ 1, false, { { 0x30, 0 } } },
	/* TLB-19: of both stages by stage 1's */
	{ 2, false, { { 0x12 | UINT64_C(0x60005) << 32, PAGE(1) | 1 } } },
	{ 2, false, { { 0x11 | UINT64_C(0x60005) << 32, 0 } } },
	{ 2, false, { { 0x10 | UINT64_C(5) << 32, 0 } } },
	{ 2, false, { { 0x28 | UINT64_C(5) << 32, 0 } } },
	/* CFG-03 to CFG-05: CFGI_STE, _STE_RANGE, _ALL, _CD, _CD_ALL */
	{ 0, true, { { 0x03 | UINT64_C(1) << 32, 1 } } },
	{ 0, true, { { 0x04 | UINT64_C(0) << 32, 1 } } },
	{ 0, true, { { 0x04, 31 } } },
	{ 0, true, { { 0x05 | UINT64_C(1) << 32, 1 } } },
	{ 0, true, { { 0x06 | UINT64_C(1) << 32, 0 } } },
	{ 1, true, { { 0x03 | UINT64_C(2) << 32, 0 } } },
	{ 1, true, { { 0x04 | UINT64_C(2) << 32, 0 } } },
	{ 2, true, { { 0x05 | UINT64_C(3) << 32, 1 } } },
	{ 2, true, { { 0x06 | UINT64_C(3) << 32, 0 } } },
};

static void edit(struct machine *m, int i)
{
	(rows[i].structure ? put_elsewhere : put_there)(m, rows[i].space);
}

/* Everything behind keeps nothing, so that what is kept is kept in front. */
START_TEST(each_command_reaches_every_way)
{
	for (int window = 0; window < 2; window++) {
		struct ported p = ported(0, window);
		const int space = rows[_i].space;

		expect_goes(&p, space, HERE + PAGE(1));
		edit(p.m, _i);
		expect_goes(&p, space, HERE + PAGE(1));
		ck_assert_uint_eq(port_has(&p, space), HERE + PAGE(1));
		ck_assert_uint_eq(handle_has(&p, space), HERE + PAGE(1));
		submit_with_sync(p.m, rows[_i].command);
		ck_assert(consumed(p.m));
		ck_assert_uint_eq(port_has(&p, space), NOWHERE);
		ck_assert_uint_eq(handle_has(&p, space), NOWHERE);
		expect_goes(&p, space, THERE + PAGE(1));
		ck_assert_uint_eq(port_has(&p, space), THERE + PAGE(1));
		close_ported(&p);
	}
}
END_TEST

/* What is broadcast of page 1 of a space. */
static const struct {
	int space;
	struct smmu3_invalidation scope;
} broadcasts[] = {
	{ 0, { .kind = SMMU3_INVALIDATES_STAGE1, .vmid = 3, .any_asid = 1 } },
	{ 0,
	  { .kind = SMMU3_INVALIDATES_STAGE1,
	    .vmid = 3,
	    .any_asid = 1,
	    .leaf = 1,
	    .addr = PAGE(1),
	    .bytes = 4096 } },
	{ 0, { .kind = SMMU3_INVALIDATES_STAGES, .any_vmid = 1, .any_asid = 1 } },
	{ 1,
	  { .kind = SMMU3_INVALIDATES_STAGE2,
	    .vmid = 4,
	    .any_asid = 1,
	    .leaf = 1,
	    .addr = PAGE(1),
	    .bytes = 4096 } },
	{ 2, { .kind = SMMU3_INVALIDATES_STAGES, .vmid = 5, .any_asid = 1 } },
};

static void broadcast(struct machine *m, int i)
{
	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &broadcasts[i].scope), 0);
}

/* TLB-36: what CPUs broadcast counts with the next access, in a section too */
START_TEST(each_broadcast_reaches_every_way)
{
	for (int section = 0; section < 2; section++) {
		struct ported p = ported(16, true);
		const int space = broadcasts[_i].space;

		if (section)
			smmu3_port_begin(p.port);
		expect_goes(&p, space, HERE + PAGE(1));
		put_there(p.m, space);
		expect_goes(&p, space, HERE + PAGE(1));
		broadcast(p.m, _i);
		ck_assert_uint_eq(port_has(&p, space), NOWHERE);
		ck_assert_uint_eq(handle_has(&p, space), NOWHERE);
		expect_goes(&p, space, THERE + PAGE(1));
		close_ported(&p);
	}
}
END_TEST

/* ---- While a translation is under way ---- */

/* Software at work inside a read that has been answered from before. */
static struct {
	int row;
	uint64_t at; /* of the read */
	bool broadcasts;
	unsigned times;
} meanwhile;

static void invalidate_meanwhile(struct machine *m, const struct happening *now)
{
	if (now->kind != READS || now->access.reason == SMMU3_REASON_CMDQ ||
	    now->access.pa != meanwhile.at || meanwhile.times++)
		return;
	if (meanwhile.broadcasts) {
		put_there(m, broadcasts[meanwhile.row].space);
		broadcast(m, meanwhile.row);
		return;
	}
	edit(m, meanwhile.row);
	submit_with_sync(m, rows[meanwhile.row].command);
	ck_assert(consumed(m));
}

/* What is edited: the last descriptor, or the structure whole. */
static uint64_t edited_at(int space, bool structure)
{
	const struct space *at = &ported_spaces[space];

	if (structure)
		return at->config & 1 ? cd_at(at, 0) : STREAMS_AT + 64 * (uint64_t)at->sid;
	return (at->config & 1 ? table1(at, 3) : table2(at, 3)) + 8;
}

static void park(struct machine *m, int row, bool broadcasts_it)
{
	const int space = broadcasts_it ? broadcasts[row].space : rows[row].space;

	meanwhile.row = row;
	meanwhile.broadcasts = broadcasts_it;
	meanwhile.times = 0;
	meanwhile.at = edited_at(space, !broadcasts_it && rows[row].structure);
	m->inside = invalidate_meanwhile;
}

/* By each way in turn a walk reads what is removed while it is under way: it may still use it, but
 * nobody who begins afterwards does, by whatever way. */
static void expect_not_used_later(int row, bool broadcasts_it, uint32_t places)
{
	const int space = broadcasts_it ? broadcasts[row].space : rows[row].space;

	for (enum way way = 0; way < WAYS; way++) {
		struct ported p = ported(places, false);

		park(p.m, row, broadcasts_it);
		ck_assert_uint_eq(page_goes(&p, space, way), HERE + PAGE(1));
		ck_assert_uint_eq(meanwhile.times, 1);
		ck_assert_uint_eq(port_has(&p, space), NOWHERE);
		ck_assert_uint_eq(handle_has(&p, space), NOWHERE);
		for (enum way later = 0; later < WAYS; later++)
			ck_assert_uint_eq(page_goes(&p, space, (way + later) % WAYS),
					  THERE + PAGE(1));
		close_ported(&p);
	}
}

/* TLB-35, CMD-SYNC-6, CMD-SYNC-7 */
START_TEST(what_a_walk_has_read_before_a_sync_is_not_learnt_after_it)
{
	expect_not_used_later(_i, false, 0);
	expect_not_used_later(_i, false, rows[_i].structure ? 0 : 16);
}
END_TEST

static struct ported *misused;

static void invalidate_and_use(struct machine *m, const struct happening *now)
{
	const bool before = !meanwhile.times;

	invalidate_meanwhile(m, now);
	if (!before || !meanwhile.times)
		return;
	ck_assert_uint_eq(page_goes(misused, 0, BY_PORT), THERE + PAGE(1));
	ck_assert_uint_eq(page_goes(misused, 0, BY_HANDLE), THERE + PAGE(1));
}

/* TLB-35, port.h: a callback must not use the port whose call it was made from; if it does, no
 * harm is done to those who come later */
START_TEST(a_callback_that_uses_the_port_leaves_nothing_old)
{
	for (enum way way = 0; way < WAYS; way++) {
		struct ported p = ported(16, false);

		misused = &p;
		park(p.m, 0, false);
		p.m->inside = invalidate_and_use;
		ck_assert_uint_eq(page_goes(&p, 0, way), HERE + PAGE(1));
		for (enum way later = 0; later < WAYS; later++)
			ck_assert_uint_eq(page_goes(&p, 0, (way + later) % WAYS), THERE + PAGE(1));
		close_ported(&p);
	}
}
END_TEST

/* TLB-36, TLB-35 */
START_TEST(what_a_walk_has_read_before_a_broadcast_is_not_learnt_after_it)
{
	expect_not_used_later(_i, true, 0);
	expect_not_used_later(_i, true, 16);
}
END_TEST

/* More than can be read back one by one. */
static void remove_much(struct machine *m)
{
	put_there(m, 0);
	for (unsigned i = 0; i < 200; i++)
		submit_with_sync(m, i ? nh_va(7, 7, PAGE(i), 1) : nh_va(3, 5, PAGE(1), 1));
	ck_assert(consumed(m));
}

static void invalidate_much(struct machine *m, const struct happening *now)
{
	if (now->kind == READS && now->access.pa == meanwhile.at && !meanwhile.times++)
		remove_much(m);
}

/* TLB-35: 200 invalidations, the first of which is about the page, leave nothing of it: neither of
 * what was kept before, nor of what is read meanwhile */
START_TEST(an_invalidation_is_not_lost_among_many)
{
	for (enum way way = 0; way < WAYS; way++) {
		struct ported p = ported(16, false);

		park(p.m, 0, false);
		p.m->inside = _i ? NULL : invalidate_much;
		ck_assert_uint_eq(page_goes(&p, 0, way), HERE + PAGE(1));
		if (_i)
			remove_much(p.m);
		expect_goes(&p, 0, THERE + PAGE(1));
		close_ported(&p);
	}
}
END_TEST

/* ---- Registers and windows ---- */

/* 6.3.9.6, CR0: what was kept with SMMUEN = 1 is no answer with SMMUEN = 0, nor in a section */
START_TEST(registers_count_at_once)
{
	struct ported p = ported(16, true);

	if (_i)
		smmu3_port_begin(p.port);
	expect_goes(&p, 0, HERE + PAGE(1));
	set_reg(p.m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(port_has(&p, 0), NOWHERE);
	ck_assert_uint_eq(handle_has(&p, 0), NOWHERE);
	expect_goes(&p, 0, PAGE(1)); /* GBPA: as if there were no SMMU */
	set_reg(p.m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	expect_goes(&p, 0, HERE + PAGE(1));
	set_reg(p.m, GBPA, UINT32_C(1) << 31 | 1 << 20); /* Update, ABORT */
	set_reg(p.m, CR0, CMDQEN | EVENTQEN);
	expect_goes(&p, 0, NOWHERE);
	close_ported(&p);
}
END_TEST

/* 6.3.24, STRTAB_BASE: another Stream table */
START_TEST(another_stream_table_counts_at_once)
{
	struct ported p = ported(16, true);
	const uint64_t streams = RAM_AT + 0x700000;

	expect_goes(&p, 0, HERE + PAGE(1));
	memcpy(ram_at(p.m, streams), ram_at(p.m, STREAMS_AT), 512);
	ram_at(p.m, streams + 64)[0] = 1 | STE0_CONFIG(BYPASSES);
	smmu3_port_begin(p.port);
	set_reg(p.m, CR0, CMDQEN | EVENTQEN);
	set_reg64(p.m, STRTAB_BASE, streams);
	set_reg(p.m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	submit_with_sync(p.m, CFGI_ALL);
	smmu3_port_end(p.port);
	expect_goes(&p, 0, PAGE(1));
	close_ported(&p);
}
END_TEST

/* 6.3.62: S_INIT.INV_ALL, which no CMD_SYNC follows, counts with the next call, in a section too */
START_TEST(secure_software_may_forget_everything)
{
	struct machine *m = secure_machine();

	keep_at_most(m, 16);
	m->config.caches.micro = MICRO;
	m->config.caches.micro_streams = MICRO_STREAMS;
	m->windows = true;
	start_secure_machine(m);
	struct ported p = open_ported(m);

	smmu3_port_begin(p.port);
	expect_goes(&p, 0, HERE + PAGE(1));
	put_there(m, 0);
	expect_goes(&p, 0, HERE + PAGE(1));
	set_secure(m, S_INIT, 1); /* INV_ALL */
	ck_assert_uint_eq(port_has(&p, 0), NOWHERE);
	ck_assert_uint_eq(handle_has(&p, 0), NOWHERE);
	expect_goes(&p, 0, THERE + PAGE(1));
	close_ported(&p);
}
END_TEST

/* smmu.h: a window that is removed is not read any more, on the short way neither; and another in
 * its place is */
START_TEST(windows_may_come_and_go)
{
	struct ported p = ported(0, true);
	uint64_t *const other = aligned_alloc(4096, RAM_BYTES);

	ck_assert_ptr_nonnull(other);
	memcpy(other, p.m->ram, RAM_BYTES);
	expect_goes(&p, 0, HERE + PAGE(1));
	ck_assert_int_eq(smmu3_remove_ram(p.m->smmu, RAM_AT, SMMU3_PAS_BIT(SMMU3_PAS_NS)), 0);
	ck_assert_uint_eq(port_has(&p, 0), NOWHERE);
	look_away(p.m);
	expect_goes(&p, 0, HERE + PAGE(1)); /* by the host */
	ck_assert_uint_gt(count_for(p.m, SMMU3_REASON_S1_TTD), 0);
	other[(table1(&ported_spaces[0], 3) + 8 - RAM_AT) / 8] = s1_page(THERE + PAGE(1));
	ck_assert_int_eq(smmu3_add_ram(p.m->smmu, RAM_AT, RAM_BYTES, SMMU3_PAS_BIT(SMMU3_PAS_NS),
				       other),
			 0);
	expect_goes(&p, 0, THERE + PAGE(1));
	close_ported(&p);
	free(other);
}
END_TEST

/* ---- Who keeps nothing ---- */

/* Transactions, as statistics or counter 0 of a monitor group has them. */
static uint64_t counted(struct machine *m, bool by_monitors)
{
	return by_monitors ? counter(m, 0) : stats_of(m).transactions;
}

/* stats.h, 10.3: while anything is counted every access is, so that nothing is kept in front; what
 * was kept before is dropped */
START_TEST(who_counts_sees_every_access)
{
	struct machine *m = portable(16, true);

	m->config.statistics = _i == 0;
	m->config.pmcg_cfgr = EIGHT_32;
	start_machine(m);
	struct ported p = open_ported(m);

	if (_i) {
		expect_goes(&p, 0, HERE + PAGE(1));
		ck_assert_uint_eq(port_has(&p, 0), HERE + PAGE(1));
		set_up(m, 0, 1 | SPAN, ALL_STREAMS);
	}
	ck_assert_uint_eq(port_has(&p, 0), NOWHERE);
	ck_assert_uint_eq(handle_has(&p, 0), NOWHERE);
	expect_goes(&p, 0, HERE + PAGE(1));
	expect_goes(&p, 0, HERE + PAGE(1));
	ck_assert_uint_eq(port_has(&p, 0), NOWHERE);
	ck_assert_uint_eq(counted(m, _i), 2 * WAYS);
	close_ported(&p);
}
END_TEST

/* port.h, 3.25: nor where there are Root registers */
START_TEST(who_protects_granules_checks_every_access)
{
	struct machine *m = rooted_machine();

	m->config.caches.micro = MICRO;
	m->config.caches.micro_streams = MICRO_STREAMS;
	m->windows = false;
	open_machine(m);
	start_root(m);
	make_streams(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	struct smmu3_port *port = smmu3_port_open(m->smmu, NULL, NULL);
	const struct smmu3_txn txn = { .addr = RAM_AT + 0x5000, .bytes = 4, .sid = 1 };
	struct smmu3_outcome outcome;

	ck_assert_int_eq(smmu3_port_translate(port, &txn, &outcome), SMMU3_OK);
	ck_assert_uint_eq(smmu3_port_hit(port, &txn).word, 0);
	set_gpi(m, RAM_AT + 0x5000, GPI_ROOT);
	ck_assert_int_eq(smmu3_port_translate(port, &txn, &outcome), SMMU3_ABORT);
	ck_assert_int_eq(smmu3_translate(m->smmu, &txn, &outcome), SMMU3_ABORT);
	smmu3_port_close(port);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, each_command_reaches_every_way, 0, COUNT(rows));
	tcase_add_loop_test(tests, each_broadcast_reaches_every_way, 0, COUNT(broadcasts));
	tcase_add_loop_test(tests, what_a_walk_has_read_before_a_sync_is_not_learnt_after_it, 0,
			    COUNT(rows));
	tcase_add_loop_test(tests, what_a_walk_has_read_before_a_broadcast_is_not_learnt_after_it,
			    0, COUNT(broadcasts));
	tcase_add_loop_test(tests, an_invalidation_is_not_lost_among_many, 0, 2);
	tcase_add_loop_test(tests, registers_count_at_once, 0, 2);
	tcase_add_test(tests, a_callback_that_uses_the_port_leaves_nothing_old);
	tcase_add_test(tests, another_stream_table_counts_at_once);
	tcase_add_test(tests, secure_software_may_forget_everything);
	tcase_add_test(tests, windows_may_come_and_go);
	tcase_add_loop_test(tests, who_counts_sees_every_access, 0, 2);
	tcase_add_test(tests, who_protects_granules_checks_every_access);
}

int main(void)
{
	return run("port_forgets", add);
}
