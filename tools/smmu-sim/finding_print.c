/* SPDX-License-Identifier: MIT */
/* One finding as text. */
#include "findings.h"

#include <stdio.h>
#include <string.h>

#include "json.h"
#include "text.h"

static void print_place(json_object *row, const char *key, const char *words)
{
	json_object *place;

	if (!json_object_object_get_ex(row, key, &place))
		return;
	printf("%s ", words);
	print_plain(stdout, json_string(place, "file"));
	printf(":%s", json_string(place, "line"));
}

static void print_place_line(json_object *row, const char *key, const char *words)
{
	if (!json_object_object_get_ex(row, key, NULL))
		return;
	print_place(row, key, words);
	putchar('\n');
}

/* The first that was kept before the line itself. */
static void print_kept(json_object *row)
{
	json_object *kept = json_array(row, "kept");
	const size_t count = kept ? json_object_array_length(kept) : 0;

	for (size_t i = 0; i < count; i++) {
		json_object *one = json_object_array_get_idx(kept, i);

		if (json_object_object_get_ex(one, "at", NULL)) {
			print_place_line(one, "at", "  kept at");
			return;
		}
	}
}

static void print_times(json_object *row)
{
	if (!strcmp(json_string(row, "count"), "1"))
		return;
	printf("  %s times", json_string(row, "count"));
	print_place(row, "first", ", the first at");
	print_place(row, "last", ", the last at");
	putchar('\n');
}

/* Commands as the library says them. */
static void print_also(json_object *also)
{
	json_object *commands = json_array(also, "commands");
	const size_t count = json_object_array_length(commands);

	printf("  needed beside, at ");
	print_plain(stdout, json_string(also, "file"));
	printf(":%s: ", json_string(also, "line"));
	for (size_t i = 0; i < count; i++) {
		json_object *command = json_object_array_get_idx(commands, i);
		const bool other = !strcmp(json_string(command, "alternative"), "true");

		printf("%s%s", !i ? "" : other ? " or " : ", ", json_string(command, "text"));
	}
	puts(", then CMD_SYNC");
}

static void print_all_also(json_object *row)
{
	json_object *also = json_array(row, "also");
	const size_t count = also ? json_object_array_length(also) : 0;

	for (size_t i = 0; i < count; i++)
		print_also(json_object_array_get_idx(also, i));
}

void finding_print(json_object *row)
{
	const char *file = json_string(row, "file"), *smmu = json_string(row, "smmu");

	if (*file) {
		print_plain(stdout, file);
		printf(":%s: ", json_string(row, "line"));
	}
	if (*smmu)
		printf("%s: ", smmu);
	fputs(json_string(row, "text"), stdout);
	print_all_also(row);
	print_kept(row);
	print_place_line(row, "changed_at", "  changed at");
	print_place_line(row, "changed_after", "  changed after");
	print_place_line(row, "freed_at", "  written at");
	print_times(row);
}
