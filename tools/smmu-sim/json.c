/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "text.h"

/* json-c says NULL, or less than 0, where memory ends. */
static json_object *checked(json_object *made)
{
	if (!made)
		out_of_memory();
	return made;
}

json_object *json_new(void)
{
	return checked(json_object_new_object());
}

json_object *json_list(void)
{
	return checked(json_object_new_array());
}

void json_add(json_object *object, const char *key, json_object *value)
{
	if (json_object_object_add(object, key, value))
		out_of_memory();
}

void json_append(json_object *list, json_object *value)
{
	if (json_object_array_add(list, value))
		out_of_memory();
}

json_object *json_answer(const char *verb)
{
	json_object *answer = json_new();

	json_text(answer, "schema", "smmu-sim/1");
	json_text(answer, "verb", verb);
	return answer;
}

/* Names come from files: what is not plain text is replaced, so that the result is valid JSON. */
void json_text(json_object *object, const char *key, const char *text)
{
	char *plain = strdup(text);

	if (!plain)
		out_of_memory();
	for (char *c = plain; *c; c++)
		*c = printable(*c);
	json_add(object, key, checked(json_object_new_string(plain)));
	free(plain);
}

void json_verbatim(json_object *object, const char *key, const char *text)
{
	json_add(object, key, checked(json_object_new_string(text)));
}

static json_object *hex(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return checked(json_object_new_string(text));
}

void json_hex(json_object *object, const char *key, uint64_t value)
{
	json_add(object, key, hex(value));
}

void json_number(json_object *object, const char *key, int64_t value)
{
	json_add(object, key, checked(json_object_new_int64(value)));
}

void json_count(json_object *object, const char *key, uint64_t value)
{
	json_add(object, key, checked(json_object_new_uint64(value)));
}

void json_flag(json_object *object, const char *key, bool value)
{
	json_add(object, key, checked(json_object_new_boolean(value)));
}

void json_words(json_object *object, const char *key, const uint64_t *word, unsigned words)
{
	json_object *array = json_list();

	for (unsigned i = 0; i < words; i++)
		json_append(array, hex(word[i]));
	json_add(object, key, array);
}

const char *json_string(json_object *object, const char *key)
{
	json_object *value;

	if (!json_object_object_get_ex(object, key, &value) || !value)
		return "";
	const char *text = json_object_get_string(value);

	if (!text)
		out_of_memory();
	return text;
}

json_object *json_array(json_object *object, const char *key)
{
	json_object *value;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_array))
		return NULL;
	return value;
}
