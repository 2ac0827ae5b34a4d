// Package reddalert is what a rule in Go is written with. A rule is a function from its settings to alerts, named to Export in an init function.
// It asks the inventory with Documents, remembers with Remember and Recall, and can do nothing else, but for the network where the operator
// grants it: see the package network.
package reddalert

import (
	"errors"
	"fmt"

	lifecycle "reddalert.internal/sdk/internal/bindings/export_reddalert_rule_lifecycle"
	"reddalert.internal/sdk/internal/bindings/reddalert_rule_alerts"
	_ "reddalert.internal/sdk/internal/bindings/wit_exports" // The functions that the host calls.
)

// Export makes a component's rule. The settings that the operator wrote are read into a copy of defaults, a struct whose fields have json names; a
// key that is none of these is refused. If the settings have a method Check() error, what it says against them is told to the operator. An error of
// run means that nothing of it counts; a panic is an error too.
func Export[Settings any](defaults Settings, run func(Settings) ([]Alert, error)) {
	settings := defaults
	lifecycle.InitRule = func(text string) (err error) {
		defer recovered(&err)
		return readSettings(text, &settings)
	}
	lifecycle.RunRule = func() (found []reddalert_rule_alerts.Alert, err error) {
		defer recovered(&err)
		alerts, err := run(settings)
		if err != nil {
			return nil, err
		}
		for _, alert := range alerts {
			converted, err := alert.toWit()
			if err != nil {
				return nil, err
			}
			found = append(found, converted)
		}
		return found, nil
	}
}

// A panic would end the rule without a word: there is no place that it could be printed to.
func recovered(err *error) {
	switch cause := recover().(type) {
	case nil:
	case error:
		*err = fmt.Errorf("the rule panicked: %w", cause)
	default:
		*err = errors.New(fmt.Sprint("the rule panicked: ", cause))
	}
}
