//go:build programs

// Package programs names what the tests build, so that `go mod tidy` keeps it.
package programs

import (
	_ "github.com/prometheus/prometheus/cmd/prometheus"
	_ "github.com/prometheus/prometheus/cmd/promtool"
)
