package reddalert

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Checked is for settings that can be wrong in ways that their types do not tell.
type Checked interface{ Check() error }

func readSettings(text string, settings any) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		return fmt.Errorf("the settings are no JSON object: %w", err)
	}
	known := fieldNames(reflect.TypeOf(settings).Elem())
	for key := range members {
		// encoding/json takes TAG for tag.
		if !slices.Contains(known, key) {
			return fmt.Errorf("unknown setting `%s`; allowed are `%s`", key, strings.Join(known, "`, `"))
		}
	}
	if err := json.Unmarshal([]byte(text), settings); err != nil {
		return fmt.Errorf("the settings cannot be used: %w", err)
	}
	if checked, isChecked := settings.(Checked); isChecked {
		return checked.Check()
	}
	return nil
}

// The names of a struct's fields in JSON.
func fieldNames(kind reflect.Type) (names []string) {
	if kind.Kind() != reflect.Struct {
		return nil
	}
	for index := range kind.NumField() {
		field := kind.Field(index)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" {
			name = field.Name
		}
		if field.IsExported() && name != "-" {
			names = append(names, name)
		}
	}
	return names
}
