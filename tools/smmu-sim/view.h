/* SPDX-License-Identifier: MIT */
/* Tables and trees of text from arrays of JSON objects. */
#ifndef SMMU_SIM_VIEW_H
#define SMMU_SIM_VIEW_H

#include <json-c/json.h>

enum view_flags {
	VIEW_RIGHT = 1 << 0, /* numbers */
	VIEW_TREE = 1 << 1,  /* carries the branches of a tree: one column at most */
};

struct view_column {
	const char *title;
	const char *key;       /* of the objects; what they do not have stays empty */
	const char *child_key; /* of the objects below, in a tree; NULL: as key */
	unsigned flags;        /* enum view_flags */
};

/* A table that grows: a row that is added need not be kept.  columns stays the caller's; children,
 * when not NULL, is the key under which an object has an array of rows below it. */
struct view *view_open(const struct view_column *columns, size_t count, const char *children);
void view_add(struct view *view, json_object *row);
/* Prints it to stdout and frees it. */
void view_close(struct view *view);

/* All of that for an array of rows. */
void view_rows(json_object *rows, const struct view_column *columns, size_t count,
	       const char *children);

#endif
