// Reads Kubernetes manifests from stdin, as strictly as the API server does: a field that the type does not have, a field that is
// given twice or a value of the wrong type fails. Prints how many objects there were of each kind.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"

	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	documents := yaml.NewYAMLReader(bufio.NewReader(os.Stdin))
	counts := map[string]int{}
	failed := false
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		_, kind, err := decoder.Decode(document, nil, nil)
		if err != nil {
			failed = true
			fmt.Fprintf(os.Stderr, "%v\n", err)
			continue
		}
		counts[kind.String()]++
	}
	kinds := make([]string, 0, len(counts))
	for kind := range counts {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	for _, kind := range kinds {
		fmt.Printf("%d %s\n", counts[kind], kind)
	}
	if failed || len(counts) == 0 {
		os.Exit(1)
	}
}
