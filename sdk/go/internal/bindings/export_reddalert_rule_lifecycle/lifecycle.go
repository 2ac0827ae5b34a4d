// Package export_reddalert_rule_lifecycle is what the generated exports call. By hand; its name is the generator's.
package export_reddalert_rule_lifecycle

import (
	"reddalert.internal/sdk/internal/bindings/reddalert_rule_alerts"
	. "reddalert.internal/sdk/internal/wit/types"
)

// InitRule and RunRule are the rule. An error's text goes to the host.
var (
	InitRule func(settings string) error
	RunRule  func() ([]reddalert_rule_alerts.Alert, error)
)

const noRule = "there is no rule here: call reddalert.Export in an init function"

// Init reads the settings.
func Init(settings string) Result[Unit, string] {
	if InitRule == nil {
		return Err[Unit, string](noRule)
	}
	if err := InitRule(settings); err != nil {
		return Err[Unit, string](err.Error())
	}
	return Ok[Unit, string](Unit{})
}

// Run looks.
func Run() Result[[]reddalert_rule_alerts.Alert, string] {
	if RunRule == nil {
		return Err[[]reddalert_rule_alerts.Alert, string](noRule)
	}
	alerts, err := RunRule()
	if err != nil {
		return Err[[]reddalert_rule_alerts.Alert, string](err.Error())
	}
	return Ok[[]reddalert_rule_alerts.Alert, string](alerts)
}
