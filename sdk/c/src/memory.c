#include "memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_end(void *memory) {
  if (memory == NULL) abort();
  return memory;
}

void *rule_allocate(size_t bytes) { return or_end(calloc(1, bytes + 1)); }

void *rule_room(void *list, size_t count, size_t size) {
  /* Room is made at 0, 1, 2, 4, 8, ... elements, so that a long list is not copied at each. */
  bool is_full = (count & (count - 1)) == 0;
  return is_full ? or_end(realloc(list, (count == 0 ? 1 : 2 * count) * size)) : list;
}

char *rule_copy(const char *text) { return or_end(strdup(text)); }

char *rule_format(const char *format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (length < 0) abort();
  char *text = rule_allocate((size_t)length);
  vsnprintf(text, (size_t)length + 1, format, arguments);
  return text;
}

char *rule_text(const network_rule_string_t *text) {
  char *copy = rule_allocate(text->len);
  memcpy(copy, text->ptr, text->len);
  return copy;
}

/* The bindings never write to what they are given, but do not say so. */
network_rule_string_t rule_lend(const char *text) { return (network_rule_string_t){.ptr = (uint8_t *)(uintptr_t)text, .len = strlen(text)}; }
