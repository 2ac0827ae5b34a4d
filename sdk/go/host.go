package reddalert

import (
	"encoding/json"
	"fmt"

	"reddalert.internal/sdk/internal/bindings/reddalert_rule_edda"
	"reddalert.internal/sdk/internal/bindings/reddalert_rule_report"
	"reddalert.internal/sdk/internal/bindings/reddalert_rule_status"
	"reddalert.internal/sdk/internal/calls"
	"reddalert.internal/sdk/internal/wit/runtime"
)

// Span of time from Since (included) to Until (not included), in milliseconds since 1970. Since is 0 for a rule that looks for the first time.
type Span struct{ Since, Until uint64 }

// Contains tells whether a moment lies in it.
func (span Span) Contains(moment uint64) bool {
	return span.Since <= moment && moment < span.Until
}

// Window of this run: what the rule looks at. Use its end instead of time.Now: there is no clock here.
func Window() Span {
	span := reddalert_rule_edda.Window()
	return Span{span.Since, span.Until}
}

// Times of documents that are asked for.
type Times struct{ wit reddalert_rule_edda.Times }

func (times Times) toWit() reddalert_rule_edda.Times { return times.wit }

var (
	// Now is the state at the end of the window.
	Now = Times{reddalert_rule_edda.MakeTimesNow()}
	// Context is Now, for what only decorates an alert: such collections do not hold the rule's progress back.
	Context = Times{reddalert_rule_edda.MakeTimesContext()}
	// InWindow is every revision that was valid at some moment of the window, newest first.
	InWindow = Times{reddalert_rule_edda.MakeTimesWindow()}
	// Updated is every revision that began in the window, newest first.
	Updated = Times{reddalert_rule_edda.MakeTimesUpdated()}
)

// At is the state at a moment, not after the end of the window.
func At(moment uint64) Times {
	return Times{reddalert_rule_edda.MakeTimesAt(moment)}
}

// Texts asks for whole answers, side by side. There is a text or an error for each path, in their order.
func Texts(paths []string, times Times) (texts []string, errs []error) {
	for _, answer := range reddalert_rule_edda.Texts(paths, times.toWit()) {
		if answer.IsErr() {
			texts, errs = append(texts, ""), append(errs, calls.Failed(answer.Err()))
		} else {
			texts, errs = append(texts, answer.Ok()), append(errs, nil)
		}
	}
	// As in Documents: else all texts of a run would be held until its end.
	runtime.Unpin()
	return texts, errs
}

// Remember keeps a value between runs, as JSON. It is kept only if the rule returns without an error. Not for Export's Check.
func Remember(key string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("what is to be remembered under %s cannot be written: %w", key, err)
	}
	if answer := reddalert_rule_status.Set(wellFormed(key), string(text)); answer.IsErr() {
		return calls.Failed(answer.Err())
	}
	return nil
}

// Recall reads what was remembered into a value, and leaves that alone if nothing was.
func Recall(key string, value any) error {
	answer := reddalert_rule_status.Get(wellFormed(key))
	if answer.IsNone() {
		return nil
	}
	if err := json.Unmarshal([]byte(answer.Some()), value); err != nil {
		return fmt.Errorf("what the status file holds under `%s` cannot be read: %w", key, err)
	}
	return nil
}

// Forget removes what was remembered.
func Forget(key string) error {
	if answer := reddalert_rule_status.Remove(wellFormed(key)); answer.IsErr() {
		return calls.Failed(answer.Err())
	}
	return nil
}

// RememberedKeys are the keys that something is remembered under.
func RememberedKeys() []string {
	return reddalert_rule_status.Keys()
}

// Warn writes to the host's log, under the rule's name.
func Warn(message string) {
	reddalert_rule_report.Log(reddalert_rule_report.LevelWarn, wellFormed(message))
}

// Debug writes to the host's log, where somebody looks for the reason of something.
func Debug(message string) {
	reddalert_rule_report.Log(reddalert_rule_report.LevelDebug, wellFormed(message))
}

// Skipped says that one thing was odd and left out; the run counts as complete.
func Skipped(what, reason string) {
	reddalert_rule_report.Skipped(wellFormed(what), wellFormed(reason))
}

// Incomplete says that a part could not be looked at: the alerts are delivered, and the next run looks at the same window again.
func Incomplete(reason string) {
	reddalert_rule_report.Incomplete(wellFormed(reason))
}

// CallError is why the host refused or failed a call.
type CallError = calls.Error
