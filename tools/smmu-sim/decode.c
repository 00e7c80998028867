/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <smmu/decode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fields.h"
#include "input.h"
#include "json.h"
#include "say.h"
#include "text.h"
#include "verb.h"
#include "words.h"

struct decode_args {
	struct common common;
	const struct kind *kind;
	const char *reg; /* name of a register */
	unsigned stage, granule_lg2;
	int level;
	bool ds;
	bool from_stdin, lines; /* words came from stdin; some were pasted lines */
	struct words words;
};

/* The layout of the structure whose words these are, or NULL when they select none. */
typedef const struct smmu3_layout *layout_fn(const struct decode_args *args, const uint64_t *words);

static const struct smmu3_layout *event_layout(const struct decode_args *args,
					       const uint64_t *words)
{
	(void)args;
	return smmu3_event_layout(words[0] & 0xff);
}

static const struct smmu3_layout *command_layout(const struct decode_args *args,
						 const uint64_t *words)
{
	(void)args;
	return smmu3_command_layout(words[0] & 0xff);
}

static const struct smmu3_layout *descriptor_layout(const struct decode_args *args,
						    const uint64_t *words)
{
	const bool table = args->level < 3 && (words[0] & 3) == 3;

	if (args->stage == 1)
		return smmu3_layout(table ? "TTD64_S1_TABLE" : "TTD64_S1_LEAF");
	return smmu3_layout(table ? "TTD64_S2_TABLE" : "TTD64_S2_LEAF");
}

/* What VMSAv9-128 makes of a descriptor: its level and SKL say it.  D8-49 */
static bool is_table_128(const struct decode_args *args, const uint64_t *words)
{
	return words[0] & 1 && args->level + (int)(words[1] >> (109 - 64) & 3) < 3;
}

static const struct smmu3_layout *descriptor128_layout(const struct decode_args *args,
						       const uint64_t *words)
{
	const bool table = is_table_128(args, words);

	if (args->stage == 1)
		return smmu3_layout(table ? "TTD128_S1_TABLE" : "TTD128_S1_LEAF");
	return smmu3_layout(table ? "TTD128_S2_TABLE" : "TTD128_S2_LEAF");
}

static const struct smmu3_layout *dpt_layout(const struct decode_args *args, const uint64_t *words)
{
	static const char *const level0[] = { "DPT_L0_NO_ACCESS", "DPT_L0_BLOCK",
					      "DPT_L0_NO_ACCESS", "DPT_L0_TABLE" };

	return smmu3_layout(args->level == 0 ? level0[words[0] & 3] : "DPT_L1");
}

/* At level 1 all that is not contiguous is 16 granules. */
static const struct smmu3_layout *gpt_layout(const struct decode_args *args, const uint64_t *words)
{
	if (args->level == 0)
		return smmu3_layout((words[0] & 0xf) == 3 ? "GPT_TABLE" : "GPT_BLOCK");
	return smmu3_layout((words[0] & 0xf) == 1 ? "GPT_CONTIGUOUS" : "GPT_GRANULES");
}

static const struct smmu3_layout *register_layout(const struct decode_args *args,
						  const uint64_t *words)
{
	return fields_form(smmu3_register_layout(args->reg), words[0]);
}

static const struct kind {
	const char *name;   /* the argument */
	const char *layout; /* fixed, or NULL: choose says */
	layout_fn *choose;
	unsigned bits; /* 0: of the register */
} kinds[] = {
	{ "ste", "STE", NULL, 512 },
	{ "cd", "CD", NULL, 512 },
	{ "l1std", "L1STD", NULL, 64 },
	{ "l1cd", "L1CD", NULL, 64 },
	{ "ttd", NULL, descriptor_layout, 64 },
	{ "ttd128", NULL, descriptor128_layout, 128 },
	{ "dpt", NULL, dpt_layout, 64 },
	{ "gpt", NULL, gpt_layout, 64 },
	{ "cmd", NULL, command_layout, 128 },
	{ "event", NULL, event_layout, 256 },
	{ "pri", "PRIQ_ENTRY", NULL, 128 },
	{ "reg", NULL, register_layout, 0 },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const struct argp_option options[] = {
	{ "stage", 's', "1|2", 0, "ttd, ttd128: the stage, 1 unless given", 0 },
	{ "level", 'l', "N", 0,
	  "ttd, ttd128: the level, -2 to 3, 3 unless given; dpt, gpt: 0 or 1, 1 unless given", 0 },
	{ "granule", 'g', "4K|16K|64K", 0, "ttd: the granule, 4K unless given", 0 },
	{ "ds", 'd', NULL, 0,
	  "ttd: with CD.DS or STE.S2DS, so that bits 9:8 of 4K and 16K are bits 51:50 of the address",
	  0 },
	{ 0 },
};

static const char doc[] =
	"Names every field of structures, commands, event records, descriptors and registers.\v"
	"WHAT is ste, cd, l1std, l1cd, ttd, ttd128, dpt, gpt, cmd, event, pri, or reg NAME.  WORDS are 64-bit words, or 32-bit words with the "
	"lower first; several structures may follow each other.  Lines pasted from a kernel log or a debugger are taken as they "
	"are: words stand behind a colon, to the end of the line, and other lines have none.  - reads such lines from stdin.\n"
	"\n"
	"Examples:\n"
	"  smmu-sim decode event 0x0000001000000010 0x0000020800000000 0x40002000 0\n"
	"  dmesg | grep arm-smmu-v3 | smmu-sim decode event -\n";

static void set_kind(struct argp_state *state, struct decode_args *args, const char *name)
{
	const char *nearest = NULL;
	unsigned distance = SUGGEST_NONE;

	for (size_t i = 0; i < KINDS; i++) {
		suggest(name, kinds[i].name, &nearest, &distance);
		if (!strcasecmp(name, kinds[i].name))
			args->kind = &kinds[i];
	}
	if (!args->kind && nearest)
		argp_error(state, "'%s' is no structure; did you mean '%s'?", name, nearest);
	if (!args->kind)
		argp_error(
			state,
			"'%s' is not ste, cd, l1std, l1cd, ttd, ttd128, dpt, gpt, cmd, event, pri or reg",
			name);
}

static void set_register(struct argp_state *state, struct decode_args *args, const char *name)
{
	const struct smmu3_layout *layout;
	const char *nearest = NULL;
	unsigned distance = SUGGEST_NONE;

	args->reg = name;
	if (smmu3_register_layout(name))
		return;
	for (size_t i = 0; (layout = smmu3_layout_at(i)); i++)
		if (!strncmp(layout->name, "SMMU_", 5))
			suggest(name, layout->name + (strncasecmp(name, "SMMU_", 5) ? 5 : 0),
				&nearest, &distance);
	if (nearest)
		argp_error(state, "no register '%s'; did you mean '%s'?", name, nearest);
	argp_error(state, "no register '%s'", name);
}

static void read_stdin(struct argp_state *state, struct decode_args *args)
{
	struct lines *lines = lines_open("-");
	int code = 0;

	args->from_stdin = true;
	while (lines && (code = lines_next(lines)) > 0)
		if (!words_of_line(&args->words, lines->line)) {
			say_at("-", lines->number, 0, "more than %d words", WORDS_MAX);
			exit(STATUS_INPUT);
		}
	if (!lines || code < 0)
		exit(STATUS_INPUT);
	lines_close(lines);
	(void)state;
}

static void add_words(struct argp_state *state, struct decode_args *args, const char *text)
{
	const bool line = strpbrk(text, " \t\n:");
	bool fits = true;

	if (!strcmp(text, "-")) {
		read_stdin(state, args);
		return;
	}
	args->lines |= line;
	for (const char *at = text; line && fits && *at;) {
		char part[4096];
		const size_t length = strcspn(at, "\n");

		snprintf(part, sizeof(part), "%.*s",
			 (int)(length < sizeof(part) ? length : sizeof(part) - 1), at);
		fits = words_of_line(&args->words, part);
		at += length + (at[length] == '\n');
	}
	if (!line && !words_of_number(&args->words, text))
		argp_error(state, "'%s' is not a number of 64 bits", text);
	if (!fits)
		argp_error(state, "more than %d words", WORDS_MAX);
}

static void set_number(struct argp_state *state, const char *text, const char *const *words,
		       const int *values, int *value, const char *what)
{
	for (; *words; words++, values++)
		if (!strcasecmp(text, *words)) {
			*value = *values;
			return;
		}
	argp_error(state, "'%s' is no %s", text, what);
}

static void set_level(struct argp_state *state, struct decode_args *args, const char *text)
{
	static const char *const words[] = { "-2", "-1", "0", "1", "2", "3", NULL };
	static const int values[] = { -2, -1, 0, 1, 2, 3 };

	set_number(state, text, words, values, &args->level, "level: -2 to 3");
}

static void set_granule(struct argp_state *state, struct decode_args *args, const char *text)
{
	static const char *const words[] = { "4K", "16K", "64K", NULL };
	static const int values[] = { 12, 14, 16 };
	int granule = 12;

	set_number(state, text, words, values, &granule, "granule: 4K, 16K or 64K");
	args->granule_lg2 = (unsigned)granule;
}

static void set_stage(struct argp_state *state, struct decode_args *args, const char *text)
{
	static const char *const words[] = { "1", "2", NULL };
	static const int values[] = { 1, 2 };
	int stage = 1;

	set_number(state, text, words, values, &stage, "stage: 1 or 2");
	args->stage = (unsigned)stage;
}

static void take(struct argp_state *state, struct decode_args *args, const char *text)
{
	if (!args->kind)
		set_kind(state, args, text);
	else if (args->kind->choose == register_layout && !args->reg)
		set_register(state, args, text);
	else
		add_words(state, args, text);
}

static void check(struct argp_state *state, const struct decode_args *args)
{
	if (!args->kind)
		argp_error(state, "decode what? ste, cd, l1std, l1cd, ttd, ttd128, dpt, gpt, cmd, "
				  "event, pri or reg");
	if (args->kind->choose == register_layout && !args->reg)
		argp_error(state, "which register?");
	if (!args->words.count && !args->from_stdin)
		argp_error(state, "which words?");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct decode_args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		return 0;
	case 's':
		set_stage(state, args, argument);
		return 0;
	case 'l':
		set_level(state, args, argument);
		return 0;
	case 'g':
		set_granule(state, args, argument);
		return 0;
	case 'd':
		args->ds = true;
		return 0;
	case ARGP_KEY_ARG:
		take(state, args, argument);
		return 0;
	case ARGP_KEY_END:
		check(state, args);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Complaints about words that came from stdin are about input; otherwise about use. */
static enum status blame(const struct decode_args *args)
{
	return args->from_stdin ? STATUS_INPUT : STATUS_USAGE;
}

static void print_layout(const struct smmu3_layout *layout, const uint64_t *words,
			 json_object *rows)
{
	printf("%s  [%s]\n", layout->name, layout->section);
	for (unsigned i = 0; i < (layout->bits < 64 ? 1 : layout->bits / 64u); i++)
		printf("  word %u  0x%0*" PRIx64 "\n", i, layout->bits < 64 ? 8 : 16, words[i]);
	fields_print(rows);
}

/* The address of a descriptor spans fields whose use depends on level and granule. */
static void add_target(const struct decode_args *args, const uint64_t *words, json_object *rows)
{
	const bool table = args->level < 3 && (words[0] & 3) == 3;
	const unsigned leaf = args->granule_lg2 +
			      (unsigned)(3 - args->level) * (args->granule_lg2 - 3);
	const unsigned lsb = table || leaf > 47 ? args->granule_lg2 : leaf;
	uint64_t target = words[0] & ((UINT64_C(1) << 48) - 1) & ~((UINT64_C(1) << lsb) - 1);

	if (args->granule_lg2 == 16)
		target |= (words[0] >> 12 & 0xf) << 48;
	else if (args->ds)
		target |= (words[0] & UINT64_C(3) << 48) | (words[0] >> 8 & 3) << 50;
	if (args->kind->choose != descriptor_layout || !(words[0] & 1))
		return;
	json_append(rows,
		    table ? field_row("(next table)", 47, lsb, target, "next-level table address",
				      "D8.3.1.1") :
			    field_row("(output)", 47, lsb, target, "output address", "D8.3.1.2"));
}

/* Of VMSAv9-128: a table is as large as SKL says, a leaf as the level. */
static void add_target_128(const struct decode_args *args, const uint64_t *words, json_object *rows)
{
	const bool table = is_table_128(args, words);
	const unsigned stride = args->granule_lg2 - 4, skl = words[1] >> (109 - 64) & 3;
	const unsigned leaf = args->granule_lg2 + (unsigned)(3 - args->level) * stride;
	const unsigned lsb = table ? 4 + stride * (1 + skl) : leaf;
	const uint64_t target = words[0] & ((UINT64_C(1) << 56) - 1) & ~((UINT64_C(1) << lsb) - 1);

	if (args->kind->choose != descriptor128_layout || !(words[0] & 1))
		return;
	json_append(rows,
		    table ? field_row("(next table)", 55, lsb, target, "next-level table address",
				      "D8.3.2.1") :
			    field_row("(output)", 55, lsb, target, "output address", "D8.3.2.2"));
}

static enum status decode_one(const struct decode_args *args, const uint64_t *words,
			      json_object *structures)
{
	const struct smmu3_layout *layout = args->kind->layout ? smmu3_layout(args->kind->layout) :
								 args->kind->choose(args, words);

	if (!layout) {
		say_error("%s number 0x%02" PRIx64 " is reserved", args->kind->name,
			  words[0] & 0xff);
		return blame(args);
	}
	if (layout->bits < 64 && words[0] >> layout->bits) {
		say_error("0x%" PRIx64 " does not fit %s, which has %u bits", words[0],
			  layout->name, layout->bits);
		return blame(args);
	}
	json_object *object = json_new();
	json_object *rows = fields_all(layout, words);

	add_target(args, words, rows);
	if (args->kind->bits == 128)
		add_target_128(args, words, rows);
	json_text(object, "structure", layout->name);
	json_text(object, "section", layout->section);
	json_words(object, "words", words, layout->bits < 64 ? 1 : layout->bits / 64u);
	json_add(object, "fields", rows);
	if (!args->common.json)
		print_layout(layout, words, rows);
	json_append(structures, object);
	return STATUS_OK;
}

static unsigned bits_of(const struct decode_args *args)
{
	return args->kind->bits ? args->kind->bits : smmu3_register_layout(args->reg)->bits;
}

static enum status decode_all(struct decode_args *args, json_object *structures)
{
	const unsigned bits = bits_of(args), each = bits < 64 ? 1 : bits / 64;
	const size_t given = args->words.count;
	enum status status = STATUS_OK;

	if (!given) {
		say_error("there are no words in what was given: hexadecimal numbers of 8 or 16 "
			  "digits, behind a colon where a line has one");
		return blame(args);
	}
	if (args->reg && given != 1) {
		say_error("the value of %s is one number, not %zu", args->reg, given);
		return blame(args);
	}
	if (!words_join(&args->words, bits)) {
		say_error("%s has %u bits: %u words of 64 bits%s, not %zu",
			  args->reg ? args->reg : args->kind->name, bits, each,
			  bits < 64 ? " or less" : " or twice as many of 32 bits", given);
		return blame(args);
	}
	for (size_t i = 0; i < args->words.count && !status; i += each)
		status = decode_one(args, args->words.value + i, structures);
	return status;
}

enum status verb_decode(int argc, char **argv)
{
	static const struct argp_child children[] = { { &json_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = {
		options, parse, "WHAT WORDS...\nWHAT -\nreg NAME VALUE", doc, children, NULL, NULL
	};
	static struct decode_args args = { .stage = 1, .granule_lg2 = 12, .level = 3 };

	parse_arguments(&argp, argc, argv, 0, &args);
	json_object *structures = json_list();
	const enum status status = decode_all(&args, structures);

	if (!args.common.json || status) {
		json_object_put(structures);
		return status;
	}
	json_object *answer = json_answer("decode");

	json_add(answer, "structures", structures);
	json_print(answer);
	return status;
}
