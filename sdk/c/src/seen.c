/* A set of texts: a table of twice as many places as texts, searched from the place that the hash names. */
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "reddalert.h"

struct reddalert_seen {
  char **places;
  size_t size, count;
};

reddalert_seen *reddalert_seen_new(void) {
  reddalert_seen *seen = rule_allocate(sizeof *seen);
  seen->size = 64;
  seen->places = rule_allocate(seen->size * sizeof *seen->places);
  return seen;
}

/* FNV-1a. */
static size_t hash(const char *text) {
  uint32_t value = 2166136261u;
  for (; *text != '\0'; text++) value = (value ^ (unsigned char)*text) * 16777619u;
  return value;
}

/* Where the text is, or where it belongs. */
static char **place_of(char **places, size_t size, const char *text) {
  size_t place = hash(text) % size;
  while (places[place] != NULL && strcmp(places[place], text) != 0) place = (place + 1) % size;
  return &places[place];
}

static void grow(reddalert_seen *seen) {
  size_t size = seen->size * 2;
  char **places = rule_allocate(size * sizeof *places);
  for (size_t place = 0; place < seen->size; place++) {
    if (seen->places[place] != NULL) *place_of(places, size, seen->places[place]) = seen->places[place];
  }
  free(seen->places);
  seen->places = places;
  seen->size = size;
}

bool reddalert_first_time(reddalert_seen *seen, const char *text) {
  char **place = place_of(seen->places, seen->size, text);
  if (*place != NULL) return false;
  *place = rule_copy(text);
  if (++seen->count * 2 > seen->size) grow(seen);
  return true;
}
