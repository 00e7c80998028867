/* SPDX-License-Identifier: MIT */
#include "ported.h"

#include <check.h>

const struct space ported_spaces[SPACES] = {
	{ 1, STAGE_1, 3, 5 },
	{ 2, STAGE_2, 4, 0 },
	{ 3, BOTH_STAGES, 5, 6 },
};

struct machine *portable(uint32_t places, bool window)
{
	struct machine *m = keeping(places);

	m->config.idr[0] |= 1u << 5; /* BTM */
	m->config.caches.micro = MICRO;
	m->config.caches.micro_streams = MICRO_STREAMS;
	m->windows = window;
	return m;
}

/* Stage 1 of both leads to the pages of stage 2 with the same numbers; page 9 is THERE. */
static void put_pages(struct machine *m)
{
	for (unsigned page = 1; page <= 3; page++) {
		put_s1(m, &ported_spaces[0], page, s1_page(HERE + PAGE(page)));
		put_s2(m, &ported_spaces[1], page, s2_page(HERE + PAGE(page)));
		put_s1(m, &ported_spaces[2], page, s1_page(PAGE(page)));
		put_s2(m, &ported_spaces[2], page, s2_page(HERE + PAGE(page)));
	}
	put_s2(m, &ported_spaces[2], 9, s2_page(THERE + PAGE(1)));
}

struct ported open_ported(struct machine *m)
{
	struct ported p = { .m = m };

	for (int i = 0; i < SPACES; i++)
		put_space(m, &ported_spaces[i]);
	put_pages(m);
	p.port = smmu3_port_open(m->smmu, NULL, NULL);
	ck_assert_ptr_nonnull(p.port);
	for (int i = 0; i < SPACES; i++) {
		const struct smmu3_txn like = { .bytes = 1, .sid = ported_spaces[i].sid };

		p.handle[i] = smmu3_stream_open(p.port, &like, NULL);
		ck_assert_ptr_nonnull(p.handle[i]);
	}
	return p;
}

struct ported ported(uint32_t places, bool window)
{
	struct machine *m = portable(places, window);

	start_machine(m);
	return open_ported(m);
}

void close_ported(struct ported *p)
{
	smmu3_port_close(p->port);
	close_machine(p->m);
}

/* ---- Edits ---- */

/* As software stores. */
static void store(struct machine *m, uint64_t at, uint64_t value)
{
	__atomic_store_n(ram_at(m, at), value, __ATOMIC_RELEASE);
}

void put_there(struct machine *m, int space)
{
	const struct space *at = &ported_spaces[space];

	if (at->config == STAGE_1)
		store(m, table1(at, 3) + 8, s1_page(THERE + PAGE(1)));
	else if (at->config == STAGE_2)
		store(m, table2(at, 3) + 8, s2_page(THERE + PAGE(1)));
	else
		store(m, table1(at, 3) + 8, s1_page(PAGE(9)));
}

/* Tables of their own, all three levels. */
void put_elsewhere(struct machine *m, int space)
{
	const struct space *at = &ported_spaces[space];
	const uint64_t table = RAM_AT + 0x600000 + 0x4000 * (uint64_t)space;
	const bool first = at->config & 1;

	store(m, table, to_table(table + 0x1000));
	store(m, table + 0x1000, to_table(table + 0x2000));
	store(m, table + 0x2008,
	      at->config == STAGE_1 ? s1_page(THERE + PAGE(1)) :
	      first                 ? s1_page(PAGE(9)) :
				      s2_page(THERE + PAGE(1)));
	store(m, first ? cd_at(at, 0) + 8 : STREAMS_AT + 64 * (uint64_t)at->sid + 24, table);
}

/* ---- Ways ---- */

struct smmu3_outcome outcome_of(struct ported *p, const struct smmu3_txn *txn, enum way way)
{
	struct smmu3_outcome outcome;

	switch (way) {
	case BY_PORT:
		(void)smmu3_port_translate(p->port, txn, &outcome);
		break;
	case BY_BATCH:
		smmu3_port_translate_batch(p->port, txn, &outcome, 1);
		break;
	case BY_HANDLE:
		(void)smmu3_stream_translate(p->handle[txn->sid - 1], txn, &outcome);
		break;
	default:
		(void)smmu3_translate(p->m->smmu, txn, &outcome);
	}
	return outcome;
}

static struct smmu3_txn read_of(int space)
{
	return (struct smmu3_txn){ .addr = PAGE(1), .bytes = 4, .sid = ported_spaces[space].sid };
}

uint64_t page_goes(struct ported *p, int space, enum way way)
{
	const struct smmu3_txn txn = read_of(space);
	const struct smmu3_outcome outcome = outcome_of(p, &txn, way);

	return outcome.verdict == SMMU3_OK ? outcome.pa : NOWHERE;
}

uint64_t port_has(struct ported *p, int space)
{
	const struct smmu3_txn txn = read_of(space);
	const struct smmu3_hit hit = smmu3_port_hit(p->port, &txn);

	return hit.word ? hit.pa : NOWHERE;
}

uint64_t handle_has(struct ported *p, int space)
{
	const struct smmu3_hit hit = smmu3_stream_hit(p->handle[space], PAGE(1), 0);

	return hit.word ? hit.pa : NOWHERE;
}

void expect_goes(struct ported *p, int space, uint64_t place)
{
	for (enum way way = 0; way < WAYS; way++)
		ck_assert_uint_eq(page_goes(p, space, way), place);
}

/* ---- Commands ---- */

void submit_with_sync(struct machine *m, struct command command)
{
	queue_command(m, command);
	queue_command(m, SYNC_NONE);
	ring(m);
}

bool consumed(struct machine *m)
{
	return reg(m, CMDQ_CONS) == m->prod;
}
