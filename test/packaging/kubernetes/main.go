// Decodes the Kubernetes manifests on standard input strictly: unknown kinds, unknown or repeated fields and wrong types
// are faults, one a line. Prints `kind/name` of each manifest that is sound.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus/prometheus/promql/parser"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

var kinds = map[string]func() meta.Object{
	"apps/v1 Deployment":                      func() meta.Object { return &apps.Deployment{} },
	"apps/v1 StatefulSet":                     func() meta.Object { return &apps.StatefulSet{} },
	"v1 ConfigMap":                            func() meta.Object { return &core.ConfigMap{} },
	"v1 Service":                              func() meta.Object { return &core.Service{} },
	"v1 ServiceAccount":                       func() meta.Object { return &core.ServiceAccount{} },
	"networking.k8s.io/v1 Ingress":            func() meta.Object { return &networking.Ingress{} },
	"networking.k8s.io/v1 NetworkPolicy":      func() meta.Object { return &networking.NetworkPolicy{} },
	"policy/v1 PodDisruptionBudget":           func() meta.Object { return &policy.PodDisruptionBudget{} },
	"monitoring.coreos.com/v1 ServiceMonitor": func() meta.Object { return &monitoring.ServiceMonitor{} },
	"monitoring.coreos.com/v1 PrometheusRule": func() meta.Object { return &monitoring.PrometheusRule{} },
}

func decode(document []byte) (string, error) {
	var head meta.TypeMeta
	if err := yaml.Unmarshal(document, &head); err != nil {
		return "", err
	}
	create, known := kinds[head.APIVersion+" "+head.Kind]
	if !known {
		return "", fmt.Errorf("unknown kind %q %q", head.APIVersion, head.Kind)
	}
	object := create()
	if err := yaml.UnmarshalStrict(document, object); err != nil {
		return "", fmt.Errorf("%s: %w", head.Kind, err)
	}
	if rule, isRule := object.(*monitoring.PrometheusRule); isRule {
		if err := parseExpressions(rule); err != nil {
			return "", err
		}
	}
	if object.GetName() == "" {
		return "", fmt.Errorf("%s without a name", head.Kind)
	}
	return head.Kind + "/" + object.GetName(), nil
}

func parseExpressions(rule *monitoring.PrometheusRule) error {
	for _, group := range rule.Spec.Groups {
		for _, one := range group.Rules {
			if _, err := parser.ParseExpr(one.Expr.String()); err != nil {
				return fmt.Errorf("%s: %w", one.Alert, err)
			}
		}
	}
	return nil
}

func main() {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(os.Stdin))
	failed := false
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var parsed any
		if err == nil {
			err = yaml.Unmarshal(document, &parsed)
		}
		if err == nil && parsed == nil {
			continue
		}
		name := ""
		if err == nil {
			name, err = decode(document)
		}
		if err != nil {
			failed = true
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		fmt.Println(name)
	}
	if failed {
		os.Exit(1)
	}
}
