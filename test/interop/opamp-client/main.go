// Command opamp-client is an agent made of nothing but the public Go client of OpAMP. It applies or refuses what it
// is offered, takes orders as JSON lines on standard input and tells what it received as JSON lines on standard output.
package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/open-telemetry/opamp-go/client"
	"github.com/open-telemetry/opamp-go/client/types"
	"github.com/open-telemetry/opamp-go/protobufs"
)

// order is one line of standard input; absent members ask for nothing.
type order struct {
	Health *struct {
		Healthy   bool   `json:"healthy"`
		LastError string `json:"lastError"`
	} `json:"health"`
	Effective   *string           `json:"effective"`
	Description map[string]string `json:"description"`
	Status      *struct {
		State string `json:"state"`
		Hash  string `json:"hash"`
		Error string `json:"error"`
	} `json:"status"`
	// Certificate asks for a client certificate with a CSR.
	Certificate bool `json:"certificate"`
	Stop        bool `json:"stop"`
}

type agent struct {
	client     client.OpAMPClient
	refusal    string
	connection *connection
	packages   *packageStore
	mutex      sync.Mutex
	effective  string
}

var printing sync.Mutex

// say prints one event; every event is one line.
func say(event string, fields map[string]any) {
	line := map[string]any{"event": event}
	for key, value := range fields {
		line[key] = value
	}
	text, err := json.Marshal(line)
	if err != nil {
		fail(err)
	}
	printing.Lock()
	defer printing.Unlock()
	fmt.Println(string(text))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "opamp-client:", err)
	os.Exit(1)
}

type logger struct{}

func (logger) Debugf(context.Context, string, ...any) {}
func (logger) Errorf(_ context.Context, format string, args ...any) {
	say("log", map[string]any{"message": fmt.Sprintf(format, args...)})
}

func attributes(pairs map[string]string) []*protobufs.KeyValue {
	list := []*protobufs.KeyValue{}
	for key, value := range pairs {
		text := &protobufs.AnyValue{Value: &protobufs.AnyValue_StringValue{StringValue: value}}
		list = append(list, &protobufs.KeyValue{Key: key, Value: text})
	}
	return list
}

func describe(pairs map[string]string) *protobufs.AgentDescription {
	identifying := map[string]string{"service.name": "opamp-go-client", "service.version": "0.23.0"}
	return &protobufs.AgentDescription{
		IdentifyingAttributes:    attributes(identifying),
		NonIdentifyingAttributes: attributes(pairs),
	}
}

func (a *agent) effectiveConfig(context.Context) (*protobufs.EffectiveConfig, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.effective == "" {
		return nil, nil
	}
	file := &protobufs.AgentConfigFile{Body: []byte(a.effective), ContentType: "text/yaml"}
	files := map[string]*protobufs.AgentConfigFile{"": file}
	return &protobufs.EffectiveConfig{ConfigMap: &protobufs.AgentConfigMap{ConfigMap: files}}, nil
}

func (a *agent) setEffective(ctx context.Context, text string) {
	a.mutex.Lock()
	a.effective = text
	a.mutex.Unlock()
	if err := a.client.UpdateEffectiveConfig(ctx); err != nil {
		fail(err)
	}
}

func (a *agent) setStatus(state string, hash []byte, message string) {
	value, known := protobufs.RemoteConfigStatuses_value["RemoteConfigStatuses_"+state]
	if !known {
		fail(fmt.Errorf("no such status: %s", state))
	}
	status := &protobufs.RemoteConfigStatus{
		LastRemoteConfigHash: hash,
		Status:               protobufs.RemoteConfigStatuses(value),
		ErrorMessage:         message,
	}
	if err := a.client.SetRemoteConfigStatus(status); err != nil {
		fail(err)
	}
}

func (a *agent) onMessage(ctx context.Context, message *types.MessageData) {
	if message.AgentIdentification != nil {
		say("identification", map[string]any{"uid": hex.EncodeToString(message.AgentIdentification.NewInstanceUid)})
	}
	if message.OfferedConnectionsSettingsHash != nil {
		a.connection.offered(message)
	}
	if message.PackagesAvailable != nil && message.PackageSyncer != nil {
		say("packages", map[string]any{"hash": hex.EncodeToString(message.PackagesAvailable.AllPackagesHash)})
		if err := message.PackageSyncer.Sync(ctx); err != nil {
			fail(err)
		}
	}
	if message.RemoteConfig == nil {
		return
	}
	files := map[string]string{}
	for key, file := range message.RemoteConfig.GetConfig().GetConfigMap() {
		files[key] = string(file.Body)
	}
	hash := message.RemoteConfig.ConfigHash
	say("remote_config", map[string]any{"hash": hex.EncodeToString(hash), "files": files})
	if a.refusal != "" {
		a.setStatus("FAILED", hash, a.refusal)
		return
	}
	a.setStatus("APPLYING", hash, "")
	a.setEffective(ctx, files[""])
	a.setStatus("APPLIED", hash, "")
}

func (a *agent) setHealth(healthy bool, lastError string) {
	health := &protobufs.ComponentHealth{
		Healthy: healthy, LastError: lastError, StartTimeUnixNano: uint64(time.Now().UnixNano()),
	}
	if err := a.client.SetHealth(health); err != nil {
		fail(err)
	}
}

func (a *agent) obey(ctx context.Context, line []byte) (stop bool) {
	var told order
	if err := json.Unmarshal(line, &told); err != nil {
		fail(err)
	}
	if told.Health != nil {
		a.setHealth(told.Health.Healthy, told.Health.LastError)
	}
	if told.Certificate {
		a.connection.requestCertificate(a.client)
	}
	if told.Description != nil {
		if err := a.client.SetAgentDescription(describe(told.Description)); err != nil {
			fail(err)
		}
	}
	if told.Effective != nil {
		a.setEffective(ctx, *told.Effective)
	}
	if told.Status != nil {
		hash, err := hex.DecodeString(told.Status.Hash)
		if err != nil {
			fail(err)
		}
		a.setStatus(told.Status.State, hash, told.Status.Error)
	}
	return told.Stop
}

func (a *agent) callbacks() types.Callbacks {
	return types.Callbacks{
		OnConnect: func(context.Context) { say("connected", nil) },
		OnConnectFailed: func(_ context.Context, err error) {
			say("connect_failed", map[string]any{"message": err.Error()})
		},
		OnError: func(_ context.Context, err *protobufs.ServerErrorResponse) {
			say("error_response", map[string]any{"type": err.Type.String(), "message": err.ErrorMessage})
		},
		OnMessage:                 a.onMessage,
		GetEffectiveConfig:        a.effectiveConfig,
		OnOpampConnectionSettings: a.onConnectionSettings,
		OnConnectionSettings:      func(context.Context, *protobufs.ConnectionSettingsOffers) error { return nil },
		DownloadHTTPClient:        a.connection.downloadClient,
		OnCommand: func(_ context.Context, command *protobufs.ServerToAgentCommand) error {
			say("command", map[string]any{"type": command.Type.String()})
			return nil
		},
	}
}

const capabilities = protobufs.AgentCapabilities_AgentCapabilities_ReportsStatus |
	protobufs.AgentCapabilities_AgentCapabilities_AcceptsRemoteConfig |
	protobufs.AgentCapabilities_AgentCapabilities_ReportsEffectiveConfig |
	protobufs.AgentCapabilities_AgentCapabilities_ReportsHealth |
	protobufs.AgentCapabilities_AgentCapabilities_ReportsRemoteConfig |
	protobufs.AgentCapabilities_AgentCapabilities_ReportsHeartbeat |
	protobufs.AgentCapabilities_AgentCapabilities_AcceptsRestartCommand

const settingsCapabilities = protobufs.AgentCapabilities_AgentCapabilities_AcceptsOpAMPConnectionSettings |
	protobufs.AgentCapabilities_AgentCapabilities_ReportsConnectionSettingsStatus |
	protobufs.AgentCapabilities_AgentCapabilities_ReportsOwnMetrics |
	protobufs.AgentCapabilities_AgentCapabilities_ReportsOwnTraces |
	protobufs.AgentCapabilities_AgentCapabilities_ReportsOwnLogs

const packageCapabilities = protobufs.AgentCapabilities_AgentCapabilities_AcceptsPackages |
	protobufs.AgentCapabilities_AgentCapabilities_ReportsPackageStatuses

func parsePairs(text string) map[string]string {
	pairs := map[string]string{}
	for _, pair := range strings.Split(text, ",") {
		if key, value, found := strings.Cut(pair, "="); found {
			pairs[key] = value
		}
	}
	return pairs
}

func parseUid(text string) (uid types.InstanceUid) {
	bytes, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(bytes) != len(uid) {
		fail(fmt.Errorf("not a uid: %q", text))
	}
	copy(uid[:], bytes)
	return uid
}

// start makes a client from the connection's present settings and starts it.
func (a *agent) start(ctx context.Context) error {
	a.client = client.NewWebSocket(logger{})
	if strings.HasPrefix(a.connection.url, "http") {
		a.client = client.NewHTTP(logger{})
	}
	if err := a.client.SetAgentDescription(describe(a.connection.attributes)); err != nil {
		fail(err)
	}
	a.setHealth(true, "")
	set := capabilities
	if a.connection.takesSettings {
		set |= settingsCapabilities
	}
	settings := a.connection.startSettings()
	settings.Callbacks = a.callbacks()
	if a.packages != nil {
		// SetCapabilities refuses packages, as it does not know their provider before the start.
		settings.PackagesStateProvider = a.packages
		settings.Capabilities = set | packageCapabilities
	} else if err := a.client.SetCapabilities(&set); err != nil {
		fail(err)
	}
	return a.client.Start(ctx, settings)
}

// onConnectionSettings takes an offer, and connects anew with it once it has been acknowledged.
func (a *agent) onConnectionSettings(ctx context.Context, offer *protobufs.OpAMPConnectionSettings) error {
	mustReconnect, err := a.connection.take(offer)
	if err != nil || !mustReconnect {
		return err
	}
	go func() {
		time.Sleep(100 * time.Millisecond)
		if err := a.client.Stop(context.Background()); err != nil {
			fail(err)
		}
		if err := a.start(context.Background()); err != nil {
			fail(err)
		}
	}()
	return nil
}

func main() {
	url := flag.String("url", "", "ws(s):// or http(s):// endpoint")
	token := flag.String("token", "", "bearer token")
	uid := flag.String("uid", "", "instance uid")
	pairs := flag.String("attributes", "", "non-identifying attributes, k=v,k=v")
	compression := flag.Bool("compression", false, "permessage-deflate or gzip")
	interval := flag.Duration("interval", time.Second, "heartbeat or polling interval")
	refusal := flag.String("refuse", "", "answer every offer with FAILED and this message")
	settings := flag.Bool("settings", false, "take connection settings")
	ca := flag.String("ca", "", "PEM file of the authorities that servers are trusted by")
	packages := flag.String("packages", "", "folder for packages; none are taken without it")
	packageKey := flag.String("package-key", "", "Ed25519 public key in base64 that packages must be signed with")
	breaks := flag.Bool("break-packages", false, "fail to install every package")
	flag.Parse()

	self := &agent{refusal: *refusal, connection: &connection{
		url: *url, uid: parseUid(*uid), attributes: parsePairs(*pairs), header: http.Header{},
		compression: *compression, interval: interval, takesSettings: *settings, authorities: readAuthorities(*ca),
	}}
	if *token != "" {
		self.connection.header.Set("Authorization", "Bearer "+*token)
	}
	if *packages != "" {
		self.packages = newPackageStore(*packages, *packageKey, *breaks)
	}
	ctx := context.Background()
	if err := self.start(ctx); err != nil {
		fail(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() && !self.obey(ctx, lines.Bytes()) {
	}
	if err := self.client.Stop(ctx); err != nil {
		fail(err)
	}
}
