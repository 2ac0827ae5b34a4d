// Package network asks web servers and ports. Each needs a grant of the operator, and a rule that imports this package is of the world network-rule.
package network

import (
	"time"

	"reddalert.internal/sdk/internal/bindings/reddalert_rule_http"
	"reddalert.internal/sdk/internal/bindings/reddalert_rule_tcp"
	"reddalert.internal/sdk/internal/calls"
	"reddalert.internal/sdk/internal/wit/runtime"
	witTypes "reddalert.internal/sdk/internal/wit/types"
)

// Header is a named text.
type Header struct{ Name, Value string }

// Request to a web server. The zero values are a GET without redirects, whose answer may have a MiB and come within 30 seconds.
type Request struct {
	Method, URL string
	Headers     []Header
	Body        []byte
	// Timeout for the whole of it, redirects included.
	Timeout time.Duration
	// Redirects: how many to follow.
	Redirects uint8
	// MaxBody: after so many bytes the body is cut.
	MaxBody uint32
	// Options is an open list. Known names: aws-region, aws-service, for a request that the host signs.
	Options []Header
}

// Answer to a request: any status is one. Err tells why there is none.
type Answer struct {
	// URL where the last redirect that was followed led.
	URL     string
	Status  uint16
	Headers []Header
	Body    []byte
	// IsCut: the body was longer.
	IsCut bool
	Err   error
}

// Target is a port of a host.
type Target struct {
	Host string
	Port uint16
}

// Probed tells whether a port takes a connection, or why nobody knows.
type Probed struct {
	IsOpen bool
	Err    error
}

// Send sends all requests side by side, and answers in their order.
func Send(requests []Request) []Answer {
	wit := make([]reddalert_rule_http.Request, len(requests))
	for index, request := range requests {
		wit[index] = request.toWit()
	}
	answers := make([]Answer, 0, len(requests))
	for _, answer := range reddalert_rule_http.Send(wit) {
		if answer.IsErr() {
			answers = append(answers, Answer{Err: calls.Failed(answer.Err())})
			continue
		}
		response := answer.Ok()
		answers = append(answers, Answer{
			URL: response.Url, Status: response.Status, Headers: fromWit(response.Headers), Body: response.Body, IsCut: response.Cut,
		})
	}
	runtime.Unpin()
	return answers
}

// Probe tries all ports side by side, and answers in their order. Nothing is sent. A timeout of 0 is 30 seconds.
func Probe(targets []Target, timeout time.Duration) []Probed {
	wit := make([]reddalert_rule_tcp.Target, len(targets))
	for index, target := range targets {
		wit[index] = reddalert_rule_tcp.Target{Host: target.Host, Port: target.Port}
	}
	probed := make([]Probed, 0, len(targets))
	for _, answer := range reddalert_rule_tcp.Probe(wit, milliseconds(timeout)) {
		if answer.IsErr() {
			probed = append(probed, Probed{Err: calls.Failed(answer.Err())})
		} else {
			probed = append(probed, Probed{IsOpen: answer.Ok()})
		}
	}
	return probed
}

func (request Request) toWit() reddalert_rule_http.Request {
	method, maxBody := request.Method, request.MaxBody
	if method == "" {
		method = "GET"
	}
	if maxBody == 0 {
		maxBody = 1 << 20
	}
	return reddalert_rule_http.Request{
		Method: method, Url: request.URL, Headers: toWit(request.Headers), Body: request.Body, TimeoutMs: milliseconds(request.Timeout),
		Redirects: request.Redirects, MaxBody: maxBody, Options: toWit(request.Options),
	}
}

func milliseconds(timeout time.Duration) uint32 {
	return uint32(min(max(timeout.Milliseconds(), 0), 1<<32-1))
}

func toWit(headers []Header) []witTypes.Tuple2[string, string] {
	pairs := make([]witTypes.Tuple2[string, string], len(headers))
	for index, header := range headers {
		pairs[index] = witTypes.Tuple2[string, string]{F0: header.Name, F1: header.Value}
	}
	return pairs
}

func fromWit(pairs []witTypes.Tuple2[string, string]) []Header {
	headers := make([]Header, len(pairs))
	for index, pair := range pairs {
		headers[index] = Header{Name: pair.F0, Value: pair.F1}
	}
	return headers
}
