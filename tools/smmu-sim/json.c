/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

json_object *json_answer(const char *verb)
{
	json_object *answer = json_object_new_object();

	json_text(answer, "schema", "smmu-sim/1");
	json_text(answer, "verb", verb);
	return answer;
}

/* Names come from files: what is not plain text is replaced, so that the result is valid JSON. */
void json_text(json_object *object, const char *key, const char *text)
{
	char plain[512];
	size_t length = strnlen(text, sizeof(plain));

	for (size_t i = 0; i < length; i++)
		plain[i] = printable(text[i]);
	json_object_object_add(object, key, json_object_new_string_len(plain, (int)length));
}

static json_object *hex(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return json_object_new_string(text);
}

void json_hex(json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, hex(value));
}

void json_number(json_object *object, const char *key, int64_t value)
{
	json_object_object_add(object, key, json_object_new_int64(value));
}

void json_count(json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

void json_flag(json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

void json_words(json_object *object, const char *key, const uint64_t *word, unsigned words)
{
	json_object *array = json_object_new_array();

	for (unsigned i = 0; i < words; i++)
		json_object_array_add(array, hex(word[i]));
	json_object_object_add(object, key, array);
}

const char *json_string(json_object *object, const char *key)
{
	json_object *value;

	return json_object_object_get_ex(object, key, &value) && value ?
		       json_object_get_string(value) :
		       "";
}

json_object *json_array(json_object *object, const char *key)
{
	json_object *value;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_array))
		return NULL;
	return value;
}

void json_print(json_object *answer)
{
	puts(json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PRETTY |
							    JSON_C_TO_STRING_SPACED |
							    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(answer);
}
