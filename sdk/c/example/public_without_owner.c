/* Reports machines that were launched with a public address and without a tag that says whose they are. A machine that was reported is remembered,
 * and told again only when it was launched anew. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reddalert.h"

/* Where it is remembered which machines were reported, and when these were launched. */
#define REPORTED "reported"

/* How long a machine is remembered after its launch, in milliseconds. */
static const double KEPT_FOR = 90.0 * 24 * 60 * 60 * 1000;

/* Only these fields are fetched. */
#define MACHINES "view/instances;_expand:(instanceId,launchTime,publicIpAddress,placement:(availabilityZone),tags:(key,value))"

/* What an operator writes under plugin.public_without_owner: the tag that names the owner, in whatever case, and ids of machines that are left out. */
static const char *owner_tag = "owner";
static const cJSON *ignored = NULL;

bool rule_init(const cJSON *settings) {
  static const char *const known[] = {"tag", "ignore", NULL};
  if (!reddalert_known_keys(settings, known)) return false;
  const cJSON *tag = cJSON_GetObjectItemCaseSensitive(settings, "tag");
  if (tag != NULL) {
    if (!cJSON_IsString(tag)) return reddalert_fail("the setting `tag` is no text");
    owner_tag = strdup(tag->valuestring);
  }
  const cJSON *ignore = cJSON_GetObjectItemCaseSensitive(settings, "ignore");
  if (ignore != NULL && !cJSON_IsArray(ignore)) return reddalert_fail("the setting `ignore` is no list");
  ignored = cJSON_Duplicate(ignore, true);
  return true;
}

static bool is_ignored(const char *id) {
  const cJSON *entry;
  cJSON_ArrayForEach(entry, ignored) {
    if (cJSON_IsString(entry) && strcmp(entry->valuestring, id) == 0) return true;
  }
  return false;
}

static bool is_blank(const char *text) {
  while (isspace((unsigned char)*text)) text++;
  return *text == '\0';
}

/* A tag's text in the place of key or value; NULL if that is no text. */
static const char *part(const cJSON *tag, const char *name) { return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tag, name)); }

/* The value of the tag of that name, in whatever case; NULL if there is none or a blank one. */
static const char *tag_value(const cJSON *machine, const char *name) {
  const cJSON *tag;
  cJSON_ArrayForEach(tag, cJSON_GetObjectItemCaseSensitive(machine, "tags")) {
    const char *key = part(tag, "key"), *value = part(tag, "value");
    if (key != NULL && value != NULL && strcasecmp(key, name) == 0 && !is_blank(value)) return value;
  }
  return NULL;
}

static int by_key(const void *one, const void *other) {
  return strcmp(part(*(const cJSON *const *)one, "key"), part(*(const cJSON *const *)other, "key"));
}

/* The tags as one object, sorted by key; what is no text is left out. */
static cJSON *tag_texts(const cJSON *machine) {
  const cJSON *tags = cJSON_GetObjectItemCaseSensitive(machine, "tags"), *tag;
  const cJSON **sorted = calloc((size_t)cJSON_GetArraySize(tags) + 1, sizeof *sorted);
  size_t count = 0;
  cJSON_ArrayForEach(tag, tags) {
    if (part(tag, "key") != NULL && part(tag, "value") != NULL) sorted[count++] = tag;
  }
  qsort(sorted, count, sizeof *sorted, by_key);
  cJSON *texts = cJSON_CreateObject();
  for (size_t index = 0; index < count; index++) {
    cJSON_DeleteItemFromObjectCaseSensitive(texts, part(sorted[index], "key"));
    cJSON_AddStringToObject(texts, part(sorted[index], "key"), part(sorted[index], "value"));
  }
  free(sorted);
  return texts;
}

static void add_alert(const cJSON *machine, const char *id, const cJSON *launched) {
  const char *environment = tag_value(machine, "environment");
  const char *zone = reddalert_text_of(cJSON_GetObjectItemCaseSensitive(machine, "placement"), "availabilityZone");
  char *region = strndup(zone, strlen(zone) > 0 ? strlen(zone) - 1 : 0); /* A zone is a region and a letter. */
  cJSON *fields = cJSON_CreateObject();
  cJSON_AddStringToObject(fields, "instanceId", id);
  cJSON_AddStringToObject(fields, "publicIpAddress", reddalert_text_of(machine, "publicIpAddress"));
  cJSON_AddItemToObject(fields, "launchTime", cJSON_Duplicate(launched, true));
  cJSON_AddItemToObject(fields, "tags", tag_texts(machine));

  reddalert_alert *alert = reddalert_alert_new(id);
  reddalert_alert_title(alert, "Machine %s is public and has no %s", id, owner_tag);
  reddalert_alert_fields(alert, fields);
  reddalert_alert_severity(alert, environment != NULL && strcasecmp(environment, "test") == 0 ? REDDALERT_LOW : REDDALERT_HIGH);
  reddalert_alert_label(alert, "region", region);
  reddalert_alert_label(alert, "resource-type", "instance");
  free(region);
}

/* What was reported: when each machine was launched, as it is remembered. The sets are to look that up: an object of cJSON is a list, in which each
 * search takes longer the more was reported. */
typedef struct {
  cJSON *launches;
  reddalert_seen *machines, *machines_with_launch;
} memory;

static bool is_first_time(const memory *reported, const char *id, double launched) {
  size_t size = strlen(id) + 32;
  char *text = calloc(1, size);
  snprintf(text, size, "%.0f %s", launched, id);
  bool is_first = reddalert_first_time(reported->machines_with_launch, text);
  free(text);
  return is_first;
}

/* Launches that are too long ago are forgotten. */
static memory recall(reddalert_span window) {
  memory reported = {.launches = reddalert_recall(REPORTED), .machines = reddalert_seen_new(), .machines_with_launch = reddalert_seen_new()};
  if (!cJSON_IsObject(reported.launches)) reported.launches = cJSON_CreateObject();
  for (cJSON *launch = reported.launches->child, *next; launch != NULL; launch = next) {
    next = launch->next;
    if (launch->valuedouble < (double)window.until - KEPT_FOR) {
      cJSON_Delete(cJSON_DetachItemViaPointer(reported.launches, launch));
    } else {
      reddalert_first_time(reported.machines, launch->string);
      is_first_time(&reported, launch->string, launch->valuedouble);
    }
  }
  return reported;
}

static void look_at(const cJSON *machine, reddalert_span window, const memory *reported) {
  const char *id = reddalert_text_of(machine, "instanceId");
  const cJSON *launched = cJSON_GetObjectItemCaseSensitive(machine, "launchTime");
  if (!cJSON_IsNumber(launched) || launched->valuedouble < (double)window.since || launched->valuedouble >= (double)window.until) return;
  if (*reddalert_text_of(machine, "publicIpAddress") == '\0' || is_ignored(id) || tag_value(machine, owner_tag) != NULL) return;
  if (!is_first_time(reported, id, launched->valuedouble)) return;
  /* One that was launched anew. */
  if (!reddalert_first_time(reported->machines, id)) cJSON_DeleteItemFromObjectCaseSensitive(reported->launches, id);
  cJSON_AddNumberToObject(reported->launches, id, launched->valuedouble);
  add_alert(machine, id, launched);
}

bool rule_run(void) {
  reddalert_span window = reddalert_window();
  memory reported = recall(window);
  reddalert_seen *seen = reddalert_seen_new();
  reddalert_documents *machines = reddalert_ask(MACHINES, REDDALERT_UPDATED, "instanceId");
  for (const cJSON *machine; (machine = reddalert_next(machines)) != NULL;) {
    /* The newest revision of a machine comes first, and it alone counts. */
    if (reddalert_first_time(seen, reddalert_text_of(machine, "instanceId"))) look_at(machine, window, &reported);
  }
  return !reddalert_failed(machines) && reddalert_remember(REPORTED, reported.launches);
}
