/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <smmu/decode.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- What the two sides said ---- */

static void line(FILE *file, const char *member, uint64_t library, uint64_t obvious)
{
	fprintf(file, "%c %-14s library %#18" PRIx64 "   obvious %#18" PRIx64 "\n",
		library == obvious ? ' ' : '*', member, library, obvious);
}

static void report_fetch(FILE *file, const char *side, const struct fetches *fetches, unsigned i)
{
	static const char *const reason[] = {
		[SMMU3_REASON_L1STD] = "L1STD",    [SMMU3_REASON_STE] = "STE",
		[SMMU3_REASON_L1CD] = "L1CD",      [SMMU3_REASON_CD] = "CD",
		[SMMU3_REASON_S1_TTD] = "stage 1", [SMMU3_REASON_S2_TTD] = "stage 2",
		[SMMU3_REASON_CMDQ] = "command",   [SMMU3_REASON_EVENTQ] = "event",
		[SMMU3_REASON_MSI] = "message",    [SMMU3_REASON_PRIQ] = "page",
		[SMMU3_REASON_DPT] = "DPT",        [SMMU3_REASON_GPT] = "GPT",
		[SMMU3_REASON_VMS] = "VMS",
	};
	const struct smmu3_mem_access *access = &fetches->access[i];

	if (i < fetches->count)
		fprintf(file,
			"  %s fetch %2u: %-7s %#" PRIx64
			", %u bytes, space %u, attributes %#x sh %u, MECID %#x, label %#x.%u of %u\n",
			side, i, reason[access->reason], access->pa, access->bytes, access->pas,
			access->attr.mair, access->attr.sh, access->mecid, access->mpam.partid,
			access->mpam.pmg, access->mpam.space);
}

#define LINE(member) line(file, #member, (uint64_t)outcome->member, (uint64_t)answer->member)

void report_difference(const struct duel *duel, FILE *file)
{
	const struct smmu3_outcome *outcome = &duel->outcome;
	const struct obvious_answer *answer = &duel->answer;

	LINE(verdict);
	LINE(event);
	LINE(fault_class);
	LINE(fault_stage);
	LINE(fault_level);
	LINE(fault_addr);
	LINE(recorded);
	LINE(pa);
	LINE(pas);
	LINE(attr.mair);
	LINE(attr.sh);
	LINE(perm);
	LINE(span);
	LINE(bytes);
	LINE(stages);
	LINE(instruction);
	LINE(privileged);
	LINE(ats);
	LINE(becomes);
	LINE(mpam.partid);
	LINE(mpam.pmg);
	LINE(mpam.space);
	for (unsigned i = 0; i < 4; i++)
		LINE(record.word[i]);
	fprintf(file, "  broken rule, as the obvious walker has it: %s\n",
		answer->notes.rule ? obvious_rule_name(answer->notes.rule) : "none");
	for (unsigned i = 0; i < DUEL_FETCHES; i++) {
		report_fetch(file, "library", &duel->library, i);
		report_fetch(file, "obvious", &duel->obvious, i);
	}
}

/* ---- The scene ---- */

struct reg {
	unsigned offset, width;
	uint64_t value;
	const char *name;
};

enum { REGS = 17 };

static void registers_of(const struct setup *setup, struct reg reg[REGS])
{
	const struct registers *of = &setup->of[SMMU3_PAS_NS];
	const struct reg all[REGS] = {
		{ 0x0, 32, setup->config.idr[0], "IDR0" },
		{ 0x4, 32, setup->config.idr[1], "IDR1" },
		{ 0x8, 32, setup->config.idr[2], "IDR2" },
		{ 0xc, 32, setup->config.idr[3], "IDR3" },
		{ 0x10, 32, setup->config.idr[4], "IDR4" },
		{ 0x14, 32, setup->config.idr[5], "IDR5" },
		{ 0x1c, 32, setup->config.aidr, "AIDR" },
		{ 0x44, 32, of->gbpa, "GBPA" },
		{ 0x28, 32, of->cr1, "CR1" },
		{ 0x2c, 32, of->cr2, "CR2" },
		{ 0x30, 64, of->s2pii, "S2PII" },
		{ 0x130, 32, setup->config.mpamidr, "MPAMIDR" },
		{ 0x138, 32, of->gmpam, "GMPAM" },
		{ 0x13c, 32, of->gbpmpam, "GBPMPAM" },
		{ 0x80, 64, of->strtab_base, "STRTAB_BASE" },
		{ 0x88, 32, of->strtab_base_cfg, "STRTAB_BASE_CFG" },
		{ 0x20, 32, of->cr0, "CR0" },
	};

	memcpy(reg, all, sizeof(all));
}

static const char *op_of(const struct smmu3_txn *txn)
{
	if (txn->ats)
		return txn->ats == SMMU3_ATS_REQUEST ? "AT" : "TT";
	if (txn->txn_class == SMMU3_CLASS_ATOMIC)
		return "AO";
	if (txn->txn_class != SMMU3_CLASS_ORDINARY)
		return smmu3_class_name(txn->txn_class);
	return txn->flags & SMMU3_TXN_WRITE ? "W" : "R";
}

/* What a trace does not say of an access. */
static void unsaid(const struct scene *scene, const char *before, FILE *file)
{
	if (scene->txn.ats && scene->txn.txn_class != SMMU3_CLASS_ORDINARY)
		fprintf(file, "%sthe access is of class %s\n", before,
			smmu3_class_name(scene->txn.txn_class));
	if (scene->txn.flags & SMMU3_TXN_NO_STALL)
		fprintf(file, "%sthe client cannot wait: SMMU3_TXN_NO_STALL\n", before);
	if (!scene->setup.waits)
		fprintf(file, "%sthe host cannot wait: it has no stall_ended\n", before);
}

static void trace_access(const struct smmu3_txn *txn, FILE *file)
{
	static const char *const sh[] = { "nsh", "nsh", "osh", "ish" };
	static const struct {
		unsigned flag;
		const char *word;
	} words[] = {
		{ SMMU3_TXN_INSTRUCTION, "inst" }, { SMMU3_TXN_PRIVILEGED, "priv" },
		{ SMMU3_TXN_NS, "nsin=1" },        { SMMU3_TXN_NO_SNOOP, "nosnoop" },
		{ SMMU3_TXN_PROBE, "probe" },      { SMMU3_TXN_SOURCE_CXL, "cxl" },
	};

	fprintf(file, "%s %#" PRIx32, op_of(txn), txn->sid);
	if (txn->flags & SMMU3_TXN_SSV)
		fprintf(file, ".%#" PRIx32, txn->ssid);
	fprintf(file, " %#" PRIx64 " %" PRIu64, txn->addr, txn->bytes);
	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (txn->flags & words[i].flag)
			fprintf(file, " %s", words[i].word);
	if (txn->ats && txn->flags & SMMU3_TXN_WRITE)
		fprintf(file, " write");
	if (txn->flags & SMMU3_TXN_ATTR)
		fprintf(file, " attr=%#x sh=%s", txn->attr.mair, sh[txn->attr.sh & 3]);
}

static void report_secure(const struct setup *setup, FILE *file)
{
	const struct registers *of = &setup->of[SMMU3_PAS_SECURE];

	if (!of->there)
		return;
	fprintf(file,
		"  S_IDR0 %#" PRIx32 ", S_IDR1 %#" PRIx32 ", S_CR0 %#" PRIx32 ", S_CR1 %#" PRIx32
		", S_CR2 %#" PRIx32 ", S_GBPA %#" PRIx32 "\n  S_STRTAB_BASE %#" PRIx64
		", S_STRTAB_BASE_CFG %#" PRIx32 ", S_S2PII %#" PRIx64 "\n  S_MPAMIDR %#" PRIx32
		", S_GMPAM %#" PRIx32 ", S_GBPMPAM %#" PRIx32 "\n",
		setup->config.s_idr[0], setup->config.s_idr[1], of->cr0, of->cr1, of->cr2, of->gbpa,
		of->strtab_base, of->strtab_base_cfg, of->s2pii, setup->config.s_mpamidr, of->gmpam,
		of->gbpmpam);
}

static void report_realm(const struct setup *setup, FILE *file)
{
	const struct registers *of = &setup->of[SMMU3_PAS_REALM];

	if (!of->there)
		return;
	fprintf(file,
		"  R_IDR0 %#" PRIx32 ", R_IDR3 %#" PRIx32 ", R_MECIDR %#" PRIx32
		", R_GMECID %#" PRIx32 "\n  R_CR0 %#" PRIx32 ", R_CR1 %#" PRIx32 ", R_CR2 %#" PRIx32
		", R_STRTAB_BASE %#" PRIx64 ", R_STRTAB_BASE_CFG %#" PRIx32 ", R_S2PII %#" PRIx64
		"\n  R_MPAMIDR %#" PRIx32 ", R_GMPAM %#" PRIx32 "\n",
		setup->config.r_idr[0], setup->config.r_idr[3], setup->config.r_mecidr,
		setup->gmecid, of->cr0, of->cr1, of->cr2, of->strtab_base, of->strtab_base_cfg,
		of->s2pii, setup->config.r_mpamidr, of->gmpam);
}

void report_scene(const struct scene *scene, FILE *file)
{
	struct reg reg[REGS];

	registers_of(&scene->setup, reg);
	for (unsigned i = 0; i < REGS; i++)
		fprintf(file, "  %-16s %#" PRIx64 "\n", reg[i].name, reg[i].value);
	report_secure(&scene->setup, file);
	report_realm(&scene->setup, file);
	for (unsigned i = 0; i < scene->words; i++)
		fprintf(file, "  [%#" PRIx64 "] = %#018" PRIx64 "\n", scene->word[i].addr,
			scene->word[i].value);
	for (unsigned i = 0; i < scene->poisoned_lines; i++)
		fprintf(file, "  [%#" PRIx64 "] aborts\n", scene->poisoned[i]);
	unsaid(scene, "  ", file);
	if (scene->stalls)
		fprintf(file, "  %u times, to stall, and then:\n", scene->stalls);
	fprintf(file, "  ");
	trace_access(&scene->txn, file);
	fprintf(file, ", SEC_SID %u", scene->txn.sec_sid);
	fprintf(file, ", cookie %#" PRIx64 "\n", scene->txn.cookie);
}

/* ---- Files for smmu-sim ---- */

static FILE *create(const char *folder, const char *name)
{
	char path[4096];

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return fopen(path, "wb");
}

static bool finish(FILE *file)
{
	const bool good = !ferror(file);

	return fclose(file) == 0 && good;
}

static bool write_yaml(const struct scene *scene, const char *folder)
{
	FILE *file = create(folder, "case.yaml");

	if (!file)
		return false;
	fprintf(file, "version: 1\nsmmu:\n  - name: smmu0\n    registers: registers.csv\n");
	if (scene->words)
		fprintf(file, "    image: {index: pages.csv, data: pages.bin}\n");
	return finish(file);
}

static bool write_registers_csv(const struct scene *scene, const char *folder)
{
	FILE *file = create(folder, "registers.csv");
	struct reg reg[REGS];

	if (!file)
		return false;
	registers_of(&scene->setup, reg);
	fprintf(file, "offset,width,value\n");
	for (unsigned i = 0; i < REGS; i++)
		fprintf(file, "%#x,%u,%#" PRIx64 "\n", reg[i].offset, reg[i].width, reg[i].value);
	return finish(file);
}

enum { PAGE_BYTES = 4096 };

static uint64_t page_of(const struct scene *scene, unsigned i)
{
	return scene->word[i].addr & ~(uint64_t)(PAGE_BYTES - 1);
}

/* A page of memory is there or not: one that has a line that aborts is left out. */
static bool page_aborts(const struct scene *scene, uint64_t page)
{
	for (unsigned i = 0; i < scene->poisoned_lines; i++)
		if ((scene->poisoned[i] & ~(uint64_t)(PAGE_BYTES - 1)) == page)
			return true;
	return false;
}

static bool first_of_page(const struct scene *scene, unsigned i)
{
	for (unsigned j = 0; j < i; j++)
		if (page_of(scene, j) == page_of(scene, i))
			return false;
	return true;
}

static void write_page(const struct scene *scene, uint64_t page, FILE *data)
{
	unsigned char byte[PAGE_BYTES] = { 0 };

	for (unsigned i = 0; i < scene->words; i++)
		for (unsigned j = 0; page_of(scene, i) == page && j < 8; j++)
			byte[scene->word[i].addr - page + j] =
				(unsigned char)(scene->word[i].value >> 8 * j);
	(void)fwrite(byte, 1, sizeof(byte), data);
}

static bool write_pages(const struct scene *scene, const char *folder)
{
	FILE *index = create(folder, "pages.csv"), *data = create(folder, "pages.bin");
	unsigned pages = 0;

	if (index && data)
		fprintf(index, "pa,offset,kind\n");
	for (unsigned i = 0; index && data && i < scene->words; i++) {
		if (!first_of_page(scene, i) || page_aborts(scene, page_of(scene, i)))
			continue;
		fprintf(index, "%#" PRIx64 ",%#x,table\n", page_of(scene, i), pages++ * PAGE_BYTES);
		write_page(scene, page_of(scene, i), data);
	}
	const bool written = index && finish(index);

	return data && finish(data) && written;
}

static const char *event_word(unsigned event)
{
	static const char *const word[] = {
		[0x02] = "C_BAD_STREAMID",    [0x03] = "F_STE_FETCH",
		[0x04] = "C_BAD_STE",         [0x05] = "F_BAD_ATS_TREQ",
		[0x06] = "F_STREAM_DISABLED", [0x07] = "F_TRANSL_FORBIDDEN",
		[0x08] = "C_BAD_SUBSTREAMID", [0x09] = "F_CD_FETCH",
		[0x0a] = "C_BAD_CD",          [0x0b] = "F_WALK_EABT",
		[0x10] = "F_TRANSLATION",     [0x11] = "F_ADDR_SIZE",
		[0x12] = "F_ACCESS",          [0x13] = "F_PERMISSION",
		[0x25] = "F_VMS_FETCH",
	};

	return event < sizeof(word) / sizeof(*word) && word[event] ? word[event] : "F_UUT";
}

static void expect_event(const struct obvious_answer *answer, FILE *file)
{
	static const char *const fault_class[] = { "CD", "TT", "IN" };

	fprintf(file, "%s", event_word(answer->event));
	if (answer->event >= 0x0b && answer->event <= 0x13)
		fprintf(file, ",s2:%u,class:%s", (unsigned)(answer->record.word[1] >> 39 & 1),
			fault_class[answer->fault_class % 3]);
}

/* Before the event: abort is what an event alone says. */
static const char *verdict_word(const struct obvious_answer *answer)
{
	return answer->verdict == SMMU3_STALLED ? "stalled," :
	       answer->verdict == SMMU3_RAZ_WI  ? "razwi," :
	       answer->verdict == SMMU3_UR      ? "ur," :
	       answer->verdict == SMMU3_CA      ? "ca," :
						  "";
}

static const char *silent_word(const struct obvious_answer *answer)
{
	return answer->verdict == SMMU3_RAZ_WI ? "razwi" :
	       answer->verdict == SMMU3_UR     ? "ur" :
	       answer->verdict == SMMU3_CA     ? "ca" :
	       answer->verdict == SMMU3_NO_OP  ? "noop" :
						 "abort";
}

/* A probe's event is expected as it would be recorded. */
static void expect_failure(const struct obvious_answer *answer, FILE *file)
{
	const bool stalled = answer->verdict == SMMU3_STALLED;

	if (answer->verdict == SMMU3_NO_ACCESS)
		fprintf(file, "noaccess");
	else if (stalled || (answer->event && answer->recorded)) {
		fprintf(file, "%s", verdict_word(answer));
		expect_event(answer, file);
	} else
		fprintf(file, "%s", silent_word(answer));
}

static void expect(const struct obvious_answer *answer, FILE *file)
{
	static const char *const sh[] = { "nsh", "nsh", "osh", "ish" };
	static const char *const grants[] = { "", "r", "w", "rw", "x", "rx", "wx", "rwx" };

	if (answer->verdict == SMMU3_BUSY) {
		fprintf(file, " # no room for another stall\n");
		return;
	}
	fprintf(file, " expect=");
	if (answer->verdict == SMMU3_OK)
		fprintf(file, "pa:%#" PRIx64 ",pas:ns,attr:%#x,sh:%s", answer->pa,
			answer->attr.mair, sh[answer->attr.sh & 3]);
	else
		expect_failure(answer, file);
	if (answer->verdict == SMMU3_OK && (answer->mpam.partid || answer->mpam.pmg))
		fprintf(file, ",partid:%#x,pmg:%#x", answer->mpam.partid, answer->mpam.pmg);
	if (answer->verdict == SMMU3_OK && answer->ats)
		fprintf(file, ",grant:%s", grants[answer->ats & 7]);
	fprintf(file, "\n");
}

static bool write_trace(const struct scene *scene, const struct obvious_answer *answer,
			const char *folder)
{
	FILE *file = create(folder, "case.trace");

	if (!file)
		return false;
	unsaid(scene, "# ", file);
	for (unsigned i = 0; i < scene->stalls; i++) {
		const struct smmu3_txn txn = scene_before(scene, i);

		trace_access(&txn, file);
		fprintf(file, " expect=stalled\n");
	}
	trace_access(&scene->txn, file);
	expect(answer, file);
	return finish(file);
}

bool report_files(const struct scene *scene, const struct obvious_answer *answer,
		  const char *folder)
{
	if (mkdir(folder, 0777) && errno != EEXIST)
		return false;
	return write_yaml(scene, folder) && write_registers_csv(scene, folder) &&
	       (!scene->words || write_pages(scene, folder)) && write_trace(scene, answer, folder);
}
