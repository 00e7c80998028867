/* SPDX-License-Identifier: MIT */
/*
 * What firmware does of Secure and Root registers, access for access: a boot stage that closes both
 * interfaces until somebody programs them and turns granule protection on, and a hypervisor of
 * Secure partitions whose devices have stage 2 alone.
 */
#include "rooted.h"
#include "run.h"
#include "secure.h"
#include "streams.h"
#include "support/cached.h"

#include <check.h>
#include <string.h>

#define UPDATE (1u << 31)
enum { ABORT_ALL = 1 << 20, SETTLED = 1000 /* reads: as long as software waits */ };

/* ---- Both interfaces closed ---- */

/* 6.3.14: Update is 0, then it is written with what is to be, and is 0 again */
static void abort_all(struct machine *m, uint32_t (*get)(struct machine *, uint64_t),
		      void (*set)(struct machine *, uint64_t, uint32_t))
{
	ck_assert_uint_eq(get(m, GBPA) & UPDATE, 0);
	set(m, GBPA, get(m, GBPA) | UPDATE | ABORT_ALL);
	ck_assert_uint_eq(get(m, GBPA) & (UPDATE | ABORT_ALL), ABORT_ALL);
}

static void invalidate_all(struct machine *m)
{
	unsigned reads = 0;

	set_secure(m, S_INIT, 1);
	while (secure_reg(m, S_INIT) & 1 && reads < SETTLED)
		reads++;
	ck_assert_uint_lt(reads, SETTLED);
}

/* GBP-004, GBP-010: with ABORT in GBPA and S_GBPA nothing passes, of either
 * state, and nothing is recorded; before, both pass */
START_TEST(a_boot_stage_closes_both_interfaces)
{
	struct machine *m = secure_machine();

	open_machine(m);
	ck_assert_uint_eq(secure_reg(m, IDR1) >> 31, 1); /* SECURE_IMPL */
	ck_assert_int_eq(read_by(m, 1, 0x80001000).verdict, SMMU3_OK);
	ck_assert_int_eq(secure_read(m, 1).verdict, SMMU3_OK);
	abort_all(m, reg, set_reg);
	ck_assert_int_eq(secure_read(m, 1).verdict, SMMU3_OK);
	abort_all(m, secure_reg, set_secure);
	invalidate_all(m);
	look_away(m);
	ck_assert_int_eq(read_by(m, 1, 0x80001000).verdict, SMMU3_ABORT);
	ck_assert_int_eq(secure_read(m, 1).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(m->seen_count, 0);
	close_machine(m);
}
END_TEST

/* ---- Granule protection ---- */

/* REG-022, RME-001, RME-003, RME-005, RME-006: firmware that has a table writes the configuration
 * in 32 bits, then the base, then both enables, and waits for their acknowledgement; then the table
 * counts: what it gives to nobody is out of reach */
START_TEST(firmware_turns_granule_protection_on)
{
	struct machine *m = rooted_machine();
	unsigned reads = 0;

	open_machine(m);
	ck_assert_uint_eq(root_reg(m, ROOT_IDR0) & HAS_ROOT, HAS_ROOT);
	open_root(m);         /* the table */
	put_gpt0(m, 3, 0x01); /* a block of nobody's: 3GB */
	set_root64(m, GPT_BASE, 0);
	set_root64(m, GPT_BASE_CFG, 0);
	set_root(m, GPT_BASE_CFG, (uint32_t)GPT_CFG_OF_TESTS);
	set_root64(m, GPT_BASE, GPT_AT);
	ck_assert_int_eq(read_by(m, 1, 0x80001000).verdict, SMMU3_ABORT);
	set_root(m, ROOT_CR0, root_reg(m, ROOT_CR0) | GPCEN | ACCESSEN);
	while (root_reg(m, ROOT_CR0ACK) != (GPCEN | ACCESSEN) && reads < SETTLED)
		reads++;
	ck_assert_uint_lt(reads, SETTLED);
	ck_assert_uint_eq(root_reg64(m, GPT_BASE_CFG), GPT_CFG_OF_TESTS);
	ck_assert_int_eq(read_by(m, 1, 0x80001000).verdict, SMMU3_OK);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR) & 1, 1); /* of the first, before ACCESSEN */
	set_root64(m, GPF_FAR, 0);
	ck_assert_int_eq(read_by(m, 1, 0xc0001000).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(root_reg64(m, GPF_FAR), FPAS_NS | 0xc0001000 | FAR_TRANSACTION);
	close_machine(m);
}
END_TEST

/* ---- Partitions ---- */

/* Two partitions, each with a stream, a VMID and tables of level 1: of Secure IPAs and of
 * Non-secure ones. */
enum { PARTITIONS = 2, S_SIDSIZE = 6, STREAM_A = 5, STREAM_B = 60 };

#define STREAMS_BYTES UINT64_C(0x1000) /* 64 STEs */
#define TREE_AT(partition, ns_ipa) \
	(RAM_AT + 0x40000 + 0x10000 * (uint64_t)(partition) + 0x4000 * (uint64_t)(ns_ipa))
#define SSEC_OF(opcode) ((opcode) | SSEC)

/* The profile has two bits of StreamIDs, and such a hypervisor takes up to six.  Its queues are at
 * most 2^19 entries, its version 3.2 at least. */
static struct machine *partitioned(void)
{
	struct machine *m = secure_machine();
	struct smmu3_error error;

	ck_assert_int_eq(smmu3_config_init(&m->config, "hafnium", &error), 0);
	m->config.s_idr[1] = (m->config.s_idr[1] & ~0x3fu) | S_SIDSIZE;
	m->config.caches = caches_of_pass();
	create_machine(m);
	return m;
}

/* The index that is written is read back, and so far is what software compares. */
static void command(struct machine *m, struct command command)
{
	const uint32_t prod = m->s_prod;

	memcpy(secure_at(m, command_at(m, prod)), command.word, sizeof(command));
	m->s_prod = (prod + 1) & ((2u << m->cmdq_lg2) - 1);
	set_secure(m, CMDQ_PROD, m->s_prod);
	ck_assert_uint_eq(secure_reg(m, CMDQ_PROD), m->s_prod);
}

static void sync_and_wait(struct machine *m)
{
	unsigned reads = 0;

	command(m, (struct command){ { SSEC_OF(0x46), 0 } });
	while (secure_reg(m, CMDQ_CONS) != m->s_prod && reads < SETTLED)
		reads++;
	ck_assert_uint_lt(reads, SETTLED);
	ck_assert_uint_eq(secure_reg(m, GERROR), secure_reg(m, GERRORN));
}

/* Enables that are acknowledged one by one. */
static void enable(struct machine *m, uint32_t bits)
{
	set_secure(m, CR0, secure_reg(m, CR0) | bits);
	ck_assert_uint_eq(secure_reg(m, CR0ACK) & bits, bits);
}

static void program_secure(struct machine *m)
{
	ck_assert_uint_ge(reg(m, AIDR) & 0xff, 2);
	ck_assert_uint_eq(secure_reg(m, IDR1) >> 29, 5); /* SECURE_IMPL, SEL2 */
	ck_assert_uint_eq(secure_reg(m, IDR1) & 0x3f, S_SIDSIZE);
	ck_assert_uint_eq(reg(m, IDR1) >> 29 & 3, 0); /* nothing is preset */
	set_secure(m, CR0, 0);
	set_secure(m, CR1, 0xd75);
	set_secure(m, CR2, 0);
	set_secure64(m, CMDQ_BASE, COMMANDS_AT | UINT64_C(1) << 62 | m->cmdq_lg2);
	set_secure(m, CMDQ_CONS, 0);
	set_secure(m, CMDQ_PROD, 0);
	set_secure64(m, EVENTQ_BASE, EVENTS_AT | UINT64_C(1) << 62 | m->eventq_lg2);
	set_secure(m, S_EVENTQ_PROD, 0);
	set_secure(m, S_EVENTQ_CONS, 0);
	set_secure(m, STRTAB_BASE_CFG, S_SIDSIZE);
	set_secure64(m, STRTAB_BASE, STREAMS_AT | UINT64_C(1) << 62);
	set_secure(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	ck_assert_uint_eq(secure_reg(m, IRQ_CTRLACK), EVENTQ_IRQEN | GERROR_IRQEN);
	enable(m, CMDQEN);
	command(m, (struct command){ { SSEC_OF(0x04), 31 } }); /* CFGI_ALL */
	command(m, (struct command){ { SSEC_OF(0x60), 0 } });  /* TLBI_SNH_ALL */
	command(m, (struct command){ { SSEC_OF(0x50), 0 } });  /* TLBI_S_EL2_ALL */
	sync_and_wait(m);
	enable(m, EVENTQEN);
	enable(m, SMMUEN);
}

/* Two blocks of 1GB: of Secure IPAs at 0, of Non-secure ones at 1GB. */
static void put_trees(struct machine *m, unsigned partition)
{
	*secure_at(m, TREE_AT(partition, 0)) = s2_block(GB * (2 + 4 * partition));
	*secure_at(m, TREE_AT(partition, 1) + 8) = s2_block(GB * (3 + 4 * partition));
}

/* Stage 2 alone, STRW of Secure EL2, S2AFFD, S2PTW, no S2R and no S2S; Non-secure IPAs to
 * Non-secure PAs (S2NSA), all tables in Secure memory. */
static struct ste partition_ste(unsigned partition)
{
	struct ste ste = { { STE0_CONFIG(STAGE_2), STE1_STRW(2) | STE1_SHCFG_INCOMING } };

	ste.word[2] = (UINT64_C(1) + partition) | UINT64_C(25) << 32 | UINT64_C(1) << 38 |
		      UINT64_C(1) << 51 | UINT64_C(1) << 53 | UINT64_C(1) << 54 | UINT64_C(2) << 48;
	ste.word[3] = TREE_AT(partition, 1) | UINT64_C(1) << 1;
	ste.word[4] = UINT64_C(25) << 32 | UINT64_C(1) << 38;
	ste.word[6] = TREE_AT(partition, 0);
	return ste;
}

/* All but V, then V; each with what it takes to be seen. */
static void attach(struct machine *m, uint32_t sid, unsigned partition)
{
	const struct ste ste = partition_ste(partition);
	const struct command changed = { { SSEC_OF(0x03) | (uint64_t)sid << 32, 1 } };

	put_trees(m, partition);
	memcpy(secure_at(m, STREAMS_AT + 64 * (uint64_t)sid), ste.word, sizeof(ste.word));
	command(m, changed);
	sync_and_wait(m);
	*secure_at(m, STREAMS_AT + 64 * (uint64_t)sid) |= 1;
	command(m, changed);
	sync_and_wait(m);
}

static struct smmu3_outcome access_by(struct machine *m, uint32_t sid, uint64_t address,
				      unsigned ns)
{
	const struct smmu3_txn txn = { .sec_sid = SMMU3_PAS_SECURE,
				       .sid = sid,
				       .addr = address,
				       .bytes = 8,
				       .flags = ns ? SMMU3_TXN_NS : 0 };
	struct smmu3_outcome outcome;

	(void)smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

static void expect_at(struct machine *m, uint32_t sid, unsigned ns, uint64_t pa)
{
	const struct smmu3_outcome outcome = access_by(m, sid, ns * GB + 0x1238, ns);

	ck_assert_int_eq(outcome.verdict, SMMU3_OK);
	ck_assert_uint_eq(outcome.pa, pa + 0x1238);
	ck_assert_uint_eq(outcome.pas, ns ? SMMU3_PAS_NS : SMMU3_PAS_SECURE);
}

static struct machine *with_partitions(void)
{
	struct machine *m = partitioned();

	program_secure(m);
	attach(m, STREAM_A, 0);
	attach(m, STREAM_B, 1);
	return m;
}

/* SEC-012, SEC-013: each partition's stream reaches its own memory, in both spaces; and the
 * largest StreamID of six bits is the last that there is */
START_TEST(a_hypervisor_gives_each_secure_partition_its_own_memory)
{
	struct machine *m = with_partitions();

	expect_at(m, STREAM_A, 0, 2 * GB);
	expect_at(m, STREAM_A, 1, 3 * GB);
	expect_at(m, STREAM_B, 0, 6 * GB);
	expect_at(m, STREAM_B, 1, 7 * GB);
	/* what is Non-secure's is not at its address in the other space, nor the other way round */
	ck_assert_uint_eq(access_by(m, STREAM_A, GB, 0).event, 0x10);
	ck_assert_uint_eq(access_by(m, STREAM_A, 0, 1).event, 0x10);
	ck_assert_uint_eq(access_by(m, 63, 0, 0).event, 0x04); /* C_BAD_STE */
	ck_assert_int_eq(access_by(m, 64, 0, 0).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

/* SEC-012: a partition's translations go by its VMID, the other's stay */
START_TEST(tlbi_s_s12_vmall_is_about_one_partition)
{
	struct machine *m = with_partitions();

	expect_at(m, STREAM_A, 0, 2 * GB);
	expect_at(m, STREAM_B, 0, 6 * GB);
	*secure_at(m, TREE_AT(0, 0)) = s2_block(8 * GB);
	*secure_at(m, TREE_AT(1, 0)) = s2_block(9 * GB);
	command(m, (struct command){ { SSEC_OF(0x58) | UINT64_C(1) << 32, 0 } });
	sync_and_wait(m);
	expect_at(m, STREAM_A, 0, 8 * GB);
	expect_at(m, STREAM_B, 0, cached_pass() ? 6 * GB : 9 * GB);
	close_machine(m);
}
END_TEST

/* CMDQ-008, CMDQ-009: an error is acknowledged by the CMDQ bit of S_GERRORN alone, and the queue
 * goes on from a command that has been mended */
START_TEST(an_error_of_the_queue_is_acknowledged_by_its_bit)
{
	struct machine *m = with_partitions();
	const uint32_t at = m->s_prod;

	command(m, (struct command){ { SSEC_OF(0xff), 0 } });
	ck_assert_uint_eq((secure_reg(m, GERROR) ^ secure_reg(m, GERRORN)), CMDQ_ERR);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS) >> 24 & 0x7f, CERROR_ILL);
	*secure_at(m, command_at(m, at)) = SSEC_OF(0x46);
	set_secure(m, GERRORN, secure_reg(m, GERRORN) ^ CMDQ_ERR);
	sync_and_wait(m);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_boot_stage_closes_both_interfaces);
	tcase_add_test(tests, firmware_turns_granule_protection_on);
	tcase_add_test(tests, a_hypervisor_gives_each_secure_partition_its_own_memory);
	tcase_add_test(tests, tlbi_s_s12_vmall_is_about_one_partition);
	tcase_add_test(tests, an_error_of_the_queue_is_acknowledged_by_its_bit);
}

int main(void)
{
	return run("prog.firmware", add);
}
