/* SPDX-License-Identifier: MIT */
/* One privileged write with a SubstreamID, and every event that it can end with: all 32 bytes of
 * the record, and whether it is recorded. */
#include "support/conf_world.h"

#define CDS CD_PAGE
#define SSID UINT64_C(3)
#define CD_3 (CDS + 64 * SSID)
#define SSV BIT(11)

static const struct row {
	unsigned event, stage;
	uint64_t word0; /* SSV and SubstreamID */
	uint64_t word1, word2, word3;
} rows[] = {
	{ C_BAD_STREAMID, 0, SSV | SSID << 12, 0, 0, 0 },
	{ F_STE_FETCH, 0, SSV | SSID << 12, 0, 0, STE_AT },
	{ C_BAD_STE, 0, SSV | SSID << 12, 0, 0, 0 },
	{ C_BAD_SUBSTREAMID, 0, UINT64_C(4) << 12, 0, 0, 0 },
	{ F_STREAM_DISABLED, 0, 0, 0, 0, 0 },
	{ F_CD_FETCH, 0, SSV | SSID << 12, 0, 0, CD_3 },
	{ C_BAD_CD, 0, SSV | SSID << 12, 0, 0, 0 },
	{ F_WALK_EABT, 1, SSV | SSID << 12, PNU | CLASS(1), VA, S1_TABLE(3) + 8 * 5 },
	{ F_TRANSLATION, 1, SSV | SSID << 12, PNU | CLASS(2), VA, 0 },
	{ F_ADDR_SIZE, 1, SSV | SSID << 12, PNU | CLASS(2), VA, 0 },
	{ F_ACCESS, 1, SSV | SSID << 12, PNU | CLASS(2), VA, 0 },
	{ F_PERMISSION, 1, SSV | SSID << 12, PNU | CLASS(2), VA, 0 },
	{ F_WALK_EABT, 2, SSV | SSID << 12, PNU | S2 | CLASS(2), VA, S2_TABLE(3) + 8 * 7 },
	{ F_TRANSLATION, 2, SSV | SSID << 12, PNU | S2 | CLASS(2), VA, IPA_PAGE },
	{ F_ADDR_SIZE, 2, SSV | SSID << 12, PNU | S2 | CLASS(2), VA, IPA_PAGE },
	{ F_ACCESS, 2, SSV | SSID << 12, PNU | S2 | CLASS(2), VA, IPA_PAGE },
	{ F_PERMISSION, 2, SSV | SSID << 12, PNU | S2 | CLASS(2), VA, IPA_PAGE },
};

enum { ROWS_OF_EVENTS = sizeof(rows) / sizeof(rows[0]) };

static void break_configuration(struct world *w, unsigned event)
{
	switch (event) {
	case C_BAD_STREAMID:
		w->txn.sid = 64;
		break;
	case F_STE_FETCH:
		w->abort_at = STE_AT;
		break;
	case C_BAD_STE:
		w->ste[0] &= ~BIT(0);
		break;
	case C_BAD_SUBSTREAMID:
		w->txn.ssid = 4;
		break;
	case F_STREAM_DISABLED: /* S1DSS 0b10 keeps SubstreamID 0 */
		w->ste[1] |= 2;
		w->txn.ssid = 0;
		break;
	case F_CD_FETCH:
		w->abort_at = CD_3;
		break;
	default:
		w->cd[0] &= ~BIT(31);
		break;
	}
}

/* The last descriptor of a stage, or how far its outputs reach. */
static void break_translation(struct world *w, unsigned event, unsigned stage)
{
	const uint64_t slot = stage == 1 ? slot1(3) : slot2(3);

	switch (event) {
	case F_WALK_EABT:
		w->abort_at = slot;
		break;
	case F_TRANSLATION:
		put(w, slot, 0);
		break;
	case F_ADDR_SIZE: /* 44 bits; PA_PAGE has 45 */
		set_field(stage == 1 ? &w->cd[0] : &w->ste[2], stage == 1 ? 32 : 48, 3, 4);
		break;
	case F_ACCESS:
		*word_at(w, slot) &= ~AF;
		break;
	default: /* stage 1: AP[2:1] 0b11; stage 2: S2AP 0b01 */
		*word_at(w, slot) = (*word_at(w, slot) & ~AP(3)) | (stage == 1 ? AP(3) : S2AP(1));
		break;
	}
}

/* A stream of four substreams that ends as the row says. */
static struct world ending(const struct row *row)
{
	struct world w = world(row->stage == 2 ? NESTED : S1_ONLY);

	w.behind_host = true;
	w.answer = SMMU3_MEM_ABORT;
	w.ste[0] = (w.ste[0] & 0xf) | CDS | UINT64_C(2) << 59; /* S1CDMax 2 */
	w.txn.ssid = SSID;
	if (row->stage == 0)
		break_configuration(&w, row->event);
	else
		break_translation(&w, row->event, row->stage);
	put_structure(&w, CD_3, w.cd);
	return w;
}

static void expect_end(struct world *w, const struct row *row)
{
	ck_assert_uint_eq(reach(w, VA, SMMU3_TXN_SSV | SMMU3_TXN_WRITE | SMMU3_TXN_PRIVILEGED),
			  SMMU3_ABORT);
	expect_words(w, row->event | row->word0 | (uint64_t)w->txn.sid << 32, row->word1,
		     row->word2, row->word3);
}

/* FLT-03, FLT-04, FLT-06, FLT-08, FLT-15, SUB-15 */
START_TEST(each_event_has_the_parts_of_its_record_and_no_other)
{
	struct world w = ending(&rows[_i]);

	expect_end(&w, &rows[_i]);
	ck_assert_uint_eq(w.out.recorded, 1);
	close_world(&w);
}
END_TEST

/* ST-04, STALL-01, CR-029 */
START_TEST(without_recinvsid_c_bad_streamid_is_not_recorded_and_everything_else_is)
{
	struct world w = ending(&rows[_i]);

	open_world(&w);
	mmio(&w, 0x20, 4, 0);
	mmio(&w, 0x2c, 4, 0); /* CR2 */
	mmio(&w, 0x20, 4, 0xd);
	expect_end(&w, &rows[_i]);
	ck_assert_uint_eq(w.out.recorded, rows[_i].event != C_BAD_STREAMID);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_event_has_the_parts_of_its_record_and_no_other, 0,
			    ROWS_OF_EVENTS);
	tcase_add_loop_test(tests,
			    without_recinvsid_c_bad_streamid_is_not_recorded_and_everything_else_is,
			    0, ROWS_OF_EVENTS);
}

int main(void)
{
	return run_suite("whole-records", add);
}
