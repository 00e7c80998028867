/* SPDX-License-Identifier: MIT */
/* What a configuration may say, as rows: a map is a shape, each of its keys a row that says where
 * the value goes. */
#ifndef SMMU_PLATFORM_SHAPE_H
#define SMMU_PLATFORM_SHAPE_H

#include "platform/words.h"
#include "platform/yaml.h"

/* A number that nobody gave, of those without a default. */
#define UNSET UINT64_MAX

/* What reading needs everywhere. */
struct loader {
	struct complaints *complaints;
	struct arena *arena;
	const struct source *source;
};

struct printer;
struct row;

/* A kind of value.  read puts the node's value into the member, or complains.  print writes it;
 * is_set says whether there is anything to print (NULL: always). */
struct value_type {
	void (*read)(struct loader *loader, const struct row *row, const struct node *node,
		     void *member);
	void (*print)(struct printer *printer, const struct row *row, const void *member);
	bool (*is_set)(const struct row *row, const void *member);
};

struct row {
	const char *key;
	const struct value_type *type;
	size_t offset;     /* of the member */
	uint64_t min, max; /* numbers */
	uint64_t fallback; /* numbers, bools, words, types */
	const void *of; /* words: the list; maps and lists: the shape; fields: the layout's name */
	bool required;
};

/* A struct that a map fills.  Its first member is the node it came from; rows end with a NULL key.
 */
struct shape {
	const char *what; /* "a master" */
	size_t size;
	const struct row *rows;
};

/* A list of items of one shape. */
struct list {
	void *item;
	size_t count;
};

/* Fills *item from a map.  Every number starts as its fallback. */
void shape_read(struct loader *loader, const struct shape *shape, const struct node *map,
		void *item);
void shape_defaults(const struct shape *shape, void *item);

/* Numbers, bools and words are uint64_t members; names and files are const char *. */
extern const struct value_type number_value; /* printed in hexadecimal */
extern const struct value_type count_value;  /* printed in decimal */
extern const struct value_type bool_value;
extern const struct value_type word_value;
extern const struct value_type attr_value; /* a byte of CD.MAIR */
extern const struct value_type name_value;
extern const struct value_type file_value;
extern const struct value_type node_value_kept; /* const struct node *: judged later */
extern const struct value_type map_value;       /* a struct in place, of the shape `of` */
extern const struct value_type list_value;      /* struct list, of the shape `of` */
extern const struct value_type named_value;  /* struct list from a map of name to map; second member
						of the items: the name */
extern const struct value_type words8_value; /* const uint64_t *: 8 of them, or NULL */
extern const struct value_type fields_value; /* struct list of struct field_setting */
extern const struct value_type names_value;  /* struct list of struct name_spec */
extern const struct value_type texts_value;  /* likewise, of any text that is not empty */

/* One name of a list. */
struct name_spec {
	const struct node *at;
	const char *name;
};

/* A field of a structure and what to put there. */
struct field_setting {
	const struct node *at;
	const struct smmu3_field *field;
	uint64_t value;
};

/* 1 to 63 letters, digits, '_', '-', a letter first? */
bool value_is_name(const char *text, size_t length);

/* Is it a map, or a list?  Otherwise complains that `what` is one. */
bool collection_expected(struct loader *loader, const struct node *node, enum node_kind kind,
			 const char *what);

/* Room for as many items of a size as the node has children; NULL after a complaint. */
void *list_reserve(struct loader *loader, const struct node *node, size_t size, struct list *list);

/* Complaints about a node. */
#define COMPLAIN(loader, node, ...)                                                         \
	complain((loader)->complaints, -SMMU3_E_FORMAT, node_place((loader)->source, node), \
		 __VA_ARGS__)
void complain_memory(struct loader *loader, const struct node *node);

/* A number of the row's range, or a complaint and -1. */
int scalar_number(struct loader *loader, const struct row *row, const struct node *node,
		  uint64_t *value);

/* ---- Printing ---- */

struct printer {
	int (*write)(void *context, const char *text, size_t size);
	void *context;
	unsigned indent; /* columns before a key */
	int code;        /* 0, or the first failure of write */
};

__attribute__((format(printf, 2, 3))) void print_text(struct printer *printer, const char *format,
						      ...);

/* The rows of an item that are set, one per line; the first goes on where the printer stands. */
void shape_print(struct printer *printer, const struct shape *shape, const void *item);

#endif
