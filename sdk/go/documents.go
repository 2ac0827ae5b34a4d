package reddalert

import (
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"strings"

	"reddalert.internal/sdk/internal/bindings/reddalert_rule_edda"
	"reddalert.internal/sdk/internal/calls"
	"reddalert.internal/sdk/internal/wit/runtime"
)

// Documents yields the documents of an answer, page by page, each read into a value of the type Document. The path is what follows /api/v2/ in an
// EDDA address, with the fields that are wanted behind a colon: view/instances;_expand:(instanceId,tags:(key,value)).
//
// A document that does not fit the type is reported as skipped, and the reading goes on; so is one where the first field of the struct, which names
// it, is a string and missing or empty. An error is the last thing yielded.
func Documents[Document any](path string, times Times) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		answer := reddalert_rule_edda.Documents(path, times.toWit())
		for {
			if answer.IsErr() {
				var none Document
				yield(none, calls.Failed(answer.Err()))
				return
			}
			page := answer.Ok()
			// What the host handed over stays pinned until the next export is called, which a rule never sees: without this an inventory would
			// be held in memory whole. The strings keep what they refer to.
			runtime.Unpin()
			for _, text := range page.Documents {
				if document, fits := read[Document](path, text); fits && !yield(document, nil) {
					return
				}
			}
			if page.Next.IsNone() {
				return
			}
			answer = reddalert_rule_edda.More(page.Next.Some())
		}
	}
}

func read[Document any](path, text string) (document Document, fits bool) {
	err := json.Unmarshal([]byte(text), &document)
	if err == nil {
		err = checkName(document)
	}
	if err != nil {
		Skipped(nameOf[Document](path, text), err.Error())
	}
	return document, err == nil
}

// Refuses a struct whose first field is an empty string.
func checkName(document any) error {
	value := reflect.ValueOf(document)
	if names := fieldNames(value.Type()); len(names) > 0 && value.Field(0).Kind() == reflect.String && value.Field(0).Len() == 0 {
		return fmt.Errorf("missing field `%s`", names[0])
	}
	return nil
}

// What to call a document that does not fit: what it has in the place of the first field, or the collection.
func nameOf[Document any](path, text string) string {
	var members map[string]any
	names := fieldNames(reflect.TypeFor[Document]())
	if json.Unmarshal([]byte(text), &members) == nil && len(names) > 0 {
		switch name := members[names[0]].(type) {
		case string:
			return name
		case float64:
			return fmt.Sprint(name)
		}
	}
	end := strings.IndexAny(path, ";:")
	if end < 0 {
		end = len(path)
	}
	return "a document of " + path[:end]
}
