/* SPDX-License-Identifier: MIT */
/* The firewall of a configuration: its regions, and whom their lists name. */
#include "platform/machine.h"
#include "platform/words_guard.h"

#include <inttypes.h>
#include <string.h>

static struct firewall_spec *spec_of(const struct build *build)
{
	return &build->machine->spec.firewall;
}

/* Regions tell Non-secure masters from one another, or none from another. */
static bool knows_masters(const struct build *build)
{
	return spec_of(build)->mode == FIREWALL_TZC400;
}

/* ---- Whom a list names ---- */

static void unknown_name(struct build *build, const struct name_spec *name)
{
	const struct names *const all[] = { &build->machine->masters, &build->machine->smmus };
	struct guess guess = { .text = name->name, .length = strlen(name->name) };
	char text[80];

	for (unsigned which = 0; which < 2; which++)
		for (size_t i = 0; i < all[which]->count && i < 1000; i++)
			guess_offer(&guess, all[which]->entry[i].name);
	COMPLAIN(&build->loader, name->at, "there is no master and no SMMU '%.64s'%s", name->name,
		 guess_text(&guess, text, sizeof(text)));
}

struct firewall_who firewall_master(const struct smmu3_machine *machine,
				    const struct master_spec *master)
{
	const size_t index = (size_t)(master - ITEM(machine->spec.masters, struct master_spec, 0));

	if (master->direct)
		return (struct firewall_who){ .kind = FIREWALL_DIRECT, .unit = index };
	return (struct firewall_who){ .kind = FIREWALL_STREAM,
				      .unit = master->seen.smmu,
				      .sec_sid = (uint8_t)master->security,
				      .sid = (uint32_t)master->stream_id };
}

static struct firewall_who firewall_smmu(const struct smmu3_machine *machine,
					 const struct smmu_spec *smmu)
{
	return (struct firewall_who){ .kind = FIREWALL_SMMU,
				      .unit = (size_t)(smmu - ITEM(machine->spec.smmu,
								   struct smmu_spec, 0)) };
}

static void take_name(struct build *build, const struct name_spec *name, struct firewall_ids *ids)
{
	const struct smmu3_machine *const machine = build->machine;
	const struct master_spec *const master = names_find(&machine->masters, name->name);
	const struct smmu_spec *const smmu = names_find(&machine->smmus, name->name);

	if (master && smmu)
		COMPLAIN(&build->loader, name->at, "'%.64s' is a master and an SMMU: which?",
			 name->name);
	else if (master)
		*ids = (struct firewall_ids){ firewall_master(machine, master),
					      (uint32_t)master->count };
	else if (smmu)
		*ids = (struct firewall_ids){ firewall_smmu(machine, smmu), 0 };
	else
		unknown_name(build, name);
}

/* How many there are, in an array of the machine's. */
static size_t take_names(struct build *build, const struct list *list,
			 const struct firewall_ids **taken)
{
	struct firewall_ids *const ids = arena_take(build->loader.arena,
						    (list->count + 1) * sizeof(*ids));

	*taken = ids;
	if (!ids)
		complain_memory(&build->loader, spec_of(build)->at);
	for (size_t i = 0; ids && i < list->count && !complaints_full(build->loader.complaints);
	     i++) {
		const struct name_spec *const name = ITEM(*list, struct name_spec, i);

		if (name->name)
			take_name(build, name, &ids[i]);
	}
	return ids ? list->count : 0;
}

/* ---- What a region grants ---- */

static void check_list(struct build *build, const struct node *item, const char *key,
		       const struct list *list)
{
	const struct node *const at = key_node(item, key);

	if (!is_given(item, key))
		return;
	if (!knows_masters(build))
		COMPLAIN(&build->loader, at,
			 "'%s' names masters, which regions of 'tzc400' tell apart, of 'tzasc' not",
			 key);
	else if (is_given(item, "ns"))
		COMPLAIN(&build->loader, at,
			 "'ns' is of all masters: with it, whom does '%s' name?", key);
	else if (list->count > FIREWALL_NAMES_MOST)
		complain(build->loader.complaints, -SMMU3_E_LIMIT,
			 node_place(build->loader.source, at), "'%s' names more than %u", key,
			 (unsigned)FIREWALL_NAMES_MOST);
}

/* item: NULL, of a default that is not given. */
static void take_grant(struct build *build, const struct node *item, struct grant_spec *grant,
		       struct firewall_region *region)
{
	if (item) {
		check_list(build, item, "ns_read", &grant->ns_read);
		check_list(build, item, "ns_write", &grant->ns_write);
		region->listed = is_given(item, "ns_read") || is_given(item, "ns_write");
	}
	if (!region->listed && grant->perm[SMMU3_PAS_NS] == UNSET)
		grant->perm[SMMU3_PAS_NS] = PERM_NONE;
	for (unsigned pas = 0; pas < FIREWALL_SPACES; pas++)
		region->perm[pas] = grant->perm[pas] == UNSET ? 0 : (uint8_t)grant->perm[pas];
	if (!region->listed)
		return;
	region->readers = take_names(build, &grant->ns_read, &region->reads);
	region->writers = take_names(build, &grant->ns_write, &region->writes);
}

/* ---- Where it is ---- */

static void place_at_memory(struct build *build, const struct region_spec *spec,
			    struct firewall_region *region)
{
	const struct names *const memories = &build->machine->memories;
	const struct memory_spec *const memory = names_find(memories, spec->memory);
	struct guess guess = { .text = spec->memory, .length = strlen(spec->memory) };
	char text[80];

	if (memory) {
		region->base = memory->base;
		region->last = memory->base + (memory->size - 1);
		return;
	}
	for (size_t i = 0; i < memories->count && i < 1000; i++)
		guess_offer(&guess, memories->entry[i].name);
	COMPLAIN(&build->loader, key_node(spec->at, "memory"), "there is no memory '%.64s'%s",
		 spec->memory, guess_text(&guess, text, sizeof(text)));
}

static void check_multiple(struct build *build, const struct region_spec *spec, const char *key,
			   uint64_t value)
{
	if (value % MEMORY_PAGE)
		COMPLAIN(&build->loader, key_node(spec->at, key),
			 "0x%" PRIx64 " is no multiple of 4K", value);
}

static void place_by_address(struct build *build, const struct region_spec *spec,
			     struct firewall_region *region)
{
	if (spec->base == UNSET || spec->size == UNSET) {
		COMPLAIN(&build->loader, spec->at, "a region needs 'memory', or 'base' and 'size'");
		return;
	}
	check_multiple(build, spec, "base", spec->base);
	check_multiple(build, spec, "size", spec->size);
	if (spec->size > PA_MOST - spec->base)
		COMPLAIN(&build->loader, key_node(spec->at, "size"),
			 "the region passes 2^56, the end of physical addresses");
	region->base = spec->base;
	region->last = spec->base + (spec->size - 1);
}

static void place_region(struct build *build, const struct region_spec *spec,
			 struct firewall_region *region)
{
	static const char *const keys[] = { "base", "size" };

	for (unsigned i = 0; i < 2; i++) {
		if (spec->memory && is_given(spec->at, keys[i]))
			COMPLAIN(&build->loader, key_node(spec->at, keys[i]),
				 "'memory' says where the region is: with it, what is '%s'?",
				 keys[i]);
	}
	if (spec->memory)
		place_at_memory(build, spec, region);
	else
		place_by_address(build, spec, region);
}

/* ---- Regions beside one another ---- */

static bool overlap(const struct firewall_region *a, const struct firewall_region *b)
{
	return a->base <= b->last && b->base <= a->last;
}

static void compare_regions(struct build *build, const struct region_spec *spec,
			    const struct firewall_region *region, const struct region_spec *before,
			    const struct firewall_region *other)
{
	if (region->name && other->name && !strcmp(region->name, other->name))
		COMPLAIN(&build->loader, key_node(spec->at, "name"), "the name is taken (line %u)",
			 before->at->line);
	if (!knows_masters(build) || !overlap(region, other))
		return;
	COMPLAIN(&build->loader, spec->at,
		 "region '%.64s' overlaps '%.64s' of line %u: in 'tzc400'"
		 " none may",
		 region->name ? region->name : "", other->name ? other->name : "",
		 before->at->line);
	remark(build->loader.complaints, node_place(build->loader.source, before->at),
	       "the other region");
}

/* A trace names who blocked an access by these words. */
static void check_name(struct build *build, const struct node *at, const char *name)
{
	if (name && guard_is_word(name))
		COMPLAIN(&build->loader, at,
			 "'%s' is a word of traces ('by:%s'): no region is named so", name, name);
}

static void judge_region(struct build *build, size_t index, struct firewall_region *regions)
{
	const struct list *const list = &spec_of(build)->regions;
	struct region_spec *const spec = ITEM(*list, struct region_spec, index);
	struct firewall_region *const region = &regions[index];
	const unsigned before = build->loader.complaints->count;

	region->name = spec->name;
	check_name(build, key_node(spec->at, "name"), spec->name);
	place_region(build, spec, region);
	take_grant(build, spec->at, &spec->grant, region);
	for (size_t i = 0; i < index && build->loader.complaints->count == before; i++)
		compare_regions(build, spec, region, ITEM(*list, struct region_spec, i),
				&regions[i]);
}

/* ---- The whole ---- */

static void judge_regions(struct build *build)
{
	struct firewall_spec *const spec = spec_of(build);
	struct firewall_region *const regions = arena_take(build->loader.arena,
							   (spec->regions.count + 1) *
								   sizeof(*regions));

	if (!regions) {
		complain_memory(&build->loader, spec->at);
		return;
	}
	for (size_t i = 0; i < spec->regions.count && !complaints_full(build->loader.complaints);
	     i++)
		judge_region(build, i, regions);
	spec->rule.region = regions;
	spec->rule.count = spec->regions.count;
	spec->rule.fallback.name = FIREWALL_DEFAULT;
	take_grant(build, spec->fallback.at, &spec->fallback, &spec->rule.fallback);
	if (!spec->fallback.at)
		spec->fallback.at = spec->at; /* so that it is printed */
}

static void judge_strict(struct build *build)
{
	static const char *const keys[] = { "default", "regions" };
	const struct list *const memories = &build->machine->spec.memory;
	const struct node *const at = spec_of(build)->at;

	for (unsigned i = 0; i < 2; i++) {
		if (is_given(at, keys[i]))
			COMPLAIN(&build->loader, key_node(at, keys[i]),
				 "'%s' does not go with 'strict', where memories are the regions",
				 keys[i]);
	}
	for (size_t i = 0; i < memories->count && !complaints_full(build->loader.complaints); i++) {
		const struct memory_spec *const memory = ITEM(*memories, struct memory_spec, i);

		check_name(build, key_node(memory->at, "name"), memory->name);
	}
}

void judge_firewall(struct build *build)
{
	struct firewall_spec *const spec = spec_of(build);

	if (!spec->at)
		return;
	spec->rule.mode = (enum firewall_mode)spec->mode;
	spec->rule.memory = &build->machine->memory;
	if (spec->mode == FIREWALL_STRICT)
		judge_strict(build);
	else if (spec->regions.count > FIREWALL_REGIONS_MOST)
		complain(build->loader.complaints, -SMMU3_E_LIMIT,
			 node_place(build->loader.source, key_node(spec->at, "regions")),
			 "more than %u regions", (unsigned)FIREWALL_REGIONS_MOST);
	else
		judge_regions(build);
}

const struct firewall *machine_firewall(const struct smmu3_machine *machine)
{
	return machine->spec.firewall.at ? &machine->spec.firewall.rule : NULL;
}
