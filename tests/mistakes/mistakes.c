/* SPDX-License-Identifier: MIT */
#include "mistakes.h"

const uint32_t places_of[SIZES] = { 0, 2, 1024 };

struct smmu3_txn read_of(uint32_t sid, uint64_t address)
{
	return (struct smmu3_txn){ .addr = address, .bytes = 4, .sid = sid };
}

struct smmu3_txn write_of(uint32_t sid, uint64_t address)
{
	struct smmu3_txn txn = read_of(sid, address);

	txn.flags = SMMU3_TXN_WRITE;
	return txn;
}

uint64_t event_of(unsigned event, uint32_t sid)
{
	return event | (uint64_t)sid << 32;
}

/* ---- Accesses ---- */

void goes(struct machine *m, struct smmu3_txn txn, uint64_t pa)
{
	const uint32_t prod = reg(m, EVENTQ_PROD);
	struct smmu3_outcome outcome;

	for (int turn = 0; turn < 2; turn++) {
		smmu3_translate(m->smmu, &txn, &outcome);
		if (outcome.verdict == SMMU3_OK && outcome.pa == pa)
			continue; /* an assertion that holds costs a system call */
		ck_abort_msg("turn %d, stream %u: %#llx ends with verdict %u, event %#x, at %#llx,"
			     " not %#llx",
			     turn, txn.sid, (unsigned long long)txn.addr, outcome.verdict,
			     outcome.event, (unsigned long long)outcome.pa, (unsigned long long)pa);
	}
	if (reg(m, EVENTQ_PROD) != prod)
		ck_abort_msg("an access that succeeds is recorded");
}

static void expect_words(const uint64_t *words, const uint64_t *record)
{
	for (int i = 0; i < 4; i++)
		if (words[i] != record[i])
			ck_abort_msg("word %d is %#llx, not %#llx", i, (unsigned long long)words[i],
				     (unsigned long long)record[i]);
}

void faults(struct machine *m, struct smmu3_txn txn, const uint64_t record[4])
{
	const uint32_t after = (2u << m->eventq_lg2) - 1;
	struct smmu3_outcome outcome;

	for (int turn = 0; turn < 2; turn++) {
		const uint32_t prod = reg(m, EVENTQ_PROD);

		smmu3_translate(m->smmu, &txn, &outcome);
		if (outcome.verdict != SMMU3_ABORT || !outcome.recorded ||
		    reg(m, EVENTQ_PROD) != ((prod + 1) & after))
			ck_abort_msg("turn %d, stream %u: %#llx ends with verdict %u, event %#x,"
				     " at %#llx, recorded %u",
				     turn, txn.sid, (unsigned long long)txn.addr, outcome.verdict,
				     outcome.event, (unsigned long long)outcome.pa,
				     outcome.recorded);
		expect_words(ram_at(m, event_at(m, prod)), record);
		set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	}
}

void ends_silently(struct machine *m, struct smmu3_txn txn)
{
	const uint32_t prod = reg(m, EVENTQ_PROD);
	struct smmu3_outcome outcome;

	for (int turn = 0; turn < 2; turn++) {
		smmu3_translate(m->smmu, &txn, &outcome);
		ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
		ck_assert_uint_eq(outcome.recorded, 0);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), prod);
	}
}

/* ---- Tables ---- */

/* A descriptor is 8 bytes, so a table of one granule resolves granule - 3 bits.  D8.2.8 to D8.2.10
 */
uint64_t descriptor_at(const struct tables *tables, int level, uint64_t input)
{
	const unsigned stride = tables->granule_lg2 - 3;
	const unsigned low = tables->granule_lg2 + stride * (unsigned)(3 - level);
	const uint64_t inside = input & ((UINT64_C(1) << tables->bits) - 1);

	return tables->base + 0x10000 * (uint64_t)level +
	       8 * (inside >> low & ((UINT64_C(1) << stride) - 1));
}

void lead_to(struct machine *m, const struct tables *tables, int level, uint64_t input)
{
	for (int above = tables->start; above < level; above++)
		*ram_at(m, descriptor_at(tables, above, input)) = to_table(
			tables->base + 0x10000 * (uint64_t)(above + 1));
}
