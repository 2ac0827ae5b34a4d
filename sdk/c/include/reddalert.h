/* What a rule in C is written with. A rule defines rule_init and rule_run; it asks the inventory with reddalert_ask, adds alerts with reddalert_alert_new,
 * and can do nothing else, but for the network where the operator grants it (bindings/network_rule.h has the plain calls).
 *
 * Texts are UTF-8 and end with a zero byte. There is no clock and there are no files. An instance runs once, so what is small need not be freed. */
#ifndef REDDALERT_H
#define REDDALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "cJSON.h"

/* Lets the compiler find arguments that do not fit the format. */
#define REDDALERT_FORMAT(text, first) __attribute__((format(printf, text, first)))

/* ---- What the rule defines. Each returns true, or false after reddalert_fail. ---- */

/* Reads the settings: the rule's section of the config, an object. */
bool rule_init(const cJSON *settings);
/* Looks, and adds alerts. */
bool rule_run(void);

/* Keeps the text as the reason why the rule fails, and returns false. The first reason counts. */
bool reddalert_fail(const char *format, ...) REDDALERT_FORMAT(1, 2);
/* Whether all keys are in the list, which ends with NULL; fails naming the first that is not. */
bool reddalert_known_keys(const cJSON *settings, const char *const known[]);

/* ---- The inventory. ---- */

/* From since (included) to until (not included), in milliseconds since 1970. since is 0 for a rule that looks for the first time. */
typedef struct {
  uint64_t since, until;
} reddalert_span;

/* What this run looks at. */
reddalert_span reddalert_window(void);

typedef enum {
  REDDALERT_NOW,     /* the state at the end of the window */
  REDDALERT_CONTEXT, /* the same, for what only decorates an alert */
  REDDALERT_WINDOW,  /* every revision that was valid at some moment of the window, newest first */
  REDDALERT_UPDATED, /* every revision that began in the window, newest first */
} reddalert_times;

/* An answer that is being read. */
typedef struct reddalert_documents reddalert_documents;

/* Asks for documents. The path is what follows /api/v2/ in an EDDA address, with the fields that are wanted behind a colon:
 * view/instances;_expand:(instanceId,tags:(key,value)). id_field is the field that names a document: objects that have no text there, and all
 * that is no object, are reported as skipped. NULL: every document is taken, as it is. */
reddalert_documents *reddalert_ask(const char *path, reddalert_times times, const char *id_field);
/* The next document, good until the next call. NULL: there is none, or reddalert_failed. Pages are turned by themselves. */
const cJSON *reddalert_next(reddalert_documents *documents);
/* Whether the inventory did not answer. Then rule_run returns false: the reason is kept. */
bool reddalert_failed(const reddalert_documents *documents);
/* Ends the reading. */
void reddalert_close(reddalert_documents *documents);

/* The text of a field; "" if it is missing or no text. */
const char *reddalert_text_of(const cJSON *object, const char *field);

/* ---- What was seen in this run. ---- */

/* A set of texts. */
typedef struct reddalert_seen reddalert_seen;

/* An empty set. */
reddalert_seen *reddalert_seen_new(void);
/* Whether the text was not in the set, where it is now. */
bool reddalert_first_time(reddalert_seen *seen, const char *text);

/* ---- Memory between runs, kept only if rule_run returns true. ---- */

/* What is remembered under the key, to be freed with cJSON_Delete. NULL: nothing. */
cJSON *reddalert_recall(const char *key);
/* Remembers a value. */
bool reddalert_remember(const char *key, const cJSON *value);

/* ---- About the rule's own work. ---- */

/* To the host's log, as a warning. */
void reddalert_warn(const char *format, ...) REDDALERT_FORMAT(1, 2);
/* One thing was odd and left out; the run counts as complete. */
void reddalert_skipped(const char *what, const char *reason);
/* A part could not be looked at: the alerts are delivered, and the next run looks at the same window again. */
void reddalert_incomplete(const char *reason);

/* ---- Alerts. ---- */

typedef enum { REDDALERT_INFO, REDDALERT_LOW, REDDALERT_MEDIUM, REDDALERT_HIGH, REDDALERT_CRITICAL } reddalert_severity;

typedef struct reddalert_alert reddalert_alert;

/* Adds an alert about a thing. Id, details and labels are its identity: keep what changes from run to run out of them. */
reddalert_alert *reddalert_alert_new(const char *id);
/* One line that reads well alone. Without: made from the manifest's title and the id. */
void reddalert_alert_title(reddalert_alert *alert, const char *format, ...) REDDALERT_FORMAT(2, 3);
/* A paragraph for people. */
void reddalert_alert_text(reddalert_alert *alert, const char *format, ...) REDDALERT_FORMAT(2, 3);
/* Named values: an object, which is written and freed. */
void reddalert_alert_fields(reddalert_alert *alert, cJSON *fields);
/* Without: the manifest's. */
void reddalert_alert_severity(reddalert_alert *alert, reddalert_severity severity);
/* An https: page about the thing. */
void reddalert_alert_url(reddalert_alert *alert, const char *url);
/* Known names: account, region, resource-type, resource-arn, owner. An empty value is left out. */
void reddalert_alert_label(reddalert_alert *alert, const char *name, const char *value);

#endif
