// Reports machines that were launched in the window and have no name.
package main

import (
	"slices"

	reddalert "reddalert.internal/sdk"
)

// Only these fields are fetched.
const machines = "view/instances;_expand:(instanceId,launchTime,tags:(key,value))"

// Settings are what an operator writes under the key of this rule in the config. manifest.json describes them too.
type Settings struct {
	Ignore []string `json:"ignore"`
}

// Machine is a document. One that does not fit is reported as skipped, under its first field.
type Machine struct {
	InstanceID string `json:"instanceId"`
	LaunchTime uint64 `json:"launchTime"`
	Tags       []Tag  `json:"tags"`
}

// Tag of a machine.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func init() {
	reddalert.Export(Settings{}, run)
}

func main() {}

func run(settings Settings) ([]reddalert.Alert, error) {
	alerts := []reddalert.Alert{}
	seen := map[string]bool{}
	for machine, err := range reddalert.Documents[Machine](machines, reddalert.Updated) {
		if err != nil {
			return nil, err
		}
		// The newest revision of a machine comes first, and older ones behind it.
		if seen[machine.InstanceID] || slices.Contains(settings.Ignore, machine.InstanceID) {
			continue
		}
		seen[machine.InstanceID] = true
		hasName := slices.ContainsFunc(machine.Tags, func(tag Tag) bool { return tag.Key == "Name" && tag.Value != "" })
		if reddalert.Window().Contains(machine.LaunchTime) && !hasName {
			alerts = append(alerts, reddalert.Alert{
				ID:       machine.InstanceID,
				Title:    "Machine " + machine.InstanceID + " has no name",
				Severity: reddalert.Low,
			})
		}
	}
	return alerts, nil
}
