/* What is remembered, and what a rule says about its own work. */
#include <stdlib.h>

#include "memory.h"
#include "reddalert.h"

cJSON *reddalert_recall(const char *key) {
  network_rule_string_t lent = rule_lend(key), text;
  if (!reddalert_rule_status_get(&lent, &text)) return NULL;
  cJSON *value = cJSON_ParseWithLength((const char *)text.ptr, text.len);
  network_rule_string_free(&text);
  return value;
}

bool reddalert_remember(const char *key, const cJSON *value) {
  char *text = cJSON_PrintUnformatted(value);
  if (text == NULL) return reddalert_fail("what is to be remembered under %s cannot be written", key);
  network_rule_string_t lent_key = rule_lend(key), lent_text = rule_lend(text);
  reddalert_rule_status_error_t error;
  bool is_kept = reddalert_rule_status_set(&lent_key, &lent_text, &error);
  free(text);
  return is_kept || reddalert_fail("%s", rule_text(&error.message));
}

void reddalert_warn(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *message = rule_format(format, arguments);
  va_end(arguments);
  network_rule_string_t lent = rule_lend(message);
  reddalert_rule_report_log(REDDALERT_RULE_REPORT_LEVEL_WARN, &lent);
  free(message);
}

void reddalert_skipped(const char *what, const char *reason) {
  network_rule_string_t lent_what = rule_lend(what), lent_reason = rule_lend(reason);
  reddalert_rule_report_skipped(&lent_what, &lent_reason);
}

void reddalert_incomplete(const char *reason) {
  network_rule_string_t lent = rule_lend(reason);
  reddalert_rule_report_incomplete(&lent);
}
