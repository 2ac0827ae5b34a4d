package reddalert

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"reddalert.internal/sdk/internal/bindings/reddalert_rule_alerts"
	witTypes "reddalert.internal/sdk/internal/wit/types"
)

// Severity of an alert. The zero value leaves it to the rule's manifest.
type Severity uint8

// From what may be worth knowing to what cannot wait.
const (
	Unstated Severity = iota
	Info
	Low
	Medium
	High
	Critical
)

// Alert is what a rule finds. The host adds the rule's name, the alert's id, the time and the window.
type Alert struct {
	// ID is the thing that the alert is about, such as an instance id.
	ID string
	// Title is one line that reads well alone. Empty: made from the manifest's title and the id.
	Title string
	// Details: a string is a paragraph for people, anything else is written as a JSON object. Id, details and labels are the alert's identity:
	// keep what changes from run to run out of them.
	Details []any
	// Severity: see there.
	Severity Severity
	// URL of an https: page about the thing. Empty: none.
	URL string
	// Labels is an open list. Known names: account, region, resource-type, resource-arn, owner. Empty values are left out.
	Labels []Label
}

// Label is a named text.
type Label struct{ Name, Value string }

func (alert Alert) toWit() (reddalert_rule_alerts.Alert, error) {
	details := make([]reddalert_rule_alerts.Detail, 0, len(alert.Details))
	for _, detail := range alert.Details {
		if text, isText := detail.(string); isText {
			details = append(details, reddalert_rule_alerts.MakeDetailText(wellFormed(text)))
			continue
		}
		fields, err := json.Marshal(detail)
		if err != nil {
			return reddalert_rule_alerts.Alert{}, fmt.Errorf("a detail of the alert about %s cannot be written: %w", alert.ID, err)
		}
		details = append(details, reddalert_rule_alerts.MakeDetailFields(string(fields)))
	}
	labels := []witTypes.Tuple2[string, string]{}
	for _, label := range alert.Labels {
		if label.Value != "" {
			labels = append(labels, witTypes.Tuple2[string, string]{F0: wellFormed(label.Name), F1: wellFormed(label.Value)})
		}
	}
	severity := witTypes.None[reddalert_rule_alerts.Severity]()
	if alert.Severity != Unstated {
		severity = witTypes.Some(reddalert_rule_alerts.Severity(alert.Severity - Info))
	}
	return reddalert_rule_alerts.Alert{
		Id:       wellFormed(alert.ID),
		Title:    unlessEmpty(oneLine(alert.Title)),
		Details:  details,
		Severity: severity,
		Url:      unlessEmpty(wellFormed(alert.URL)),
		Labels:   labels,
	}, nil
}

// Text that is not UTF-8 would end the rule.
func wellFormed(text string) string {
	return strings.ToValidUTF8(text, "\uFFFD")
}

func oneLine(text string) string {
	return strings.Map(func(character rune) rune {
		if unicode.IsControl(character) {
			return ' '
		}
		return character
	}, wellFormed(text))
}

func unlessEmpty(text string) witTypes.Option[string] {
	if text == "" {
		return witTypes.None[string]()
	}
	return witTypes.Some(text)
}
