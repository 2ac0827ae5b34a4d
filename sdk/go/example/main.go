// Reports machines that were launched with a public address and without a tag that says whose they are. A machine that was reported is remembered,
// and told again only when it was launched anew.
package main

import (
	"fmt"
	"slices"
	"strings"

	reddalert "reddalert.internal/sdk"
)

// Where it is remembered which machines were reported, and when these were launched.
const reported = "reported"

// How long a machine is remembered after its launch, in milliseconds.
const keptFor = 90 * 24 * 60 * 60 * 1000

// Only these fields are fetched.
const machines = "view/instances;_expand:(instanceId,launchTime,publicIpAddress,placement:(availabilityZone),tags:(key,value))"

// Settings are what an operator writes under plugin.public_without_owner.
type Settings struct {
	// The tag that names the owner, in whatever case.
	Tag string `json:"tag"`
	// Ids of machines that are left out.
	Ignore []string `json:"ignore"`
}

// Machine is a document. One without an instanceId is reported as skipped.
type Machine struct {
	InstanceID      string `json:"instanceId"`
	LaunchTime      any    `json:"launchTime"`
	PublicIPAddress string `json:"publicIpAddress"`
	Placement       struct {
		AvailabilityZone string `json:"availabilityZone"`
	} `json:"placement"`
	Tags []struct {
		Key   any `json:"key"`
		Value any `json:"value"`
	} `json:"tags"`
}

func init() {
	reddalert.Export(Settings{Tag: "owner"}, run)
}

func main() {}

func run(settings Settings) ([]reddalert.Alert, error) {
	window := reddalert.Window()
	launches := map[string]uint64{}
	if err := reddalert.Recall(reported, &launches); err != nil {
		return nil, err
	}
	for machine, launched := range launches {
		if launched+keptFor < window.Until {
			delete(launches, machine)
		}
	}
	alerts := []reddalert.Alert{}
	seen := map[string]bool{}
	for machine, err := range reddalert.Documents[Machine](machines, reddalert.Updated) {
		if err != nil {
			return nil, err
		}
		// The newest revision of a machine comes first, and it alone counts.
		if seen[machine.InstanceID] {
			continue
		}
		seen[machine.InstanceID] = true
		launched := machine.launched()
		if window.Contains(launched) && launches[machine.InstanceID] != launched && machine.deservesAlert(settings) {
			launches[machine.InstanceID] = launched
			alerts = append(alerts, machine.alert(settings))
		}
	}
	return alerts, reddalert.Remember(reported, launches)
}

// When it was launched; 0 if that is no number.
func (machine Machine) launched() uint64 {
	launched, _ := machine.LaunchTime.(float64)
	return uint64(max(launched, 0))
}

func (machine Machine) deservesAlert(settings Settings) bool {
	return machine.PublicIPAddress != "" && !slices.Contains(settings.Ignore, machine.InstanceID) && !machine.has(settings.Tag)
}

func (machine Machine) alert(settings Settings) reddalert.Alert {
	severity := reddalert.High
	if machine.isForTests() {
		severity = reddalert.Low
	}
	return reddalert.Alert{
		ID:    machine.InstanceID,
		Title: fmt.Sprintf("Machine %s is public and has no %s", machine.InstanceID, settings.Tag),
		Details: []any{map[string]any{
			"instanceId":      machine.InstanceID,
			"publicIpAddress": machine.PublicIPAddress,
			"launchTime":      machine.LaunchTime,
			"tags":            machine.tagTexts(),
		}},
		Severity: severity,
		Labels:   []reddalert.Label{{Name: "region", Value: machine.region()}, {Name: "resource-type", Value: "instance"}},
	}
}

// Keys and values; what is no text is left out.
func (machine Machine) tagTexts() map[string]string {
	texts := map[string]string{}
	for _, tag := range machine.Tags {
		key, hasKey := tag.Key.(string)
		value, hasValue := tag.Value.(string)
		if hasKey && hasValue {
			texts[key] = value
		}
	}
	return texts
}

func (machine Machine) has(tag string) bool {
	for key, value := range machine.tagTexts() {
		if strings.EqualFold(key, tag) && strings.TrimSpace(value) != "" {
			return true
		}
	}
	return false
}

func (machine Machine) isForTests() bool {
	for key, value := range machine.tagTexts() {
		if strings.EqualFold(key, "environment") && strings.EqualFold(value, "test") {
			return true
		}
	}
	return false
}

// The zone without its last letter; empty if it is not known.
func (machine Machine) region() string {
	zone := machine.Placement.AvailabilityZone
	return zone[:max(len(zone)-1, 0)]
}
