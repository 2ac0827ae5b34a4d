// Package calls has what calls of the host have in common.
package calls

import "reddalert.internal/sdk/internal/bindings/reddalert_rule_types"

// Error is why the host refused or failed a call.
type Error struct {
	// Kind: denied, bad-request, not-found, unavailable, timed-out, over-limit or other.
	Kind string
	// Status of an HTTP answer; 0: none came.
	Status uint16
	// Message for people.
	Message string
}

// Error is the message.
func (err *Error) Error() string { return err.Message }

// In the order of the contract.
var kinds = []string{"denied", "bad-request", "not-found", "unavailable", "timed-out", "over-limit", "other"}

// Failed makes an error of what the host says.
func Failed(failed reddalert_rule_types.Error) error {
	kind := "other"
	if int(failed.Kind) < len(kinds) {
		kind = kinds[failed.Kind]
	}
	return &Error{Kind: kind, Status: failed.Status.SomeOr(0), Message: failed.Message}
}
