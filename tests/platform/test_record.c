/* SPDX-License-Identifier: MIT */
/* What a recording says of an SMMU, line by line as docs/smmu-sim.md has them. */
#include "recorded.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What recorded_enable leaves. */
#define ENABLED         \
	"W 90 8 1003\n" \
	"W a0 8 2003\n" \
	"W 80 8 3000\n" \
	"W 88 4 1\n"    \
	"W 2c 4 2\n"    \
	"W 50 4 4\n"    \
	"W 20 4 d\n"

static struct recorded *enabled(void)
{
	struct recorded *const recorded = recorded_new();

	recorded_begin(recorded);
	recorded_enable(recorded);
	return recorded;
}

/* record.h, EVT-002, CMD-SYNC-2, CMD-TLBI-NH-VA: TLBI_NH_VA of two pages of ASID 5; TLBI_NH_ASID,
 * and a CMD_SYNC whose message goes to 0x4000; an access of StreamID 5, beyond the table, which is
 * C_BAD_STREAMID (2), and one of StreamID 0, which has no valid STE (4). */
START_TEST(a_run_is_recorded_in_order)
{
	struct recorded *const recorded = enabled();

	ck_assert_uint_eq(reg_read(recorded, 0x24, 4), 0xd);
	put_command(recorded, 0, 0x5000000000012, 0x7000);
	put_command(recorded, 1, 0x5000000000012, 0x8000);
	reg_write(recorded, 0x98, 4, 2);
	put_command(recorded, 2, 0x5000000000011, 0);
	put_command(recorded, 3, 0x1234560000001046, 0x4000);
	reg_write(recorded, 0x98, 4, 4);
	ck_assert_uint_eq(reg_read(recorded, 0x9c, 4), 4);
	ck_assert_int_eq(access_at(recorded, 5, 0x12345678, 0), SMMU3_ABORT);
	ck_assert_int_eq(access_at(recorded, 0, 0x12345678, SMMU3_TXN_WRITE), SMMU3_ABORT);
	ck_assert_uint_eq(reg_read(recorded, 0x100a8, 4), 2);
	ck_assert_uint_eq(recorded->interrupts, 2); /* the host hears of all of it */
	ck_assert_uint_eq(recorded->invalidations, 3);
	ck_assert_uint_eq(recorded->word[0x4000 / 8], 0x12345600);
	expect_lines(recorded,
		     ENABLED "R 24 4 d\n"
			     "W 98 4 2\n"
			     "M 1000 5000000000012\n"
			     "M 1008 7000\n"
			     "V asid=5 vmid=-1 va=7000 size=1000\n"
			     "M 1010 5000000000012\n"
			     "M 1018 8000\n"
			     "V asid=5 vmid=-1 va=8000 size=1000\n"
			     "W 98 4 4\n"
			     "M 1020 5000000000011\n"
			     "M 1028 0\n"
			     "V asid=5 vmid=-1 va=0 size=0\n"
			     "M 1030 1234560000001046\n"
			     "M 1038 4000\n"
			     "D 4000 4 00563412\n"
			     "R 9c 4 4\n"
			     "D 2000 32 "
			     "0200000005000000000000000000000000000000000000000000000000000000\n"
			     "I 0\n"
			     "T 5 12345678 1 = -2 0 0 0\n"
			     "M 3000 0\nM 3008 0\nM 3010 0\nM 3018 0\n"
			     "M 3020 0\nM 3028 0\nM 3030 0\nM 3038 0\n"
			     "D 2020 32 "
			     "0400000000000000000000000000000000000000000000000000000000000000\n"
			     "I 0\n"
			     "T 0 12345678 2 = -4 0 0 0\n"
			     "R 100a8 4 2\n");
}
END_TEST

/* What the first access of StreamID 0 finds. */
#define STE_0                                                 \
	"M 3000 9\nM 3008 100000000000\nM 3010 0\nM 3018 0\n" \
	"M 3020 0\nM 3028 0\nM 3030 0\nM 3038 0\n"

/* record.h: as the format has an access of one byte; untranslated, all is allowed. */
START_TEST(an_access_is_recorded_at_its_address)
{
	struct recorded *const recorded = enabled();
	struct smmu3_txn txn = { .addr = 0xfff, .bytes = 0x10000 };
	struct smmu3_outcome outcome;

	let_stream_0_pass(recorded);
	for (unsigned i = 0; i < 3; i++) {
		txn.flags = i == 1 ? SMMU3_TXN_WRITE : SMMU3_TXN_NO_STALL;
		txn.txn_class = i == 2 ? SMMU3_CLASS_ATOMIC : SMMU3_CLASS_ORDINARY;
		ck_assert_int_eq(smmu3_record_translate(recorded->record, recorded->smmu, &txn,
							&outcome),
				 SMMU3_OK);
		ck_assert_uint_eq(outcome.pa, 0xfff);
	}
	expect_lines(recorded, ENABLED STE_0 "T 0 fff 1 = 0 fff ffffffffffffffff 3\n"
					     "T 0 fff 2 = 0 fff ffffffffffffffff 3\n"
					     "T 0 fff 3 = 0 fff ffffffffffffffff 3\n");
}
END_TEST

/* record.h, GBPA.ABORT: 6.3.14 */
START_TEST(an_abort_without_an_event_is_said)
{
	struct recorded *const recorded = recorded_new();

	recorded_begin(recorded);
	reg_write(recorded, 0x44, 4, 0x80100000); /* Update, ABORT */
	ck_assert_int_eq(access_at(recorded, 5, 0x1000, 0), SMMU3_ABORT);
	expect_lines(recorded, "W 44 4 80100000\n"
			       "T 5 1000 1 = no-event 0 0 0\n");
}
END_TEST

/* record.h: "a 64-bit word of memory, when the SMMU first finds it, and when it has changed" */
START_TEST(a_word_is_recorded_when_it_is_new_or_has_changed)
{
	struct recorded *const recorded = enabled();

	let_stream_0_pass(recorded);
	(void)access_at(recorded, 0, 0x1000, 0);
	(void)access_at(recorded, 0, 0x2000, 0);
	recorded->word[0x3038 / 8] = 7;
	(void)access_at(recorded, 0, 0x3000, 0);
	recorded->word[0x3038 / 8] = 0;
	(void)access_at(recorded, 0, 0x4000, 0);
	expect_lines(recorded, ENABLED STE_0 "T 0 1000 1 = 0 1000 ffffffffffffffff 3\n"
					     "T 0 2000 1 = 0 2000 ffffffffffffffff 3\n"
					     "M 3038 7\n"
					     "T 0 3000 1 = 0 3000 ffffffffffffffff 3\n"
					     "M 3038 0\n"
					     "T 0 4000 1 = 0 4000 ffffffffffffffff 3\n");
}
END_TEST

/* record.h: the first message, which is TLBI_NSNH_ALL (0x30), goes where the second command is
 * read; that of the third into the first, of which a CMD_SYNC is left with a message of 0. */
START_TEST(what_the_smmu_wrote_is_known_to_stand_there)
{
	struct recorded *const recorded = enabled();

	put_command(recorded, 0, 0x3000001046, 0x1010);
	put_command(recorded, 1, 0xffffffff, 0); /* is overwritten */
	put_command(recorded, 2, 0x1046, 0x1004);
	for (unsigned i = 3; i < 8; i++)
		put_command(recorded, i, 0x46, 0);
	reg_write(recorded, 0x98, 4, 3);
	reg_write(recorded, 0x98, 4, 9); /* round to the first */
	expect_lines(recorded, ENABLED "W 98 4 3\n"
				       "M 1000 3000001046\n"
				       "M 1008 1010\n"
				       "D 1010 4 30000000\n"
				       "M 1018 0\n"
				       "V asid=-1 vmid=-1 va=0 size=0\n"
				       "M 1020 1046\n"
				       "M 1028 1004\n"
				       "D 1004 4 00000000\n"
				       "W 98 4 9\n"
				       "M 1030 46\nM 1038 0\nM 1040 46\nM 1048 0\n"
				       "M 1050 46\nM 1058 0\nM 1060 46\nM 1068 0\n"
				       "M 1070 46\nM 1078 0\n"
				       "D 1010 4 00000000\n");
}
END_TEST

/* record.h: 128 STEs are 1024 words, none of which is said twice. */
START_TEST(known_words_stay_known_when_there_are_many)
{
	struct recorded *const recorded = recorded_new();
	unsigned words = 0;
	bool whole;

	recorded_begin(recorded);
	reg_write(recorded, 0x80, 8, 0x2000);
	reg_write(recorded, 0x88, 4, 7);
	reg_write(recorded, 0x20, 4, 1);
	for (unsigned i = 0; i < 2 * 128; i++)
		ck_assert_int_eq(access_at(recorded, i % 128, 0x1000, 0), SMMU3_ABORT);
	ck_assert_int_eq(recorded_close(recorded, NULL), 0);
	char *const text = recorded_text(recorded, &whole);

	for (const char *at = strstr(text, "\nM "); at; at = strstr(at + 1, "\nM "))
		words++;
	ck_assert_uint_eq(words, 128 * 8);
	free(text);
	recorded_free(recorded);
}
END_TEST

/* record.h: CMD_CFGI_ALL is announced, but not of stage 1. */
START_TEST(announcements_of_structures_leave_no_line)
{
	struct recorded *const recorded = enabled();

	put_command(recorded, 0, 0x4, 31);
	reg_write(recorded, 0x98, 4, 1);
	ck_assert_uint_eq(recorded->invalidations, 1);
	expect_lines(recorded, ENABLED "W 98 4 1\n"
				       "M 1000 4\n"
				       "M 1008 1f\n");
}
END_TEST

/* record.h: probes fill nothing, and what they find is found by the next access anew. */
START_TEST(probes_and_refused_calls_leave_no_line)
{
	struct recorded *const recorded = enabled();
	uint64_t value;

	ck_assert_int_eq(access_at(recorded, 0, 0x1000, SMMU3_TXN_PROBE), SMMU3_ABORT);
	let_stream_0_pass(recorded);
	ck_assert_int_eq(access_at(recorded, 0, 0x1000, SMMU3_TXN_PROBE | SMMU3_TXN_PRIVILEGED),
			 SMMU3_OK);
	ck_assert_int_eq(smmu3_record_mmio_read(recorded->record, recorded->smmu, SMMU3_PAS_NS, 0,
						2, &value),
			 -SMMU3_E_ABORT);
	ck_assert_int_eq(smmu3_record_mmio_write(recorded->record, recorded->smmu, SMMU3_PAS_NS,
						 0x44, 8, 0),
			 -SMMU3_E_ABORT);
	ck_assert_int_eq(access_at(recorded, 0, 0x1000, 0), SMMU3_OK);
	ck_assert_int_eq(access_at(recorded, 0, UINT64_MAX - 2, 0), SMMU3_ERROR); /* past the end */
	reg_write(recorded, 0x20, 4, UINT64_C(0x10000000d)); /* the low half is written */
	expect_lines(recorded, ENABLED STE_0 "T 0 1000 1 = 0 1000 ffffffffffffffff 3\n"
					     "W 20 4 d\n");
}
END_TEST

static void probe(struct recorded *recorded)
{
	ck_assert_int_eq(access_at(recorded, 0, 0x1000, SMMU3_TXN_PROBE), SMMU3_ABORT);
}

/* record.h: as a host does that looks where an access goes on an interrupt. */
START_TEST(probes_may_be_made_inside_callbacks)
{
	struct recorded *const recorded = enabled();

	recorded->inside = probe;
	(void)access_at(recorded, 5, 0x12345678, 0);
	expect_lines(recorded,
		     ENABLED "D 2000 32 "
			     "0200000005000000000000000000000000000000000000000000000000000000\n"
			     "I 0\n"
			     "T 5 12345678 1 = -2 0 0 0\n");
}
END_TEST

/* record.h, CMD-SYNC-2: with IDR0.SEV a CMD_SYNC of CS = SIG_SEV (2) sends an event. */
START_TEST(an_event_for_waiting_pes_is_recorded)
{
	struct recorded *const recorded = recorded_new();
	struct smmu3_error error;
	bool whole;

	recorded->config.idr[0] |= 1 << 14;
	recorded_begin(recorded);
	recorded_enable(recorded);
	put_command(recorded, 0, 0x2046, 0);
	reg_write(recorded, 0x98, 4, 1);
	ck_assert_uint_eq(recorded->events, 1);
	ck_assert_int_eq(recorded_close(recorded, &error), 0);
	char *const text = recorded_text(recorded, &whole);

	ck_assert_ptr_nonnull(strstr(text, "C idr0 d40701a\n"));
	ck_assert_ptr_nonnull(strstr(text, "M 1000 2046\nM 1008 0\nE\n"));
	free(text);
	recorded_free(recorded);
}
END_TEST

/* docs/smmu-sim.md: a W is replayed when the next act comes.  The fifth command is where STE 1
 * stands when the access comes: the write must find the one, the access the other.  record.h */
START_TEST(what_changes_between_a_write_and_an_access_parts_them)
{
	struct recorded *const recorded = recorded_new();

	recorded_begin(recorded);
	reg_write(recorded, 0x90, 8, 0x1003);
	reg_write(recorded, 0x80, 8, 0x1000);
	reg_write(recorded, 0x88, 4, 1);
	reg_write(recorded, 0x20, 4, 9);
	for (unsigned i = 0; i < 5; i++)
		put_command(recorded, i, 0x30, 0);
	reg_write(recorded, 0x98, 4, 5);
	put_command(recorded, 4, 9, UINT64_C(1) << 44);
	ck_assert_int_eq(access_at(recorded, 1, 0x1000, 0), SMMU3_OK);
	put_command(recorded, 4, 9, 0); /* and once more: nothing is held any more */
	ck_assert_int_eq(access_at(recorded, 1, 0x1000, 0), SMMU3_OK);
	expect_lines(recorded, "W 90 8 1003\nW 80 8 1000\nW 88 4 1\nW 20 4 9\nW 98 4 5\n"
#define NSNH_ALL(at) "M 10" at "0 30\nM 10" at "8 0\nV asid=-1 vmid=-1 va=0 size=0\n"
		     NSNH_ALL("0") NSNH_ALL("1") NSNH_ALL("2") NSNH_ALL("3") NSNH_ALL(
			     "4") "R 0 4 d40301a\n"
				  "M 1040 9\n"
				  "M 1048 100000000000\n"
				  "M 1050 0\nM 1058 0\nM 1060 0\nM 1068 0\nM 1070 0\nM 1078 0\n"
				  "T 1 1000 1 = 0 1000 ffffffffffffffff 3\n"
				  "M 1048 0\n"
				  "T 1 1000 1 = 0 1000 ffffffffffffffff 3\n");
}
END_TEST

static enum smmu3_mem_result swap(void *context, const struct smmu3_mem_access *access,
				  const uint64_t *expected, const uint64_t *desired,
				  uint64_t *found)
{
	struct recorded *const recorded = context;
	uint64_t *const word = &recorded->word[access->pa / 8];

	*found = *word; /* hosts of this test are little-endian */
	if (*word == *expected)
		*word = *desired;
	return SMMU3_MEM_OK;
}

/* record.h, HTTU-01, HTTU-05, HTTU-12: a write of the descriptor, in front of the access: of the
 * table, 0x5003, and of the block of 2MB in it that is read, then written; what the SMMU wrote is
 * found again.  CD.T0SZ 25, EPD1, V, AA64, HD, HA, R, A, and HAFT.  3.13, 5.4 */
START_TEST(a_hardware_update_is_recorded_as_a_write)
{
	struct recorded *const recorded = recorded_new();

	ck_assert_int_eq(smmu3_config_init(&recorded->config, "generic-3.3", NULL), 0);
	recorded->config.idr[0] |= 3 << 6; /* HTTU */
	recorded->host.swap = swap;
	recorded_begin(recorded);
	recorded_enable(recorded);
	recorded->word[0x3000 / 8] = 0x3100 | 0xb;
	recorded->word[0x3008 / 8] = UINT64_C(1) << 44;
	recorded->word[0x3100 / 8] = 0x6e00c0000019;
	recorded->word[0x3108 / 8] = 0x4000 | 8;
	recorded->word[0x4000 / 8] = 0x5003;
	recorded->word[0x5000 / 8] = 0x80000400003c1 & ~UINT64_C(0x400); /* DBM, AP[2:1] = 11 */
	ck_assert_int_eq(access_at(recorded, 0, 0x1000, 0), SMMU3_OK);
	ck_assert_int_eq(access_at(recorded, 0, 0x1000, SMMU3_TXN_WRITE), SMMU3_OK);
	ck_assert_int_eq(access_at(recorded, 0, 0x1000, 0), SMMU3_OK);
	static const char lines[] = ENABLED "M 3000 310b\nM 3008 100000000000\nM 3010 0\nM 3018 0\n"
					    "M 3020 0\nM 3028 0\nM 3030 0\nM 3038 0\n"
					    "M 3100 6e00c0000019\nM 3108 4008\nM 3110 0\nM 3118 0\n"
					    "M 3120 0\nM 3128 0\nM 3130 0\nM 3138 0\n"
					    "M 4000 5003\n"
					    "D 4000 8 0354000000000000\n"
					    "M 5000 80000400003c1\n"
					    "D 5000 8 c107004000000800\n"
					    "T 0 1000 1 = 0 40001000 1fffff 1\n"
					    "D 5000 8 4107004000000800\n"
					    "T 0 1000 2 = 0 40001000 1fffff 3\n"
					    "T 0 1000 1 = 0 40001000 1fffff 3\n";
	bool whole;

	ck_assert_int_eq(recorded_close(recorded, NULL), 0);
	char *const text = recorded_text(recorded, &whole);

	ck_assert(whole);
	ck_assert_ptr_nonnull(strstr(text, lines));
	ck_assert_uint_eq(strlen(strstr(text, lines)), strlen(lines));
	free(text);
	recorded_free(recorded);
}
END_TEST

/* record.h: what ATOS says of an update that the host cannot make, the recorder does not see */
START_TEST(updates_by_atos_need_a_host_that_can_make_them)
{
	struct recorded *const recorded = recorded_new();
	struct smmu3_error error;

	recorded->config.idr[0] |= 2 << 6 | 1 << 15; /* HTTU, ATOS */
	ck_assert_ptr_null(
		smmu3_record_open(&recorded->config, &recorded->host, NULL, NULL, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(error.text, "swap"));
	recorded_free(recorded);
}
END_TEST

/* record.h: as a machine does that is switched on. */
START_TEST(a_reset_before_all_else_leaves_no_line)
{
	struct recorded *const recorded = recorded_new();

	recorded_begin(recorded);
	smmu3_record_reset(recorded->record, recorded->smmu);
	(void)access_at(recorded, 5, 0x1000, SMMU3_TXN_PROBE);
	smmu3_record_reset(recorded->record, recorded->smmu);
	recorded_enable(recorded);
	expect_lines(recorded, ENABLED);
}
END_TEST

/* record.h: what a replay needs to make the same SMMU; what is 0 goes without saying, but IDR0. */
START_TEST(the_configuration_is_recorded)
{
	struct recorded *const recorded = recorded_new();
	bool whole;

	recorded->config.caches.tlb = 0x40;
	recorded->config.caches.micro = 8;
	recorded->config.caches.micro_streams = 2;
	recorded->config.interrupt_choices = 0;
	recorded->config.iidr = 0x43b;
	recorded_begin(recorded);
	ck_assert_int_eq(recorded_close(recorded, NULL), 0);
	char *const text = recorded_text(recorded, &whole);

	ck_assert_str_eq(text, "C idr0 d40301a\nC idr1 2730010\nC idr3 404\nC idr5 74\nC iidr 43b\n"
			       "C aidr 1\nC gbpa_reset 1000\nC caches.tlb 40\nC caches.micro 8\n"
			       "C caches.micro_streams 2\n");
	free(text);
	recorded_free(recorded);
}
END_TEST

/* record.h: names are of members that there are, each once; sizes are what C says. */
START_TEST(every_member_of_a_configuration_has_its_name)
{
	unsigned char named[sizeof(struct smmu3_config)] = { 0 };
	const struct smmu3_record_member *member;

	for (size_t i = 0; (member = smmu3_record_member(i)) != NULL; i++)
		for (size_t at = 0; at < 4; at++)
			ck_assert_uint_eq(named[member->offset + at]++, 0);
	for (size_t at = 0; at < sizeof(named); at++) {
		const size_t end = offsetof(struct smmu3_config, r_mpamidr) + 4;

		ck_assert_uint_eq(named[at], at >= sizeof(size_t) && at < end);
	}
}
END_TEST

/* record.h: more than a buffer, and than a block of zstd: none is lost, and none is twice. */
START_TEST(long_recordings_are_whole)
{
	enum { LINES = 30000 };
	struct recorded *const recorded = recorded_new();
	char *const lines = calloc(LINES, 32);
	size_t length = 0;
	uint64_t value = 1;

	ck_assert_ptr_nonnull(lines);
	recorded_begin(recorded);
	for (unsigned i = 0; i < LINES; i++) {
		value = value * UINT64_C(6364136223846793005) + 1442695040888963407u;
		reg_write(recorded, 0xa0, 8, value); /* EVENTQ_BASE */
		length += (size_t)sprintf(lines + length, "W a0 8 %llx\n",
					  (unsigned long long)value);
	}
	ck_assert_uint_gt(recorded->writes, 1);
	expect_lines(recorded, lines);
	free(lines);
}
END_TEST

/* record.h */
START_TEST(what_cannot_be_recorded_is_refused_at_once)
{
	struct recorded *const recorded = recorded_new();
	struct smmu3_host none = { 0 };
	struct smmu3_error error;

	ck_assert_ptr_null(smmu3_record_open(&recorded->config, NULL, NULL, NULL, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_ARGUMENT);
	ck_assert_ptr_null(smmu3_record_open(&recorded->config, &none, NULL, NULL, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_ARGUMENT);
	recorded->config.idr[0] = (recorded->config.idr[0] & ~(3u << 24)) | 2u << 24;
	recorded->config.idr[5] |= 16 << 16; /* STALL_MAX */
	ck_assert_ptr_null(
		smmu3_record_open(&recorded->config, &recorded->host, NULL, NULL, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(error.text, "STALL_MODEL"));
	recorded->config.idr[0] = 0;
	ck_assert_ptr_null(
		smmu3_record_open(&recorded->config, &recorded->host, NULL, NULL, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_INCONSISTENT);
	ck_assert_ptr_null(smmu3_record_open(&recorded->config, &recorded->host, NULL, NULL, NULL));
	ck_assert_int_eq(smmu3_record_close(NULL, &error), 0);
	ck_assert_int_eq(error.code, 0);
	recorded_free(recorded);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_run_is_recorded_in_order);
	tcase_add_test(tests, an_access_is_recorded_at_its_address);
	tcase_add_test(tests, an_abort_without_an_event_is_said);
	tcase_add_test(tests, a_word_is_recorded_when_it_is_new_or_has_changed);
	tcase_add_test(tests, what_the_smmu_wrote_is_known_to_stand_there);
	tcase_add_test(tests, known_words_stay_known_when_there_are_many);
	tcase_add_test(tests, announcements_of_structures_leave_no_line);
	tcase_add_test(tests, probes_and_refused_calls_leave_no_line);
	tcase_add_test(tests, probes_may_be_made_inside_callbacks);
	tcase_add_test(tests, an_event_for_waiting_pes_is_recorded);
	tcase_add_test(tests, what_changes_between_a_write_and_an_access_parts_them);
	tcase_add_test(tests, a_reset_before_all_else_leaves_no_line);
	tcase_add_test(tests, the_configuration_is_recorded);
	tcase_add_test(tests, a_hardware_update_is_recorded_as_a_write);
	tcase_add_test(tests, updates_by_atos_need_a_host_that_can_make_them);
	tcase_add_test(tests, every_member_of_a_configuration_has_its_name);
	tcase_add_test(tests, long_recordings_are_whole);
	tcase_add_test(tests, what_cannot_be_recorded_is_refused_at_once);
}

int main(void)
{
	return run_suite("recordings", add);
}
