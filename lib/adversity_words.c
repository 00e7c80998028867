/* SPDX-License-Identifier: MIT */
/* Adversity in words: the grammar of smmu3_adversity_ask. */
#include "smmu_state.h"

#include <errno.h>
#include <smmu/adversity.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MOST = 160 };

/* ---- Small parts ---- */

/* A whole number, decimal or 0x..., without leading zeros, which elsewhere are octal; ends at one
 * of `ends`, which *at is moved to. */
static bool take_number(const char **at, const char *ends, uint64_t *value)
{
	char *end;

	if (**at < '0' || **at > '9' || (**at == '0' && (*at)[1] >= '0' && (*at)[1] <= '9'))
		return false;
	errno = 0;
	*value = strtoull(*at, &end, 0);
	*at = end;
	return !errno && strchr(ends, *end); /* the NUL is one of them */
}

static bool is_number(const char *text, uint64_t *value)
{
	return take_number(&text, "", value);
}

/* Up to most, or "held". */
static bool take_time(const char *text, uint32_t *time)
{
	uint64_t value;

	*time = SMMU3_HELD;
	if (!strcmp(text, "held"))
		return true;
	if (!is_number(text, &value) || value >= SMMU3_HELD)
		return false;
	*time = (uint32_t)value;
	return true;
}

/* ---- Rules of memory ---- */

static const char *const reason_names[] = {
	[SMMU3_REASON_L1STD] = "l1std",   [SMMU3_REASON_STE] = "ste",
	[SMMU3_REASON_L1CD] = "l1cd",     [SMMU3_REASON_CD] = "cd",
	[SMMU3_REASON_S1_TTD] = "s1_ttd", [SMMU3_REASON_S2_TTD] = "s2_ttd",
	[SMMU3_REASON_CMDQ] = "cmdq",     [SMMU3_REASON_EVENTQ] = "eventq",
	[SMMU3_REASON_MSI] = "msi",       [SMMU3_REASON_PRIQ] = "priq",
	[SMMU3_REASON_DPT] = "dpt",       [SMMU3_REASON_GPT] = "gpt",
};

static bool take_reason(const char *name, size_t length, uint32_t *reasons)
{
	for (size_t i = 0; i < ARRAY_SIZE(reason_names); i++) {
		if (strlen(reason_names[i]) != length || memcmp(reason_names[i], name, length) != 0)
			continue;
		*reasons |= UINT32_C(1) << i;
		return true;
	}
	return false;
}

/* Joined by +, or "any". */
static bool take_reasons(const char **at, uint32_t *reasons)
{
	enum { ANY = 3 };

	if (!strncmp(*at, "any", ANY) && strchr("@:", (*at)[ANY])) {
		*at += ANY;
		return true;
	}
	for (;;) {
		const size_t length = strcspn(*at, "+@:");

		if (!take_reason(*at, length, reasons))
			return false;
		*at += length;
		if (**at != '+')
			return true;
		++*at;
	}
}

static bool take_range(const char **at, struct smmu3_mem_rule *rule)
{
	if (**at != '@')
		return true;
	++*at;
	if (!take_number(at, "+", &rule->addr) || *(*at)++ != '+')
		return false;
	return take_number(at, ":", &rule->bytes) && rule->bytes;
}

static bool take_counts(const char **at, struct smmu3_mem_rule *rule)
{
	uint64_t *const counts[] = { &rule->first, &rule->every, &rule->times };

	for (size_t i = 0; i < ARRAY_SIZE(counts) && **at == ':'; i++) {
		++*at;
		if (!take_number(at, ":", counts[i]))
			return false;
	}
	return !**at;
}

static bool parse_rule(const char *text, struct smmu3_mem_rule *rule)
{
	return take_reasons(&text, &rule->reasons) && take_range(&text, rule) &&
	       take_counts(&text, rule);
}

/* ---- Words ---- */

/* What NAME=VALUE asks for: 0, or a code, with the error. */
struct verb {
	const char *name;
	int (*ask)(struct smmu3 *smmu, const char *value, struct smmu3_error *error);
};

/* It is said where the word is known. */
static int malformed(void)
{
	return -SMMU3_E_FORMAT;
}

static int ask_rule(struct smmu3 *smmu, enum smmu3_mem_mischief mischief, const char *value,
		    struct smmu3_error *error)
{
	struct smmu3_mem_rule rule = { .mischief = (uint8_t)mischief };

	return parse_rule(value, &rule) ? smmu3_adversity_memory(smmu, &rule, error) : malformed();
}

static int ask_abort(struct smmu3 *smmu, const char *value, struct smmu3_error *error)
{
	return ask_rule(smmu, SMMU3_MISCHIEF_ABORT, value, error);
}

static int ask_poison(struct smmu3 *smmu, const char *value, struct smmu3_error *error)
{
	return ask_rule(smmu, SMMU3_MISCHIEF_POISON, value, error);
}

static int ask_lose(struct smmu3 *smmu, const char *value, struct smmu3_error *error)
{
	return ask_rule(smmu, SMMU3_MISCHIEF_LOSE, value, error);
}

static bool take_prefix(const char **at, const char *prefix)
{
	const size_t length = strlen(prefix);
	const bool there = !strncmp(*at, prefix, length);

	*at += there ? length : 0;
	return there;
}

static int said(int code, struct smmu3_error *error, const char *text)
{
	smmu_explain_error(error, code, code ? text : "");
	return code;
}

static int ask_full(struct smmu3 *smmu, const char *value, struct smmu3_error *error)
{
	const enum smmu3_pas sec_sid = take_prefix(&value, "secure.") ? SMMU3_PAS_SECURE :
				       take_prefix(&value, "realm.")  ? SMMU3_PAS_REALM :
									SMMU3_PAS_NS;
	const bool events = take_prefix(&value, "eventq:");
	uint64_t records;

	if ((!events && !take_prefix(&value, "priq:")) || !is_number(value, &records) ||
	    records > UINT32_MAX)
		return malformed();
	return said(smmu3_adversity_fill(smmu, events ? SMMU3_FILLED_EVENTQ : SMMU3_FILLED_PRIQ,
					 sec_sid, (uint32_t)records),
		    error, "there is no such queue");
}

static struct smmu3_pace pace_now(struct smmu3 *smmu)
{
	static const struct smmu3_pace usual = { .update = USUAL_UPDATE };

	pthread_mutex_lock(&smmu->lock);
	const struct smmu3_pace pace = smmu->adversity ? smmu->adversity->pace : usual;

	pthread_mutex_unlock(&smmu->lock);
	return pace;
}

static int ask_pace(struct smmu3 *smmu, const struct smmu3_pace *pace, struct smmu3_error *error)
{
	return said(smmu3_adversity_pace(smmu, pace), error, "out of memory");
}

static int ask_update(struct smmu3 *smmu, const char *value, struct smmu3_error *error)
{
	struct smmu3_pace pace = pace_now(smmu);

	return take_time(value, &pace.update) ? ask_pace(smmu, &pace, error) : malformed();
}

static int ask_sync(struct smmu3 *smmu, const char *value, struct smmu3_error *error)
{
	struct smmu3_pace pace = pace_now(smmu);

	return take_time(value, &pace.sync) ? ask_pace(smmu, &pace, error) : malformed();
}

static int ask_commands(struct smmu3 *smmu, const char *value, struct smmu3_error *error)
{
	struct smmu3_pace pace = pace_now(smmu);
	uint64_t commands;

	if (!is_number(value, &commands) || commands > UINT32_MAX)
		return malformed();
	pace.commands = (uint32_t)commands;
	return ask_pace(smmu, &pace, error);
}

static const struct verb verbs[] = {
	{ "abort", ask_abort },       { "poison", ask_poison }, { "lose", ask_lose },
	{ "full", ask_full },         { "update", ask_update }, { "sync", ask_sync },
	{ "commands", ask_commands },
};

static int ask_of(struct smmu3 *smmu, const char *name, const char *value,
		  struct smmu3_error *error)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return verbs[i].ask(smmu, value, error);
	return smmu3_adversity_choose(smmu, name, value, error);
}

static int ask_alone(struct smmu3 *smmu, const char *word, struct smmu3_error *error)
{
	uint64_t seed;

	if (is_number(word, &seed))
		return said(smmu3_adversity_seed(smmu, seed), error, "out of memory");
	if (!strcmp(word, "release"))
		smmu3_adversity_release(smmu);
	else if (!strcmp(word, "none"))
		smmu3_adversity_end(smmu);
	else
		return malformed();
	return said(0, error, "");
}

static int ask(struct smmu3 *smmu, const char *word, struct smmu3_error *error)
{
	char name[WORD_MOST];
	const char *const value = strchr(word, '=');

	if (!value)
		return ask_alone(smmu, word, error);
	if ((size_t)(value - word) >= sizeof(name))
		return malformed();
	(void)snprintf(name, sizeof(name), "%.*s", (int)(value - word), word);
	return ask_of(smmu, name, value + 1, error);
}

int smmu3_adversity_ask(struct smmu3 *smmu, const char *word, struct smmu3_error *error)
{
	char text[WORD_MOST];
	const int code = ask(smmu, word, error);

	if (code != -SMMU3_E_FORMAT)
		return code;
	(void)snprintf(text, sizeof(text), "'%.100s' is no adversity", word);
	return said(code, error, text);
}
