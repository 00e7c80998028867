/* SPDX-License-Identifier: MIT */
#include "recorded.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

/* ---- The host ---- */

static void act_inside(struct recorded *recorded, void (**inside)(struct recorded *))
{
	void (*const act)(struct recorded *) = *inside;

	*inside = NULL;
	if (act)
		act(recorded);
}

static enum smmu3_mem_result host_read(void *context, const struct smmu3_mem_access *access,
				       void *data)
{
	struct recorded *const recorded = context;
	unsigned char *const byte = data;

	if (access->reason != SMMU3_REASON_CMDQ)
		act_inside(recorded, &recorded->inside);
	ck_assert_uint_lt(access->pa, sizeof(recorded->word));
	for (uint32_t i = 0; i < access->bytes; i++)
		byte[i] = (unsigned char)(recorded->word[(access->pa + i) / 8] >> 8 * (i % 8));
	return recorded->answer;
}

static enum smmu3_mem_result host_write(void *context, const struct smmu3_mem_access *access,
					const void *data)
{
	struct recorded *const recorded = context;
	const unsigned char *const byte = data;

	ck_assert_uint_lt(access->pa, sizeof(recorded->word));
	for (uint32_t i = 0; i < access->bytes; i++) {
		const uint64_t at = access->pa + i;
		const unsigned shift = 8 * (unsigned)(at % 8);

		recorded->word[at / 8] &= ~(UINT64_C(0xff) << shift);
		recorded->word[at / 8] |= (uint64_t)byte[i] << shift;
	}
	act_inside(recorded, &recorded->inside);
	return recorded->answer;
}

static void host_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	struct recorded *const recorded = context;

	(void)interrupt;
	recorded->interrupts++;
	act_inside(recorded, &recorded->inside);
	act_inside(recorded, &recorded->late);
}

static void host_send_event(void *context)
{
	struct recorded *const recorded = context;

	recorded->events++;
}

static void host_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	struct recorded *const recorded = context;

	(void)scope;
	recorded->invalidations++;
}

/* ---- The recording ---- */

static int take(void *context, const void *data, size_t size)
{
	struct recorded *const recorded = context;

	if (++recorded->writes == recorded->fails)
		return -1;
	ck_assert(!recorded->fails || recorded->writes < recorded->fails);
	if (recorded->size + size > recorded->room) {
		recorded->room = 2 * (recorded->size + size);
		recorded->out = realloc(recorded->out, recorded->room);
		ck_assert_ptr_nonnull(recorded->out);
	}
	memcpy(recorded->out + recorded->size, data, size);
	recorded->size += size;
	return 0;
}

struct recorded *recorded_new(void)
{
	struct recorded *const recorded = calloc(1, sizeof(*recorded));

	ck_assert_ptr_nonnull(recorded);
	ck_assert_int_eq(smmu3_config_init(&recorded->config, "linux-session", NULL), 0);
	recorded->config.interrupt_choices = SMMU3_NO_CMD_SYNC_WIRE | SMMU3_INTERRUPT_EVERY_EVENT;
	recorded->host = (struct smmu3_host){
		.size = sizeof(recorded->host),
		.context = recorded,
		.read = host_read,
		.write = host_write,
		.interrupt = host_interrupt,
		.send_event = host_send_event,
		.invalidate = host_invalidate,
	};
	return recorded;
}

void recorded_begin(struct recorded *recorded)
{
	struct smmu3_error error;

	recorded->record = smmu3_record_open(&recorded->config, &recorded->host, take, recorded,
					     &error);
	ck_assert_msg(recorded->record != NULL, "%s", error.text);
	recorded->smmu = smmu3_create(&recorded->config, smmu3_record_host(recorded->record),
				      &error);
	ck_assert_msg(recorded->smmu != NULL, "%s", error.text);
}

int recorded_close(struct recorded *recorded, struct smmu3_error *error)
{
	smmu3_destroy(recorded->smmu);
	return smmu3_record_close(recorded->record, error);
}

void recorded_free(struct recorded *recorded)
{
	free(recorded->out);
	free(recorded);
}

char *recorded_text(const struct recorded *recorded, bool *whole)
{
	const size_t room = 64 * recorded->size + (1u << 20);
	char *const text = calloc(1, room);
	ZSTD_DCtx *const context = ZSTD_createDCtx();
	ZSTD_inBuffer in = { recorded->out, recorded->size, 0 };
	ZSTD_outBuffer out = { text, room - 1, 0 };
	size_t rest = 1;

	ck_assert_ptr_nonnull(text);
	while (in.pos < in.size) {
		rest = ZSTD_decompressStream(context, &out, &in);
		ck_assert(!ZSTD_isError(rest));
		ck_assert_uint_lt(out.pos, room - 1);
	}
	text[out.pos] = 0;
	*whole = rest == 0;
	ZSTD_freeDCtx(context);
	return text;
}

/* As `smmu-sim profiles linux-session` does not say, but a Linux kernel read: SMMU_IDR0 to IDR5 of
 * tests/data/linux-6.1-session; AIDR is SMMUv3.1, GBPA at reset has SHCFG = 1, "use incoming". */
static const char configuration[] = "C idr0 d40301a\n"
				    "C idr1 2730010\n"
				    "C idr3 404\n"
				    "C idr5 74\n"
				    "C aidr 1\n"
				    "C gbpa_reset 1000\n"
				    "C interrupt_choices 3\n";

void expect_lines(struct recorded *recorded, const char *lines)
{
	struct smmu3_error error;
	bool whole;

	ck_assert_msg(!recorded_close(recorded, &error), "%s", error.text);
	ck_assert_str_eq(error.text, "");
	char *const text = recorded_text(recorded, &whole);

	ck_assert(whole);
	ck_assert_int_eq(strncmp(text, configuration, strlen(configuration)), 0);
	ck_assert_str_eq(text + strlen(configuration), lines);
	free(text);
	recorded_free(recorded);
}

/* ---- Acts ---- */

void reg_write(struct recorded *recorded, uint64_t offset, unsigned size, uint64_t value)
{
	ck_assert_int_eq(smmu3_record_mmio_write(recorded->record, recorded->smmu, SMMU3_PAS_NS,
						 offset, size, value),
			 0);
}

uint64_t reg_read(struct recorded *recorded, uint64_t offset, unsigned size)
{
	uint64_t value = 0;

	ck_assert_int_eq(smmu3_record_mmio_read(recorded->record, recorded->smmu, SMMU3_PAS_NS,
						offset, size, &value),
			 0);
	return value;
}

enum smmu3_verdict access_at(struct recorded *recorded, uint32_t sid, uint64_t addr, unsigned flags)
{
	const struct smmu3_txn txn = {
		.addr = addr, .bytes = 4, .sid = sid, .flags = (uint16_t)flags
	};
	struct smmu3_outcome outcome;

	return smmu3_record_translate(recorded->record, recorded->smmu, &txn, &outcome);
}

void recorded_enable(struct recorded *recorded)
{
	reg_write(recorded, 0x90, 8, 0x1003); /* CMDQ_BASE */
	reg_write(recorded, 0xa0, 8, 0x2003); /* EVENTQ_BASE */
	reg_write(recorded, 0x80, 8, 0x3000); /* STRTAB_BASE */
	reg_write(recorded, 0x88, 4, 1);      /* _CFG: linear, 2 entries */
	reg_write(recorded, 0x2c, 4, 2);      /* CR2.RECINVSID */
	reg_write(recorded, 0x50, 4, 4);      /* IRQ_CTRL.EVENTQ_IRQEN */
	reg_write(recorded, 0x20, 4, 0xd);    /* CR0: SMMUEN, EVENTQEN, CMDQEN */
}

void put_command(struct recorded *recorded, unsigned index, uint64_t word0, uint64_t word1)
{
	recorded->word[0x1000 / 8 + 2 * index] = word0;
	recorded->word[0x1000 / 8 + 2 * index + 1] = word1;
}

/* V = 1, Config = 0b100; SHCFG = 0b01, incoming.  5.2 */
void let_stream_0_pass(struct recorded *recorded)
{
	recorded->word[0x3000 / 8] = 9;
	recorded->word[0x3008 / 8] = UINT64_C(1) << 44;
}
