/* The documents of an answer, page by page. */
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "reddalert.h"

struct reddalert_documents {
  char *path;
  const char *id_field;
  reddalert_rule_edda_page_t page;
  size_t place;    /* of the next document in the page */
  cJSON *document; /* the one that the rule looks at */
  bool has_failed;
};

reddalert_span reddalert_window(void) {
  reddalert_rule_edda_span_t span;
  reddalert_rule_edda_window(&span);
  return (reddalert_span){.since = span.since, .until = span.until};
}

static void fail(reddalert_documents *documents, reddalert_rule_edda_error_t *error) {
  documents->has_failed = true;
  reddalert_fail("%s", rule_text(&error->message));
}

reddalert_documents *reddalert_ask(const char *path, reddalert_times times, const char *id_field) {
  reddalert_documents *documents = rule_allocate(sizeof *documents);
  documents->path = rule_copy(path);
  documents->id_field = id_field;
  network_rule_string_t lent = rule_lend(path);
  reddalert_rule_edda_times_t wit = {.tag = (uint8_t)times};
  reddalert_rule_edda_error_t error;
  if (!reddalert_rule_edda_documents(&lent, &wit, &documents->page, &error)) fail(documents, &error);
  return documents;
}

/* Whether there is another page. */
static bool turn_page(reddalert_documents *documents) {
  reddalert_rule_edda_page_t read = documents->page;
  documents->page = (reddalert_rule_edda_page_t){0};
  documents->place = 0;
  reddalert_rule_edda_error_t error;
  bool is_turned = read.next.is_some && reddalert_rule_edda_more(&read.next.val, &documents->page, &error);
  if (read.next.is_some && !is_turned) fail(documents, &error);
  reddalert_rule_edda_page_free(&read);
  return is_turned;
}

/* Why the document is not taken; NULL if it is. */
static const char *oddity(const reddalert_documents *documents) {
  if (documents->document == NULL) return "it is no JSON";
  if (documents->id_field == NULL) return NULL;
  if (!cJSON_IsObject(documents->document)) return "it is no object";
  return *reddalert_text_of(documents->document, documents->id_field) == '\0' ? "it has no text that names it" : NULL;
}

/* Says under the name of the collection that a document is odd. */
static void skip(const reddalert_documents *documents, const char *reason) {
  char *name = rule_allocate(strlen("a document of ") + strlen(documents->path));
  strcpy(name, "a document of ");
  strncat(name, documents->path, strcspn(documents->path, ";:"));
  reddalert_skipped(name, reason);
  free(name);
}

const cJSON *reddalert_next(reddalert_documents *documents) {
  for (;;) {
    while (documents->place < documents->page.documents.len) {
      network_rule_string_t *text = &documents->page.documents.ptr[documents->place++];
      cJSON_Delete(documents->document);
      documents->document = cJSON_ParseWithLength((const char *)text->ptr, text->len);
      const char *reason = oddity(documents);
      if (reason == NULL) return documents->document;
      skip(documents, reason);
    }
    if (documents->has_failed || !turn_page(documents)) return NULL;
  }
}

bool reddalert_failed(const reddalert_documents *documents) { return documents->has_failed; }

void reddalert_close(reddalert_documents *documents) {
  cJSON_Delete(documents->document);
  reddalert_rule_edda_page_free(&documents->page);
  free(documents->path);
  free(documents);
}

const char *reddalert_text_of(const cJSON *object, const char *field) {
  const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, field));
  return text == NULL ? "" : text;
}
