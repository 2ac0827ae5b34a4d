/* Alerts: collected here until the host takes them. */
#include "alert.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "reddalert.h"

struct reddalert_alert {
  exports_reddalert_rule_lifecycle_alert_t wit;
};

/* The alerts of this run: each by itself, since a rule holds on to them. */
static reddalert_alert **alerts = NULL;
static size_t count = 0;

static network_rule_string_t copied(const char *text) { return rule_lend(rule_copy(text)); }

reddalert_alert *reddalert_alert_new(const char *id) {
  reddalert_alert *alert = rule_allocate(sizeof *alert);
  alert->wit.id = copied(id);
  alerts = rule_room(alerts, count, sizeof *alerts);
  alerts[count++] = alert;
  return alert;
}

void reddalert_alert_title(reddalert_alert *alert, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *title = rule_format(format, arguments);
  va_end(arguments);
  for (char *character = title; *character != '\0'; character++) {
    if ((unsigned char)*character < ' ') *character = ' ';
  }
  alert->wit.title.is_some = true;
  alert->wit.title.val = rule_lend(title);
}

static void add_detail(reddalert_alert *alert, reddalert_rule_alerts_detail_t detail) {
  alert->wit.details.ptr = rule_room(alert->wit.details.ptr, alert->wit.details.len, sizeof detail);
  alert->wit.details.ptr[alert->wit.details.len++] = detail;
}

void reddalert_alert_text(reddalert_alert *alert, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *text = rule_format(format, arguments);
  va_end(arguments);
  add_detail(alert, (reddalert_rule_alerts_detail_t){.tag = REDDALERT_RULE_ALERTS_DETAIL_TEXT, .val.text = rule_lend(text)});
}

void reddalert_alert_fields(reddalert_alert *alert, cJSON *fields) {
  char *text = cJSON_PrintUnformatted(fields);
  cJSON_Delete(fields);
  if (text == NULL) abort();
  add_detail(alert, (reddalert_rule_alerts_detail_t){.tag = REDDALERT_RULE_ALERTS_DETAIL_FIELDS, .val.fields = rule_lend(text)});
}

void reddalert_alert_severity(reddalert_alert *alert, reddalert_severity severity) {
  alert->wit.severity.is_some = true;
  alert->wit.severity.val = (reddalert_rule_alerts_severity_t)severity;
}

void reddalert_alert_url(reddalert_alert *alert, const char *url) {
  alert->wit.url.is_some = true;
  alert->wit.url.val = copied(url);
}

void reddalert_alert_label(reddalert_alert *alert, const char *name, const char *value) {
  if (*value == '\0') return;
  network_rule_list_tuple2_string_string_t *labels = &alert->wit.labels;
  labels->ptr = rule_room(labels->ptr, labels->len, sizeof *labels->ptr);
  labels->ptr[labels->len++] = (network_rule_tuple2_string_string_t){.f0 = copied(name), .f1 = copied(value)};
}

void rule_take_alerts(exports_reddalert_rule_lifecycle_list_alert_t *taken) {
  taken->len = count;
  taken->ptr = rule_allocate(count * sizeof *taken->ptr);
  for (size_t index = 0; index < count; index++) taken->ptr[index] = alerts[index]->wit;
}
