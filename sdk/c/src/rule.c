/* The functions that the host calls, and how a rule fails. */
#include <stdlib.h>
#include <string.h>

#include "alert.h"
#include "memory.h"
#include "reddalert.h"

/* The bindings ask for it, so that an object file with the types is linked. There is none: `reddalert rule package` knows the types. */
void __component_type_object_force_link_network_rule(void) {}

static char *reason = NULL;

bool reddalert_fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  if (reason == NULL) reason = rule_format(format, arguments);
  va_end(arguments);
  return false;
}

bool reddalert_known_keys(const cJSON *settings, const char *const known[]) {
  const cJSON *setting;
  cJSON_ArrayForEach(setting, settings) {
    size_t index = 0;
    while (known[index] != NULL && strcmp(known[index], setting->string) != 0) index++;
    if (known[index] == NULL) return reddalert_fail("unknown setting `%s`", setting->string);
  }
  return true;
}

/* Whether all went well; if not, the reason is handed over. */
static bool told(bool is_well, network_rule_string_t *error) {
  if (!is_well) *error = rule_lend(reason != NULL ? reason : "the rule gave no reason");
  return is_well;
}

bool exports_reddalert_rule_lifecycle_init(network_rule_string_t *settings, network_rule_string_t *error) {
  const cJSON *section = cJSON_ParseWithLength((const char *)settings->ptr, settings->len);
  if (!cJSON_IsObject(section)) return told(reddalert_fail("the settings are no JSON object"), error);
  return told(rule_init(section), error);
}

bool exports_reddalert_rule_lifecycle_run(exports_reddalert_rule_lifecycle_list_alert_t *alerts, network_rule_string_t *error) {
  if (!told(rule_run(), error)) return false;
  rule_take_alerts(alerts);
  return true;
}
