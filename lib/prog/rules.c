/* SPDX-License-Identifier: MIT */
#include "prog/rules.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* Text that grows to a limit, and is cut there. */
struct text {
	char *at;
	size_t left;
};

static __attribute__((format(printf, 2, 3))) void say(struct text *text, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int n = vsnprintf(text->at, text->left, format, list);
	va_end(list);

	if (n < 0)
		return;
	size_t written = (size_t)n < text->left ? (size_t)n : text->left - 1;
	text->at += written;
	text->left -= written;
}

static void say_number(struct text *text, uint32_t value)
{
	say(text, value < 10 ? "%" PRIu32 : "0x%" PRIx32, value);
}

static void say_field(struct text *text, enum id_register reg, int field)
{
	char name[64];

	say(text, "%s", id_field_name(reg, field, name, sizeof(name)));
}

static uint32_t claimed(const struct smmu3_config *config, const struct claim *claim)
{
	return id_field(config, claim->reg, claim->field);
}

/* "IDR0.Hyp is 1" */
static void say_value(struct text *text, const struct smmu3_config *config,
		      const struct claim *claim)
{
	say_field(text, claim->reg, claim->field);
	say(text, " is ");
	say_number(text, claimed(config, claim));
}

/* "must be at least 2" */
static void say_demand(struct text *text, const struct smmu3_config *config,
		       const struct claim *claim)
{
	static const char *const words[] = {
		[CLAIM_IS] = "must be ",           [CLAIM_NOT] = "must not be ",
		[CLAIM_MIN] = "must be at least ", [CLAIM_MAX] = "must be at most ",
		[CLAIM_SAME] = "must be as ",
	};

	say(text, "%s", words[claim->op]);
	if (claim->op != CLAIM_SAME) {
		say_number(text, claim->value);
		return;
	}
	say_field(text, claim->as, claim->as_field);
	say(text, ", ");
	say_number(text, id_field(config, claim->as, claim->as_field));
}

static bool claimed_at(const struct claim *list, unsigned i)
{
	return i < RULE_CLAIMS && list[i].op != CLAIM_END;
}

void rule_explain(const struct smmu3_config *config, const struct rule *rule, char *buffer,
		  size_t size)
{
	struct text text = { buffer, size };
	bool choice = claimed_at(rule->then, 1);

	for (unsigned i = 0; claimed_at(rule->then, i); i++) {
		say(&text, "%s", i ? " and " : "");
		say_value(&text, config, &rule->then[i]);
	}
	for (unsigned i = 0; claimed_at(rule->then, i); i++) {
		say(&text, "%s", i ? " or " : ", but ");
		if (choice) {
			say_field(&text, rule->then[i].reg, rule->then[i].field);
			say(&text, " ");
		}
		say_demand(&text, config, &rule->then[i]);
	}
	for (unsigned i = 0; claimed_at(rule->when, i); i++) {
		say(&text, "%s", i ? " and " : " when ");
		say_value(&text, config, &rule->when[i]);
	}
}

bool claim_holds(const struct smmu3_config *config, const struct claim *claim)
{
	uint32_t value = claimed(config, claim);

	switch (claim->op) {
	case CLAIM_END: return false;
	case CLAIM_IS: return value == claim->value;
	case CLAIM_NOT: return value != claim->value;
	case CLAIM_MIN: return value >= claim->value;
	case CLAIM_MAX: return value <= claim->value;
	case CLAIM_SAME: return value == id_field(config, claim->as, claim->as_field);
	}
	return false;
}

bool rule_holds(const struct smmu3_config *config, const struct rule *rule)
{
	for (unsigned i = 0; claimed_at(rule->when, i); i++)
		if (!claim_holds(config, &rule->when[i]))
			return true;
	for (unsigned i = 0; claimed_at(rule->then, i); i++)
		if (claim_holds(config, &rule->then[i]))
			return true;
	return false;
}
