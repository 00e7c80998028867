/* SPDX-License-Identifier: MIT */
/* A machine, and the steps by which a configuration becomes one. */
#ifndef SMMU_PLATFORM_MACHINE_H
#define SMMU_PLATFORM_MACHINE_H

#include "platform/input.h"
#include "platform/memory.h"
#include "platform/model.h"
#include "platform/names.h"
#include "platform/own.h"

struct smmu3_machine {
	struct arena arena;
	struct spec spec;
	struct memory memory;
	struct names smmus, memories, tables, masters; /* of spec's items */
};

/* The SMMU at an index, or NULL. */
struct smmu_spec *smmu_at(const struct smmu3_machine *machine, size_t index);

struct adversity_words;

/* A machine on its way. */
struct build {
	struct loader loader;
	struct smmu3_machine *machine;
	struct input input;
	const char *path; /* of the configuration */
	const struct smmu3_caches
		*caches;  /* of every SMMU, whatever the file says; NULL: as it says */
	uint32_t streams; /* not 0: every SMMU counts, with so many rows if the file says nothing */
	uint32_t check;   /* enum smmu3_check, of every SMMU; 0: as the file says */
	const struct adversity_words *adversity; /* of every SMMU besides; NULL: nothing */
};

/* A file that the configuration names: relative to it.  NULL, with a complaint, when memory runs
 * out. */
const char *build_path(struct build *build, const struct node *node, const char *file);

/* Each step complains of what is wrong and goes on as far as it makes sense.  In this order: */
void judge_smmus(struct build *build);    /* profiles, features, captures' registers, consistency */
void judge_memories(struct build *build); /* backed, overlaps */
void judge_tables(struct build *build);
void judge_masters(struct build *build);
void judge_cpus(struct build *build);     /* what they map, for audits */
void judge_firewall(struct build *build); /* its regions, when memories and masters are known */
void load_images(struct build *build);
void judge_spaces(struct build *build); /* of tables, their outputs: when their masters are known */
void build_tables(struct build *build); /* translation tables into memory */
void build_streams(struct build *build); /* CDs and STEs */
void build_dpts(struct build *build);    /* Device Permission Tables, judged first */
void build_gpts(struct build *build);    /* granule protection tables, likewise */
void build_queues(struct build *build);  /* room for Command and Event queues */
void build_smmus(
	struct build *build); /* creates them, with their memory, and programs their registers */

/* The firewall, or NULL; and what it knows a master as, whose StreamIDs count from the first. */
const struct firewall *machine_firewall(const struct smmu3_machine *machine);
struct firewall_who firewall_master(const struct smmu3_machine *machine,
				    const struct master_spec *master);

/* Queues and their interrupts, as a driver switches them on.  False: the SMMU does not follow. */
bool start_queues(struct smmu3_machine *machine, const struct interface_spec *interface);

/* Has Translated transactions checked against its Device Permission Table, if it has one.  False
 * likewise. */
bool start_dpt(const struct smmu_spec *smmu);

/* What firmware writes to the Root registers, if there are any, before anything else: the table and
 * ROOT_CR0.GPCEN if the SMMU has one, then ACCESSEN.  False likewise. */
bool start_root(const struct smmu_spec *smmu);

/* Reads registers.csv into smmu->config and smmu->writes. */
void capture_registers(struct build *build, struct smmu_spec *smmu);

/* One table and its mappings, defaults filled in. */
void judge_table(struct build *build, struct table_spec *table);
void judge_mappings(struct build *build, struct table_spec *table);

/* Keys that belong to tables of one stage; ends with a NULL key.  Complains of those of the other
 * stage. */
struct stage_key {
	const char *key;
	unsigned stage;
};
void check_stage_keys(struct build *build, const struct node *item, unsigned stage,
		      const struct stage_key *keys);

/* The mapping of a judged table that covers an input address, or NULL. */
const struct mapping_spec *mapping_at(const struct table_spec *table, uint64_t input);

/* AttrIndx of a memory type in a table, allotted if need be; -1: all are taken. */
int mair_index(struct table_spec *table, uint8_t mair);

/* Puts fields by name into a structure. */
void apply_fields(uint64_t word[8], const struct list *fields);

/* A complaint about the value of a key, or about the item where the key is not given. */
const struct node *key_node(const struct node *item, const char *key);

static inline bool is_given(const struct node *item, const char *key)
{
	return node_value(item, key) != NULL;
}

/* The region where tables go: of that name, which is in one of those PA spaces (a mask), or the
 * first of one space.  NULL after a complaint. */
struct region *tables_region(struct build *build, const struct node *item, const char *name,
			     unsigned spaces, unsigned pas);

/* The PA spaces, a mask, that a translation table may be in, for all that its masters say. */
unsigned table_spaces(const struct table_spec *table);

/* The region of an interface's Stream table, CDs and queues, likewise. */
struct region *interface_region(struct build *build, const struct interface_spec *interface);

#endif
