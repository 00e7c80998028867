/* SPDX-License-Identifier: MIT */
#include "stalls.h"

#include <check.h>
#include <string.h>

uint64_t *ste(struct machine *m, uint32_t sid, unsigned word)
{
	return ram_at(m, STREAMS_AT + 64 * (uint64_t)sid + 8 * (uint64_t)word);
}

uint64_t *cd(struct machine *m, uint32_t sid, unsigned word)
{
	return ram_at(m, CD_AT(sid) + 8 * (uint64_t)word);
}

uint64_t *slot1(struct machine *m, uint32_t sid)
{
	return ram_at(m, TABLE1_AT(sid));
}

uint64_t *slot2(struct machine *m, uint32_t sid)
{
	return ram_at(m, TABLE2_AT(sid));
}

/* T0SZ 34, EPD1, V, IPS 40 bits, AA64, an ASID of its own */
static void make_cd(struct machine *m, uint32_t sid)
{
	*cd(m, sid, 0) = 34 | UINT64_C(1) << 30 | UINT64_C(1) << 31 | UINT64_C(2) << 32 |
			 UINT64_C(1) << 41 | CD_S | CD_R | CD_A | (uint64_t)sid << 48;
	*cd(m, sid, 1) = TABLE1_AT(sid);
	*cd(m, sid, 3) = 0xff; /* MAIR: Write-Back */
}

void make_stream(struct machine *m, uint32_t sid, unsigned config)
{
	*ste(m, sid, 0) = 1 | config << 1 | CD_AT(sid);
	*ste(m, sid, 1) = UINT64_C(1) << 44; /* SHCFG: as it comes */
	/* a VMID of its own, S2T0SZ 32, S2SL0 1, S2PS 48 bits, S2AA64 */
	*ste(m, sid, 2) = sid | UINT64_C(32) << 32 | UINT64_C(1) << 38 | UINT64_C(5) << 48 |
			  UINT64_C(1) << 51 | S2S | S2R;
	*ste(m, sid, 3) = TABLE2_AT(sid);
	make_cd(m, sid);
	*slot1(m, sid) = config == NESTED ? BLOCK1 : 0;
	*slot2(m, sid) = 0;
	slot2(m, sid)[RAM_AT >> 30] = RAM_AT | BLOCK2; /* memory stays where it is */
}

void mend(struct machine *m, uint32_t sid)
{
	if ((*ste(m, sid, 0) >> 1 & 7) == S1_ONLY)
		*slot1(m, sid) = RAM_AT | BLOCK1;
	else
		*slot2(m, sid) = RAM_AT | BLOCK2;
}

struct machine *stalling(unsigned most)
{
	static const uint8_t configs[] = { 0, S1_ONLY, S2_ONLY, S1_ONLY, S1_ONLY, NESTED };
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] &= ~(UINT32_C(3) << 24); /* STALL_MODEL: both */
	m->config.idr[5] |= most << 16;           /* STALL_MAX */
	for (uint32_t sid = 1; sid < sizeof(configs); sid++)
		make_stream(m, sid, configs[sid]);
	return m;
}

struct machine *started_stalling(unsigned most)
{
	struct machine *m = stalling(most);

	start_machine(m);
	return m;
}

/* ---- Accesses ---- */

struct smmu3_outcome ask(struct machine *m, uint32_t sid, uint64_t cookie, unsigned flags)
{
	const struct smmu3_txn txn = {
		.addr = INPUT, .bytes = 4, .sid = sid, .cookie = cookie, .flags = (uint16_t)flags
	};
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

uint16_t stall(struct machine *m, uint32_t sid, uint64_t cookie)
{
	const struct smmu3_outcome outcome = ask(m, sid, cookie, 0);

	if (outcome.verdict != SMMU3_STALLED || !outcome.recorded)
		ck_abort_msg("stream %u: verdict %u, event 0x%x", sid, outcome.verdict,
			     outcome.event);
	return (uint16_t)outcome.record.word[1];
}

void pass(struct machine *m, uint32_t sid)
{
	const struct smmu3_outcome outcome = ask(m, sid, 0, 0);

	ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
	ck_assert_uint_eq(outcome.pa, OUTPUT);
}

/* ---- Commands ---- */

struct command resume(uint32_t sid, uint16_t stag, uint32_t action)
{
	return (struct command){ { 0x44 | action | (uint64_t)sid << 32, stag } };
}

struct command stall_term(uint32_t sid)
{
	return (struct command){ { 0x45 | (uint64_t)sid << 32, 0 } };
}

/* ---- What was seen ---- */

const struct smmu3_stall *end_of(const struct machine *m, unsigned n)
{
	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == ENDED && n-- == 0)
			return &m->seen[i].stall;
	ck_abort_msg("only %u stalls have ended", count(m, ENDED));
	return NULL;
}

void expect_end_of(const struct machine *m, unsigned n, enum smmu3_pas sec_sid, uint64_t cookie,
		   enum smmu3_stall_end end)
{
	ck_assert_uint_eq(end_of(m, n)->cookie, cookie);
	ck_assert_uint_eq(end_of(m, n)->end, end);
	ck_assert_uint_eq(end_of(m, n)->sec_sid, sec_sid);
}

void expect_end(const struct machine *m, unsigned n, uint64_t cookie, enum smmu3_stall_end end)
{
	expect_end_of(m, n, SMMU3_PAS_NS, cookie, end);
}

void expect_record(struct machine *m, uint32_t index, const uint64_t words[4])
{
	for (unsigned i = 0; i < 4; i++)
		ck_assert_msg(ram_at(m, event_at(m, index))[i] == words[i],
			      "record %u, word %u: %#llx, not %#llx", index, i,
			      (unsigned long long)ram_at(m, event_at(m, index))[i],
			      (unsigned long long)words[i]);
}

uint16_t stag_of(struct machine *m, uint32_t index)
{
	const uint64_t word = ram_at(m, event_at(m, index))[1];

	ck_assert(word & STALL);
	return (uint16_t)word;
}

uint32_t sid_of(struct machine *m, uint32_t index)
{
	return (uint32_t)(*ram_at(m, event_at(m, index)) >> 32);
}
