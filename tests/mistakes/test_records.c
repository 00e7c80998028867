/* SPDX-License-Identifier: MIT */
/* Event records: which event, and what its bits say of the access. */
#include "mistakes.h"

#define IDR0_ATS (1u << 10)
#define XN2 (UINT64_C(2) << 53) /* stage 2: nobody executes */
#define UXN (UINT64_C(1) << 54)

static const struct space s1 = { 1, STAGE_1, 3, 5 }, s2 = { 2, STAGE_2, 4, 0 };

static struct machine *opened(int size)
{
	struct machine *m = keeping(places_of[size]);

	m->config.idr[0] |= IDR0_ATS;
	start_machine(m);
	put_space(m, &s1);
	put_space(m, &s2);
	return m;
}

/* ---- Structures that cannot be read ---- */

/* B12: what could not be read has three names: an STE, a CD, a descriptor; the last record alone
 * says more of the access than whose it was.  FetchAddr is the fourth doubleword of each.  FLT-06,
 * EVT-03, EVT-09, EVT-11, ST-14, SUB-17; 7.3.4, 7.3.10, 7.3.12 */
START_TEST(each_structure_that_cannot_be_read_has_its_own_event)
{
	struct machine *m = opened(_i);
	const uint64_t ste = STREAMS_AT + 64, cd = cd_at(&s1, 0), leaf = table1(&s1, 3) + 8;

	put_s1(m, &s1, 1, s1_page(HERE));
	m->aborts[0] = ste;
	FAULTS(m, read_of(1, PAGE(1)), event_of(F_STE_FETCH, 1), 0, 0, ste);
	m->aborts[0] = cd;
	FAULTS(m, read_of(1, PAGE(1)), event_of(F_CD_FETCH, 1), 0, 0, cd);
	m->aborts[0] = leaf;
	FAULTS(m, read_of(1, PAGE(1)), event_of(F_WALK_EABT, 1), RECORD_RNW | CLASS_TT, PAGE(1),
	       leaf);
	m->aborts[0] = 0;
	goes(m, read_of(1, PAGE(1)), HERE);
	close_machine(m);
}
END_TEST

/* ---- What was asked ---- */

enum { READ = 0, WRITE = SMMU3_TXN_WRITE, EXEC = SMMU3_TXN_INSTRUCTION };
#define PRIV SMMU3_TXN_PRIVILEGED

/* Every kind of access, and what a record says of it.  A write is of data whatever it says. */
static const struct {
	unsigned flags;
	uint64_t bits;
} accesses[] = {
	{ READ, RECORD_RNW },
	{ WRITE, 0 },
	{ EXEC, RECORD_RNW | RECORD_IND },
	{ WRITE | EXEC, 0 },
	{ READ | PRIV, RECORD_RNW | RECORD_PNU },
	{ WRITE | PRIV, RECORD_PNU },
	{ EXEC | PRIV, RECORD_RNW | RECORD_IND | RECORD_PNU },
	{ WRITE | EXEC | PRIV, RECORD_PNU },
};

/* Page 1 of a stage by a descriptor that gives the event, or that cannot be read. */
static const struct {
	unsigned event;
	int stage;
	uint64_t descriptor;
	bool aborts, unprivileged; /* privileged accesses are allowed */
	uint64_t class;
} rows[] = {
	{ F_TRANSLATION, 1, 0, false, false, CLASS_IN },
	{ F_ADDR_SIZE, 1, 0x743 | UINT64_C(1) << 40, false, false, CLASS_IN }, /* of 36 bits */
	{ F_ACCESS, 1, 0x343, false, false, CLASS_IN },
	{ F_PERMISSION, 1, 0x703 | UXN, false, true, CLASS_IN }, /* AP 0b00 */
	{ F_WALK_EABT, 1, 0, true, false, CLASS_TT },
	{ F_TRANSLATION, 2, 0, false, false, CLASS_IN },
	{ F_ADDR_SIZE, 2, 0x7ff | UINT64_C(1) << 40, false, false, CLASS_IN }, /* of 32 bits */
	{ F_ACCESS, 2, 0x3ff, false, false, CLASS_IN },
	{ F_PERMISSION, 2, 0x73f | XN2, false, false, CLASS_IN }, /* S2AP 0b00 */
	{ F_WALK_EABT, 2, 0, true, false, CLASS_IN },
};

static uint64_t put_row(struct machine *m, int row)
{
	const bool first = rows[row].stage == 1;
	const uint64_t at = (first ? table1(&s1, 3) : table2(&s2, 3)) + 8;

	*ram_at(m, at) = rows[row].descriptor;
	m->aborts[0] = rows[row].aborts ? at : 0;
	return at;
}

/* B14: RnW is bit 99 of every record that has it, InD bit 98, PnU bit 97, CLASS bits 105:104, S2
 * bit 103, whatever the event and its stage.  EVT-002, EVT-005, FLT-04, FLT-05, FLT-09, EVT-11 to
 * EVT-15; 7.3, 7.3.12 to 7.3.16 */
START_TEST(a_record_says_of_every_access_what_it_was)
{
	for (int row = 0; row < COUNT(rows); row++) {
		struct machine *m = opened(_i);
		const uint32_t sid = rows[row].stage == 1 ? 1 : 2;
		const uint64_t stage = sid == 2 ? RECORD_S2 : 0, at = put_row(m, row);
		const uint64_t word3 = rows[row].aborts ? at : sid == 2 ? PAGE(1) : 0;

		for (int i = 0; i < COUNT(accesses); i++) {
			struct smmu3_txn txn = read_of(sid, PAGE(1) + 0x128);

			txn.flags = (uint16_t)accesses[i].flags;
			if (rows[row].unprivileged && accesses[i].flags & PRIV)
				continue;
			FAULTS(m, txn, event_of(rows[row].event, sid),
			       accesses[i].bits | stage | rows[row].class, txn.addr, word3);
		}
		close_machine(m);
	}
}
END_TEST

/* B14: F_TRANSL_FORBIDDEN has RnW at the same place, and nothing else of the access but its
 * address. FLT-17, EVT-07; 7.3.8 */
START_TEST(a_record_of_a_translated_access_says_whether_it_read)
{
	struct machine *m = opened(_i);

	update(m, CR0, SMMUEN | CMDQEN | EVENTQEN | ATSCHK);
	for (int i = 0; i < COUNT(accesses); i++) {
		struct smmu3_txn txn = read_of(1, PAGE(1) + 0x128);

		txn.flags = (uint16_t)accesses[i].flags;
		txn.ats = SMMU3_ATS_TRANSLATED;
		FAULTS(m, txn, event_of(F_TRANSL_FORBIDDEN, 1), accesses[i].bits & RECORD_RNW,
		       txn.addr, 0);
	}
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_structure_that_cannot_be_read_has_its_own_event, 0, SIZES);
	tcase_add_loop_test(tests, a_record_says_of_every_access_what_it_was, 0, SIZES);
	tcase_add_loop_test(tests, a_record_of_a_translated_access_says_whether_it_read, 0, SIZES);
}

int main(void)
{
	return run("mistakes_records", add);
}
