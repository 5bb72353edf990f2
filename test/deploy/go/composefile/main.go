// Prints, as JSON, what `docker compose config` makes of a Compose file: the same parser, without an engine.
//
//	composefile FILE [PROFILE…]     without a profile: COMPOSE_PROFILES, from the environment or the file .env beside FILE
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("usage: composefile FILE [PROFILE…]"))
	}
	options, err := cli.NewProjectOptions(os.Args[1:2],
		cli.WithWorkingDirectory(filepath.Dir(os.Args[1])),
		cli.WithOsEnv,
		cli.WithEnvFiles(),
		cli.WithDotEnv,
		cli.WithDefaultProfiles(os.Args[2:]...),
	)
	if err != nil {
		fail(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(project); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
