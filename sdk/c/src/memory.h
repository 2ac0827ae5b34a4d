/* Memory for the other files of the SDK. When there is none left, the rule ends: it could not say so. */
#ifndef RULE_MEMORY_H
#define RULE_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

#include "network_rule.h"

/* So many zero bytes. */
void *rule_allocate(size_t bytes);
/* A list that has grown element by element to so many of this size, with room for one more. */
void *rule_room(void *list, size_t count, size_t size);
/* A copy of a text. */
char *rule_copy(const char *text);
/* As printf writes it. */
char *rule_format(const char *format, va_list arguments);
/* A text of the host with a zero byte behind it. */
char *rule_text(const network_rule_string_t *text);
/* A text lent to the host. */
network_rule_string_t rule_lend(const char *text);

#endif
