/* Reports machines that were launched in the window and have no name. */
#include <string.h>

#include "reddalert.h"

/* Only these fields are fetched. */
#define MACHINES "view/instances;_expand:(instanceId,launchTime,tags:(key,value))"

/* What was seen already; at first, what an operator wrote under `ignore` in the config. manifest.json describes that too. */
static reddalert_seen *seen;

bool rule_init(const cJSON *settings) {
  static const char *const known[] = {"ignore", NULL};
  if (!reddalert_known_keys(settings, known)) return false;
  seen = reddalert_seen_new();
  const cJSON *ignored;
  cJSON_ArrayForEach(ignored, cJSON_GetObjectItemCaseSensitive(settings, "ignore")) {
    if (!cJSON_IsString(ignored)) return reddalert_fail("the setting `ignore` is to be a list of texts");
    reddalert_first_time(seen, ignored->valuestring);
  }
  return true;
}

static bool has_name(const cJSON *machine) {
  const cJSON *tag;
  cJSON_ArrayForEach(tag, cJSON_GetObjectItemCaseSensitive(machine, "tags")) {
    if (strcmp(reddalert_text_of(tag, "key"), "Name") == 0 && *reddalert_text_of(tag, "value") != '\0') return true;
  }
  return false;
}

static bool is_new(const cJSON *machine) {
  const cJSON *launched = cJSON_GetObjectItemCaseSensitive(machine, "launchTime");
  reddalert_span window = reddalert_window();
  return cJSON_IsNumber(launched) && launched->valuedouble >= (double)window.since && launched->valuedouble < (double)window.until;
}

bool rule_run(void) {
  /* A document without a text as its instanceId is reported as skipped. */
  reddalert_documents *machines = reddalert_ask(MACHINES, REDDALERT_UPDATED, "instanceId");
  for (const cJSON *machine; (machine = reddalert_next(machines)) != NULL;) {
    const char *id = reddalert_text_of(machine, "instanceId");
    /* The newest revision of a machine comes first, and older ones behind it. */
    if (reddalert_first_time(seen, id) && is_new(machine) && !has_name(machine)) {
      reddalert_alert *alert = reddalert_alert_new(id);
      reddalert_alert_title(alert, "Machine %s has no name", id);
      reddalert_alert_severity(alert, REDDALERT_LOW);
    }
  }
  return !reddalert_failed(machines);
}
