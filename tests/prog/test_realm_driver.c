/* SPDX-License-Identifier: MIT */
/*
 * A driver of Realm firmware: it initialises the Realm interface through registers, waits for
 * messages, and compares whole words of PROD and CONS, so that no bit of them may be anything but
 * an index and its wrap bit.
 */
#include "realm.h"
#include "run.h"

#include <check.h>
#include <string.h>

enum { QUEUE_LG2 = 3, WRAP = 1 << QUEUE_LG2, SPLIT = 6, SID_BITS = 9 };

#define DONE_AT (RAM_AT + 0x200000) /* the word that a CMD_SYNC clears */
#define LEVEL_2_AT (RAM_AT + 0x300000)

/* ---- The driver ---- */

static uint32_t non_secure_reg(struct machine *m, uint64_t offset)
{
	uint64_t value;

	ck_assert_int_eq(smmu3_mmio_read(m->smmu, SMMU3_PAS_REALM, offset, 4, &value), 0);
	return (uint32_t)value;
}

static void set_enables(struct machine *m, uint32_t enables)
{
	set_realm(m, CR0, enables);
	ck_assert_uint_eq(realm_reg(m, CR0ACK), enables | ATSCHK);
}

static bool queue_empty(struct machine *m)
{
	return realm_reg(m, CMDQ_CONS) == realm_reg(m, CMDQ_PROD);
}

static bool queue_full(struct machine *m)
{
	return (realm_reg(m, CMDQ_CONS) ^ realm_reg(m, CMDQ_PROD)) == WRAP;
}

/* The next place is where PROD says, as it is read. */
static void put_command(struct machine *m, struct command command)
{
	const uint32_t prod = realm_reg(m, CMDQ_PROD);

	ck_assert(!queue_full(m));
	memcpy(realm_at(m, COMMANDS_AT + 16 * (uint64_t)(prod & (WRAP - 1))), command.word, 16);
	set_realm(m, CMDQ_PROD, (prod + 1) & (2 * WRAP - 1));
}

/* A message clears a word, with which all before it is done; then another CMD_SYNC for who waits
 * for events. */
static void sync(struct machine *m)
{
	*realm_at(m, DONE_AT) = 1;
	put_command(m, sync_irq(DONE_AT, 0));
	ck_assert_uint_eq(*realm_at(m, DONE_AT), 0);
	put_command(m, SYNC_SEV);
	ck_assert(queue_empty(m));
}

static void issue(struct machine *m, struct command command)
{
	put_command(m, command);
	sync(m);
}

static struct command cfgi_ste(uint32_t sid)
{
	return (struct command){ { 0x03 | (uint64_t)sid << 32, 1 } };
}

/* Base registers: sizes before bases, CONS before PROD. */
static void set_up_registers(struct machine *m)
{
	set_enables(m, 0);
	set_realm(m, IRQ_CTRL, 0);
	ck_assert_uint_eq(realm_reg(m, IRQ_CTRLACK), 0);
	set_realm(m, CR1, 0xd75);
	set_realm(m, CR2, 1 << 2 | 1 << 1 | 1); /* PTM, RECINVSID, E2H */
	set_realm(m, STRTAB_BASE_CFG, 1 << 16 | SPLIT << 6 | SID_BITS);
	set_realm64(m, STRTAB_BASE, UINT64_C(1) << 62 | STREAMS_AT);
	set_realm64(m, CMDQ_BASE, UINT64_C(1) << 62 | COMMANDS_AT | QUEUE_LG2);
	set_realm(m, CMDQ_CONS, 0);
	set_realm(m, CMDQ_PROD, 0);
	set_realm64(m, EVENTQ_BASE, UINT64_C(1) << 62 | EVENTS_AT | QUEUE_LG2);
	set_realm(m, EVENTQ_CONS, 0);
	set_realm(m, EVENTQ_PROD, 0);
	set_realm64(m, EVENTQ_IRQ_CFG0, DOORBELL);
	set_realm(m, EVENTQ_IRQ_CFG1, 0x77);
	set_realm(m, EVENTQ_IRQ_CFG2, 0x3f);
	ck_assert_uint_eq(realm_reg64(m, STRTAB_BASE), UINT64_C(1) << 62 | STREAMS_AT);
	ck_assert_uint_eq(realm_reg64(m, CMDQ_BASE), UINT64_C(1) << 62 | COMMANDS_AT | QUEUE_LG2);
}

static void invalidate_everything(struct machine *m)
{
	issue(m, CFGI_ALL);
	issue(m, (struct command){ { 0x20, 0 } }); /* TLBI_EL2_ALL */
	issue(m, NSNH_ALL);
}

/* Every level 1 descriptor leads to the one level 2 table, of streams that are not valid. */
static void set_up_streams(struct machine *m)
{
	for (unsigned i = 0; i < 1u << (SID_BITS - SPLIT); i++)
		*realm_at(m, STREAMS_AT + 8 * (uint64_t)i) = LEVEL_2_AT | (SPLIT + 1);
}

static struct machine *initialised(void)
{
	struct machine *m = realm_machine();

	m->quiet = true;
	create_machine(m);
	let_accesses(m);
	set_up_streams(m);
	set_up_registers(m);
	set_enables(m, CMDQEN);
	invalidate_everything(m);
	set_enables(m, CMDQEN | EVENTQEN);
	set_realm(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	ck_assert_uint_eq(realm_reg(m, IRQ_CTRLACK), EVENTQ_IRQEN | GERROR_IRQEN);
	set_enables(m, CMDQEN | EVENTQEN | SMMUEN);
	return m;
}

/* ---- What it finds ---- */

/* RLM-001, RLM-005, REG-020, IDR-042: it reads what there is in the Non-secure registers, and what
 * is Realm in its own */
START_TEST(realm_firmware_finds_what_it_needs)
{
	struct machine *m = realm_machine();

	create_machine(m);
	const uint32_t idr0 = non_secure_reg(m, IDR0), idr3 = non_secure_reg(m, IDR3);
	const uint32_t idr5 = non_secure_reg(m, IDR5), realm = realm_reg(m, IDR0);

	ck_assert_uint_eq(idr0 >> 27 & 3, 1);                 /* two levels */
	ck_assert_uint_eq(idr0 >> 2 & 3, 2);                  /* VMSAv8-64 */
	ck_assert_uint_eq(idr0 & 1, 1);                       /* stage 2 */
	ck_assert_uint_eq(idr0 >> 4 & 1, 1);                  /* COHACC */
	ck_assert_uint_eq(idr0 >> 17 & 3, 3);                 /* VMW, VMID16 */
	ck_assert_uint_eq(idr0 >> 30 & 1, 1);                 /* RME */
	ck_assert_uint_eq(idr3 >> 10 & 1, 1);                 /* RIL */
	ck_assert_uint_eq(idr5 >> 4 & 1, 1);                  /* 4KB */
	ck_assert_uint_ge(non_secure_reg(m, IDR1) & 0x3f, 6); /* SIDSIZE */
	ck_assert_uint_eq(realm >> 13 & 1, 1);                /* MSI */
	ck_assert_uint_eq(realm >> 24 & 3, 1);                /* no stalls */
	ck_assert_uint_eq(realm_reg(m, IDR1) >> 31, 1);       /* device assignment */
	ck_assert_uint_eq(non_secure_reg(m, AIDR), 3);
	close_machine(m);
}
END_TEST

/* RLM-001, RLM-004, CMD-SYNC-15, IRC-004: the interface comes up, empty, without an
 * error, and with nothing done in the other states */
START_TEST(realm_firmware_brings_the_interface_up)
{
	struct machine *m = initialised();

	ck_assert(queue_empty(m));
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 9); /* of 16: once round, and 1 */
	ck_assert_uint_eq(realm_reg(m, GERROR), 0);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(count(m, INVALIDATES), 3);
	ck_assert_uint_eq(count(m, EVENT), 3);
	ck_assert_str_eq(spaces_of(m, SMMU3_REASON_CMDQ), "rrrrrrrrr");
	ck_assert_str_eq(spaces_of(m, SMMU3_REASON_MSI), "rrr");
	ck_assert_uint_eq(reg64(m, CR0), 0);
	ck_assert_uint_eq(secure_reg64(m, CR0), 0);
	close_machine(m);
}
END_TEST

/* Q-001, CMDQ-001, Q-018: as whole words PROD and CONS say full, empty, and all between, on each
 * round of the queue, and after an error */
START_TEST(prod_and_cons_say_full_and_empty_as_whole_words)
{
	struct machine *m = initialised();

	for (unsigned round = 0; round < 5; round++) {
		set_enables(m, EVENTQEN | SMMUEN);
		for (unsigned i = 0; i < WRAP; i++) {
			ck_assert_int_eq(queue_empty(m), i == 0);
			put_command(m, PREFETCH);
		}
		ck_assert(queue_full(m));
		set_enables(m, CMDQEN | EVENTQEN | SMMUEN);
		ck_assert(queue_empty(m));
		issue(m, PREFETCH);
	}
	const uint32_t before = realm_reg(m, CMDQ_CONS);

	put_command(m, ILLEGAL);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), CERROR_ILL << 24 | before);
	memcpy(realm_at(m, COMMANDS_AT + 16 * (uint64_t)(before % WRAP)), PREFETCH.word, 16);
	set_realm(m, GERRORN, realm_reg(m, GERROR));
	ck_assert(queue_empty(m));
	sync(m);
	close_machine(m);
}
END_TEST

/* RLM-002, RLM-004, IRC-004: a stream whose fields are written while V is 0, and which then becomes
 * valid; a record of one that is not comes with a message to Realm memory */
START_TEST(streams_are_validated_and_faults_are_told)
{
	struct machine *m = initialised();
	uint64_t *const ste = realm_at(m, LEVEL_2_AT + 64 * 5);
	const uint32_t sid = 2 << SPLIT | 5;

	ck_assert_uint_eq(realm_read(m, sid).event, 0x04);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(*realm_at(m, EVENTS_AT), 0x04 | (uint64_t)sid << 32);
	ck_assert_uint_eq(*realm_at(m, DOORBELL), 0x77);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 0);
	set_realm(m, EVENTQ_CONS, 1);
	ste[1] = UINT64_C(1) << 44; /* SHCFG */
	issue(m, cfgi_ste(sid));
	ste[0] = 1; /* valid, and disabled: Config is 0b000 */
	issue(m, cfgi_ste(sid));
	ck_assert_uint_eq(realm_read(m, sid).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(realm_read(m, sid).event, 0);
	ste[0] = 0;
	issue(m, cfgi_ste(sid));
	ck_assert_uint_eq(realm_read(m, sid).event, 0x04);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 2);
	ck_assert_uint_eq(realm_read(m, 1u << SID_BITS).event, 0x02);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, realm_firmware_finds_what_it_needs);
	tcase_add_test(tests, realm_firmware_brings_the_interface_up);
	tcase_add_test(tests, prod_and_cons_say_full_and_empty_as_whole_words);
	tcase_add_test(tests, streams_are_validated_and_faults_are_told);
}

int main(void)
{
	return run("realm-driver", add);
}
