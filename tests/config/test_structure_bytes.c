/* SPDX-License-Identifier: MIT */
/* Structures as they stand in memory: bytes, the lowest first, in words that are never torn. */
#include "support/conf_world.h"

#include <pthread.h>
#include <stdatomic.h>

static unsigned char *bytes_at(struct world *w, uint64_t pa)
{
	return (unsigned char *)word_at(w, pa);
}

/* ---- ST-12.  SubstreamID 3 of StreamID 5, every structure from a level above. */

/* L1STD at 0x80400000, STEs at 0x80401000, L1CD at 0x80402000, CDs at 0x80403000, in tables of one
 * level: 64KB granule, 25 bits, table at 0x80404000. */
static void put_bytes(struct world *w)
{
	/* Span 7; L2Ptr */
	static const unsigned char l1std[8] = { 0x07, 0x10, 0x40, 0x80 };
	/* V, Config 101, S1Fmt 01; S1ContextPtr; S1CDMax 7 (bits 63:59); S1CIR 1, S1COR 1, S1CSH 3
	 * (bits 7:2 of word 1); SHCFG 1 (bits 45:44) */
	static const unsigned char ste[16] = { 0x1b, 0x20, 0x40, 0x80, 0, 0,    0, 0x38,
					       0xd4, 0,    0,    0,    0, 0x10, 0, 0 };
	/* V; L2Ptr */
	static const unsigned char l1cd[8] = { 0x01, 0x30, 0x40, 0x80 };
	/* T0SZ 39, TG0 01; IR0 1, OR0 1, SH0 3; EPD1, V; IPS 101; AA64, R, A; ASID 9; TTB0 */
	static const unsigned char cd[16] = { 0x67, 0x35, 0,    0xc0, 0x05, 0x62, 9, 0,
					      0x00, 0x40, 0x40, 0x80, 0,    0,    0, 0 };
	/* MAIR: attribute 0 is 0xff, attribute 7 is 0x44 */
	static const unsigned char mair[8] = { 0xff, 0, 0, 0, 0, 0, 0, 0x44 };
	/* Valid page; AttrIndx 7 (bits 4:2), AP 01, SH 11, AF, nG; output 0x123456780000 */
	static const unsigned char page[8] = { 0x5f, 0x0f, 0x78, 0x56, 0x34, 0x12, 0, 0 };

	memcpy(bytes_at(w, 0x80400000), l1std, sizeof(l1std));
	memcpy(bytes_at(w, 0x80401000 + 64 * 5), ste, sizeof(ste));
	memcpy(bytes_at(w, 0x80402000), l1cd, sizeof(l1cd));
	memcpy(bytes_at(w, 0x80403000 + 64 * 3), cd, sizeof(cd));
	memcpy(bytes_at(w, 0x80403000 + 64 * 3 + 24), mair, sizeof(mair));
	memcpy(bytes_at(w, 0x80404000 + 8 * 2), page, sizeof(page));
}

/* ST-12: from a RAM window and from the host */
START_TEST(every_structure_is_little_endian)
{
	struct world w = world(ABORT_ALL);

	w.behind_host = _i;
	open_world(&w);
	put_bytes(&w);
	use_stream_table(&w, 0x80400000, 1 << 16 | 6 << 6 | 6); /* two levels, SPLIT 6 */
	w.txn.ssid = 3;
	expect_reaches(&w, 0x2abcd, SMMU3_TXN_SSV, UINT64_C(0x12345678abcd));
	ck_assert_uint_eq(w.out.attr.mair, 0x44);
	close_world(&w);
}
END_TEST

/* ---- STE-09: a writer changes S1ContextPtr, whose halves of 32 bits both differ, while another
 * thread translates.  Half of one and half of the other would name a CD that is not valid. */

#define FAR_BASE UINT64_C(0x180000000) /* more RAM: the same offsets 4GB up */
#define ONE_CD (RAM_BASE + 0x402040)
#define OTHER_CD (FAR_BASE + 0x404080)

enum { TRANSLATIONS = 300000 };

struct writer {
	uint64_t *word;
	uint64_t values[2];
	atomic_bool stop;
};

static void *write_all_along(void *context)
{
	struct writer *writer = context;

	for (unsigned i = 0; !atomic_load(&writer->stop); i++)
		__atomic_store_n(writer->word, writer->values[i % 2], __ATOMIC_RELAXED);
	return NULL;
}

/* More RAM, with a CD in it. */
static uint64_t *add_far_ram(struct world *w)
{
	uint64_t *far = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);

	ck_assert(far != MAP_FAILED);
	ck_assert_int_eq(smmu3_add_ram(w->smmu, FAR_BASE, RAM_SIZE, SMMU3_PAS_BIT(SMMU3_PAS_NS),
				       far),
			 0);
	memcpy(&far[(OTHER_CD - FAR_BASE) / 8], w->cd, 64);
	return far;
}

START_TEST(an_ste_changes_by_whole_words)
{
	struct world w = world(S1_ONLY);
	const struct smmu3_txn txn = { .addr = VA, .bytes = 4, .sid = SID };
	static struct writer writer;
	unsigned torn = 0;
	pthread_t thread;

	open_world(&w);
	uint64_t *far = add_far_ram(&w);

	put_structure(&w, ONE_CD, w.cd);
	writer = (struct writer){ word_at(&w, STE_AT),
				  { 1 | S1_ONLY << 1 | ONE_CD, 1 | S1_ONLY << 1 | OTHER_CD },
				  false };
	*writer.word = writer.values[0];
	ck_assert_int_eq(pthread_create(&thread, NULL, write_all_along, &writer), 0);
	for (unsigned i = 0; i < TRANSLATIONS; i++)
		torn += smmu3_translate(w.smmu, &txn, &w.out) != SMMU3_OK;
	atomic_store(&writer.stop, true);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(torn, 0);
	close_world(&w);
	munmap(far, RAM_SIZE);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, every_structure_is_little_endian, 0, 2);
	tcase_add_test(tests, an_ste_changes_by_whole_words);
}

int main(void)
{
	return run_suite("structure-bytes", add);
}
